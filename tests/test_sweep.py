"""The sweep: each occasion once to each person, whatever is run twice, killed, or left standing for days."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import psycopg
import pytest

from app.deadlines.models import CalendarDay, NationalCalendarYear
from app.jurisdictions.models import Jurisdiction
from app.kernel.jobs import JobRun
from app.kernel.outbox import Letter
from app.kernel.tenancy import scope
from app.matters.models import Matter, Obligation
from app.urging import tasks
from app.urging.services import LEASE, claim_due_jurisdictions, sweep_jurisdiction
from tests.conftest import MORNING
from tests.small_house import House, build
from tests.stack import Stack

DAY = dt.timedelta(days=1)
MONDAY = MORNING.date()
FRIDAY = MONDAY + 4 * DAY


def letters(house: House) -> list[tuple[str, str]]:
    """(occasion, reader) of every inbox letter of the house, in the order of writing."""
    names = {person: name for name, person in house.people.items()}
    with scope(house.id, house.session):
        rows = house.session.query(Letter).filter_by(channel="inbox").order_by(Letter.created_at, Letter.id).all()
        return [(row.kind.removeprefix("obligation."), names[row.recipient_id]) for row in rows]


def with_clock(session: Any, yellow_on: dt.date, due_on: dt.date, house: House | None = None) -> tuple[House, int]:
    house = house or build(session)
    with scope(house.id, session):
        matter = house.matter("老旧小区改造")
        obligation = house.clock(matter, house.assignment(matter, "住建局"), yellow_on, due_on)
        session.commit()
        return house, obligation.id


def sweep_days(house: House, *days: int, hour: int = 0) -> list[int]:
    return [sweep_jurisdiction(house.session, house.id, MORNING + d * DAY + dt.timedelta(hours=hour)) for d in days]


def change(house: House, **values: Any) -> None:
    row = house.session.get(Jurisdiction, house.id)
    for name, value in values.items():
        setattr(row, name, value)
    house.session.commit()


def next_hour(house: House) -> dt.datetime | None:
    house.session.rollback()
    return house.session.get(Jurisdiction, house.id, populate_existing=True).next_sweep_at


def test_each_occasion_goes_once_to_those_it_concerns(session: Any) -> None:
    house, _ = with_clock(session, MONDAY + DAY, MONDAY + 3 * DAY)
    # Monday: nothing yet; Tuesday: soon; Wednesday: tomorrow; Thursday: due; Friday: overdue, and on the third day again
    assert sweep_days(house, 0, 1, 2, 3, 4, 7, 8, 9) == [0, 2, 3, 3, 4, 0, 2, 0]
    assert Counter(letters(house)) == Counter(
        [
            ("due_soon", "liaison"),
            ("due_soon", "liaison"),
            ("due_soon", "leader"),
            ("due_today", "liaison"),
            ("due_today", "leader"),
            ("overdue", "liaison"),
            ("overdue", "leader"),
            ("overdue", "inspector"),
            ("overdue", "leader"),
            ("overdue", "inspector"),
        ]
    )


def test_two_sweeps_of_the_same_hour_write_the_same_letters_once(session: Any) -> None:
    house, obligation = with_clock(session, MONDAY, FRIDAY)
    assert sweep_days(house, 0, 0) == [2, 0]
    # and if neither the jurisdiction nor the clock remembered, the letters themselves would
    change(house, next_sweep_at=None)
    with scope(house.id, session):
        session.get(Obligation, obligation).next_reminder_on = None
        session.commit()
    assert sweep_days(house, 0) == [0]
    assert letters(house) == [("due_soon", "liaison")]


def test_a_letter_is_written_for_both_ways_and_its_facts_say_what_is_due(session: Any) -> None:
    house, obligation = with_clock(session, MONDAY, FRIDAY)
    sweep_days(house, 0)
    with scope(house.id, session):
        inbox, email = session.query(Letter).order_by(Letter.channel.desc()).all()
        assert (inbox.state, inbox.sent_at, inbox.next_attempt_at) == ("sent", MORNING, None)
        assert (email.state, email.sent_at, email.next_attempt_at) == ("queued", None, MORNING)
        assert inbox.dedupe_key == email.dedupe_key == f"obligation:{obligation}:light:{FRIDAY}"
        assert inbox.facts["title"] == "老旧小区改造"
        assert inbox.facts["due_on"] == FRIDAY.isoformat()
        assert inbox.facts["sensitive"] is False


def test_two_ticks_ring_once_and_a_crash_between_claim_and_sweep_heals(session: Any) -> None:
    house, _ = with_clock(session, MONDAY, FRIDAY)
    assert claim_due_jurisdictions(session, MORNING) == [house.id]
    assert claim_due_jurisdictions(session, MORNING) == []
    # whoever claimed it was killed: nothing is lost, it is due again when the lease ends
    assert claim_due_jurisdictions(session, MORNING + LEASE / 2) == []
    assert claim_due_jurisdictions(session, MORNING + LEASE) == [house.id]
    assert sweep_jurisdiction(session, house.id, MORNING + LEASE) == 2
    assert claim_due_jurisdictions(session, MORNING + 3 * LEASE) == []
    assert next_hour(house) == MORNING + DAY


def test_a_clock_that_ran_ahead_is_not_believed(session: Any) -> None:
    house, _ = with_clock(session, MONDAY, FRIDAY)
    far = MORNING + 400 * DAY
    change(house, next_sweep_at=far, claimed_until=far)
    assert claim_due_jurisdictions(session, MORNING) == [house.id]
    assert sweep_days(house, 0) == [2]
    assert next_hour(house) == MORNING + DAY


def test_after_three_days_of_silence_only_the_present_occasion_is_spoken_of(session: Any) -> None:
    house, _ = with_clock(session, MONDAY + DAY, MONDAY + 2 * DAY)
    sweep_days(house, 0)
    # down on Tuesday (soon), Wednesday (due) and Thursday; up again on Friday afternoon
    assert sweep_days(house, 4, hour=6) == [4]
    assert {occasion for occasion, _ in letters(house)} == {"overdue"}
    assert next_hour(house) == MORNING + 5 * DAY


def test_a_suspended_matter_is_quiet_and_speaks_of_the_present_when_resumed(session: Any) -> None:
    house, obligation = with_clock(session, MONDAY, FRIDAY)
    with scope(house.id, session):
        matter_id = session.get(Obligation, obligation).matter_id
        session.get(Matter, matter_id).state = "suspended"
        session.commit()
    assert sweep_days(house, 0, 1) == [0, 0]
    with scope(house.id, session):
        session.get(Matter, matter_id).state = "in_progress"
        session.commit()
    assert sweep_days(house, 2) == [2]


@pytest.mark.parametrize("state", ["accepted", "declined"])
def test_a_unit_that_has_finished_or_declined_is_left_alone(session: Any, state: str) -> None:
    house = build(session)
    with scope(house.id, session):
        matter = house.matter("河道清淤")
        house.clock(matter, house.assignment(matter, "住建局", state=state), MONDAY, MONDAY)
        session.commit()
    assert sweep_days(house, 0) == [0]


def test_a_moved_due_date_is_armed_again(session: Any) -> None:
    house, obligation = with_clock(session, MONDAY, MONDAY)
    assert sweep_days(house, 0, 1) == [3, 4]
    with scope(house.id, session):
        clock = session.get(Obligation, obligation)
        assert clock.next_reminder_on == MONDAY + 3 * DAY, "the third day after the date is the next step"
        clock.due_on, clock.yellow_on = FRIDAY, FRIDAY - DAY
        session.commit()
        assert clock.next_reminder_on is None
    assert sweep_days(house, 2, 3, 4) == [0, 3, 3]
    assert Counter(occasion for occasion, _ in letters(house)) == {"due_today": 4, "overdue": 3, "due_soon": 2}


def test_a_rest_day_and_the_hours_before_nine_wait(session: Any) -> None:
    house, _ = with_clock(session, MONDAY, FRIDAY + DAY)
    with scope(house.id, session):
        # a local day off on Monday, and work on Saturday instead
        session.add_all(
            [
                CalendarDay(on=MONDAY, kind="off", name="州庆"),
                CalendarDay(on=FRIDAY + DAY, kind="work", name="调休"),
            ]
        )
        session.commit()
    assert sweep_days(house, 0) == [0]
    assert next_hour(house) == MORNING + DAY
    assert sweep_jurisdiction(session, house.id, MORNING + DAY - dt.timedelta(minutes=1)) == 0
    assert sweep_days(house, 1) == [2]
    assert sweep_days(house, 4) == [3], "the day before"
    assert sweep_days(house, 5) == [3], "the working Saturday, which is also the day it is due"


def test_before_any_calendar_is_loaded_monday_to_friday_work(session: Any) -> None:
    house, _ = with_clock(session, MONDAY, FRIDAY)
    session.delete(session.get(NationalCalendarYear, 2026))
    session.commit()
    assert sweep_days(house, -1, 0) == [0, 2]


def test_the_offices_own_clock_is_told_to_whoever_registered_or_to_every_inspector(session: Any) -> None:
    house = build(session)
    with scope(house.id, session):
        house.person("second", "督查室", "inspector")
        house.grant("inspector", "matter:read_all", "matter:urge")
        house.clock(house.matter("核对台账"), None, MONDAY, FRIDAY)
        house.clock(house.matter("无主", registered_by=None), None, MONDAY, FRIDAY)
        lonely = house.matter("没有联络员的单位")
        house.units["新单位"] = house.unit("新单位")
        house.clock(lonely, house.assignment(lonely, "新单位"), MONDAY, FRIDAY)
        session.commit()
    sweep_days(house, 0)
    assert Counter(name for _, name in letters(house)) == {"inspector": 3, "second": 1}


def test_two_jurisdictions_never_mix_and_one_that_fails_holds_nobody(session: Any, monkeypatch: Any) -> None:
    first, _ = with_clock(session, MONDAY, FRIDAY)
    second, _ = with_clock(session, MONDAY, FRIDAY, build(session, "huaian", "320800"))
    asleep, _ = with_clock(session, MONDAY, FRIDAY, build(session, "lianshui", "320826"))
    change(asleep, status="suspended")
    assert claim_due_jurisdictions(session, MORNING) == [first.id, second.id]
    swept = sweep_jurisdiction

    def failing(session: Any, jurisdiction_id: int, at: dt.datetime) -> int:
        if jurisdiction_id == first.id:
            raise ValueError("a title nobody else may read")
        return swept(session, jurisdiction_id, at)

    monkeypatch.setattr(tasks.services, "sweep_jurisdiction", failing)
    with pytest.raises(ValueError, match="title"):
        tasks.sweep(first.id, MORNING.isoformat())
    assert tasks.sweep(second.id, MORNING.isoformat()) == 2
    assert (letters(first), letters(second), letters(asleep)) == ([], [("due_soon", "liaison")], [])
    assert swept(session, asleep.id, MORNING) == 0
    assert swept(session, first.id, MORNING) == 2
    with scope(second.id, session):
        assert {row.recipient_id for row in session.query(Letter)} <= set(second.people.values())
    runs = session.query(JobRun).order_by(JobRun.id).all()
    assert [(run.house_id, run.count, run.failures, run.fault) for run in runs] == [
        (first.id, 0, 1, "ValueError"),
        (second.id, 2, 0, None),
        (first.id, 2, 0, None),
    ]


def test_what_somebody_is_just_changing_is_not_waited_for(session: Any, stack: Stack) -> None:
    house, obligation = with_clock(session, MONDAY, FRIDAY)
    with psycopg.connect(stack.app_url.replace("+psycopg", "")) as other:
        other.execute("select set_config('app.jurisdiction_id', %s, true)", [str(house.id)])
        other.execute("select 1 from obligation where id = %s for update", [obligation])
        assert sweep_days(house, 0) == [2]
    with scope(house.id, session):
        assert session.get(Obligation, obligation).next_reminder_on is None
    assert sweep_days(house, 1) == [0], "looked at again, and not said again"
