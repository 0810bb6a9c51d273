"""What the pages of the organisation show, as values. Pure: no database, no Flask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MatrixRole:
    """A role as a column. ``locked`` roles can be read and not changed by this reader."""

    id: int
    name: str
    people: int = 0
    href: str = ""
    locked: bool = False


@dataclass(frozen=True)
class MatrixRow:
    """A capability as a row: the right behind it and the ids of the roles that hold it."""

    right: str
    label: str
    held_by: frozenset[int] = frozenset()


@dataclass(frozen=True)
class MatrixGroup:
    """Capabilities that belong together."""

    name: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True)
class MatrixPage:
    """Roles and rights of one jurisdiction, in the reader's words."""

    roles: tuple[MatrixRole, ...]
    groups: tuple[MatrixGroup, ...]
    action: str
    may_write: bool = False
    add_href: str = ""
