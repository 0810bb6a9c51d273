"""A jurisdiction's procedure as a value: an ordered list of steps, each of a known kind.

The words are data, the meanings are code: a step's kind says what it is, so that reminders, statistics and guidance
understand every jurisdiction's procedure. Pages draw it, acts are decided on it, and it is checked before it is published.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class StepKind(StrEnum):
    """What a step means. The set is closed."""

    DRAFT = "draft"
    APPROVAL = "approval"
    REGISTRATION = "registration"
    SCHEME = "scheme"
    DISPATCH = "dispatch"
    HANDLING = "handling"
    REVIEW = "review"
    CLOSING = "closing"
    ARCHIVING = "archiving"


class ApprovalMode(StrEnum):
    """How several roles decide: one is enough, all must, or one after the other."""

    ANY_OF = "any_of"
    ALL_OF = "all_of"
    SEQUENCE = "sequence"


@dataclass(frozen=True)
class StepChoice:
    """The facts of a matter that choose its path through the steps."""

    source: str
    urgency: str
    origin_level: str
    handling_mode: str


@dataclass(frozen=True)
class Condition:
    """When a step is taken. An empty set means any; all four must fit."""

    sources: frozenset[str] = frozenset()
    urgencies: frozenset[str] = frozenset()
    origin_levels: frozenset[str] = frozenset()
    handling_modes: frozenset[str] = frozenset()

    def matches(self, choice: StepChoice) -> bool:
        """Whether a matter of these facts takes the step."""
        pairs = (
            (self.sources, choice.source),
            (self.urgencies, choice.urgency),
            (self.origin_levels, choice.origin_level),
            (self.handling_modes, choice.handling_mode),
        )
        return all(not wanted or value in wanted for wanted, value in pairs)


@dataclass(frozen=True)
class Approval:
    """Who decides at an approval step, and how; ``deputies`` is whether a deputy may decide for somebody absent."""

    mode: ApprovalMode
    roles: tuple[str, ...]
    deputies: bool = True


@dataclass(frozen=True)
class Limit:
    """The office's own time for a step: a rule word and an amount in that rule's unit."""

    rule: str
    amount: int


@dataclass(frozen=True)
class Step:
    """One step. ``who`` are role keys; ``returns_to`` is the key of an earlier step."""

    key: str
    kind: StepKind
    name: str
    article: str
    who: tuple[str, ...] = ()
    approval: Approval | None = None
    required_fields: tuple[str, ...] = ()
    required_documents: tuple[str, ...] = ()
    required_attachments: tuple[str, ...] = ()
    limit: Limit | None = None
    returns_to: str | None = None
    when: Condition = field(default_factory=Condition)
    by_supervising_unit: bool = False


@dataclass(frozen=True)
class Procedure:
    """The steps of one profile version, in order."""

    steps: tuple[Step, ...]

    def path(self, choice: StepChoice) -> tuple[Step, ...]:
        """The steps a matter of these facts takes, in order."""
        return tuple(step for step in self.steps if step.when.matches(choice))

    def step(self, key: str) -> Step:
        """The step of that key. Raises KeyError for a word the procedure does not know."""
        return self.steps[self._place(key)]

    def first(self, choice: StepChoice) -> Step:
        """Where a matter of these facts begins."""
        return self.path(choice)[0]

    def next_step(self, key: str, choice: StepChoice) -> Step | None:
        """The step after this one on the matter's path; None after the last. Raises KeyError for an unknown step.

        A step the path leaves out has a next one too: a matter whose facts were corrected goes on from where it stands.
        """
        here = self._place(key)
        return next((step for place, step in enumerate(self.steps) if place > here and step.when.matches(choice)), None)

    def return_step(self, key: str, choice: StepChoice) -> Step | None:
        """Where a matter goes when it is returned from this step: the step it names, or the one before it on the path.

        A named step that is not on the matter's path gives way to the nearest earlier one that is.
        """
        here = self._place(key)
        named = self.steps[here].returns_to
        last = min(self._place(named), here - 1) if named else here - 1
        return next((step for step in self.steps[last::-1] if step.when.matches(choice)), None) if last >= 0 else None

    def kinds(self, choice: StepChoice) -> tuple[StepKind, ...]:
        """The kinds of the steps on the path."""
        return tuple(step.kind for step in self.path(choice))

    def first_of(self, kind: StepKind, choice: StepChoice) -> Step | None:
        """The first step of a kind on the path."""
        return next((step for step in self.path(choice) if step.kind is kind), None)

    def _place(self, key: str) -> int:
        for place, step in enumerate(self.steps):
            if step.key == key:
                return place
        raise KeyError(key)
