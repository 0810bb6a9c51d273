"""What other rooms add to a case file: their acts among those of the next step, and a part of their own.

A room below says how its annex is made when its pages are opened; the case file asks each and knows none by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.matters.pages import Annex
from app.matters.presenting.acts import Asked, Reader
from app.matters.queries import CaseFile

Maker = Callable[[Any, CaseFile, Reader, Asked], Annex | None]
_makers: list[Maker] = []


def adds_annex(maker: Maker) -> Maker:
    """Have every case file ask this maker; it answers None where it has nothing to add for the reader."""
    if maker not in _makers:
        _makers.append(maker)
    return maker


def annexes_of(session: Any, file: CaseFile, reader: Reader, asked: Asked) -> tuple[Annex, ...]:
    """What the other rooms add to this file for this reader."""
    made = (maker(session, file, reader, asked) for maker in _makers)
    return tuple(annex for annex in made if annex is not None)
