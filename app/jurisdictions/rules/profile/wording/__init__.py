"""The words of the profile for people: what each field is called, what each choice means, which page it stands on.

The editors, the comparison of versions and the sentences about faults all speak with these words. A new field of the
schema needs its line in one of these files.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.profile.base import Section
from app.jurisdictions.rules.profile.wording.choices import CHOICES, CODE_LISTS
from app.jurisdictions.rules.profile.wording.clocks import CLOCKS
from app.jurisdictions.rules.profile.wording.conduct import CONDUCT
from app.jurisdictions.rules.profile.wording.office import OFFICE
from app.jurisdictions.rules.profile.wording.pages import PAGES, RARE, SectionPage, page_of
from app.jurisdictions.rules.profile.wording.sections import SECTIONS
from app.jurisdictions.rules.profile.wording.words import FieldWords
from app.jurisdictions.rules.profile.wording.work import WORK

FIELDS: Mapping[type[Section], Mapping[str, FieldWords]] = {**SECTIONS, **OFFICE, **WORK, **CLOCKS, **CONDUCT}


def field_words(kind: type[Section], name: str) -> FieldWords:
    """What a field of a section is called. Raises KeyError for a field nobody has given words."""
    return FIELDS[kind][name]


def choice_words(kind: type[Section], name: str) -> Mapping[str, str]:
    """What the values of a choice are called (msgids), in the order in which they are offered; empty for other fields."""
    return CHOICES.get((kind, name), {})


__all__ = [
    "CODE_LISTS",
    "FIELDS",
    "PAGES",
    "RARE",
    "FieldWords",
    "SectionPage",
    "choice_words",
    "field_words",
    "page_of",
]
