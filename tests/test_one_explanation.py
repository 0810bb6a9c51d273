"""Why a date is what it is: the case file, the API, the paper, the simulator and the terminal say the same sentences."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from app.deadlines.cli import deadline
from app.deadlines.data import built_in_calendar
from app.deadlines.queries import explanation
from app.deadlines.rules import ClockRule, RuleKind, compute, facts
from app.documents.models import Document
from app.kernel.i18n import force_locale
from app.matters.models import Assignment, Obligation
from tests.matter_life import MONDAY, Life, to_handling
from tests.test_dates_follow_calendar import clock
from tests.test_matters_flow import dispatched_in_huaian
from tests.test_office_pages import SignIn, sign_in  # noqa: F401
from tests.world import World

LIVES = {"huarong": to_handling, "huaian": dispatched_in_huaian}


def sentences(one: Obligation) -> list[str]:
    with force_locale("zh"):
        return explanation(one.explanation)


def first_due(life: Life) -> Obligation:
    rows = (
        life.place.session.query(Obligation)
        .join(Assignment, Assignment.id == Obligation.assignment_id)
        .filter(Obligation.matter_id == life.matter_id, Assignment.role == "lead")
    )
    return min((one for one in rows if one.stage in ("first_feedback", "result")), key=lambda one: one.due_on)


@pytest.mark.parametrize("slug", sorted(LIVES))
def test_case_file_api_and_paper_say_the_same_of_the_lead_s_date(world: World, sign_in: SignIn, slug: str) -> None:  # noqa: F811
    place = getattr(world, slug)
    with place.inside():
        life = LIVES[slug](place)
        one = first_due(life)
        expected, stage, due_on = sentences(one), one.stage, one.due_on.isoformat()
        lead = place.session.get(Assignment, one.assignment_id)
        paper = place.session.get(Document, lead.document_id).facts
    assert len(expected) >= 3
    assert paper["时限说明"] == "".join(expected)
    inspector: Any = sign_in(place, "inspector", on=MONDAY)
    page = html.unescape(inspector.get(f"/j/{slug}/matters/{life.matter_id}").get_data(as_text=True))
    for sentence in expected:
        assert sentence in page
    answer = inspector.get(f"/j/{slug}/api/v1/matters/{life.matter_id}").json
    told = [one["explanation"] for one in _clocks(answer) if (one["stage"], one["due_on"]) == (stage, due_on)]
    assert expected in told


def test_the_simulator_says_of_an_imagined_matter_what_the_case_file_says_of_a_real_one(
    world: World,
    sign_in: SignIn,  # noqa: F811
) -> None:
    place = world.huarong
    with place.inside():
        life = to_handling(place)
        expected = sentences(clock(life))
    asked = f"source=district_meeting&urgency=normal&dispatched_on={MONDAY.date().isoformat()}"
    answer = sign_in(place, "administrator", on=MONDAY).get(f"/j/huarong/api/v1/simulator?{asked}").json
    assert expected in [one["explanation"] for one in answer["clocks"] if one["stage"] == "result"]


def test_the_terminal_says_the_same_sentences_for_the_same_rule(app: Any) -> None:

    due = compute(ClockRule(RuleKind.WORKING_DAYS, 7), date(2026, 9, 21), built_in_calendar())
    with app.app_context():
        said = (
            CliRunner()
            .invoke(deadline, ["explain", "--rule", "working_days", "--amount", "7", "--start", "2026-09-21"])
            .output.splitlines()
        )
        assert said == [due.due_on.isoformat(), *explanation(facts(due))]


def _clocks(answer: Any) -> list[dict[str, Any]]:
    """Every clock anywhere in the answer."""
    found: list[dict[str, Any]] = []
    if isinstance(answer, dict):
        if "explanation" in answer and "due_on" in answer:
            found.append(answer)
        for inner in answer.values():
            found += _clocks(inner)
    elif isinstance(answer, list):
        for inner in answer:
            found += _clocks(inner)
    return found
