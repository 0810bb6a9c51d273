"""A changed calendar moves the dates that run: which ones, by whose leave, and what is said of it to whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.deadlines.models import CalendarDay, NationalCalendarDay, NationalCalendarYear
from app.deadlines.rules import describe
from app.deadlines.services import add_local_day, remove_local_day
from app.jurisdictions.models import Jurisdiction
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, NotFound, Refused
from app.kernel.events import Event, list_events
from app.kernel.outbox import Letter
from app.matters.models import Assignment, Obligation
from app.matters.queries.moving import list_behind, list_kept
from app.matters.services.recomputing import GRACE, decide_earlier, follow_calendar, preview, recompute
from tests.matter_life import MONDAY, Life, at, draw_up, huarong_draft, to_handling
from tests.other_rules import profile_in_force, publish
from tests.world import Place, World

D = dt.date.fromisoformat
TUESDAY = at(2026, 3, 3)
TEN_DAYS = {
    "key": "ten",
    "article": "第十条",
    "stage": "result",
    "rule": "working_days",
    "amount": 10,
    "start_event": "dispatched",
}


def with_ten_days(place: Place, **sections: Any) -> None:
    """Results are due within ten working days of dispatch."""
    kept = [
        rule.model_dump(mode="json", exclude_defaults=True)
        for rule in profile_in_force(place).deadline_rules
        if rule.key != "month"
    ]
    publish(place, deadline_rules=[TEN_DAYS, *kept], **sections)


def day_off(place: Place, on: str = "2026-03-10", when: dt.datetime = TUESDAY) -> CalendarDay:
    return add_local_day(
        place.session,
        place.actor("administrator"),
        on=D(on),
        kind="off",
        name="建区纪念日",
        notice="华政办发〔2026〕3号",
        at=when,
    )


def clock(life: Life, stage: str = "result", code: str | None = None) -> Obligation:
    life.place.session.expire_all()
    found = life.place.session.query(Obligation).filter_by(matter_id=life.matter_id, stage=stage)
    if code is not None:
        found = found.join(Assignment, Assignment.id == Obligation.assignment_id).filter(
            Assignment.unit_id == life.place.units[code]
        )
    one: Obligation = found.one()
    return one


def follow(place: Place, when: dt.datetime = TUESDAY) -> Any:
    return recompute(place.session, Actor.system(place.id), at=when)


def said(life: Life, kind: str) -> list[Event]:
    return [one for one in list_events(life.place.session, "matter", life.matter_id) if one.kind == f"matter.{kind}"]


def readers(place: Place, kind: str) -> list[int]:
    rows = place.session.query(Letter).filter_by(channel="inbox", kind=f"matter.{kind}").all()
    return sorted(row.recipient_id for row in rows)


def test_a_day_off_moves_what_counts_it_and_nothing_else(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life, untouched = to_handling(place), to_handling(place, stated_due_on="2026-03-20")
        before = clock(life)
        assert before.due_on == D("2026-03-16")
        yellow, opinion = before.yellow_on, clock(life, "contribution").due_on
        day_off(place)

        told = preview(place.session, at=TUESDAY)
        assert (told.matters, [(one.before, one.until) for one in told.moved if one.stage == "result"]) == (
            1,
            [("2026-03-16", "2026-03-17")],
        )
        assert told.moved[0].days == ("2026-03-10 建区纪念日 华政办发〔2026〕3号",)
        assert clock(life).due_on == D("2026-03-16")  # telling moves nothing

        done = follow(place)
        assert [(one.obligation_id, one.until) for one in done.moved] == [
            (one.obligation_id, one.until) for one in told.moved
        ]
        after = clock(life)
        assert (after.due_on, after.original_due_on, after.provisional) == (D("2026-03-17"), D("2026-03-17"), False)
        assert after.yellow_on > yellow
        assert after.calendar_version == done.version
        assert after.explanation["moved"][0]["before"] == "2026-03-16"
        assert {"on": TUESDAY.date(), "before": D("2026-03-16"), "until": D("2026-03-17")} in [
            values for _, values in describe(after.explanation)
        ]
        assert clock(life, "contribution").due_on > opinion  # the opinion follows the lead
        assert clock(untouched).due_on == D("2026-03-20")
        assert said(untouched, "date_moved") == []


def test_a_second_run_moves_nothing_and_says_nothing(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        day_off(place)
        first = follow(place)
        events, letters = len(said(life, "date_moved")), len(readers(place, "date_moved"))
        assert events == len(first.moved) > 0
        second = follow(place)
        assert (second.looked_at, second.moved, second.kept) == (0, [], [])
        assert preview(place.session, at=TUESDAY).moved == []
        assert (len(said(life, "date_moved")), len(readers(place, "date_moved"))) == (events, letters)


def test_the_log_and_the_letters_say_what_moved_and_why_once_a_matter(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        day_off(place)
        done = follow(place)
        (event,) = [one for one in said(life, "date_moved") if one.facts["stage"] == "result"]
        assert event.facts["before"] == "2026-03-16"
        assert event.facts["after"] == "2026-03-17"
        assert event.facts["version"] == done.version
        assert "建区纪念日" in event.facts["days"][0]
        told = readers(place, "date_moved")
        assert len(told) == len(set(told))  # one letter each, although two dates moved
        for who in (
            place.actor("unit_liaison", "SLJ"),
            place.actor("unit_liaison", "ZJJ"),
            place.actor("inspector"),
        ):
            assert who.person_id in told
        assert (
            place.actor("unit_liaison", "JYJ").person_id not in told if ("unit_liaison", "JYJ") in place.people else 1
        )


def test_another_jurisdiction_does_not_move(world: World) -> None:
    here, there = world.huarong, world.lianshui
    with here.inside():
        with_ten_days(here)
        life = to_handling(here)
    with there.inside():
        day_off(there)
        assert follow(there).moved == []
    with here.inside():
        assert follow(here).moved == []
        assert clock(life).due_on == D("2026-03-16")


def test_what_is_done_or_extended_stays(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        done, extended = to_handling(place), to_handling(place)
        for stage in ("result", "contribution", "acknowledgement"):
            for row in place.session.query(Obligation).filter_by(matter_id=done.matter_id, stage=stage):
                row.state = "met"
        row = clock(extended)
        row.due_on = row.extended_due_on = D("2026-03-30")
        place.session.commit()
        version = clock(done).calendar_version
        day_off(place)
        follow(place)
        assert (clock(done).due_on, clock(done).calendar_version) == (D("2026-03-16"), version)
        assert clock(extended).due_on == D("2026-03-30")


def test_a_firm_date_is_never_earlier_unless_somebody_says_so(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        off = day_off(place, when=MONDAY)
        life = to_handling(place)
        assert clock(life).due_on == D("2026-03-17")
        remove_local_day(place.session, place.actor("administrator"), off.id, at=TUESDAY)
        done = follow(place)
        kept = clock(life)
        assert [one.until for one in done.kept if one.stage == "result"] == ["2026-03-16"]
        assert (kept.due_on, kept.earlier_due_on) == (D("2026-03-17"), D("2026-03-16"))
        assert said(life, "date_moved") == []
        assert said(life, "date_kept")
        assert place.actor("unit_liaison", "SLJ").person_id not in readers(place, "date_kept")
        assert place.actor("inspector").person_id in readers(place, "date_kept")

        admin = place.actor("administrator")
        with pytest.raises(Refused):
            decide_earlier(
                place.session,
                place.actor("unit_liaison", "SLJ"),
                kept.id,
                apply=True,
                due_on=D("2026-03-16"),
                at=TUESDAY,
            )
        with pytest.raises(Conflict):
            decide_earlier(place.session, admin, kept.id, apply=True, due_on=D("2026-03-13"), at=TUESDAY)
        with pytest.raises(Conflict, match="passed already"):
            decide_earlier(place.session, admin, kept.id, apply=True, due_on=D("2026-03-16"), at=at(2026, 3, 17))
        decide_earlier(place.session, admin, kept.id, apply=True, due_on=D("2026-03-16"), at=TUESDAY)
        assert (clock(life).due_on, clock(life).earlier_due_on) == (D("2026-03-16"), None)
        assert list_kept(place.session, admin) == [] or all(
            one.id != kept.id for one in list_kept(place.session, admin)
        )
        assert len(said(life, "date_moved")) == 1


def test_a_promise_that_was_confirmed_is_not_asked_about_again(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        off = day_off(place, when=MONDAY)
        life = to_handling(place)
        remove_local_day(place.session, place.actor("administrator"), off.id, at=TUESDAY)
        follow(place)
        row = clock(life)
        decide_earlier(
            place.session, place.actor("administrator"), row.id, apply=False, due_on=D("2026-03-16"), at=TUESDAY
        )
        day_off(place, "2026-05-11")
        assert all(one.obligation_id != row.id for one in follow(place).kept)
        assert (clock(life).due_on, clock(life).earlier_due_on) == (D("2026-03-17"), None)
        assert len(said(life, "date_confirmed")) == 1


def test_another_jurisdictions_date_is_nobodys_to_decide(world: World) -> None:
    place, there = world.huarong, world.lianshui
    with place.inside():
        with_ten_days(place)
        row = clock(to_handling(place)).id
    with there.inside(), pytest.raises(NotFound):
        decide_earlier(there.session, there.actor("administrator"), row, apply=True, due_on=D("2026-03-16"), at=TUESDAY)


def test_where_the_rules_say_so_the_earlier_date_applies(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place, recompute={"earlier": "apply"})
        off = day_off(place, when=MONDAY)
        life = to_handling(place)
        remove_local_day(place.session, place.actor("administrator"), off.id, at=TUESDAY)
        follow(place)
        assert (clock(life).due_on, clock(life).earlier_due_on) == (D("2026-03-16"), None)


def test_a_provisional_date_follows_the_notice_both_ways(world: World) -> None:
    place = world.huarong
    winter = at(2026, 12, 21)
    with place.inside():
        with_ten_days(place)
        later, sooner = draw_and_send(place, winter), draw_and_send(place, at(2026, 12, 30))
        assert clock(later).provisional
        first, second = clock(later).due_on, clock(sooner).due_on
    announce(place, {"2027-01-04": "off"})
    with place.inside():
        follow(place, winter)
        assert clock(later).due_on > first
        assert clock(sooner).due_on > second
        moved = clock(sooner).due_on
        assert not clock(later).provisional
        row = clock(sooner)
        row.provisional = True
        place.session.commit()
    announce(place, {})
    with place.inside():
        follow(place, winter)
        assert clock(sooner).due_on < moved  # it was provisional
        assert clock(later).earlier_due_on == first  # it had become firm


def draw_and_send(place: Place, when: dt.datetime) -> Life:
    life = draw_up(place, huarong_draft(place), now=when)
    life.office("submit")
    life.office("approve", "office_leader", opinion="同意。")
    life.office("register")
    life.file("copy", place.actor("inspector"))
    life.office("dispatch", document_type="supervision_notice")
    return life


def announce(place: Place, days: dict[str, str]) -> None:
    """The notice for 2027, in place of whatever was known of that year."""
    session = place.session
    session.query(NationalCalendarDay).filter(NationalCalendarDay.on >= D("2027-01-01")).delete()
    for on, kind in {"2027-01-01": "off", **days}.items():
        session.add(NationalCalendarDay(on=D(on), kind=kind, name="元旦", notice="国办发明电〔2026〕9号"))
    year = session.get(NationalCalendarYear, 2027)
    if year is None:
        session.add(NationalCalendarYear(year=2027, status="announced", notice="国办发明电〔2026〕9号", version=1))
    else:
        year.version += 1
    session.commit()


def test_reminders_begin_anew_with_the_new_date(world: World) -> None:
    place = world.huarong
    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        clock(life).next_reminder_on = D("9999-12-31")
        place.session.commit()
        day_off(place)
        follow(place)
        row = clock(life)
        assert row.next_reminder_on is None, "the next sweep looks for the first step"


def test_who_may_not_change_the_calendar_may_not_move_its_dates(world: World) -> None:
    place = world.huarong
    with place.inside():
        day_off(place)
        with pytest.raises(Refused):
            recompute(place.session, place.actor("unit_liaison", "SLJ"), at=TUESDAY)
        recompute(place.session, place.actor("administrator"), at=TUESDAY)


# -- the clock -------------------------------------------------------------------------------------------------------


def test_the_clock_follows_a_shared_change_at_once_and_own_days_after_second_thoughts(world: World) -> None:
    place, session = world.huarong, world.huarong.session
    everybody = set(list_behind(session, MONDAY))
    assert {world.huarong.id, world.huaian.id, world.lianshui.id} <= everybody
    for one in (world.huarong, world.huaian, world.lianshui):
        with one.inside():
            assert follow_calendar(session, Actor.system(one.id), at=MONDAY) is not None
            assert follow_calendar(session, Actor.system(one.id), at=MONDAY) is None
    assert list_behind(session, MONDAY) == []

    with place.inside():
        with_ten_days(place)
        life = to_handling(place)
        day_off(place)
    assert list_behind(session, TUESDAY) == []
    with place.inside():
        assert follow_calendar(session, Actor.system(place.id), at=TUESDAY) is None
        assert clock(life).due_on == D("2026-03-16")
    assert list_behind(session, TUESDAY + GRACE) == [place.id]
    with place.inside():
        assert follow_calendar(session, Actor.system(place.id), at=TUESDAY + GRACE) is not None
        assert clock(life).due_on == D("2026-03-17")
    assert list_behind(session, TUESDAY + GRACE) == []

    announce(place, {})
    assert set(list_behind(session, TUESDAY)) == {world.huarong.id, world.huaian.id, world.lianshui.id}
    house = session.get(Jurisdiction, world.huaian.id)
    house.status = "suspended"
    session.commit()
    assert world.huaian.id not in list_behind(session, TUESDAY)
