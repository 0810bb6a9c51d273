"""Urging 催办 as a jurisdiction has settled it: how often a unit may be urged, and the texts it is urged with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.jurisdictions.rules.profile.base import Article, Key, Section, Words

PLACEHOLDERS = ("单位", "事项", "编号", "时限", "时限情况")
"""What a text may leave open, written in braces: the unit, the matter, its number, its date, how that date stands."""

_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")


class UrgingText(Section):
    """A text units are urged with, for one occasion. What stands in braces is filled in for each matter and unit."""

    key: Key
    name: Words
    kind: Literal["receipt", "feedback"]
    words: Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]


class UrgingSection(Section):
    """How units are urged. ``most_per_day`` is how many urgings through the system one unit gets on one local day."""

    most_per_day: Annotated[int, Field(ge=1, le=100)] | None = None
    texts: tuple[UrgingText, ...] = ()
    article: Article


def strange_braces(words: str) -> tuple[str, ...]:
    """What stands in braces and is no placeholder, or a brace that is not closed; in the order of the text."""
    return tuple(found[0] for found in _BRACES.finditer(words) if found[1] not in PLACEHOLDERS)


def fill_in(words: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in. What has no value, and every other brace, stays as it was written."""
    return _BRACES.sub(lambda found: values.get(found[1] or "", found[0]), words)
