"""The page of dates that follow the calendar: what would move, what was kept and waits for the office's word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.kernel.i18n import _
from app.matters.presenting.common import STAGE_WORDS, word
from app.matters.queries.moving import FOLLOWING, Waiting
from app.matters.services.following_rules import Ruled
from app.matters.services.moved_dates import Move
from app.matters.services.recomputing import Moves

MOST_LINES = 200


@dataclass(frozen=True)
class MoveLine:
    """One date: whose, where it is, where it would be, and the days that changed. ``decide`` is the form's address."""

    title: str
    href: str
    stage: str
    before: str
    until: str
    days: str = ""
    decide: str = ""


@dataclass(frozen=True)
class RulesPart:
    """Matters whose dates run by an earlier version than the one in force, and what would move if they followed it.

    ``action`` is empty for those who may only look; ``reason`` and ``fault`` are what was typed and what is wrong with it.
    """

    number: int
    matters: int
    moving_matters: int
    moving: tuple[MoveLine, ...]
    keeping: tuple[MoveLine, ...]
    unlisted: int
    beyond: int
    action: str
    reason: str = ""
    fault: str = ""


@dataclass(frozen=True)
class RecomputePage:
    """What the calendar does to the open dates, and what newer rules would.

    ``hidden`` lines are of matters this reader may not know of.
    """

    matters: int
    moving: tuple[MoveLine, ...]
    keeping: tuple[MoveLine, ...]
    waiting: tuple[MoveLine, ...]
    hidden: int
    more: int
    beyond: int
    at_once: bool
    applies_on: str
    action: str
    rules: RulesPart | None = None


def move_lines(
    moves: Iterable[Move], titles: Mapping[int, tuple[str, str]], root: str, *, why: str = ""
) -> tuple[MoveLine, ...]:
    """The lines of those matters whose title the reader may know; ``why`` where it is not the days that changed."""
    return tuple(
        MoveLine(
            _named(*titles[one.matter_id]),
            f"{root}/matters/{one.matter_id}",
            word(STAGE_WORDS, one.stage),
            one.before,
            one.until,
            why or "、".join(one.days) or (_("the lead unit's date") if one.stage == FOLLOWING else _("the start")),
        )
        for one in moves
        if one.matter_id in titles
    )


def rules_part(
    ruled: Ruled, titles: Mapping[int, tuple[str, str]], root: str, *, may_decide: bool, reason: str, fault: str
) -> RulesPart:
    """The part about the rules. Dates of matters this reader may not know of are counted and not listed."""
    why = _("version %(number)s", number=ruled.number)
    moves = ruled.moves
    moving = move_lines(moves.moved[:MOST_LINES], titles, root, why=why)
    keeping = move_lines(moves.kept[:MOST_LINES], titles, root, why=why)
    return RulesPart(
        number=ruled.number,
        matters=ruled.matters,
        moving_matters=moves.matters,
        moving=moving,
        keeping=keeping,
        unlisted=len(moves.moved) + len(moves.kept) - len(moving) - len(keeping),
        beyond=moves.beyond,
        action=f"{root}/settings/recompute/rules" if may_decide else "",
        reason=reason,
        fault=fault,
    )


def waiting_lines(waiting: Iterable[Waiting], root: str, *, may_decide: bool) -> tuple[MoveLine, ...]:
    """Dates that were kept, each with its form where the reader may decide."""
    return tuple(
        MoveLine(
            _named(one.title, one.register_no or ""),
            f"{root}/matters/{one.matter_id}",
            word(STAGE_WORDS, one.stage),
            one.due_on.isoformat(),
            one.earlier_due_on.isoformat(),
            decide=f"{root}/settings/recompute/{one.id}" if may_decide else "",
        )
        for one in waiting
    )


def shown(moves: Moves) -> set[int]:
    """The matters of the lines that fit on the page."""
    return {one.matter_id for one in (*moves.moved[:MOST_LINES], *moves.kept[:MOST_LINES])}


def _named(title: str, register_no: str) -> str:
    return f"{register_no} {title}".strip()
