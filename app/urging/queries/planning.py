"""What an urging would do: unit by unit who reads which words, and who is refused why. The preview and the act ask this."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, or_, select

from app.deadlines.queries import calendar_for
from app.deadlines.rules import ZONE, WorkingCalendar, local_day
from app.documents.rules import written_date
from app.jurisdictions.queries import find_profile_in_force
from app.jurisdictions.rules.profile import UrgingText
from app.jurisdictions.rules.profile.urging import fill_in
from app.kernel.actor import Actor
from app.matters.models import Assignment, Matter, Obligation
from app.matters.queries import case_of
from app.matters.queries.case import reading_of
from app.matters.queries.visible import SENSITIVE, visible_to
from app.matters.rules import Act, AssignmentState, decide
from app.organisation.models import JurisdictionRole, Membership, Person, Unit, membership_role
from app.organisation.queries import list_deputies
from app.urging.models import Urging
from app.urging.rules import (
    CLOCKS,
    ONE_DAY,
    READERS_OF_URGING,
    SYSTEM,
    Limits,
    Refusal,
    UrgedPart,
    why_not_urged,
)

_LAST = dt.date.max
_WHY_NOT = {"wrong_step": "not_in_hand"}
"""Among many matters "read it again" is no help: what keeps this one from being urged is said instead."""


@dataclass(frozen=True)
class Asked:
    """What is asked of the units: for ``receipt`` or ``feedback``, through which channel, in which words, when."""

    kind: str
    channel: str
    message: str
    at: dt.datetime

    @property
    def today(self) -> dt.date:
        """The local day."""
        return local_day(self.at)


@dataclass(frozen=True)
class Reader:
    """Somebody who would read an urging; ``in_place_of`` names the absent whose deputy he is."""

    person_id: int
    name: str
    in_place_of: str = ""


@dataclass(frozen=True)
class Planned:
    """One unit's part and what an urging would do to it; without a part, a matter of which nobody can be urged.

    ``clock`` is the earliest date the part works against, or the matter's where it has none of its own; ``message`` are the
    words with everything filled in.
    """

    matter: Matter
    part: Assignment | None
    unit: str
    clock: Obligation | None
    readers: tuple[Reader, ...]
    message: str
    refusal: Refusal | None


def limits_of(session: Any, at: dt.datetime) -> Limits:
    """How often units may be urged by the rules in force: how a house urges is no right of a matter."""
    rules = find_profile_in_force(session, at)
    if rules is None:
        return Limits()
    most = rules.urging.most_per_day if rules.urging is not None else None
    return Limits(rules.reminders.min_urging_interval_days, most)


def urging_texts(session: Any, at: dt.datetime) -> tuple[UrgingText, ...]:
    """The texts of the rules in force."""
    rules = find_profile_in_force(session, at)
    return rules.urging.texts if rules is not None and rules.urging is not None else ()


def find_parts(
    session: Any, actor: Actor, matter_ids: Collection[int], part_ids: Collection[int], today: dt.date
) -> tuple[list[Matter], list[Assignment]]:
    """Of the chosen matters those the person sees, and their parts: of a matter chosen by its parts only these.

    A part that has only been planned, and one that was declined, is nobody's to be urged.
    """
    chosen = select(Assignment.matter_id).where(Assignment.id.in_(part_ids))
    seen = visible_to(actor, today).where(or_(Matter.id.in_(matter_ids), Matter.id.in_(chosen)))
    matters = {matter.id: matter for matter in session.scalars(seen.order_by(Matter.id))}
    parts = select(Assignment).where(
        or_(
            Assignment.matter_id.in_(matters.keys() & set(matter_ids)),
            Assignment.id.in_(part_ids) & Assignment.matter_id.in_(matters),
        ),
        Assignment.state.not_in((AssignmentState.PLANNED, AssignmentState.DECLINED)),
    )
    return list(matters.values()), list(session.scalars(parts.order_by(Assignment.id)))


def plan_urging(
    session: Any,
    actor: Actor,
    matters: Iterable[Matter],
    parts: Sequence[Assignment],
    asked: Asked,
    *,
    chosen: Collection[int] | None = None,
) -> list[Planned]:
    """What urging these parts would do, those first whose date is nearest or longest past.

    A unit's limit for the day is used up in this order by the ``chosen`` parts, or by all when none are named.
    """
    by_matter: dict[int, list[Assignment]] = defaultdict(list)
    for part in parts:
        by_matter[part.matter_id].append(part)
    clocks = _clocks(session, parts, asked)
    facts = _facts(session, parts, asked)
    people = {unit_id: _readers(session, unit_id) for unit_id in {part.unit_id for part in parts}}
    deputies = _deputies(session, people, asked.today)
    calendar, limits = calendar_for(session, actor.jurisdiction_id), limits_of(session, asked.at)
    lines: list[Planned] = []
    for matter in matters:
        verdict = decide(case_of(session, actor, matter, today=asked.today), Act.URGE)
        barred = Refusal(_WHY_NOT.get(str(verdict.reason), str(verdict.reason)), {}) if verdict.reason else None
        mine = by_matter.get(matter.id, [])
        if not mine:
            lines.append(Planned(matter, None, "", None, (), "", barred or Refusal("nobody_open", {})))
        for part in mine:
            readers = people[part.unit_id]
            if matter.secrecy_level != SENSITIVE:
                readers += deputies[part.unit_id]
            clock = clocks.get((matter.id, part.id)) or clocks.get((matter.id, None))
            values = _values(matter, part, clock, calendar, asked)
            words = fill_in(asked.message.strip(), values)
            lines.append(Planned(matter, part, part.unit.short_name, clock, readers, words, barred))
    lines.sort(
        key=lambda one: (one.clock.due_on if one.clock else _LAST, one.matter.id, one.part.id if one.part else 0)
    )
    return _weighed(lines, facts, asked, limits, chosen)


def _weighed(
    lines: list[Planned],
    facts: Mapping[int, UrgedPart],
    asked: Asked,
    limits: Limits,
    chosen: Collection[int] | None,
) -> list[Planned]:
    """The lines with what the limits say, the urgings before counted in those after."""
    going: dict[int, int] = defaultdict(int)
    done = []
    for line in lines:
        if line.part is None or line.refusal is not None:
            done.append(line)
            continue
        part = facts[line.part.id]
        counted = replace(part, had_today=part.had_today + going[line.part.unit_id], readers=len(line.readers))
        refusal = why_not_urged(counted, asked.kind, asked.channel, limits, asked.today)
        if refusal is None and (chosen is None or line.part.id in chosen):
            going[line.part.unit_id] += 1
        done.append(replace(line, refusal=refusal))
    return done


def _facts(session: Any, parts: Sequence[Assignment], asked: Asked) -> dict[int, UrgedPart]:
    """When each part was last urged through the system, and how many urgings its unit has had today."""
    midnight = dt.datetime.combine(asked.today, dt.time(), ZONE)
    sent = select(Urging.assignment_id, func.max(Urging.urged_at)).where(Urging.channel == SYSTEM)
    last = session.execute(
        sent.where(Urging.assignment_id.in_([part.id for part in parts])).group_by(Urging.assignment_id)
    )
    last_on = {part_id: local_day(at) for part_id, at in last.all()}
    today = (
        select(Assignment.unit_id, func.count())
        .select_from(Urging)
        .join(Assignment, Assignment.id == Urging.assignment_id)
        .where(
            Urging.channel == SYSTEM,
            Assignment.unit_id.in_({part.unit_id for part in parts}),
            Urging.urged_at >= midnight,
            Urging.urged_at < midnight + ONE_DAY,
        )
        .group_by(Assignment.unit_id)
    )
    had = {row[0]: row[1] for row in session.execute(today).all()}
    return {
        part.id: UrgedPart(part.unit.short_name, part.state, last_on.get(part.id), had.get(part.unit_id, 0), 0)
        for part in parts
    }


def _clocks(session: Any, parts: Sequence[Assignment], asked: Asked) -> dict[tuple[int, int | None], Obligation]:
    """The earliest running clock of each part that has to do with what is asked for, and under None of each matter."""
    stages = ("acknowledgement",) if asked.kind == "receipt" else CLOCKS
    statement = (
        select(Obligation)
        .where(
            Obligation.matter_id.in_({part.matter_id for part in parts}),
            Obligation.assignment_id.is_not(None),
            Obligation.stage.in_(stages),
            Obligation.state == "open",
        )
        .order_by(Obligation.due_on.desc(), Obligation.id.desc())
    )
    found: dict[tuple[int, int | None], Obligation] = {}
    for clock in session.scalars(statement):
        found[clock.matter_id, clock.assignment_id] = clock
        if asked.kind != "receipt":  # nobody signs by another unit's date
            found[clock.matter_id, None] = clock
    return found


def _readers(session: Any, unit_id: int) -> tuple[Reader, ...]:
    statement: Any = (
        select(Membership.person_id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .join(membership_role, membership_role.c.membership_id == Membership.id)
        .join(JurisdictionRole, JurisdictionRole.id == membership_role.c.role_id)
        .where(
            JurisdictionRole.key.in_(READERS_OF_URGING),
            Membership.unit_id == unit_id,
            Membership.active.is_(True),
            Person.active.is_(True),
        )
        .distinct()
        .order_by(Membership.person_id)
    )
    return tuple(Reader(person_id, name) for person_id, name in session.execute(statement).all())


def _deputies(session: Any, people: Mapping[int, tuple[Reader, ...]], today: dt.date) -> dict[int, tuple[Reader, ...]]:
    """For each unit the deputies of those of its readers who are absent, but for whoever reads already."""
    found = {}
    for unit_id, readers in people.items():
        known = {reader.person_id for reader in readers}
        deputies = [one for one in list_deputies(session, known, today) if one.person_id not in known]
        names = dict(
            session.execute(
                select(Person.id, Person.name).where(Person.id.in_([one.person_id for one in deputies]))
            ).all()
            if deputies
            else ()
        )
        found[unit_id] = tuple(Reader(one.person_id, names[one.person_id], one.absent_name) for one in deputies)
    return found


def _values(
    matter: Matter, part: Assignment, clock: Obligation | None, calendar: WorkingCalendar, asked: Asked
) -> dict[str, str]:
    """What fills a text's placeholders, in the words of the paper."""
    return {
        "单位": part.unit.short_name,
        "事项": matter.title,
        "编号": matter.register_no or "尚未编号",
        "时限": written_date(clock.due_on) if clock is not None else "尚未起算",
        "时限情况": _standing(clock, calendar, asked),
    }


def _standing(clock: Obligation | None, calendar: WorkingCalendar, asked: Asked) -> str:
    if clock is None:
        return "时限尚未起算"
    reading = reading_of(clock, calendar, asked.today, at=asked.at)
    if reading.light == "bad":
        return f"已逾期{reading.overdue}个工作日" if reading.overdue else "已逾期"
    if clock.due_on == asked.today:
        return "今日到期"
    return f"还有{reading.remaining}个工作日" if reading.remaining else "即将到期"


def lock_parts(session: Any, actor: Actor, part_ids: Collection[int], today: dt.date) -> list[Assignment]:
    """These parts of visible matters as they are now, they and their units locked until the transaction ends.

    Two clicks at once urge once, and never use up one unit's day twice.
    """
    wanted = (
        select(Assignment)
        .where(
            Assignment.id.in_(part_ids), Assignment.matter_id.in_(visible_to(actor, today).with_only_columns(Matter.id))
        )
        .order_by(Assignment.id)
        .with_for_update(key_share=True, of=Assignment)
        .execution_options(populate_existing=True)
    )
    parts = list(session.scalars(wanted))
    units = select(Unit.id).where(Unit.id.in_({part.unit_id for part in parts})).order_by(Unit.id)
    session.execute(units.with_for_update(key_share=True)).all()
    return parts


def was_sent(session: Any, batch: str) -> bool:
    """Whether urgings with this mark have been sent."""
    return session.scalar(select(Urging.id).where(Urging.batch == batch).limit(1)) is not None
