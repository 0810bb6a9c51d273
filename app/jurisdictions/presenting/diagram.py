"""The procedure as a picture: its steps in order, its ways back, laid out here and drawn by a template.

It prints, needs no script, and its steps can be reached by keyboard. The row stands above a table; the column stands beside
a form, where it is drawn anew with every change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.jurisdictions.rules.procedure import Condition, Limit, Procedure, Step
from app.kernel.i18n import N_, _, translate

LIMIT_WORDS: Mapping[str, str] = {
    "working_days": N_("%(amount)s working days"),
    "calendar_days": N_("%(amount)s calendar days"),
}

# The measures of the row, in its own units: nodes side by side, ways back as arcs below.
NODE_WIDTH, NODE_HEIGHT, GAP, MARGIN, TOP, ARC_STEP = 114, 88, 18, 12, 34, 22
MOST_ROLES, MOST_SIGNS = 3, 10
# The measures of the column: nodes one below the other, ways back as arcs at the right.
BAR_WIDTH, BAR_HEIGHT, BAR_GAP, BAR_TOP, SIDE_STEP, BAR_SIGNS = 192, 46, 16, 4, 18, 14


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
    href: str = ""


@dataclass(frozen=True)
class Arc:
    """A way back; ``x`` and ``y`` are the place of its word."""

    path: str
    x: int
    y: int
    title: str


@dataclass(frozen=True)
class Diagram:
    """The steps with their ways forward and back. ``upright`` is the column."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    arrows: tuple[str, ...]
    arcs: tuple[Arc, ...]
    description: str
    node_width: int = NODE_WIDTH
    node_height: int = NODE_HEIGHT
    upright: bool = False


def row(procedure: Procedure, roles: Mapping[str, str]) -> Diagram:
    """The steps side by side, limits above, roles inside, ways back as arcs below; longer ones lie deeper.

    ``roles`` are the names of roles by their keys; a key without a name stands for itself.
    """
    nodes = tuple(
        _node(step, place, roles, _left(place), TOP, MOST_ROLES, MOST_SIGNS)
        for place, step in enumerate(procedure.steps)
    )
    middle = TOP + NODE_HEIGHT // 2
    arrows = tuple(f"M{_left(place) + NODE_WIDTH} {middle} H{_left(place + 1) - 1}" for place in range(len(nodes) - 1))
    backs, depths = _backs(procedure)
    arcs = tuple(_arc_below(procedure, *back, depth) for back, depth in zip(backs, depths, strict=True))
    return Diagram(
        width=2 * MARGIN + len(nodes) * NODE_WIDTH + max(len(nodes) - 1, 0) * GAP,
        height=TOP + NODE_HEIGHT + ARC_STEP * (max(depths, default=-1) + 1) + 12,
        nodes=nodes,
        arrows=arrows,
        arcs=arcs,
        description=_description(procedure),
    )


def column(procedure: Procedure, roles: Mapping[str, str], links: Sequence[str] = ()) -> Diagram:
    """The steps one below the other, ways back as arcs at the right. ``links`` are where each step is edited."""
    nodes = tuple(
        _node(step, place, roles, 1, _top(place), 1, BAR_SIGNS, links[place] if place < len(links) else "")
        for place, step in enumerate(procedure.steps)
    )
    middle = 1 + BAR_WIDTH // 2
    arrows = tuple(f"M{middle} {_top(place) + BAR_HEIGHT} V{_top(place + 1) - 1}" for place in range(len(nodes) - 1))
    backs, depths = _backs(procedure)
    arcs = tuple(_arc_beside(procedure, *back, depth) for back, depth in zip(backs, depths, strict=True))
    return Diagram(
        width=BAR_WIDTH + 2 + SIDE_STEP * (max(depths, default=-1) + 1) + 26,
        height=BAR_TOP + len(nodes) * (BAR_HEIGHT + BAR_GAP),
        nodes=nodes,
        arrows=arrows,
        arcs=arcs,
        description=_description(procedure),
        node_width=BAR_WIDTH,
        node_height=BAR_HEIGHT,
        upright=True,
    )


def who_of(step: Step) -> tuple[str, ...]:
    """The roles a step belongs to: those who decide, where it is decided."""
    return step.approval.roles if step.approval else step.who


def limit_words(limit: Limit | None) -> str:
    """The office's own time for a step, in words; empty where it gives itself none."""
    return translate(LIMIT_WORDS.get(limit.rule, limit.rule), amount=limit.amount) if limit else ""


def _node(
    step: Step, place: int, roles: Mapping[str, str], x: int, y: int, most: int, signs: int, href: str = ""
) -> Node:
    names = [roles.get(role, role) for role in who_of(step)]
    shown = names[:most] if most > 1 or len(names) < 2 else ["、".join(names)]
    return Node(
        x=x,
        y=y,
        name=f"{place + 1} {_short(step.name, signs)}",
        title=f"{step.name} · {step.article}",
        lines=tuple(_short(name, signs) for name in shown),
        limit=limit_words(step.limit),
        kind=step.kind.value,
        optional=step.when != Condition(),
        href=href,
    )


def _short(name: str, signs: int) -> str:
    return name if len(name) <= signs else name[: signs - 1] + "…"


def _description(procedure: Procedure) -> str:
    return " → ".join(step.name for step in procedure.steps)


def _backs(procedure: Procedure) -> tuple[list[tuple[int, int]], list[int]]:
    """The ways back as pairs of places, the shorter ones first, and how deep each lies: below every one it would cross."""
    places = {step.key: place for place, step in enumerate(procedure.steps)}
    backs = sorted(
        (
            (places[step.returns_to], place)
            for place, step in enumerate(procedure.steps)
            if step.returns_to in places and places[step.returns_to] < place
        ),
        key=lambda back: back[1] - back[0],
    )
    depths: list[int] = []
    for number, (start, end) in enumerate(backs):
        crossed = [depths[other] for other in range(number) if backs[other][0] < end and start < backs[other][1]]
        depths.append(max(crossed, default=-1) + 1)
    return backs, depths


def _arc_below(procedure: Procedure, start: int, end: int, depth: int) -> Arc:
    bottom = TOP + NODE_HEIGHT
    low = bottom + ARC_STEP * (depth + 1)
    left, right = _left(start) + NODE_WIDTH // 2 + 8, _left(end) + NODE_WIDTH // 2 - 8
    down = f"M{right} {bottom} V{low - 8} Q{right} {low} {right - 8} {low}"
    up = f"H{left + 8} Q{left} {low} {left} {low - 8} V{bottom + 5}"
    return Arc(f"{down} {up}", (left + right) // 2, low - 5, _way_back(procedure, start, end))


def _arc_beside(procedure: Procedure, start: int, end: int, depth: int) -> Arc:
    edge = BAR_WIDTH + 1
    far = edge + SIDE_STEP * (depth + 1)
    high, low = _top(start) + BAR_HEIGHT // 2 + 8, _top(end) + BAR_HEIGHT // 2 - 8
    out = f"M{edge} {low} H{far - 8} Q{far} {low} {far} {low - 8}"
    back = f"V{high + 8} Q{far} {high} {far - 8} {high} H{edge + 1}"
    return Arc(f"{out} {back}", far + 4, (high + low) // 2 + 4, _way_back(procedure, start, end))


def _way_back(procedure: Procedure, start: int, end: int) -> str:
    return _("Back from %(end)s to %(start)s", end=procedure.steps[end].name, start=procedure.steps[start].name)


def _left(place: int) -> int:
    return MARGIN + place * (NODE_WIDTH + GAP)


def _top(place: int) -> int:
    return BAR_TOP + place * (BAR_HEIGHT + BAR_GAP)
