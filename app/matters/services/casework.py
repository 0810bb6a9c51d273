"""What every act on a matter begins and ends with: the row, the verdict, the change of step, the event, the letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm.attributes import flag_modified

from app.jurisdictions.queries import procedure_of, profile_of
from app.jurisdictions.rules import Procedure, Profile, Step, StepChoice, StepKind
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, Refused, someone_else_was_faster
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.outbox import write_letter
from app.matters.models import Approval, Assignment, Matter, MatterSource
from app.matters.queries.case import case_of, choice_of, find_open_round, list_assignments
from app.matters.queries.delegations import list_running
from app.matters.queries.visible import get_matter
from app.matters.rules import REASONS, Act, AssignmentState, Case, MatterState, Verdict, decide
from app.matters.services import clocks
from app.organisation.models import JurisdictionRole, Membership, RoleRight, membership_role
from app.organisation.queries import list_deputies

_REFUSED = frozenset({"right_missing", "not_your_step", "not_your_group", "not_your_unit", "office_only", "recused"})
TRANSFERRED = "transferred"  # passed on to units, as against handled or led by the office itself

FIELD_WORDS = {
    "title": N_("Give the matter a title."),
    "content": N_("Describe the matter."),
    "handling_proposal": N_("Write the handling proposal."),
    "lead_unit": N_("Choose the lead unit."),
    "responsible_division": N_("Choose the responsible division."),
    "scope": N_("Choose the content of supervision."),
    "kind": N_("Choose the kind of supervision."),
    "deadline": N_("Set the completion deadline."),
    "plan": N_("Name the supervision plan."),
    "scheme": N_("Write the scheme."),
    "instruction_leader": N_("Choose the leader whose instruction this is."),
    "instruction_text": N_("Write down the words of the instruction."),
    "document_type": N_("Choose the kind of notice."),
    "result": N_("Write down the result."),
    "archive_no": N_("Give the archive number."),
    "feedback_due_on": N_("Enter the date by which the meeting wants feedback."),
    "conclusion": N_("Serve the conclusion on every unit it concerns."),
    "custodian": N_("Choose the custodian of this sensitive matter."),
    "rectification": N_("The unit still owes its report on what was put right."),
    "after_completion": N_("The unit still owes its report on how it went on after completion."),
    "satisfaction": N_("Ask those who raised the matter whether they are satisfied, and record it."),
    "original_or_copy": N_("Attach the original or a copy of the source document."),
    "original": N_("Attach the original."),
    "copy": N_("Attach a copy."),
    "report": N_("Attach the report."),
    "evidence": N_("Attach the evidence."),
}


@dataclass
class Work:
    """One matter in hand, with everything an act needs."""

    session: Any
    actor: Actor
    matter: Matter
    source: MatterSource
    profile: Profile
    procedure: Procedure
    assignments: list[Assignment]
    at: dt.datetime
    today: dt.date

    @property
    def choice(self) -> StepChoice:
        """What chooses the matter's path."""
        return choice_of(self.matter, self.source)

    @property
    def step(self) -> Step:
        """Where the matter stands."""
        return self.procedure.step(self.matter.step_key)

    @property
    def dates_profile(self) -> Profile:
        """The profile whose rules the matter's dates run by: its own, or a later one the office has let them follow."""
        version_id = self.matter.dates_version_id
        return self.profile if version_id is None else profile_of(self.session, version_id)

    def assignment(self, assignment_id: int | None) -> Assignment:
        """One unit's part. Raises Invalid for an id that is no part of this matter."""
        for one in self.assignments:
            if one.id == assignment_id:
                return one
        raise Invalid("which_unit", REASONS["which_unit"])

    def lead(self) -> Assignment | None:
        """The lead unit's part."""
        return next(
            (one for one in self.assignments if one.role == "lead" and one.state != AssignmentState.DECLINED), None
        )

    def case(self) -> Case:
        """The facts a decision is made from."""
        return case_of(
            self.session, self.actor, self.matter, today=self.today, at=self.at, assignments=self.assignments
        )


def local_day(at: dt.datetime) -> dt.date:
    """The local date of an instant: China keeps UTC+8 all year."""
    return at.astimezone(dt.timezone(dt.timedelta(hours=8))).date()


def take(session: Any, actor: Actor, matter_id: int, at: dt.datetime, expected_version: int | None = None) -> Work:
    """Take a matter in hand. NotFound for what the actor may not know of, Conflict when it has moved on meanwhile."""
    matter = get_matter(session, actor, matter_id, local_day(at))
    if expected_version is not None and matter.version != expected_version:
        raise someone_else_was_faster()
    source = session.get(MatterSource, matter.source_id)
    return Work(
        session=session,
        actor=actor,
        matter=matter,
        source=source,
        profile=profile_of(session, matter.profile_version_id),
        procedure=procedure_of(session, matter.profile_version_id),
        assignments=list_assignments(session, matter.id),
        at=at,
        today=local_day(at),
    )


def require(
    work: Work,
    act: Act,
    assignment_id: int | None = None,
    given: Iterable[str] = (),
    approval_id: int | None = None,
) -> Verdict:
    """Let the act pass or refuse it with its sentence; what is missing comes back field by field."""
    verdict = decide(work.case(), act, assignment_id, frozenset(given), approval_id)
    if verdict.reason is not None:
        kind = Refused if verdict.reason in _REFUSED else Conflict
        until = {"until": verdict.until.isoformat()} if verdict.until else {}
        raise kind(verdict.reason, REASONS[verdict.reason], **until)
    if verdict.missing:
        raise Invalid(
            "something_missing",
            N_("Something is still missing before this step can be left."),
            {name: FIELD_WORDS[name] for name in verdict.missing},
        )
    return verdict


def note(work: Work, kind: str, **facts: Any) -> None:
    """Write the change down: the row's version moves on, and the event says what happened."""
    work.matter.changed_at = work.at
    # two acts in the same instant are two versions all the same
    flag_modified(work.matter, "changed_at")
    work.session.flush()
    record(work.session, work.actor, f"matter.{kind}", "matter", work.matter.id, work.at, **facts)


def for_whom(verdict: Verdict) -> dict[str, str]:
    """The fact that a deputy acted, for the record and for letters; nothing when it was the person's own turn."""
    return {"for_whom": verdict.for_whom.name} if verdict.for_whom is not None else {}


def enter(work: Work, step: Step | None) -> None:
    """Bring the matter to a step: its state follows, the office's own clock starts, an approval opens its round."""
    matter = work.matter
    clocks.end_step_clock(work)
    if step is None:
        matter.state = MatterState.ARCHIVED
        return
    matter.step_key = step.key
    matter.state = state_at(work, step)
    clocks.start_step_clock(work, step)
    if step.kind is StepKind.APPROVAL:
        rounds = work.session.scalar(
            select(func.count())
            .select_from(Approval)
            .where(Approval.matter_id == matter.id, Approval.step_key == step.key)
        )
        work.session.add(
            Approval(
                matter_id=matter.id, step_key=step.key, round=int(rounds or 0) + 1, state="pending", opened_at=work.at
            )
        )
        work.session.flush()
        ask_approvers(work, step)


def advance(work: Work) -> None:
    """Bring the matter to the next step of its path. Where no dispatch stands on it, the office's own handling begins."""
    step = work.procedure.next_step(work.matter.step_key, work.choice)
    enter(work, step)
    if step is not None and step.kind is StepKind.HANDLING and work.matter.dispatched_at is None:
        begin_own_handling(work)


def begin_own_handling(work: Work) -> None:
    """The office handles a matter itself (华容区 art. 9(4)): its part, and the clocks, begin at once."""
    work.matter.dispatched_at = work.at
    for assignment in work.assignments:
        if assignment.state == AssignmentState.PLANNED:
            begin_at_once(work, assignment)
    work.matter.state = MatterState.IN_PROGRESS


def begin_at_once(work: Work, assignment: Assignment) -> None:
    """The office's own part needs no notice and no signature."""
    assignment.state = AssignmentState.IN_PROGRESS
    assignment.notified_at = assignment.acknowledged_at = work.at
    assignment.acknowledged_by = work.actor.name
    work.session.flush()
    if assignment.role == "lead":
        clocks.open_lead_clocks(work, assignment)


def state_at(work: Work, step: Step) -> MatterState:
    """The state a matter has at a step, by the step's kind and what has been done."""
    matter = work.matter
    if step.kind is StepKind.DRAFT:
        return MatterState.DRAFT
    if step.kind is StepKind.APPROVAL and matter.listed_at is None:
        return MatterState.PROPOSED
    if step.kind is StepKind.HANDLING:
        started = any(one.state in (AssignmentState.IN_PROGRESS, AssignmentState.RETURNED) for one in work.assignments)
        return MatterState.IN_PROGRESS if started else MatterState.DISPATCHED
    if step.kind is StepKind.REVIEW:
        return MatterState.REPORTED
    if step.kind is StepKind.CLOSING:
        return MatterState.COMPLETED
    if step.kind is StepKind.ARCHIVING:
        return MatterState.CLOSED_OUT if matter.closed_out_at else MatterState.COMPLETED
    return MatterState.REGISTERED if matter.register_no else MatterState.LISTED


def open_round(work: Work) -> Approval:
    """The round of decisions now open. Conflict when there is none."""
    found = find_open_round(work.session, work.matter.id, work.matter.step_key)
    if found is None:
        raise Conflict("wrong_step", REASONS["wrong_step"])
    return found


# -- letters ---------------------------------------------------------------------------------------------------------


def write_to(work: Work, person_ids: Iterable[int], kind: str, occasion: str, **facts: Any) -> None:
    """A letter to each person about this matter, and to the deputies of those who are absent today.

    The same occasion reaches a person once; of a sensitive matter only who may know of it himself, deputies included.
    """
    matter = work.matter
    letter = {
        "title": matter.title,
        "register_no": matter.register_no,
        "by": work.actor.name,
        "sensitive": matter.secrecy_level == "sensitive",
        **facts,
    }
    asked = set(person_ids)
    deputies = {one.person_id: one.absent_name for one in list_deputies(work.session, asked, work.today)}
    readers = (asked | deputies.keys()) - {work.actor.person_id}
    if letter["sensitive"]:
        readers &= _may_know(work, readers)
    for person_id in sorted(readers):
        write_letter(
            work.session,
            recipient_id=person_id,
            kind=kind,
            dedupe_key=f"{kind}:{matter.id}:{occasion}",
            subject_type="matter",
            subject_id=matter.id,
            facts=letter if person_id in asked else letter | {"in_place_of": deputies[person_id]},
            at=work.at,
        )


def _may_know(work: Work, person_ids: set[int]) -> set[int]:
    """Of these people, those who may know of a sensitive matter: the same as ``queries.visible_to`` lets see it."""
    matter = work.matter
    restricted = (
        select(membership_role.c.membership_id)
        .join(RoleRight, RoleRight.role_id == membership_role.c.role_id)
        .where(RoleRight.right == "matter:read_restricted")
    )
    units = {one.unit_id for one in work.assignments if one.state != AssignmentState.PLANNED}
    units |= {one.unit_id for one in list_running(work.session, matter.id, work.today)}
    statement = select(Membership.person_id).where(
        Membership.person_id.in_(person_ids),
        Membership.active.is_(True),
        or_(
            Membership.id.in_(restricted),
            Membership.id.in_({matter.registered_by, matter.custodian_id, matter.instruction_leader_id} - {None}),
            Membership.unit_id.in_(units | ({matter.supervising_unit_id} - {None})),
        ),
    )
    return set(work.session.scalars(statement))


def holders(session: Any, roles: Iterable[str], unit_id: int | None = None) -> list[int]:
    """The people who hold one of the roles, of one unit when asked."""
    statement = (
        select(Membership.person_id)
        .join(membership_role, membership_role.c.membership_id == Membership.id)
        .join(JurisdictionRole, JurisdictionRole.id == membership_role.c.role_id)
        .where(JurisdictionRole.key.in_(list(roles)), Membership.active.is_(True))
    )
    if unit_id is not None:
        statement = statement.where(Membership.unit_id == unit_id)
    return list(session.scalars(statement))


def _roles_at(work: Work, kind: StepKind) -> tuple[str, ...]:
    """The roles that do a step of this kind on the matter's path."""
    step = work.procedure.first_of(kind, work.choice)
    return step.who if step is not None else ()


def ask_approvers(work: Work, step: Step) -> None:
    """Tell those who decide next."""
    if step.approval is None:
        return
    done = {vote.role_key for vote in open_round(work).votes if vote.decision == "approved"}
    waiting = [role for role in step.approval.roles if role not in done]
    if step.approval.mode == "sequence":
        waiting = waiting[:1]
    write_to(work, holders(work.session, waiting), "matter.submitted", f"{step.key}:{open_round(work).id}:{len(done)}")


def tell_unit(work: Work, assignment: Assignment, kind: str, occasion: str, **facts: Any) -> None:
    """Tell a unit's people: those of the roles that handle."""
    people = holders(work.session, _roles_at(work, StepKind.HANDLING), assignment.unit_id)
    write_to(work, people, kind, f"{assignment.id}:{occasion}", **facts)


def tell_office(work: Work, kind: str, occasion: str, **facts: Any) -> None:
    """Tell whoever drew the matter up, and the group that carries it."""
    people = []
    if work.matter.registered_by is not None:
        drawer = work.session.get(Membership, work.matter.registered_by)
        if drawer is not None and drawer.active:
            people.append(drawer.person_id)
    if work.matter.supervising_unit_id is not None:
        people += holders(work.session, _roles_at(work, StepKind.DRAFT), work.matter.supervising_unit_id)
    write_to(work, people, kind, occasion, **facts)
