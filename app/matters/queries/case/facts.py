"""A matter's rows as the facts a decision is made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import or_, select

from app.deadlines.queries import calendar_for
from app.deadlines.rules import WorkingCalendar, fits
from app.documents.models import Attachment
from app.documents.queries import list_attachments
from app.jurisdictions.queries import procedure_of, profile_of
from app.jurisdictions.rules import Profile
from app.kernel.actor import LENT, Actor
from app.kernel.clock import local_date
from app.matters.models import Assignment, Delegation, Matter, MatterSource, Obligation
from app.matters.queries.case.choices import choice_of, deadline_choice
from app.matters.queries.case.rows import find_open_round, list_answers, list_assignments
from app.matters.queries.conclusions import conclusion_facts, took_part
from app.matters.queries.delegations import list_delegations
from app.matters.queries.extensions import part_standings, terms_of
from app.matters.queries.questions import open_questions
from app.matters.rules import (
    MAIN_STAGES,
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
            keeps_open=_keeping_open(matter, source, profile),
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
        if rule.required_at_intake and fits(rule, deadline_choice(matter, source, profile))
    ]
    if profile.secrecy.custodian_required and matter.secrecy_level == "sensitive":
        wanted.append("custodian")
    return tuple(dict.fromkeys(wanted))


def _keeping_open(matter: Matter, source: MatterSource, profile: Profile) -> frozenset[str]:
    """The stages whose report the matter waits for before it ends, by the rules that fit it."""
    choice = deadline_choice(matter, source, profile)
    return frozenset(rule.stage for rule in profile.deadline_rules if rule.guard and fits(rule, choice))


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
        "deadline": matter.stated_due_on or matter.instructed_due_on,
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
