"""A jurisdiction's profile: everything in which one office's regulation differs from another's, as one validated document.

Unknown keys are refused with their path; every rule carries the article it comes from. The sections follow the table of
differences between 华容区 and 淮安市; a third regulation is other values, not other code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Article = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]

Urgency = Literal["normal", "urgent", "critical"]
OriginLevel = Literal["superior", "own"]
HandlingMode = Literal["transferred", "self_handled", "office_led"]
Stage = Literal[
    "acknowledgement", "first_feedback", "progress", "result", "rectification_result", "rework", "review", "step"
]
StartEvent = Literal[
    "dispatched", "acknowledged", "meeting_date", "exposed_at", "instruction_date", "returned", "reported", "entered"
]


class Section(BaseModel):
    """A part of the profile: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Regulation(Section):
    """The office's own rules: what they are called, on what they rest, since when they hold, who interprets them."""

    title: Words
    document_no: str | None = None
    level: Literal["province", "city", "district", "county"]
    status: Literal["draft_for_comment", "in_force"]
    issued_on: dt.date | None = None
    effective_on: dt.date | None = None
    basis: tuple[Words, ...] = ()
    interpreting_body: str | None = None
    note: str | None = None


class Bodies(Section):
    """Who is the competent body, who does the work, who stands above it."""

    competent: Words
    operating: Words
    superior_roles: tuple[Key, ...] = ()
    article: Article


class MatterSource(Section):
    """Where matters come from, in the regulation's order."""

    key: Key
    name: Words
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    category: Literal[
        "decision", "meeting", "instruction", "report", "project", "proposal", "petition", "media", "superior", "other"
    ]
    article: Article
    origin_level: OriginLevel
    is_proposal: bool = False
    is_petition: bool = False
    document_type: Key | None = None


class Role(Section):
    """A role of the jurisdiction and what it may do, in words of the one list of rights."""

    key: Key
    name: Words
    article: Article | None = None
    rights: tuple[str, ...]


class StepApproval(Section):
    """Who decides, and how."""

    mode: Literal["any_of", "all_of", "sequence"]
    roles: Annotated[tuple[Key, ...], Field(min_length=1)]


class StepLimit(Section):
    """The office's own time for a step."""

    rule: Literal["working_days", "calendar_days"]
    amount: Annotated[int, Field(ge=0, le=365)]


class StepCondition(Section):
    """When a step is taken; an empty list means any."""

    sources: tuple[Key, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    origin_levels: tuple[OriginLevel, ...] = ()
    handling_modes: tuple[HandlingMode, ...] = ()


class Step(Section):
    """One step of the procedure."""

    key: Key
    kind: Literal[
        "draft", "approval", "registration", "scheme", "dispatch", "handling", "review", "closing", "archiving"
    ]
    name: Words
    article: Article
    who: tuple[Key, ...] = ()
    approval: StepApproval | None = None
    required_fields: tuple[Key, ...] = ()
    required_documents: tuple[Key, ...] = ()
    required_attachments: tuple[Key, ...] = ()
    limit: StepLimit | None = None
    returns_to: Key | None = None
    when: StepCondition = StepCondition()
    by_supervising_unit: bool = False


class ProcedureSection(Section):
    """The ordered steps."""

    steps: Annotated[tuple[Step, ...], Field(min_length=2)]


class DeadlineRule(Section):
    """One clock: for which matters, which stage, how long, from when, and what the law of rolling says."""

    key: Key
    article: Article
    stage: Stage
    rule: Literal["calendar_days", "working_days", "months", "fixed", "on_event"]
    amount: Annotated[int, Field(ge=0, le=5000)] | None = None
    start_event: StartEvent
    sources: tuple[Key, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    origin_levels: tuple[OriginLevel, ...] = ()
    roll: Literal["none", "next_working_day", "previous_working_day"] = "none"
    count_start_day: bool = False
    deemed_receipt_after: Annotated[int, Field(ge=0, le=60)] | None = None
    required_at_intake: bool = False
    written: bool = False
    guard: bool = False
    exposed_only: bool = False
    yellow_days: Annotated[int, Field(ge=0, le=120)] = 3
    note: str | None = None


class Extension(Section):
    """What a unit may do when it will be late: nothing, explain, or ask for more time."""

    mode: Literal["none", "explanation_only", "approval"]
    max_times: Annotated[int, Field(ge=0, le=10)] = 0
    article: Article | None = None


class DocumentType(Section):
    """A paper the office issues, and how it is numbered."""

    key: Key
    name: Words
    header: Literal["red", "letter", "brief", "telegram", "none"]
    series: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    number_pattern: Annotated[str, StringConstraints(pattern=r"\{no\}", max_length=60)]
    article: Article
    audience: Literal["units", "leaders", "superior", "archive"] = "units"


class Numbering(Section):
    """The register number: whether there is one, at which step it is given, what it looks like."""

    enabled: bool
    at_step: Key | None = None
    series: str = "register"
    pattern: Annotated[str, StringConstraints(pattern=r"\{no\}", max_length=60)] = "〔{year}〕{no}号"
    article: Article | None = None


class Intake(Section):
    """The paper on which a matter is proposed."""

    paper: Literal["handling_proposal", "supervision_plan"]
    plan_cardinality: Literal["none", "one_plan_many_matters"] = "none"
    article: Article


class Routing(Section):
    """Who carries a matter in the office: by functional line, or by the leader it belongs to."""

    strategy: Literal["functional_line", "leader_portfolio"]
    overridable: bool = True
    article: Article


class Groups(Section):
    """Standing 督查组, each with a leader's portfolio."""

    enabled: bool
    portfolio_roles: tuple[Key, ...] = ()
    article: Article | None = None


class Dispatch(Section):
    """What goes out."""

    document_types: Annotated[tuple[Key, ...], Field(min_length=1)]
    scheme_required: bool = False
    require_source_copy: bool = False
    article: Article


class UnitsSection(Section):
    """How units take part: lead and co-handling, a responsible division; who leads when a ledger names several."""

    lead_co_enabled: bool = True
    responsible_division_enabled: bool = False
    first_listed_leads: bool = True
    kinds: tuple[Key, ...]
    roles: tuple[Words, ...] = ()
    article: Article


class Receipt(Section):
    """How the office knows that the paper arrived."""

    required: bool = True
    may_be_logged_by_office: bool = False
    require_leader_in_charge: bool = False
    decline_window_working_days: Annotated[int, Field(ge=0, le=60)] | None = None
    article: Article


class Criterion(Section):
    """One thing a completion report is judged by."""

    key: Key
    name: Words


class Completion(Section):
    """What a completion report must be."""

    document_required: bool = True
    document_no_required: bool = True
    return_allowed: bool = True
    criteria: tuple[Criterion, ...] = ()
    article: Article


class ReportType(Section):
    """A paper in which the office reports."""

    key: Key
    name: Words
    audience: Literal["units", "leaders", "superior"]
    article: Article


class Reports(Section):
    """The office's own reports and who approves them."""

    approval: StepApproval | None = None
    types: tuple[ReportType, ...] = ()
    article: Article


class Methods(Section):
    """How the office supervises on the spot, and whether it needs consent."""

    items: tuple[Words, ...]
    consent_roles: tuple[Key, ...] = ()
    consent_for_major_only: bool = False
    article: Article


class PeriodicCheck(Section):
    """A check that comes round."""

    key: Key
    name: Words
    every: Literal["month", "quarter", "half_year", "year"]
    origin_levels: tuple[OriginLevel, ...] = ()
    article: Article


class Archive(Section):
    """Filing away."""

    is_step: bool
    transfer_important: bool = False
    article: Article


class Secrecy(Section):
    """Labels of a system that must never hold state secrets: public, internal, sensitive."""

    levels: tuple[Literal["public", "internal", "sensitive"], ...] = ("public", "internal", "sensitive")
    custodian_required: bool = False
    prohibitions: tuple[Words, ...] = ()
    article: Article


class Grounds(Section):
    """What somebody is held to account for, or praised for."""

    items: tuple[Words, ...]
    article: Article


class LowerBodies(Section):
    """What the next level down is to this office."""

    relation: Literal["handling", "guided"]
    article: Article


class ReminderStep(Section):
    """One rung of the ladder, in working days from the due date (before is negative)."""

    occasion: Literal["due_soon", "due_today", "overdue"]
    to: tuple[Key, ...]


class Reminders(Section):
    """When and to whom the clock writes by itself."""

    hour: Annotated[int, Field(ge=0, le=23)] = 9
    ladder: tuple[ReminderStep, ...]
    min_urging_interval_days: Annotated[int, Field(ge=0, le=30)] = 1
    article: Article


class Profile(Section):
    """The whole profile of a jurisdiction."""

    regulation: Regulation
    bodies: Bodies
    matter_sources: Annotated[tuple[MatterSource, ...], Field(min_length=1)]
    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    intake: Intake
    procedure: ProcedureSection
    numbering: Numbering
    routing: Routing
    groups: Groups
    document_types: Annotated[tuple[DocumentType, ...], Field(min_length=1)]
    dispatch: Dispatch
    units: UnitsSection
    handling_modes: Annotated[tuple[HandlingMode, ...], Field(min_length=1)]
    receipt: Receipt
    deadline_rules: Annotated[tuple[DeadlineRule, ...], Field(min_length=1)]
    extension: Extension
    completion: Completion
    reports: Reports
    methods: Methods
    attendance: tuple[Words, ...] = ()
    periodic_checks: tuple[PeriodicCheck, ...] = ()
    reference_register: bool = False
    archive: Archive
    secrecy: Secrecy
    accountability: Grounds
    rewards: Grounds
    lower_bodies: LowerBodies
    reminders: Reminders
    words: Mapping[Key, Words] = {}

    def role_keys(self) -> frozenset[str]:
        """The keys of the roles this profile knows."""
        return frozenset(role.key for role in self.roles)

    def source(self, key: str) -> MatterSource:
        """The source of that key. Raises KeyError."""
        return _by_key(self.matter_sources, key)

    def document_type(self, key: str) -> DocumentType:
        """The document type of that key. Raises KeyError."""
        return _by_key(self.document_types, key)

    def dispatch_types(self) -> tuple[DocumentType, ...]:
        """The papers a dispatch may be issued as."""
        return tuple(self.document_type(key) for key in self.dispatch.document_types)


def _by_key(items: Iterable[Any], key: str) -> Any:
    for item in items:
        if item.key == key:
            return item
    raise KeyError(key)


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a profile: where it is, what it is, and the values that make the sentence."""

    path: str
    code: str
    params: tuple[tuple[str, str], ...] = ()

    def values(self) -> dict[str, str]:
        """The values by name."""
        return dict(self.params)


class ProfileError(ValueError):
    """A document that is no profile. ``faults`` names every place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in self.faults))


def parse_profile(data: Any) -> Profile:
    """Read a profile out of plain data. Raises ProfileError with the path of every fault."""
    try:
        return Profile.model_validate(data)
    except ValidationError as error:
        raise ProfileError(
            Fault(path_of(one["loc"]), _CODES.get(one["type"], "value_refused"), (("reason", one["msg"]),))
            for one in error.errors()
        ) from error


_CODES = {"extra_forbidden": "unknown_key", "missing": "key_missing", "string_pattern_mismatch": "bad_word"}


def path_of(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path or "profile"


def dump_profile(profile: Profile) -> dict[str, Any]:
    """The profile as plain data: only what differs from the defaults, in the order of the schema."""
    return profile.model_dump(mode="json", exclude_defaults=True)
