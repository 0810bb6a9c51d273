"""One matter whole, as far as the person may read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.deadlines.queries import calendar_for
from app.deadlines.rules import LightReading, WorkingCalendar
from app.documents.models import Attachment, Document
from app.documents.queries import list_attachments, list_documents
from app.jurisdictions.queries import profile_of
from app.jurisdictions.rules import Procedure, Profile
from app.kernel.actor import Actor
from app.kernel.events import Event, list_events
from app.matters.models import (
    Approval,
    Assignment,
    Conclusion,
    Delegation,
    Extension,
    Matter,
    Obligation,
    Pause,
    Report,
    SatisfactionAnswer,
)
from app.matters.queries.case.facts import case_of
from app.matters.queries.case.lights import reading_of
from app.matters.queries.case.rows import list_answers, list_assignments
from app.matters.queries.conclusions import list_conclusions
from app.matters.queries.delegations import list_delegations
from app.matters.queries.extensions import list_extensions
from app.matters.queries.visible import get_matter, is_delegated, of_office
from app.matters.rules import (
    MAIN_STAGES,
    OFFICE_EVENTS,
    PART_EVENTS,
    RESULT_STAGES,
    AssignmentState,
    Case,
    MatterState,
    Verdict,
    allowed,
)
from app.notifications.queries import Receipt, list_receipts

RECEIPTED = ("matter.dispatched", "matter.reassigned", "matter.urged")
"""The letters to a unit whose arrival the case file shows."""


@dataclass(frozen=True)
class CaseFile:
    """Everything the case file shows. Rows are for reading; acts go through the services."""

    matter: Matter
    profile: Profile
    procedure: Procedure
    case: Case
    offers: tuple[Verdict, ...]
    assignments: tuple[Assignment, ...]
    approvals: tuple[Approval, ...]
    obligations: tuple[Obligation, ...]
    reports: tuple[Report, ...]
    pauses: tuple[Pause, ...]
    extensions: tuple[Extension, ...]
    answers: tuple[SatisfactionAnswer, ...]
    conclusions: tuple[Conclusion, ...]
    delegations: tuple[Delegation, ...]
    receipts: tuple[Receipt, ...]
    documents: tuple[Document, ...]
    attachments: tuple[Attachment, ...]
    events: tuple[Event, ...]
    calendar: WorkingCalendar
    today: dt.date
    supervises: bool = True  # whether the whole file is the reader's: the office, or a department by delegation
    at: dt.datetime | None = None

    def reading(self, obligation: Obligation) -> LightReading:
        """The light of one clock today."""
        paused = self.matter.state == MatterState.SUSPENDED
        return reading_of(obligation, self.calendar, self.today, paused=paused, at=self.at)

    def main_obligation(self) -> Obligation | None:
        """The clock the matter is judged by, as in the ledger: the earliest open one, the lead's before all others."""
        still = [one for one in self.obligations if one.state == "open"]
        main = [one for one in still if one.assignment_id is not None and one.stage in MAIN_STAGES]
        if still:
            return min(main or still, key=lambda one: (one.due_on, one.id))
        results = [one for one in self.obligations if one.state == "met" and one.stage in RESULT_STAGES]
        return max(results, key=lambda one: one.id, default=None)


def case_file(session: Any, actor: Actor, matter_id: int, *, today: dt.date, at: dt.datetime | None = None) -> CaseFile:
    """One matter whole; with the instant ``at`` a due day ends at its due time. Raises NotFound for what the person may not
    know of.
    """
    matter = get_matter(session, actor, matter_id, today)
    profile = profile_of(session, matter.profile_version_id)
    assignments = list_assignments(session, matter.id)
    approvals = list(session.scalars(select(Approval).where(Approval.matter_id == matter.id).order_by(Approval.id)))
    events = list_events(session, "matter", matter.id)
    supervises = of_office(actor) or is_delegated(session, actor, matter_id, today)
    if not supervises:
        # a unit sees the others' names and states, since it works with them, and nothing of what the office weighed
        assignments = [one for one in assignments if one.state != AssignmentState.PLANNED]
        own = {one.id for one in assignments if one.unit_id == actor.unit_id}
        events = [
            one
            for one in events
            if one.kind not in OFFICE_EVENTS and (one.kind not in PART_EVENTS or one.facts.get("assignment_id") in own)
        ]
        approvals = []
    attachments = list_attachments(session, matter.id)
    case = case_of(session, actor, matter, assignments=assignments, attachments=attachments, today=today, at=at)
    return CaseFile(
        matter=matter,
        profile=profile,
        procedure=case.procedure,
        case=case,
        offers=allowed(case),
        assignments=tuple(assignments),
        approvals=tuple(approvals),
        obligations=tuple(
            session.scalars(select(Obligation).where(Obligation.matter_id == matter.id).order_by(Obligation.id))
        ),
        reports=tuple(session.scalars(select(Report).where(Report.matter_id == matter.id).order_by(Report.id))),
        pauses=tuple(session.scalars(select(Pause).where(Pause.matter_id == matter.id).order_by(Pause.id))),
        extensions=tuple(list_extensions(session, matter.id)),
        answers=tuple(list_answers(session, matter.id)) if profile.completion.satisfaction else (),
        conclusions=tuple(_conclusions(session, actor, matter, profile, assignments)),
        delegations=tuple(list_delegations(session, matter_id)) if supervises and profile.delegation else (),
        receipts=tuple(_receipts(session, matter, assignments, events)) if supervises else (),
        supervises=supervises,
        documents=tuple(list_documents(session, matter.id)),
        attachments=tuple(attachments),
        events=tuple(events),
        calendar=calendar_for(session, matter.jurisdiction_id),
        today=today,
        at=at,
    )


def _receipts(session: Any, matter: Matter, assignments: list[Assignment], events: Sequence[Event]) -> list[Receipt]:
    """Which people of the units have the notice and the urgings, and who has read them: for whoever supervises."""
    instants = {one.at for one in events if one.kind in RECEIPTED}
    if not instants:
        return []
    units = {one.unit_id for one in assignments}
    return list_receipts(session, RECEIPTED, ("matter", matter.id), unit_ids=units, instants=instants)


def _conclusions(
    session: Any, actor: Actor, matter: Matter, profile: Profile, assignments: list[Assignment]
) -> list[Conclusion]:
    """The office reads every conclusion; a unit the part that concerns it (政府督查工作条例 art. 16)."""
    if profile.conclusion is None:
        return []
    own = {one.id for one in assignments if one.unit_id == actor.unit_id}
    served = list_conclusions(session, matter.id)
    return [one for one in served if of_office(actor) or one.assignment_id in own]
