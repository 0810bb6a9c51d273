"""A procedure as its page shows it: a diagram laid out here, its steps and its clocks in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.jurisdictions.rules import Profile, Step, StepKind
from app.jurisdictions.rules.procedure import ApprovalMode, Condition, Limit, Procedure
from app.jurisdictions.rules.profile import DeadlineRule
from app.kernel.i18n import N_, _, translate
from app.matters.presenting.common import MODE_WORDS, ORIGIN_WORDS, STAGE_WORDS, URGENCY_WORDS

KIND_WORDS: Mapping[str, str] = {
    StepKind.DRAFT: N_("Drawing up"),
    StepKind.APPROVAL: N_("Approval"),
    StepKind.REGISTRATION: N_("Registration"),
    StepKind.SCHEME: N_("Scheme"),
    StepKind.DISPATCH: N_("Dispatch"),
    StepKind.HANDLING: N_("Handling"),
    StepKind.REVIEW: N_("Review"),
    StepKind.CLOSING: N_("Closing out"),
    StepKind.ARCHIVING: N_("Archiving"),
}

DECIDING_WORDS: Mapping[str, str] = {
    ApprovalMode.ANY_OF: N_("One of them decides"),
    ApprovalMode.ALL_OF: N_("All of them decide"),
    ApprovalMode.SEQUENCE: N_("They decide one after the other"),
}

DEMAND_WORDS: Mapping[str, str] = {
    "title": N_("Title"),
    "content": N_("Content"),
    "handling_proposal": N_("Handling proposal"),
    "lead_unit": N_("Lead unit"),
    "responsible_division": N_("Responsible division"),
    "scope": N_("Content of supervision"),
    "kind": N_("Kind of supervision"),
    "deadline": N_("Completion deadline"),
    "plan": N_("Supervision plan"),
    "scheme": N_("Scheme"),
    "instruction_leader": N_("Leader who gave the instruction"),
    "instruction_text": N_("Words of the instruction"),
    "document_type": N_("Kind of notice"),
    "result": N_("Result"),
    "archive_no": N_("Archive number"),
    "original_or_copy": N_("Original or copy of the source document"),
    "original": N_("Original"),
    "copy": N_("Copy"),
    "report": N_("Report"),
    "evidence": N_("Evidence"),
}

START_WORDS: Mapping[str, str] = {
    "dispatched": N_("the dispatch"),
    "acknowledged": N_("the receipt"),
    "meeting_date": N_("the day of the meeting"),
    "exposed_at": N_("the exposure in the media"),
    "instruction_date": N_("the day of the instruction"),
    "returned": N_("the return"),
    "reported": N_("the completion report"),
    "entered": N_("the beginning of the step"),
}

SPAN_WORDS: Mapping[str, str] = {
    "working_days": N_("%(amount)s working days from %(start)s"),
    "calendar_days": N_("%(amount)s calendar days from %(start)s"),
    "months": N_("%(amount)s months from %(start)s"),
    "fixed": N_("On the date stated for the matter; it does not move"),
    "on_event": N_("Owed after %(start)s"),
}

LIMIT_WORDS: Mapping[str, str] = {
    "working_days": N_("%(amount)s working days"),
    "calendar_days": N_("%(amount)s calendar days"),
    "months": N_("%(amount)s months"),
}

# The diagram's measures, in its own units.
NODE_WIDTH, NODE_HEIGHT, GAP, MARGIN, TOP, ARC_STEP = 114, 88, 18, 12, 34, 22
MOST_ROLES, MOST_SIGNS = 3, 10


@dataclass(frozen=True)
class Node:
    """One step in the diagram; ``x`` and ``y`` are its upper left corner."""

    x: int
    y: int
    name: str
    title: str
    lines: tuple[str, ...]
    limit: str
    kind: str
    optional: bool

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + NODE_WIDTH // 2


@dataclass(frozen=True)
class Arc:
    """A way back, drawn below the steps."""

    path: str
    x: int
    y: int
    title: str


@dataclass(frozen=True)
class Diagram:
    """The procedure as one row of steps with its ways back."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    arrows: tuple[tuple[int, int, int], ...]
    arcs: tuple[Arc, ...]
    description: str
    node_width: int = NODE_WIDTH
    node_height: int = NODE_HEIGHT


@dataclass(frozen=True)
class StepRow:
    """One step in words."""

    number: int
    name: str
    kind: str
    article: str
    who: str
    deciding: str
    limit: str
    returns_to: str
    demands: str
    condition: str


@dataclass(frozen=True)
class ClockRow:
    """One deadline rule in words."""

    stage: str
    article: str
    condition: str
    words: str
    warning: str
    note: str


@dataclass(frozen=True)
class ProcedurePage:
    """A jurisdiction's procedure in force."""

    regulation: str
    document_no: str
    version: int
    effective_on: object
    diagram: Diagram
    steps: tuple[StepRow, ...]
    clocks: tuple[ClockRow, ...]


def step_rows(profile: Profile, procedure: Procedure) -> tuple[StepRow, ...]:
    """Every step in order: who, how it is decided, how long, where it goes back to, what it demands."""
    roles, names = _roles(profile), {step.key: step.name for step in procedure.steps}
    return tuple(
        StepRow(
            number=number,
            name=step.name,
            kind=translate(KIND_WORDS[step.kind]),
            article=step.article,
            who="、".join(roles.get(role, role) for role in who_of(step))
            + (_(" (of the group that carries the matter)") if step.by_supervising_unit else ""),
            deciding=translate(DECIDING_WORDS[step.approval.mode]) if step.approval else "",
            limit=_limit(step.limit),
            returns_to=names.get(step.returns_to or "", ""),
            demands="、".join(
                translate(DEMAND_WORDS.get(word, word))
                for word in (*step.required_fields, *step.required_documents, *step.required_attachments)
            ),
            condition=_condition(profile, step.when),
        )
        for number, step in enumerate(procedure.steps, start=1)
    )


def clock_rows(profile: Profile) -> tuple[ClockRow, ...]:
    """Every deadline rule in words, with its article."""
    return tuple(
        ClockRow(
            stage=translate(STAGE_WORDS.get(rule.stage, rule.stage)),
            article=rule.article,
            condition=_rule_condition(profile, rule),
            words=_rule_words(rule),
            warning=_warning(rule),
            note=rule.note or "",
        )
        for rule in profile.deadline_rules
    )


def diagram(profile: Profile, procedure: Procedure) -> Diagram:
    """Lay the steps out in one row, limits above, roles inside, ways back as arcs below; longer ones lie deeper."""
    roles, places = _roles(profile), {step.key: place for place, step in enumerate(procedure.steps)}
    nodes = tuple(
        Node(
            x=_left(place),
            y=TOP,
            name=f"{place + 1} {step.name}",
            title=f"{step.name} · {step.article}",
            lines=_role_lines(step, roles),
            limit=_limit(step.limit),
            kind=step.kind.value,
            optional=step.when != Condition(),
        )
        for place, step in enumerate(procedure.steps)
    )
    middle = TOP + NODE_HEIGHT // 2
    arrows = tuple((_left(place) + NODE_WIDTH, middle, _left(place + 1)) for place in range(len(nodes) - 1))
    backs = sorted(
        ((places[step.returns_to], places[step.key]) for step in procedure.steps if step.returns_to),
        key=lambda back: back[1] - back[0],
    )
    depths = _depths(backs)
    arcs = tuple(_arc(procedure, start, end, depth) for (start, end), depth in zip(backs, depths, strict=True))
    return Diagram(
        width=2 * MARGIN + len(nodes) * NODE_WIDTH + (len(nodes) - 1) * GAP,
        height=TOP + NODE_HEIGHT + ARC_STEP * (max(depths, default=-1) + 1) + 12,
        nodes=nodes,
        arrows=arrows,
        arcs=arcs,
        description=" → ".join(step.name for step in procedure.steps),
    )


def who_of(step: Step) -> tuple[str, ...]:
    """The roles a step belongs to: those who decide, where it is decided."""
    return step.approval.roles if step.approval else step.who


def _depths(backs: list[tuple[int, int]]) -> list[int]:
    """How deep each way back lies, the shorter ones given first: below every one it would cross."""
    depths: list[int] = []
    for number, (start, end) in enumerate(backs):
        crossed = [depths[other] for other in range(number) if backs[other][0] < end and start < backs[other][1]]
        depths.append(max(crossed, default=-1) + 1)
    return depths


def _arc(procedure: Procedure, start: int, end: int, depth: int) -> Arc:
    bottom = TOP + NODE_HEIGHT
    low = bottom + ARC_STEP * (depth + 1)
    left, right = _left(start) + NODE_WIDTH // 2 + 8, _left(end) + NODE_WIDTH // 2 - 8
    down = f"M{right} {bottom} V{low - 8} Q{right} {low} {right - 8} {low}"
    up = f"H{left + 8} Q{left} {low} {left} {low - 8} V{bottom + 5}"
    title = _("Back from %(end)s to %(start)s", end=procedure.steps[end].name, start=procedure.steps[start].name)
    return Arc(f"{down} {up}", (left + right) // 2, low - 5, title)


def _left(place: int) -> int:
    return MARGIN + place * (NODE_WIDTH + GAP)


def _role_lines(step: Step, roles: Mapping[str, str]) -> tuple[str, ...]:
    names = [roles.get(role, role) for role in who_of(step)][:MOST_ROLES]
    return tuple(name if len(name) <= MOST_SIGNS else name[: MOST_SIGNS - 1] + "…" for name in names)


def _roles(profile: Profile) -> dict[str, str]:
    return {role.key: role.name for role in profile.roles}


def _limit(limit: Limit | None) -> str:
    return translate(LIMIT_WORDS.get(limit.rule, limit.rule), amount=limit.amount) if limit else ""


def _warning(rule: DeadlineRule) -> str:
    if rule.rule == "on_event":
        return ""
    return _("%(amount)s working days before", amount=rule.yellow_days) if rule.yellow_days else _("On the day itself")


def _rule_words(rule: DeadlineRule) -> str:
    start = translate(START_WORDS[rule.start_event])
    said = [translate(SPAN_WORDS[rule.rule], amount=rule.amount, start=start)]
    if rule.count_start_day:
        said.append(_("the first day counts"))
    if rule.deemed_receipt_after is not None:
        said.append(
            _("received %(days)s working days after the dispatch at the latest", days=rule.deemed_receipt_after)
        )
    if rule.roll == "next_working_day":
        said.append(_("a day of rest at the end gives way to the next working day"))
    if rule.roll == "previous_working_day":
        said.append(_("a day of rest at the end gives way to the working day before"))
    if rule.written:
        said.append(_("in writing"))
    if rule.required_at_intake:
        said.append(_("to be stated when the matter is proposed"))
    return "；".join(said)


def _rule_condition(profile: Profile, rule: DeadlineRule) -> str:
    wanted = Condition(frozenset(rule.sources), frozenset(rule.urgencies), frozenset(rule.origin_levels))
    said = [_condition(profile, wanted)] if wanted != Condition() else []
    if rule.exposed_only:
        said.append(_("What the media exposed"))
    return "；".join(said)


def _condition(profile: Profile, when: Condition) -> str:
    sources = [source.short_name for source in profile.matter_sources if source.key in when.sources]
    words = [
        "、".join(sources),
        "、".join(translate(URGENCY_WORDS.get(word, word)) for word in sorted(when.urgencies)),
        "、".join(translate(ORIGIN_WORDS.get(word, word)) for word in sorted(when.origin_levels)),
        "、".join(translate(MODE_WORDS.get(word, word)) for word in sorted(when.handling_modes)),
    ]
    return "；".join(word for word in words if word)
