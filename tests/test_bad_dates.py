"""What no calendar and no rule can take is said in a sentence of both languages at every door, and nothing is stored."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import subprocess
import sys
from typing import Any

import pytest
from flask_babel import force_locale
from sqlalchemy import delete

from app.deadlines.models import CalendarDay, NationalCalendarDay, NationalCalendarYear
from app.deadlines.rules import build_calendar
from app.deadlines.rules.errors import SENTENCES, DeadlineError
from app.deadlines.services import add_local_day
from app.kernel.errors import Invalid
from app.kernel.i18n import translate
from app.kernel.tenancy import platform_scope
from app.matters.models import Matter, Obligation
from tests.matter_life import Life, at, draw_up, huarong_draft, to_handling
from tests.test_deadlines_running import rule, with_rules
from tests.test_profile_editor_pages import SignIn, draft_of, opened, sign_in  # noqa: F401
from tests.test_profile_wording import CHINESE
from tests.world import World

NUMBERS = ["-1", "10000", "3.5", "三天", "1e3", "99999999999999999999"]


def test_every_refusal_of_a_date_has_chinese(app: Any) -> None:
    with app.test_request_context(), force_locale("zh"):
        for code, msgid in SENTENCES.items():
            assert CHINESE.search(translate(msgid)), code


# -- the editor of the rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", NUMBERS)
def test_an_amount_no_clock_can_count_is_refused_beside_its_field(
    world: World,
    sign_in: SignIn,  # noqa: F811
    text: str,
) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    form = opened(admin, place, "deadlines")
    address = f"/j/{place.slug}/settings/profile/edit/deadlines"
    answer = admin.post(address, data=form.data("save", **{"deadline_rules-2-amount": text}))
    assert answer.status_code == 422
    said = re.search(r'id="f-deadline_rules-2-amount-error">([^<]+)<', answer.text)
    assert said is not None
    assert CHINESE.search(said[1])
    assert draft_of(place) is None


def test_hours_of_nothing_are_a_fault_and_days_of_nothing_are_the_same_day(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("same_day", "result", "calendar_days", 0, start_event="dispatched"), but=("month",))
        due = place.session.query(Obligation).filter_by(matter_id=to_handling(place).matter_id, stage="result").one()
        assert due.due_on.isoformat() == "2026-03-02"
        assert due.explanation["amount"] == 0


# -- a matter -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2003-12-31", "1999-01-01", "2026-02-30", "明天", "99999-01-01"])
def test_a_stated_date_no_calendar_has_is_refused_when_the_matter_is_proposed(world: World, day: str) -> None:
    place = world.huarong
    with place.inside():
        before = place.session.query(Matter).count()
        with pytest.raises(Invalid) as refused:
            life = draw_up(place, huarong_draft(place, stated_due_on=day))
            place.session.commit()
            life.office("submit")
        assert "stated_due_on" in refused.value.fields
        place.session.rollback()
        assert place.session.query(Matter).filter(Matter.state != "draft").count() == 0
        assert place.session.query(Matter).count() <= before + 1


def test_a_period_into_years_nobody_announced_is_refused_and_the_matter_stays_where_it_is(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("far", "result", "working_days", 5000), but=("month",))
        life: Life = draw_up(place, huarong_draft(place))
        life.office("submit")
        life.office("approve", "office_leader", opinion="同意。")
        life.office("register")
        life.file("copy", place.actor("inspector"))
        with pytest.raises(Invalid) as refused:
            life.office("dispatch", document_type="supervision_notice")
        assert refused.value.code == "year_not_covered"
        place.session.rollback()
        assert life.matter.dispatched_at is None
        assert place.session.query(Obligation).filter_by(stage="result").count() == 0


def test_a_year_nobody_announced_makes_a_provisional_date_that_says_so(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("long", "result", "working_days", 230), but=("month",))
        due = place.session.query(Obligation).filter_by(matter_id=to_handling(place).matter_id, stage="result").one()
        assert due.provisional
        assert due.explanation["unannounced_years"] == [2027]


@pytest.mark.parametrize("year", [2003, 2101])
def test_a_day_of_ones_own_in_a_year_no_calendar_reaches_is_refused(world: World, year: int) -> None:
    place = world.huarong
    with place.inside():
        with pytest.raises(Invalid) as refused:
            add_local_day(
                place.session,
                place.actor("administrator"),
                on=dt.date(year, 5, 6),
                kind="off",
                name="停电",
                notice="",
                at=at(2026, 3, 2),
            )
        assert set(refused.value.fields) == {"on"}
        assert place.session.query(CalendarDay).count() == 0


@pytest.mark.parametrize(("day", "why"), [("1999-01-01", "早于工作日历的起始日"), ("2031-03-01", "放假安排只公布到")])
def test_the_preview_at_registration_says_why_a_stated_date_cannot_be_computed(
    world: World,
    sign_in: SignIn,  # noqa: F811
    day: str,
    why: str,
) -> None:
    place = world.huarong
    with place.inside():
        with_rules(place, rule("told", "result", "fixed", None, roll="next_working_day"), but=("month", "stated"))
        source = draw_up(place, huarong_draft(place)).matter.source_id
    asked = f"source_id={source}&urgency=normal&stated_due_on={day}"
    page = sign_in(place, "inspector").get(f"/j/huarong/matters/due-preview?{asked}").text
    assert why in page
    assert "请填写办结时限" not in page


@pytest.mark.parametrize("field", ["exposed_on", "instruction_on"])
def test_what_has_not_happened_yet_starts_no_clock(world: World, field: str) -> None:
    place = world.huarong
    with place.inside():
        life = draw_up(place, huarong_draft(place, **{field: "2026-03-03"}))
        with pytest.raises(Invalid) as refused:
            life.office("submit")
        assert set(refused.value.fields) == {field}
        place.session.rollback()
        assert life.matter.state == "draft"
        draw_up(place, huarong_draft(place, **{field: "2026-03-02"})).office("submit")


def test_without_a_calendar_nothing_is_handed_out(world: World) -> None:
    place = world.huarong
    with place.inside():
        life = draw_up(place, huarong_draft(place))
        life.office("submit")
        life.office("approve", "office_leader", opinion="同意。")
        life.office("register")
        life.file("copy", place.actor("inspector"))
        place.session.commit()
    _empty_calendar(world)
    with place.inside():
        with pytest.raises((Invalid, DeadlineError)) as refused:
            life.office("dispatch", document_type="supervision_notice")
        assert refused.value.code == "calendar_empty"
        place.session.rollback()
        assert life.matter.dispatched_at is None
    with pytest.raises(DeadlineError):
        build_calendar([], [], [], [])


@pytest.mark.parametrize(
    "page",
    [
        "settings/simulator?source=district_meeting&urgency=normal&dispatched_on=2026-03-02",
        "api/v1/simulator?source=district_meeting&urgency=normal&dispatched_on=2026-03-02",
        "matters/register",
        "matters/due-preview",
        "settings/recompute/",
        "calendar/",
    ],
)
def test_without_a_calendar_no_page_breaks_and_each_that_needs_one_says_so(
    world: World,
    sign_in: SignIn,  # noqa: F811
    page: str,
) -> None:
    place = world.huarong
    with place.inside():
        life = draw_up(place, huarong_draft(place))
        source = life.matter.source_id
    admin, office = sign_in(place), sign_in(place, "inspector")
    _empty_calendar(world)
    if page == "matters/due-preview":
        page += f"?source_id={source}&urgency=normal"
    answer = (admin if "settings" in page or "api" in page else office).get(f"/j/huarong/{page}")
    told = answer.json["title"] if "api" in page else answer.text
    assert answer.status_code in (200, 422)
    assert translate(SENTENCES["calendar_empty"]) in told or page == "matters/register"


def _empty_calendar(world: World) -> None:
    session = world.huarong.session
    with platform_scope("an installation before its first year is loaded", session):
        for table in (NationalCalendarDay, NationalCalendarYear):
            session.execute(delete(table))
        session.commit()


# -- the simulator --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2003-12-31", "9999-12-31", "2026-02-30", "x"])
def test_the_simulator_says_why_it_has_no_date(world: World, sign_in: SignIn, day: str) -> None:  # noqa: F811
    admin = sign_in(world.huarong)
    answer = admin.get(f"/j/huarong/settings/simulator?source=district_meeting&urgency=normal&dispatched_on={day}")
    assert answer.status_code == 200
    assert "hy-error" in answer.text


# -- the terminal ----------------------------------------------------------------------------------------------------------


def test_the_terminal_computes_the_good_lines_and_names_the_bad_ones() -> None:
    rows = [
        ("a", "working_days", "7", "2026-03-02", "none"),
        ("b", "working_days", "-1", "2026-03-02", "none"),
        ("c", "working_days", "10000", "2026-03-02", "none"),
        ("d", "working_days", "7", "2003-12-30", "none"),
        ("e", "calendar_days", "0", "2026-03-07", "next_working_day"),
        ("f", "working_days", "200", "2028-12-29", "none"),
    ]
    table = io.StringIO()
    csv.writer(table).writerows([("id", "rule", "amount", "start", "roll"), *rows])
    done = subprocess.run(
        [sys.executable, "run.py", "deadline", "compute"],
        input=table.getvalue(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    dates = dict(csv.reader(io.StringIO(done.stdout)))
    assert done.returncode == 1
    assert {key: dates[key] for key in "abcdef"} == {
        "a": "2026-03-11", "b": "", "c": "", "d": "", "e": "2026-03-09", "f": "",
    }  # fmt: skip
    assert len(done.stderr.strip().splitlines()) == 4
