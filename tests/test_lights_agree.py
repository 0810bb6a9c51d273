"""The light in SQL and the light in Python: one question, two answers, always the same."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, true, update

from app.deadlines.data import built_in_calendar
from app.deadlines.rules import Light, light, yellow_from
from app.kernel.clock import at_local
from app.kernel.tenancy import set_based
from app.matters.models import Matter, Obligation
from app.matters.queries import LedgerFilter, ledger
from app.matters.queries.ledger import clock_of_matter, light_condition
from tests.matter_life import to_handling
from tests.world import World

CALENDAR = built_in_calendar()
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2027, 3, 1))
TIMES = st.tuples(st.integers(0, 23), st.integers(0, 59))


def test_sql_and_python_see_the_same_light_for_every_date_time_and_threshold(world: World) -> None:
    place = world.huarong
    with place.inside():
        matter_id = to_handling(place).matter_id

    @settings(max_examples=60, deadline=None)
    @given(
        due_on=DAYS,
        ends=st.none() | TIMES,
        yellow_days=st.integers(0, 12),
        offset=st.integers(-30, 10) | st.just(0),
        seen=TIMES,
        paused=st.booleans(),
    )
    def agree(
        due_on: dt.date,
        ends: tuple[int, int] | None,
        yellow_days: int,
        offset: int,
        seen: tuple[int, int],
        paused: bool,
    ) -> None:
        today = due_on + dt.timedelta(days=offset)
        at = at_local(today, *seen)
        due_at = at_local(due_on, *ends) if ends is not None else None
        values = {
            "due_on": due_on,
            "due_at": due_at,
            "yellow_days": yellow_days,
            "yellow_on": yellow_from(due_on, CALENDAR, yellow_days),
        }
        state = "suspended" if paused else "handling"
        with place.inside():
            place.session.execute(
                set_based(update(Obligation).where(Obligation.matter_id == matter_id).values(**values))
            )
            place.session.execute(set_based(update(Matter).where(Matter.id == matter_id).values(state=state)))
            clock = clock_of_matter()
            columns = [func.count().filter(light_condition(one, clock, today, at)).label(one.value) for one in Light]
            counted = place.session.execute(select(*columns).select_from(Matter).outerjoin(clock, true())).one()
            expected = light(due_on, today, CALENDAR, yellow_days, paused=paused, due_at=due_at, seen_at=at)
            assert [name for name, count in counted._mapping.items() if count] == [expected.light.value]
            wanted = LedgerFilter(light=expected.light.value)
            (row,) = ledger(place.session, place.actor("inspector"), wanted, today=today, at=at).rows
            assert row.reading == expected, "the page says what the filter found"

    agree()
