"""Asking for a decision that is no step of the procedure, and deciding it: extensions, slips, whatever a room asks for.

Who decides is frozen when it is asked for. The purpose's owner is called in the transaction of the vote that settles it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.deadlines.rules import ClockRule, RuleKind
from app.jurisdictions.rules.profile import Approval as ApprovalSection
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid
from app.kernel.events import Event, handles
from app.kernel.i18n import N_
from app.matters.models import Approval, ApprovalVote, Matter, Obligation
from app.matters.queries.questions import question_of
from app.matters.rules import REASONS, Act, Verdict, carried
from app.matters.rules.deciding import open_roles
from app.matters.services import clocks
from app.matters.services.casework import Work, for_whom, holders, note, require, take, write_to


@dataclass(frozen=True)
class Decision:
    """What one person decided: in which role, with which words, and the day he fixed where one is asked for."""

    role: str
    opinion: str
    due_on: dt.date | None = None
    for_whom: str = ""


Settle = Callable[[Work, Approval, str, Decision], None]
Weigh = Callable[[Work, Approval, Decision], None]
_SETTLING: dict[str, Settle] = {}
_WEIGHING: dict[str, Weigh] = {}


def settles(purpose: str) -> Callable[[Settle], Settle]:
    """Name the owner of a purpose: called with the outcome, approved or refused, when the last vote has been given."""

    def register(settle: Settle) -> Settle:
        _SETTLING[purpose] = settle
        return settle

    return register


def weighs(purpose: str) -> Callable[[Weigh], Weigh]:
    """Name who looks at each agreeing vote of a purpose before it is kept, and refuses what cannot be agreed to."""

    def register(weigh: Weigh) -> Weigh:
        _WEIGHING[purpose] = weigh
        return weigh

    return register


def ask(
    work: Work,
    purpose: str,
    subject_id: int,
    approval: ApprovalSection,
    *,
    reason: str = "",
    facts: Mapping[str, Any],
    within: int | None = None,
    article: str | None = None,
) -> Approval:
    """Ask those whose turn it is to decide, by letter; part of the asking act.

    ``facts`` are what a reader needs, under the labels of the log of acts; with ``proposed_due_on`` among them the decision
    fixes a day. ``within`` working days opens the office's clock. A second question about the same thing is a Conflict.
    """
    same = select(func.count()).where(Approval.purpose == purpose, Approval.subject_id == subject_id)
    rounds = int(work.session.scalar(same) or 0)
    asked = Approval(
        matter_id=work.matter.id,
        purpose=purpose,
        subject_id=subject_id,
        round=rounds + 1,
        state="pending",
        opened_at=work.at,
        mode=approval.mode,
        roles=list(approval.roles),
        deputies=approval.deputies,
        asked_by=work.actor.membership_id,
        reason=reason.strip() or None,
        facts={name: str(value) for name, value in facts.items() if value is not None},
        obligation_id=_answer_clock(work, purpose, within, article),
    )
    work.session.add(asked)
    work.session.flush()
    _tell_deciders(work, asked)
    return asked


def withdraw(work: Work, purpose: str, subject_id: int) -> None:
    """Nothing is asked any more: the open round of that subject ends undecided."""
    end_round(work.session, purpose, subject_id, work.at)


def end_round(session: Any, purpose: str, subject_id: int, at: dt.datetime) -> None:
    """As ``withdraw``, for the handler of an event, which has no matter in hand."""
    open_rounds = select(Approval).where(
        Approval.purpose == purpose, Approval.subject_id == subject_id, Approval.state == "pending"
    )
    for asked in session.scalars(open_rounds).all():
        _end(session, asked, "withdrawn", at)


@command
def agree(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    approval_id: int,
    opinion: str = "",
    due_on: dt.date | None = None,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Agree to what was asked for, with the written opinion, and with the day fixed where one is asked for.

    The mode frozen when it was asked for says whether that settles it. Refuses whoever's turn it is not.
    """
    work = take(session, actor, matter_id, at, expected_version)
    verdict = require(work, Act.AGREE, approval_id=approval_id)
    asked: Approval = session.get(Approval, approval_id)
    decision = _decision(work, verdict, opinion, due_on)
    weigh = _WEIGHING.get(asked.purpose)
    if weigh is not None:
        weigh(work, asked, decision)
    _vote(work, asked, verdict, "approved", decision)
    settled = carried(question_of(asked).approval, _agreed(asked))
    note(
        work, "agreed", purpose=asked.purpose, opinion=decision.opinion, role=decision.role, final=settled,
        **for_whom(verdict),
    )  # fmt: skip
    if settled:
        _settle(work, asked, "approved", decision)
    else:
        _tell_deciders(work, asked)
    session.flush()
    return work.matter


@command
def refuse(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    approval_id: int,
    opinion: str,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Refuse what was asked for, with a reason. One refusal settles it, whatever the mode."""
    work = take(session, actor, matter_id, at, expected_version)
    verdict = require(work, Act.REFUSE, approval_id=approval_id)
    if not opinion.strip():
        raise Invalid("reason_needed", N_("Write down why it is refused."), {"opinion": N_("A reason is needed.")})
    asked: Approval = session.get(Approval, approval_id)
    decision = _decision(work, verdict, opinion, None)
    _vote(work, asked, verdict, "refused", decision)
    note(
        work, "disagreed", purpose=asked.purpose, opinion=decision.opinion, role=decision.role, final=True,
        **for_whom(verdict),
    )  # fmt: skip
    _settle(work, asked, "refused", decision)
    session.flush()
    return work.matter


def _decision(work: Work, verdict: Verdict, opinion: str, due_on: dt.date | None) -> Decision:
    if verdict.role is None or work.actor.membership_id is None:
        raise Conflict("already_decided", REASONS["already_decided"])
    return Decision(verdict.role, opinion.strip(), due_on, verdict.for_whom.name if verdict.for_whom else "")


def _vote(work: Work, asked: Approval, verdict: Verdict, decided: str, decision: Decision) -> None:
    work.session.add(
        ApprovalVote(
            approval_id=asked.id,
            role_key=decision.role,
            membership_id=work.actor.membership_id,
            on_behalf_of=verdict.for_whom.membership_id if verdict.for_whom else None,
            decision=decided,
            opinion=decision.opinion,
            at=work.at,
        )
    )
    work.session.flush()
    work.session.expire(asked, ["votes"])


def _agreed(asked: Approval) -> frozenset[str]:
    return frozenset(vote.role_key for vote in asked.votes if vote.decision == "approved")


def _settle(work: Work, asked: Approval, outcome: str, decision: Decision) -> None:
    _end(work.session, asked, outcome, work.at)
    _SETTLING[asked.purpose](work, asked, outcome, decision)


def _end(session: Any, asked: Approval, state: str, at: dt.datetime) -> None:
    asked.state, asked.decided_at = state, at
    clock = session.get(Obligation, asked.obligation_id) if asked.obligation_id else None
    if clock is not None and clock.state == "open":
        clock.state, clock.met_at, clock.next_reminder_on = "cancelled" if state == "withdrawn" else "met", at, None
        clock.met_by_type, clock.met_by_id = "approval", asked.id
    session.flush()


def _answer_clock(work: Work, purpose: str, within: int | None, article: str | None) -> int | None:
    """The office's own time for its answer, counted from the day it was asked for."""
    if within is None:
        return None
    clock = clocks.open_clock(work, f"{purpose}_answer", None, _answer_rule(purpose, within, article))
    return clock.id if clock is not None else None


def _answer_rule(purpose: str, within: int, article: str | None) -> ClockRule:
    return ClockRule(
        RuleKind.WORKING_DAYS,
        within,
        start_event="entered",
        article=article or "",
        key=purpose,
        stage=f"{purpose}_answer",
        yellow_days=1,
    )


@handles("matter.resumed")
def _resumed(session: Any, event: Event) -> None:
    """Nobody can answer while a matter is paused: afterwards the time for the answer goes on by the days that stood still."""
    waiting = select(Approval, Obligation).join(Obligation, Obligation.id == Approval.obligation_id)
    waiting = waiting.where(
        Approval.matter_id == event.subject_id, Approval.state == "pending", Obligation.state == "open"
    )
    found = session.execute(waiting.order_by(Approval.id)).all()
    if not found:
        return
    work = take(session, Actor.system(event.jurisdiction_id), event.subject_id, event.at)
    for asked, clock in found:
        clocks.shift_from(work, clock, _answer_rule(asked.purpose, clock.amount, clock.article), asked.opened_at)


def _tell_deciders(work: Work, asked: Approval) -> None:
    waiting = open_roles(question_of(asked).approval, _agreed(asked))
    write_to(
        work,
        holders(work.session, waiting),
        f"matter.{asked.purpose}_asked",
        f"{asked.id}:{len(asked.votes)}",
        reason=asked.reason,
        **(asked.facts or {}),
    )
