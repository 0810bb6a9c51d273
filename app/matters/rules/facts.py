"""What a decision is made from: facts of a matter, of who asks, and of the jurisdiction's settings. No rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from app.jurisdictions.rules import Procedure, StepChoice
from app.matters.rules.asking import AskedFacts
from app.matters.rules.deciding import Absent
from app.matters.rules.words import AssignmentState, ConclusionState, MatterState


@dataclass(frozen=True)
class ConclusionFacts:
    """The conclusion served on one unit. ``in_window`` is whether the unit may still object today, ``rectifies`` whether it
    still owes its report on what the conclusion has it put right.
    """

    state: ConclusionState
    objection_until: dt.date | None = None
    in_window: bool = False
    review_due: dt.date | None = None
    rectifies: bool = False


@dataclass(frozen=True)
class AssignmentFacts:
    """One unit's part. ``may_decline`` is whether the window is open, ``extension_asked`` whether an answer is awaited,
    ``notified`` whether a paper went out to it.
    """

    id: int
    unit_id: int
    is_lead: bool
    state: AssignmentState
    may_decline: bool = False
    no_extension: str | None = "no_extension"  # why no more time may be asked for; None when it may
    extension_asked: bool = False
    decline_proposed: bool = False  # and the unit's leader has still to sign it
    notified: bool = False
    conclusion: ConclusionFacts | None = None


@dataclass(frozen=True)
class ApprovalFacts:
    """The round of decisions now open: the roles that have approved."""

    approved_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ActorFacts:
    """Who asks: role keys, rights, in which unit, and for whom as a deputy. ``lent`` are rights he has as a deputy only."""

    membership_id: int | None
    unit_id: int | None
    roles: frozenset[str]
    rights: frozenset[str]
    is_system: bool = False
    stands_in_for: tuple[Absent, ...] = ()
    lent: frozenset[str] = frozenset()

    def may(self, right: str) -> bool:
        """Whether the right is held, or lent."""
        return self.is_system or right in self.rights or right in self.lent


@dataclass(frozen=True)
class Settings:
    """What the jurisdiction's profile says about acts, apart from its steps."""

    may_log_receipt: bool = False
    may_explain_delay: bool = False
    return_allowed: bool = True
    concludes: bool = False
    recusal: bool = True
    delegates: bool = False
    keeps_open: frozenset[str] = frozenset({"rectification_result", "after_completion"})  # stages: see ``guard``
    grades: tuple[str, ...] = ()  # the marks one of which acceptance gives


@dataclass(frozen=True)
class MatterFacts:
    """A matter as a decision sees it.

    ``demanded`` are fields its deadline rules and its secrecy demand before it is proposed; ``rectification_due`` is
    whether the report on what was put right after a media exposure is still owed, ``after_report_due`` the one that follows
    completion, ``satisfaction_due`` whether those who raised the matter have still to be asked if the reply satisfies them.
    ``took_part`` is whether the person who asks drew the matter up, reviewed a report or served a conclusion in it.
    """

    state: MatterState
    step_key: str
    choice: StepChoice
    filled: frozenset[str] = frozenset()  # fields of the matter that hold something
    attached: frozenset[str] = frozenset()  # kinds of files that are there
    registered_by: int | None = None
    supervising_unit_id: int | None = None
    assignments: tuple[AssignmentFacts, ...] = ()
    approval: ApprovalFacts | None = None
    asked: tuple[AskedFacts, ...] = ()  # open questions that are no step
    settings: Settings = field(default_factory=Settings)
    demanded: tuple[str, ...] = ()
    rectification_due: bool = False
    overdue: bool = False  # something it is judged by is late
    after_report_due: bool = False
    satisfaction_due: bool = False
    took_part: bool = False
    delegated_to: frozenset[int] = frozenset()  # units that supervise it now
    delegations: frozenset[int] = frozenset()  # those that have neither ended nor run out


@dataclass(frozen=True)
class Case:
    """Everything one decision looks at."""

    procedure: Procedure
    matter: MatterFacts
    actor: ActorFacts
