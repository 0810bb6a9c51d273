"""More time by approval: asked for before the date, decided by those the regulation names, the first date kept beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from app.deadlines.queries import calendar_for, explanation
from app.kernel.errors import Conflict, Invalid, Refused
from app.kernel.events import list_events
from app.kernel.outbox import Letter
from app.matters import queries
from app.matters.models import Extension, Obligation
from app.matters.queries import LedgerFilter
from app.matters.rules.extending import RunningClock, Terms, latest_date, why_no_extension, why_not_until
from app.urging.services import sweep_jurisdiction
from tests.matter_life import Life, at, to_handling
from tests.other_rules import publish
from tests.world import Place, World

ARTICLE = "本级设定"
ONE_LEADER = {"mode": "any_of", "roles": ["office_leader"]}
RULES = {
    "mode": "approval",
    "max_times": 1,
    "approval": ONE_LEADER,
    "cap": "original_period",
    "apply_before": 3,
    "answer_within": 2,
    "article": ARTICLE,
}


def under(place: Place, **changes: Any) -> Life:
    """A matter in hand under rules that extend the time by approval; received 2026-03-02, due in a month."""
    publish(place, extension={**RULES, **changes})
    life = to_handling(place)
    life.unit("acknowledge", "SLJ")
    return life


@pytest.fixture
def huarong(world: World) -> Iterator[Place]:
    with world.huarong.inside():
        yield world.huarong


def result(life: Life) -> Obligation:
    statement = life.place.session.query(Obligation).filter(
        Obligation.matter_id == life.matter_id, Obligation.stage == "result"
    )
    found: Obligation = statement.one()
    return found


def request(life: Life, until: str | None = "2026-04-20", **more: Any) -> Extension:
    life.unit(
        "request_extension",
        "SLJ",
        **{"reason": "汛期提前，土方停工。", "progress": "主体已完成八成。", "proposed_due_on": until} | more,
    )
    found = life.place.session.query(Extension).filter(Extension.matter_id == life.matter_id)
    latest: Extension = found.order_by(Extension.id.desc()).first()
    return latest


def asked(life: Life) -> int:
    """The question that waits for the leader."""
    (todo,) = queries.approvals_waiting(life.place.session, life.place.actor("office_leader"))
    assert todo.approval is not None
    return int(todo.approval.id)


def shown(day: str) -> str:
    """A day as an explanation words it."""
    on = dt.date.fromisoformat(day)
    return f"{on.year}年{on.month}月{on.day}日"


def letters(life: Life, kind: str) -> set[int]:
    rows = life.place.session.query(Letter).filter(Letter.kind == kind, Letter.channel == "inbox")
    return {one.recipient_id for one in rows}


# -- pure ------------------------------------------------------------------------------------------------------------

MONTH = RunningClock("months", 1, dt.date(2026, 3, 2), dt.date(2026, 4, 2), dt.date(2026, 4, 2))
WEEK = RunningClock("working_days", 7, dt.date(2026, 3, 2), dt.date(2026, 3, 11), dt.date(2026, 3, 11))
STATED = RunningClock("fixed", None, dt.date(2026, 3, 2), dt.date(2026, 3, 20), dt.date(2026, 3, 20))


@pytest.mark.parametrize(
    ("terms", "clock", "latest"),
    [
        (Terms(True, 1, "none"), MONTH, None),
        (Terms(True, 1, "original_period"), MONTH, dt.date(2026, 5, 2)),
        (Terms(True, 1, "original_period"), WEEK, dt.date(2026, 3, 20)),
        (Terms(True, 1, "original_period"), STATED, dt.date(2026, 4, 7)),
        (Terms(True, 1, "working_days", 5), WEEK, dt.date(2026, 3, 18)),
        (Terms(True, 1, "calendar_days", 5), WEEK, dt.date(2026, 3, 16)),
    ],
)
def test_how_far_one_extension_reaches(
    huarong: Place, terms: Terms, clock: RunningClock, latest: dt.date | None
) -> None:
    calendar = calendar_for(huarong.session, huarong.id)
    assert latest_date(terms, clock, calendar) == latest
    today = clock.due_on
    assert why_not_until(clock.due_on, terms, clock, calendar, today) == "not_later"
    if latest is not None:
        assert why_not_until(latest, terms, clock, calendar, today) is None
        assert why_not_until(latest + dt.timedelta(days=1), terms, clock, calendar, today) == "beyond_cap"


def test_the_last_day_of_the_year_holds_back_extensions_too(huarong: Place) -> None:
    import dataclasses

    held = dataclasses.replace(MONTH, last_on=dt.date(2026, 4, 10))
    calendar = calendar_for(huarong.session, huarong.id)
    assert latest_date(Terms(True, 1, "original_period"), held, calendar) == dt.date(2026, 4, 10)
    assert latest_date(Terms(True, 1), held, calendar) == dt.date(2026, 4, 10)


def test_when_it_may_be_asked_for(huarong: Place) -> None:
    calendar = calendar_for(huarong.session, huarong.id)
    terms = Terms(True, 1, apply_before=3)
    assert why_no_extension(terms, WEEK, 0, calendar, dt.date(2026, 3, 6)) is None  # Monday to Wednesday are left
    assert why_no_extension(terms, WEEK, 0, calendar, dt.date(2026, 3, 9)) == "too_late_to_ask"
    assert why_no_extension(Terms(True, 1), WEEK, 0, calendar, dt.date(2026, 3, 11)) is None
    assert why_no_extension(Terms(), WEEK, 0, calendar, dt.date(2026, 3, 6)) == "no_extension"


# -- in hand ---------------------------------------------------------------------------------------------------------


def test_asked_granted_and_both_dates_kept(huarong: Place) -> None:
    life = under(huarong)
    clock = result(life)
    assert clock.due_on == dt.date(2026, 4, 2)
    life.now = at(2026, 3, 26)
    extension = request(life)
    assert (extension.state, clock.extension_asked, clock.due_on) == ("asked", True, dt.date(2026, 4, 2))
    leader, office = (huarong.actor(role).person_id for role in ("office_leader", "inspector"))
    unit = huarong.actor("unit_liaison", "SLJ").person_id
    assert letters(life, "matter.extension_asked") == {leader, office}
    answer = huarong.session.query(Obligation).filter(Obligation.stage == "extension_answer").one()
    assert (answer.due_on, answer.article, answer.state) == (dt.date(2026, 3, 30), ARTICLE, "open")

    with pytest.raises(Conflict) as twice:
        request(life)
    assert twice.value.code == "extension_pending"
    with pytest.raises(Refused):
        life.office("agree", "inspector", approval_id=asked(life))
    with pytest.raises(Invalid) as beyond:
        life.office("agree", "office_leader", approval_id=asked(life), due_on="2026-05-03")
    assert (beyond.value.code, set(beyond.value.fields)) == ("beyond_cap", {"due_on"})
    assert "2026-05-02" in str(beyond.value)

    life.office("agree", "office_leader", approval_id=asked(life), opinion="同意延期。", due_on="2026-04-15")
    huarong.session.refresh(clock)
    assert (clock.due_on, clock.original_due_on, clock.extended_due_on) == (
        dt.date(2026, 4, 15),
        dt.date(2026, 4, 2),
        dt.date(2026, 4, 15),
    )
    assert (extension.state, extension.granted_due_on, clock.extension_asked) == (
        "granted",
        dt.date(2026, 4, 15),
        False,
    )
    assert answer.state == "met"
    assert clock.yellow_on < dt.date(2026, 4, 15) and clock.next_reminder_on is None
    assert any(shown("2026-04-15") in line and ARTICLE in line for line in explanation(clock.explanation))
    assert letters(life, "matter.extension_granted") == {
        office,
        unit,
        huarong.actor("unit_leader", "SLJ").person_id,
    }
    contribution = huarong.session.query(Obligation).filter(Obligation.stage == "contribution").one()
    assert contribution.due_on == dt.date(2026, 4, 13)
    row = queries.ledger(huarong.session, huarong.actor("inspector"), LedgerFilter(), today=dt.date(2026, 3, 26)).rows[
        0
    ]
    assert (row.due_on, row.extension) == (dt.date(2026, 4, 15), "granted")

    with pytest.raises(Conflict) as used:
        request(life, "2026-04-30")
    assert used.value.code == "extensions_used"


def test_without_a_day_of_his_own_the_approver_grants_the_one_proposed(huarong: Place) -> None:
    life = under(huarong)
    request(life, "2026-04-21")
    life.office("agree", "office_leader", approval_id=asked(life))
    assert result(life).due_on == dt.date(2026, 4, 21)


def test_several_approvers_fix_the_day_one_after_the_other(huarong: Place) -> None:
    life = under(huarong, approval={"mode": "sequence", "roles": ["office_leader", "government_leader"]})
    request(life)
    question = asked(life)
    life.office("agree", "office_leader", approval_id=question, due_on="2026-04-10")
    assert result(life).due_on == dt.date(2026, 4, 2)
    life.office("agree", "government_leader", approval_id=question)
    assert result(life).due_on == dt.date(2026, 4, 10)


def test_refused_the_old_date_counts_and_another_try_is_open(huarong: Place) -> None:
    life = under(huarong)
    extension = request(life)
    question = asked(life)
    with pytest.raises(Invalid):
        life.office("refuse", "office_leader", approval_id=question, opinion="")
    life.office("refuse", "office_leader", approval_id=question, opinion="请按期办结。")
    clock = result(life)
    assert (extension.state, clock.due_on, clock.extension_asked) == ("refused", dt.date(2026, 4, 2), False)
    assert huarong.actor("unit_liaison", "SLJ").person_id in letters(life, "matter.extension_refused")
    liaison = huarong.actor("unit_liaison", "SLJ")
    file = queries.case_file(huarong.session, liaison, life.matter_id, today=life.now.date())
    told = next(one for one in file.events if one.kind == "matter.extension_refused")
    assert told.facts["opinion"] == "请按期办结。"
    assert "matter.disagreed" not in {one.kind for one in file.events}
    assert request(life).state == "asked"


def test_withdrawn_by_the_unit(huarong: Place) -> None:
    life = under(huarong)
    extension = request(life)
    life.unit("withdraw_extension", "SLJ")
    assert (extension.state, result(life).extension_asked) == ("withdrawn", False)
    assert queries.approvals_waiting(huarong.session, huarong.actor("office_leader")) == []
    with pytest.raises(Conflict) as nothing:
        life.unit("withdraw_extension", "SLJ")
    assert nothing.value.code == "no_extension_asked"


@pytest.mark.parametrize(
    ("day", "changes", "code"),
    [
        ("2026-04-01", {}, "too_late_to_ask"),
        ("2026-04-03", {"apply_before": 0}, "due_has_passed"),
    ],
)
def test_too_late(huarong: Place, day: str, changes: dict[str, Any], code: str) -> None:
    life = under(huarong, **changes)
    life.now = at(*map(int, day.split("-")))
    with pytest.raises(Conflict) as late:
        request(life)
    assert late.value.code == code
    life.unit("explain_delay", "SLJ", reason="汛期影响。")  # an explanation can always be filed


def test_what_was_entered_is_refused_field_by_field(huarong: Place) -> None:
    life = under(huarong)
    with pytest.raises(Invalid) as empty:
        request(life, None, reason=" ", progress="")
    assert set(empty.value.fields) == {"reason", "progress", "proposed_due_on"}
    for until, code in (("2026-04-02", "not_later"), ("2026-05-03", "beyond_cap")):
        with pytest.raises(Invalid) as refused:
            request(life, until)
        assert (refused.value.code, set(refused.value.fields)) == (code, {"proposed_due_on"})
        assert refused.value.field_sentences()["proposed_due_on"]
    with pytest.raises(Conflict) as strange:
        request(life, obligation_id=1)
    assert strange.value.code == "nothing_to_extend"


def test_who_may_not_ask(huarong: Place) -> None:
    life = under(huarong)
    life.unit("acknowledge", "ZJJ")
    request_of = {"reason": "忙。", "progress": "无。", "proposed_due_on": "2026-04-10"}
    with pytest.raises(Conflict) as co:
        life.unit("request_extension", "ZJJ", **request_of)
    assert co.value.code == "lead_extends"
    with pytest.raises(Refused):
        life.office("request_extension", "office_leader", assignment_id=life.part("SLJ").id, **request_of)
    other = huarong.actor("unit_liaison", "ZJJ")
    with pytest.raises(Refused) as stranger:
        life.do("request_extension", other, assignment_id=life.part("SLJ").id, **request_of)
    assert stranger.value.code == "not_your_unit"


@pytest.mark.parametrize("slug", ["huarong", "huaian"])
def test_shipped_rules_know_no_extension_by_approval(world: World, slug: str) -> None:
    from tests.matter_life import draw_up, handling_units, huaian_draft

    place = getattr(world, slug)
    with place.inside():
        if slug == "huarong":
            life, code = to_handling(place), "SLJ"
        else:
            life, code = draw_up(place, huaian_draft(place)), handling_units(place)[0][0]
            life.office("submit")
            life.office("approve", "secretary_general")
            life.office("approve", "office_director")
            life.office("scheme", "group_inspector", "DCZ1", scheme="方案")
            life.office("dispatch", "group_inspector", "DCZ1", document_type="leader_matter_notice")
        life.unit("acknowledge", code, leader_in_charge="王五")
        with pytest.raises(Conflict) as unknown:
            life.unit("request_extension", code, reason="忙。", progress="无。", proposed_due_on="2026-06-30")
        assert unknown.value.code == "no_extension"


def test_a_pending_one_withholds_overdue_letters_until_it_is_answered(huarong: Place) -> None:
    life = under(huarong)
    life.now = at(2026, 3, 26)
    request(life)
    question = asked(life)
    huarong.session.commit()

    def sweep(day: dt.datetime) -> set[str]:
        from app.kernel.tenancy import clear_scope

        clear_scope()
        sweep_jurisdiction(huarong.session, huarong.id, day)
        with huarong.inside():
            rows = huarong.session.query(Letter).filter(Letter.kind.like("obligation.%")).all()
            return {(one.kind, one.facts["stage"]) for one in rows}  # type: ignore[misc]

    late = at(2026, 4, 3)
    written = sweep(late)
    assert ("obligation.overdue", "result") not in written
    assert ("obligation.overdue", "extension_answer") in written
    with huarong.inside():
        leader = huarong.actor("office_leader").person_id
        rows = huarong.session.query(Letter).filter(Letter.kind == "obligation.overdue").all()
        assert {one.recipient_id for one in rows if one.facts["stage"] == "extension_answer"} == {leader}
        life.now = late
        life.office("refuse", "office_leader", approval_id=question, opinion="按期办结。")
    assert ("obligation.overdue", "result") in sweep(at(2026, 4, 7))


def test_a_pause_after_it_keeps_the_extended_date(huarong: Place) -> None:
    life = under(huarong, cap="none")
    request(life, "2026-04-30")
    life.office("agree", "office_leader", approval_id=asked(life))
    stretches = (
        ((2026, 3, 9), (2026, 3, 16), dt.date(2026, 4, 30)),
        ((2026, 3, 17), (2026, 4, 27), dt.date(2026, 5, 20)),
    )
    for first, last, due in stretches:
        life.now = at(*first)
        life.office("suspend", reason="等批复。")
        life.now = at(*last)
        life.office("resume")
        clock = result(life)
        assert clock.due_on == due  # unless the days that stood still take the first date beyond it
        assert any(shown("2026-04-30") in line for line in explanation(clock.explanation))


@pytest.mark.parametrize("how", ["completion", "cancel", "decline"])
def test_it_lapses_when_the_date_runs_no_more(huarong: Place, how: str) -> None:
    life = under(huarong)
    extension = request(life)
    if how == "completion":
        file_id = life.file("report", huarong.actor("unit_liaison", "SLJ"))
        life.unit("report_completion", "SLJ", text="已办结。", document_no="1号", attachment_ids=[file_id])
    elif how == "cancel":
        life.office("cancel", reason="并案。")
    else:
        life.unit("decline", "SLJ", reason="不属于我局职责。")
    assert extension.state == "withdrawn"
    assert queries.approvals_waiting(huarong.session, huarong.actor("office_leader")) == []
    answer = huarong.session.query(Obligation).filter(Obligation.stage == "extension_answer").one()
    assert answer.state == "cancelled"


def test_the_record_tells_it_whole(huarong: Place) -> None:
    life = under(huarong)
    request(life)
    life.office("agree", "office_leader", approval_id=asked(life), opinion="同意。")
    kinds = [one.kind for one in list_events(huarong.session, "matter", life.matter_id)][:3]
    assert kinds == ["matter.extension_granted", "matter.agreed", "matter.extension_asked"]
