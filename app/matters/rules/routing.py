"""Who carries a matter in the office, and whose business it looks like: the pure part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

_BETWEEN = re.compile(r"[、,，;；/\s]+")


class Why(StrEnum):
    """What a matter's carrier follows from."""

    PRINCIPAL = "principal"  # a principal leader's matters are the operating body's
    PORTFOLIO = "portfolio"  # another leader's are his own group's
    LINE = "line"  # nobody's instruction, but the lead unit is of a leader's portfolio
    OFFICE = "office"  # nothing of the kind: the operating body
    DRAWER = "drawer"  # no operating body of its own: whoever drew it up


@dataclass(frozen=True)
class Carrier:
    """The unit that carries a matter, and why."""

    unit_id: int | None
    why: Why


@dataclass(frozen=True)
class LeaderFacts:
    """A leader as routing sees him: his roles, and the group that works for his post."""

    roles: frozenset[str]
    group_id: int | None = None


@dataclass(frozen=True)
class PortfolioFacts:
    """A leader's post: the lines he is in charge of, and the group that works for it."""

    lines: frozenset[str]
    group_id: int


def lines_of(text: str | None) -> tuple[str, ...]:
    """The functional lines in a text, in its order: 发展改革、财政 are two."""
    return tuple(dict.fromkeys(line for line in _BETWEEN.split((text or "").strip()) if line))


def carrier(
    *,
    leader: LeaderFacts | None,
    principal_roles: Iterable[str],
    portfolios: Sequence[PortfolioFacts],
    line: str | None,
    office_id: int | None,
    drawer_id: int | None,
) -> Carrier:
    """Whose a matter is (淮安市 art. 4(2)): a principal leader's the operating body's, another's his own group's.

    A matter of nobody's instruction is of the leader in whose portfolio its lead unit's line stands; what fits nobody is
    the operating body's.
    """
    office = Carrier(office_id, Why.OFFICE) if office_id is not None else Carrier(drawer_id, Why.DRAWER)
    if leader is not None:
        if leader.roles & set(principal_roles):
            return Carrier(office.unit_id, Why.PRINCIPAL)
        return Carrier(leader.group_id, Why.PORTFOLIO) if leader.group_id is not None else office
    of_line = next((one.group_id for one in portfolios if one.lines.intersection(lines_of(line))), None)
    return Carrier(of_line, Why.LINE) if of_line is not None else office


def fit(line: str | None, words: str) -> int:
    """How well a unit's functional line fits what a matter says: the length of the longest piece of it, two signs at least,
    that occurs there (水利湖泊 fits 水利工程 by 水利)."""
    return max((_longest_piece(word, words) for word in lines_of(line)), default=0)


def _longest_piece(word: str, words: str) -> int:
    for length in range(len(word), 1, -1):
        if any(word[start : start + length] in words for start in range(len(word) - length + 1)):
            return length
    return 0
