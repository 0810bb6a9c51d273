"""From drawing up to being listed, numbered and planned."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, select

from app.documents.services import next_number, refuse_secret_text
from app.jurisdictions.queries import get_version_in_force, procedure_of, profile_of
from app.jurisdictions.rules import Profile, StepChoice
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.matters.models import ApprovalVote, Assignment, Matter, MatterSource, SupervisionPlan
from app.matters.queries.routing import find_carrier
from app.matters.rules import REASONS, Act, AssignmentState, Draft, MatterState, Verdict, is_approved
from app.matters.services.casework import (
    TRANSFERRED,
    Work,
    advance,
    ask_approvers,
    enter,
    for_whom,
    note,
    open_round,
    require,
    take,
    tell_office,
)
from app.matters.services.instructing import make_urgent, owed
from app.organisation.models import Membership, Unit
from app.organisation.queries import list_members_with_role

URGENCIES = ("normal", "urgent", "critical")
SESSIONS = ("in_session", "between_sessions")
SECRECY_LEVELS = ("public", "internal", "sensitive")


@command
def draw_up(session: Any, actor: Actor, draft: Draft, *, at: dt.datetime) -> Matter:
    """Draw up a matter under the profile version now in force. It changes nothing for anybody until it is submitted.

    Refuses (Invalid, field by field) what is no source, unit or leader of this jurisdiction, and a wrong word.
    """
    return add_draft(session, actor, draft, at=at)


def add_draft(session: Any, actor: Actor, draft: Draft, *, at: dt.datetime, kind: str = "drafted") -> Matter:
    """As ``draw_up``, as part of another act: the import of a ledger draws up many at once."""
    if not actor.may("matter:register"):
        raise Refused("right_missing", REASONS["right_missing"])
    version = get_version_in_force(session, at)
    profile = profile_of(session, version.id)
    matter = Matter(
        profile_version_id=version.id,
        step_key="",
        state=MatterState.DRAFT,
        title="",
        created_at=at,
        changed_at=at,
        registered_by=actor.membership_id,
        import_key=draft.import_key,
        named_units=draft.named_units,
    )
    source = _fill(session, matter, draft, profile, actor.unit_id)
    choice = StepChoice(source.key, matter.urgency, matter.origin_level, matter.handling_mode)
    matter.step_key = procedure_of(session, version.id).first(choice).key
    session.add(matter)
    session.flush()
    _plan_units(session, matter, draft)
    record(session, actor, f"matter.{kind}", "matter", matter.id, at, title=matter.title)
    return matter


@command
def edit(session: Any, actor: Actor, matter_id: int, draft: Draft, *, expected_version: int, at: dt.datetime) -> Matter:
    """Change a draft. Once submitted it can no longer be changed, only returned."""
    return change_draft(take(session, actor, matter_id, at, expected_version), draft)


def change_draft(work: Work, draft: Draft) -> Matter:
    """As ``edit``, as part of another act."""
    require(work, Act.EDIT)
    before = {name: getattr(work.matter, name) for name in ("title", "lead_unit_id", "stated_due_on", "source_id")}
    _fill(work.session, work.matter, draft, work.profile, work.actor.unit_id)
    _plan_units(work.session, work.matter, draft)
    changed = [name for name, value in before.items() if getattr(work.matter, name) != value]
    note(work, "edited", changed=changed)
    return work.matter


@command
def submit(session: Any, actor: Actor, matter_id: int, *, expected_version: int, at: dt.datetime) -> Matter:
    """Submit a draft for approval (华容区 art. 9(1); 淮安市 art. 4(1)).

    Refuses, field by field, what the step still misses, dates that have passed, and what has not happened yet.
    """
    return submit_draft(take(session, actor, matter_id, at, expected_version))


def submit_draft(work: Work) -> Matter:
    """As ``submit``, as part of another act."""
    _entrust(work)
    require(work, Act.SUBMIT)
    _refuse_past(work)
    _refuse_future(work)
    _refuse_open(work)
    _route(work)
    note(work, "submitted")
    advance(work)
    work.session.flush()
    return work.matter


@command
def approve(
    session: Any, actor: Actor, matter_id: int, *, opinion: str, expected_version: int, at: dt.datetime
) -> Matter:
    """Approve, with a written opinion, in the role in which it is the person's turn.

    One of several roles, all of them, or one after the other: the step's mode decides whether the matter moves on.
    """
    work = take(session, actor, matter_id, at, expected_version)
    verdict = require(work, Act.APPROVE)
    step, current = work.step, open_round(work)
    _vote(work, verdict, "approved", opinion)
    approved = frozenset(vote.role_key for vote in _votes(work, current.id) if vote.decision == "approved")
    if is_approved(step, approved):
        current.state, current.decided_at = "approved", at
        if work.matter.listed_at is None:
            work.matter.listed_at = at
        note(work, "approved", opinion=opinion, role=verdict.role, final=True, **for_whom(verdict))
        advance(work)
        tell_office(work, "matter.approved", str(current.id), opinion=opinion, **for_whom(verdict))
    else:
        note(work, "approved", opinion=opinion, role=verdict.role, final=False, **for_whom(verdict))
        session.expire(current, ["votes"])
        ask_approvers(work, step)
    session.flush()
    return work.matter


@command
def return_proposal(
    session: Any, actor: Actor, matter_id: int, *, opinion: str, expected_version: int, at: dt.datetime
) -> Matter:
    """Return a proposal with a reason; the round ends, the matter goes back to where the step says."""
    work = take(session, actor, matter_id, at, expected_version)
    verdict = require(work, Act.RETURN)
    if not opinion.strip():
        raise Invalid("reason_needed", N_("Write down why it is returned."), {"opinion": N_("A reason is needed.")})
    current = open_round(work)
    _vote(work, verdict, "returned", opinion)
    current.state, current.decided_at = "returned", at
    note(work, "returned", opinion=opinion, role=verdict.role, **for_whom(verdict))
    enter(work, work.procedure.return_step(work.matter.step_key, work.choice))
    tell_office(work, "matter.returned", str(current.id), opinion=opinion, **for_whom(verdict))
    session.flush()
    return work.matter


@command
def register(session: Any, actor: Actor, matter_id: int, *, expected_version: int, at: dt.datetime) -> Matter:
    """Register and number an approved matter: the number is given here, never typed (华容区 art. 9(2))."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.REGISTER)
    give_number(work)
    note(work, "registered", register_no=work.matter.register_no)
    advance(work)
    session.flush()
    return work.matter


@command
def write_scheme(
    session: Any, actor: Actor, matter_id: int, *, scheme: str, expected_version: int, at: dt.datetime
) -> Matter:
    """Write down the scheme 督查方案 by which the matter will be supervised (淮安市 art. 4(2))."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.SCHEME, given=("scheme",) if scheme.strip() else ())
    work.matter.scheme = scheme.strip() or work.matter.scheme
    note(work, "scheme_drawn_up", text=work.matter.scheme)
    advance(work)
    session.flush()
    return work.matter


def give_number(work: Work) -> None:
    """The next register number of the year, inside this transaction: no gap, no double."""
    numbering, matter = work.profile.numbering, work.matter
    if not numbering.enabled or matter.register_no or numbering.at_step != matter.step_key:
        return
    _, matter.register_no = next_number(work.session, numbering.series, numbering.pattern, work.today.year)
    matter.registered_at = work.at


def _fill(session: Any, matter: Matter, draft: Draft, profile: Profile, office_id: int | None) -> MatterSource:
    """Put a draft's content into the row. Ids of other jurisdictions are no ids here. ``office_id`` is the drafter's unit."""
    faults: dict[str, str] = {}
    source = session.get(MatterSource, draft.source_id) if draft.source_id else None
    if source is None or not source.active:
        faults["source_id"] = N_("Choose where the matter comes from.")
    if not draft.title.strip():
        faults["title"] = N_("Give the matter a title.")
    elif len(draft.title.strip()) > 300:
        faults["title"] = N_("The title is longer than 300 characters.")
    mode = draft.handling_mode or _handling_mode(draft, profile, office_id)
    lead_unit_id = draft.lead_unit_id or (office_id if mode != TRANSFERRED else None)
    words = {
        "urgency": (draft.urgency, URGENCIES),
        "secrecy_level": (draft.secrecy_level, SECRECY_LEVELS),
        "handling_mode": (mode, profile.handling_modes),
        "origin_level": (draft.origin_level or "own", ("superior", "own")),
        "session": (draft.session, (None, *SESSIONS)),
    }
    faults |= {
        name: N_("Choose one of the words on offer.") for name, (word, known) in words.items() if word not in known
    }
    if draft.document_type and draft.document_type not in profile.dispatch.document_types:
        faults["document_type"] = N_("Choose the kind of notice.")
    listed = {"scope_key": profile.scopes, "kind_key": profile.supervision_kinds}
    for name, entries in listed.items():
        if getattr(draft, name) not in (None, *(one.key for one in entries)):
            faults[name] = N_("Choose one of the words on offer.")
    units = (draft.lead_unit_id, draft.responsible_division_id, draft.supervising_unit_id, *draft.co_unit_ids)
    if any(unit_id is not None and session.get(Unit, unit_id) is None for unit_id in units):
        faults["lead_unit_id"] = N_("Choose units of this jurisdiction.")
    if draft.supervising_unit_id is not None and not profile.routing.overridable:
        found = find_carrier(
            session,
            profile,
            leader_id=draft.instruction_leader_id,
            lead_unit_id=lead_unit_id,
            drawer_id=office_id,
        )
        if found is not None and found.unit_id != draft.supervising_unit_id:
            faults["supervising_unit_id"] = N_("Who carries a matter follows from the leader here. Leave it empty.")
    if draft.lead_unit_id is not None and draft.lead_unit_id in draft.co_unit_ids:
        faults["co_unit_ids"] = N_("The lead unit cannot be a co-handling unit too.")
    if mode == "self_handled" and draft.co_unit_ids:
        faults["co_unit_ids"] = N_("What the office handles itself has no other units. Let the office lead instead.")
    if mode != TRANSFERRED and office_id is not None and lead_unit_id != office_id:
        faults["lead_unit_id"] = N_("When the office handles or leads a matter itself, its own unit leads.")
    if draft.instruction_leader_id is not None and session.get(Membership, draft.instruction_leader_id) is None:
        faults["instruction_leader_id"] = N_("Choose a leader of this jurisdiction.")
    if draft.custodian_id is not None and session.get(Membership, draft.custodian_id) is None:
        faults["custodian_id"] = N_("Choose a person of this jurisdiction.")
    if faults or source is None:
        raise Invalid("draft_refused", N_("The matter cannot be taken as it stands."), faults)
    for text in (draft.title, draft.content, draft.handling_proposal, draft.instruction_text):
        refuse_secret_text(text or "")
    matter.source_id = source.id
    matter.title, matter.content = draft.title.strip(), draft.content.strip()
    matter.urgency, matter.handling_mode, matter.secrecy_level = draft.urgency, mode, draft.secrecy_level
    matter.origin_level = draft.origin_level or source.origin_level
    matter.document_type = draft.document_type or _document_type(profile, source)
    matter.plan_id = _plan(session, draft.plan_title, matter) if draft.plan_title else matter.plan_id
    matter.lead_unit_id = lead_unit_id
    if draft.instruction_leader_id != matter.instruction_leader_id:
        matter.instruction_by = None
    for name in (
        "source_document_no", "session", "scope_key", "kind_key", "is_major", "handling_proposal", "instruction_leader_id",
        "instruction_text", "instruction_on", "meeting_on", "exposed_on", "stated_due_on", "feedback_due_on",
        "instructed_due_on", "hurried", "stated_due_words", "responsible_division_id", "supervising_unit_id", "custodian_id",
    ):  # fmt: skip
        value = getattr(draft, name)
        setattr(matter, name, (value.strip() or None) if isinstance(value, str) else value)
    make_urgent(profile, matter)
    return source


def _handling_mode(draft: Draft, profile: Profile, office_id: int | None) -> str:
    """How a matter is handled where nobody said: passed on, unless its lead is the office itself (华容区 art. 9(4))."""
    own = "office_led" if draft.co_unit_ids else "self_handled"
    if office_id is not None and draft.lead_unit_id == office_id and own in profile.handling_modes:
        return own
    return profile.handling_modes[0]


def _document_type(profile: Profile, source: MatterSource) -> str | None:
    """The notice a matter of this source goes out on; where the profile names none, the first it knows."""
    known = {one.key: one.document_type for one in profile.matter_sources}
    return known.get(source.key) or profile.dispatch.document_types[0]


def _plan(session: Any, title: str, matter: Matter) -> int:
    """The supervision plan of that name, made when it is new: one plan, many matters (淮安市 art. 4(1))."""
    found = session.scalars(select(SupervisionPlan).where(SupervisionPlan.title == title.strip()[:200])).first()
    if found is None:
        found = SupervisionPlan(title=title.strip()[:200], year=matter.created_at.year, created_at=matter.created_at)
        session.add(found)
        session.flush()
    plan_id: int = found.id
    return plan_id


def _plan_units(session: Any, matter: Matter, draft: Draft) -> None:
    """The units as they are planned: one in the lead, the others co-handling, in the order given."""
    session.execute(
        delete(Assignment).where(Assignment.matter_id == matter.id, Assignment.state == AssignmentState.PLANNED)
    )
    planned = [(matter.lead_unit_id, "lead"), *((unit_id, "co") for unit_id in dict.fromkeys(draft.co_unit_ids))]
    for position, (unit_id, role) in enumerate(planned):
        if unit_id is not None:
            session.add(
                Assignment(
                    matter_id=matter.id, unit_id=unit_id, role=role, state=AssignmentState.PLANNED, position=position
                )
            )
    session.flush()


def _entrust(work: Work) -> None:
    """A sensitive matter has its custodian: the jurisdiction's dedicated one, unless somebody was chosen (淮安市 art. 8)."""
    matter = work.matter
    if matter.secrecy_level == "sensitive" and matter.custodian_id is None:
        keeper = next(iter(list_members_with_role(work.session, "custodian")), None)
        matter.custodian_id = keeper.id if keeper is not None else None


def _route(work: Work) -> None:
    """Who carries the matter in the office, unless somebody has chosen where that may be chosen (淮安市 art. 4(2))."""
    matter = work.matter
    found = find_carrier(
        work.session,
        work.profile,
        leader_id=matter.instruction_leader_id,
        lead_unit_id=matter.lead_unit_id,
        drawer_id=work.actor.unit_id,
    )
    if found is not None and (matter.supervising_unit_id is None or not work.profile.routing.overridable):
        matter.supervising_unit_id = found.unit_id


def _refuse_past(work: Work) -> None:
    """A date that has passed already is a slip of the pen, unless an old ledger brought it along."""
    if work.matter.import_key is not None:
        return
    sentence = N_("This date has passed already. Enter a later one.")
    faults = {
        name: sentence
        for name in ("stated_due_on", "feedback_due_on", "instructed_due_on")
        if (day := getattr(work.matter, name)) is not None and day < work.today
    }
    if faults:
        raise Invalid("date_past", N_("The matter would be overdue before anybody has it."), faults)


def _refuse_future(work: Work) -> None:
    """What the media showed, and what a leader wrote, has happened: a clock may start from it."""
    sentence = N_("This day has not come yet.")
    faults = {
        name: sentence
        for name in ("exposed_on", "instruction_on")
        if (day := getattr(work.matter, name)) is not None and day > work.today
    }
    if faults:
        raise Invalid("date_future", N_("A clock cannot start from a day that has not come."), faults)


def _refuse_open(work: Work) -> None:
    """An instruction that says only "at once" is read as the jurisdiction reads it, once the office has said so."""
    matter = work.matter
    if matter.import_key is not None:
        return
    stated = (matter.stated_due_on, matter.instructed_due_on)
    faults = owed(work.profile, matter.instruction_text, matter.hurried, stated)
    if faults:
        raise Invalid("at_once", N_("The instruction asks for haste and names no day."), faults)


def _vote(work: Work, verdict: Verdict, decision: str, opinion: str) -> None:
    if verdict.role is None or work.actor.membership_id is None:
        raise Conflict("already_decided", REASONS["already_decided"])
    work.session.add(
        ApprovalVote(
            approval_id=open_round(work).id,
            role_key=verdict.role,
            membership_id=work.actor.membership_id,
            on_behalf_of=verdict.for_whom.membership_id if verdict.for_whom else None,
            decision=decision,
            opinion=opinion.strip(),
            at=work.at,
        )
    )
    work.session.flush()


def _votes(work: Work, approval_id: int) -> list[ApprovalVote]:
    return list(work.session.scalars(select(ApprovalVote).where(ApprovalVote.approval_id == approval_id)))
