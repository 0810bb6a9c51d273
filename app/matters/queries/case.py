"""One matter whole, and the facts decisions are made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from app.deadlines.queries import calendar_for
from app.deadlines.rules import ClockChoice, ClockRule, LightReading, WorkingCalendar, as_clock, fits, light
from app.documents.models import Attachment, Document
from app.documents.queries import list_attachments, list_documents
from app.jurisdictions.queries import procedure_of, profile_of
from app.jurisdictions.rules import Procedure, Profile, StepChoice
from app.kernel.actor import LENT, Actor
from app.kernel.clock import local_date
from app.kernel.events import Event, list_events
from app.matters.models import (
    Approval,
    Assignment,
    Conclusion,
    Delegation,
    Extension,
    Matter,
    MatterSource,
    Obligation,
    Pause,
    Report,
    SatisfactionAnswer,
)
from app.matters.queries.conclusions import conclusion_facts, list_conclusions, took_part
from app.matters.queries.delegations import list_delegations
from app.matters.queries.extensions import list_extensions, part_standings, terms_of
from app.matters.queries.questions import open_questions
from app.matters.queries.visible import get_matter, is_delegated, of_office
from app.matters.rules import (
    MAIN_STAGES,
    OFFICE_EVENTS,
    PART_EVENTS,
    RESULT_STAGES,
    ActorFacts,
    ApprovalFacts,
    AskedFacts,
    AssignmentFacts,
    AssignmentState,
    Case,
    ConclusionFacts,
    MatterFacts,
    MatterState,
    Settings,
    Verdict,
    allowed,
)


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


def reading_of(
    obligation: Obligation,
    calendar: WorkingCalendar,
    today: dt.date,
    *,
    paused: bool = False,
    at: dt.datetime | None = None,
) -> LightReading:
    """The light of a clock on a day, or at an instant of that day where its date has a time."""
    met_on = local_date(obligation.met_at) if obligation.met_at else None
    return light(
        obligation.due_on,
        today,
        calendar,
        obligation.yellow_days,
        paused=paused and obligation.state == "open",
        closed_on=met_on if obligation.state != "open" else None,
        due_at=obligation.due_at,
        seen_at=at if obligation.state == "open" else obligation.met_at,
    )


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
        supervises=supervises,
        documents=tuple(list_documents(session, matter.id)),
        attachments=tuple(attachments),
        events=tuple(events),
        calendar=calendar_for(session, matter.jurisdiction_id),
        today=today,
        at=at,
    )


def _conclusions(
    session: Any, actor: Actor, matter: Matter, profile: Profile, assignments: list[Assignment]
) -> list[Conclusion]:
    """The office reads every conclusion; a unit the part that concerns it (政府督查工作条例 art. 16)."""
    if profile.conclusion is None:
        return []
    own = {one.id for one in assignments if one.unit_id == actor.unit_id}
    served = list_conclusions(session, matter.id)
    return [one for one in served if of_office(actor) or one.assignment_id in own]


def list_assignments(session: Any, matter_id: int) -> list[Assignment]:
    """The units of a matter, the lead first."""
    return list(
        session.scalars(
            select(Assignment)
            .where(Assignment.matter_id == matter_id)
            .order_by(Assignment.role.desc(), Assignment.position, Assignment.id)
        )
    )


def case_of(
    session: Any,
    actor: Actor,
    matter: Matter,
    *,
    today: dt.date,
    at: dt.datetime | None = None,
    assignments: list[Assignment] | None = None,
    attachments: list[Attachment] | None = None,
) -> Case:
    """The facts a decision on this matter is made from; with the instant ``at`` a due day ends at its due time."""
    if assignments is None:
        assignments = list_assignments(session, matter.id)
    if attachments is None:
        attachments = list_attachments(session, matter.id)
    profile = profile_of(session, matter.profile_version_id)
    source = session.get(MatterSource, matter.source_id)
    calendar = calendar_for(session, matter.jurisdiction_id)
    facts = facts_of(
        matter,
        source,
        profile,
        assignments,
        frozenset(one.kind for one in attachments),
        _open_round(session, matter),
        calendar,
        today,
        asked=open_questions(session, matter.id),
        overdue=_is_overdue(session, matter, today, at),
        rectification_due=_may_owe_rectification(matter, profile) and _owes(session, matter, "rectification_result"),
        after_report_due=matter.completed_at is not None and _owes(session, matter, "after_completion"),
        satisfaction_due=_is_to_be_asked(session, matter, source, profile),
        standings=part_standings(session, matter, profile, calendar, today, at),
        conclusions=conclusion_facts(session, matter.id, today) if profile.conclusion else {},
        took_part=profile.conclusion is not None and took_part(session, actor, matter),
        delegations=list_delegations(session, matter.id) if profile.delegation else (),
    )
    return Case(procedure_of(session, matter.profile_version_id), facts, actor_facts(actor))


def actor_facts(actor: Actor) -> ActorFacts:
    """Who asks, as a decision sees them."""
    return ActorFacts(
        actor.membership_id,
        actor.unit_id,
        actor.roles,
        actor.rights,
        actor.is_system,
        actor.stands_in_for,
        LENT if actor.stands_in_for else frozenset(),
    )


def choice_of(matter: Matter, source: MatterSource) -> StepChoice:
    """What chooses the matter's path."""
    return StepChoice(source.key, matter.urgency, matter.origin_level, matter.handling_mode)


def deadline_choice(matter: Matter, source: MatterSource) -> ClockChoice:
    """What chooses the matter's clocks and what they are counted from."""
    return ClockChoice(
        source=source.key,
        urgency=matter.urgency,
        origin_level=matter.origin_level,
        handling_mode=matter.handling_mode,
        session=matter.session,
        meeting_on=matter.meeting_on,
        exposed_on=matter.exposed_on,
        instruction_on=matter.instruction_on,
        stated_due_on=matter.stated_due_on,
        feedback_due_on=matter.feedback_due_on,
    )


def clock_by_key(
    profile: Profile, matter: Matter, source: MatterSource, stage: str, key: str | None
) -> ClockRule | None:
    """The rule by which a clock was opened, as the matter's facts have it now; None when it no longer speaks of it."""
    choice = deadline_choice(matter, source)
    for said in profile.deadline_rules:
        if said.key == key and said.stage == stage and fits(said, choice):
            return as_clock(said, choice, profile.last_day)
    return None


def facts_of(
    matter: Matter,
    source: MatterSource,
    profile: Profile,
    assignments: list[Assignment],
    attached: frozenset[str],
    approval: ApprovalFacts | None,
    calendar: WorkingCalendar,
    today: dt.date,
    *,
    asked: tuple[AskedFacts, ...] = (),
    standings: Mapping[int, tuple[str | None, bool]] | None = None,
    overdue: bool = False,
    rectification_due: bool = False,
    after_report_due: bool = False,
    satisfaction_due: bool = False,
    conclusions: Mapping[int, ConclusionFacts] | None = None,
    took_part: bool = False,
    delegations: Iterable[Delegation] = (),
) -> MatterFacts:
    """A matter's rows as facts."""
    window = profile.receipt.decline_window_working_days
    no_extension = "lead_extends" if terms_of(profile).by_approval else "no_extension"
    running = [one for one in delegations if one.ended_at is None and today <= one.until_on]
    return MatterFacts(
        state=MatterState(matter.state),
        step_key=matter.step_key,
        choice=choice_of(matter, source),
        filled=_filled(matter, assignments),
        attached=attached,
        registered_by=matter.registered_by,
        supervising_unit_id=matter.supervising_unit_id,
        assignments=tuple(
            AssignmentFacts(
                one.id,
                one.unit_id,
                one.role == "lead",
                AssignmentState(one.state),
                _may_decline(one, window, calendar, today),
                *(standings or {}).get(one.id, (no_extension, False)),
                decline_proposed=one.decline_proposed_at is not None,
                notified=one.document_id is not None,
                conclusion=(conclusions or {}).get(one.id),
            )
            for one in assignments
        ),
        approval=approval,
        settings=Settings(
            may_log_receipt=profile.receipt.may_be_logged_by_office,
            may_explain_delay=profile.extension.mode != "none",
            return_allowed=profile.completion.return_allowed,
            concludes=profile.conclusion is not None,
            delegates=profile.delegation is not None and profile.delegation.allowed,
            recusal=profile.conclusion is not None and profile.conclusion.recusal,
            grades=tuple(one.key for one in profile.completion.grades),
        ),
        asked=asked,
        demanded=_demanded(matter, source, profile),
        rectification_due=rectification_due,
        overdue=overdue,
        after_report_due=after_report_due,
        satisfaction_due=satisfaction_due,
        took_part=took_part,
        delegated_to=frozenset(one.unit_id for one in running if one.from_on <= today),
        delegations=frozenset(one.id for one in running),
    )


def _demanded(matter: Matter, source: MatterSource, profile: Profile) -> tuple[str, ...]:
    """What the deadline rules and the secrecy of this matter demand before it may be proposed."""
    wanted = [
        "feedback_due_on" if rule.stage == "first_feedback" else "deadline"
        for rule in profile.deadline_rules
        if rule.required_at_intake and fits(rule, deadline_choice(matter, source))
    ]
    if profile.secrecy.custodian_required and matter.secrecy_level == "sensitive":
        wanted.append("custodian")
    return tuple(dict.fromkeys(wanted))


def _is_overdue(session: Any, matter: Matter, today: dt.date, at: dt.datetime | None) -> bool:
    """Whether a clock the matter is judged by has run out; a signature nobody gave is not one of them."""
    past = Obligation.due_on < today
    if at is not None:
        past = or_(past, Obligation.due_at < at)
    late = select(Obligation.id).where(
        Obligation.matter_id == matter.id, Obligation.state == "open", Obligation.stage.in_(MAIN_STAGES), past
    )
    return session.scalar(late.limit(1)) is not None


def _may_owe_rectification(matter: Matter, profile: Profile) -> bool:
    """After a media exposure, or by the conclusion; of all other matters nobody need ask."""
    return matter.exposed_on is not None or (profile.conclusion is not None and matter.completed_at is not None)


def _owes(session: Any, matter: Matter, stage: str) -> bool:
    owed = select(Obligation.id).where(
        Obligation.matter_id == matter.id, Obligation.stage == stage, Obligation.state == "open"
    )
    return session.scalar(owed.limit(1)) is not None


def list_answers(session: Any, matter_id: int) -> list[SatisfactionAnswer]:
    """What those who raised the matter answered, round by round."""
    return list(
        session.scalars(
            select(SatisfactionAnswer)
            .where(SatisfactionAnswer.matter_id == matter_id)
            .order_by(SatisfactionAnswer.round)
        )
    )


def count_answers(session: Any, matter_id: int) -> int:
    """How many rounds have been answered."""
    return int(
        session.scalar(
            select(func.count()).select_from(SatisfactionAnswer).where(SatisfactionAnswer.matter_id == matter_id)
        )
    )


def _is_to_be_asked(session: Any, matter: Matter, source: MatterSource, profile: Profile) -> bool:
    """Whether the completed matter is of a source whose people are asked, and has not been answered for good."""
    asked = profile.completion.satisfaction
    if asked is None or matter.completed_at is None or (asked.sources and source.key not in asked.sources):
        return False
    answers = list_answers(session, matter.id)
    return not answers or answers[-1].sends_back


def _may_decline(one: Assignment, window: int | None, calendar: WorkingCalendar, today: dt.date) -> bool:
    if window is None or one.notified_at is None:
        return False
    return today <= calendar.nth_working_day_after(local_date(one.notified_at), window)


def _filled(matter: Matter, assignments: list[Assignment]) -> frozenset[str]:
    there = {
        "title": matter.title,
        "content": matter.content,
        "handling_proposal": matter.handling_proposal,
        "lead_unit": any(one.role == "lead" and one.state != AssignmentState.DECLINED for one in assignments),
        "responsible_division": matter.responsible_division_id,
        "scope": matter.scope_key,
        "kind": matter.kind_key,
        "deadline": matter.stated_due_on,
        "feedback_due_on": matter.feedback_due_on,
        "custodian": matter.custodian_id,
        "plan": matter.plan_id,
        "scheme": matter.scheme,
        "instruction_leader": matter.instruction_leader_id,
        "instruction_text": matter.instruction_text,
        "document_type": matter.document_type,
        "result": matter.result,
        "archive_no": matter.archive_no,
    }
    return frozenset(name for name, value in there.items() if value)


def _open_round(session: Any, matter: Matter) -> ApprovalFacts | None:
    current = find_open_round(session, matter.id, matter.step_key)
    if current is None:
        return None
    return ApprovalFacts(frozenset(vote.role_key for vote in current.votes if vote.decision == "approved"))


def find_open_round(session: Any, matter_id: int, step_key: str) -> Approval | None:
    """The round of decisions now open at a step."""
    found: Approval | None = session.scalars(
        select(Approval).where(
            Approval.matter_id == matter_id, Approval.step_key == step_key, Approval.state == "pending"
        )
    ).first()
    return found
