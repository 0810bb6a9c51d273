"""Two profiles side by side in words: 审批 · 期限：3 个工作日 → 2 个工作日（第九条）."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.jurisdictions.presenting.names import Names
from app.jurisdictions.presenting.summaries import SPANS, summary_of, title_of
from app.jurisdictions.rules import Profile, dump_profile
from app.jurisdictions.rules.comparing import Difference, compare
from app.jurisdictions.rules.profile import (
    AmountByUrgency,
    Approval,
    DayOfYear,
    DeadlineRule,
    ReportSchedule,
    Section,
)
from app.jurisdictions.rules.profile.procedure import StepCondition, StepLimit
from app.jurisdictions.rules.profile.references import referred
from app.jurisdictions.rules.profile.wording import choice_words, field_words, page_of, values
from app.kernel.i18n import N_, _, translate

MANY = 6

WHAT: Mapping[str, tuple[str, str]] = {
    "added": (N_("Added"), "ok"),
    "removed": (N_("Taken out"), "bad"),
    "moved": (N_("Moved"), "info"),
    "changed": (N_("Changed"), "warn"),
}


@dataclass(frozen=True)
class DifferenceLine:
    """One difference. ``place`` is what it is about, ``left`` and ``right`` what either says ("" for nothing).

    ``name`` asks for it again; ``href`` leads to where it is edited, "" without a draft.
    """

    name: str
    what: str
    tone: str
    place: str
    left: str
    right: str
    article: str
    href: str


@dataclass(frozen=True)
class DifferenceGroup:
    """The differences of one section of the profile."""

    title: str
    lines: tuple[DifferenceLine, ...]


class Teller:
    """Puts the differences of two profiles into words; ``right`` names a right, ``root`` is the jurisdiction's address."""

    def __init__(self, left: Profile, right: Profile, right_word: Callable[[str], str], root: str) -> None:
        self.left, self.right, self.right_word, self.root = left, right, right_word, root
        self.left_names, self.right_names = Names(dump_profile(left)), Names(dump_profile(right))

    def groups(self, sections: Container[str] | None = None) -> tuple[DifferenceGroup, ...]:
        """Everything that differs, or what differs in some sections, in the order of the pages."""
        found: dict[str, list[DifferenceLine]] = {}
        for one in compare(self.left, self.right):
            if sections is not None and one.section not in sections:
                continue
            found.setdefault(one.section, []).append(self.line(one))
        return tuple(
            DifferenceGroup(translate(field_words(Profile, section).label), tuple(lines))
            for section, lines in found.items()
        )

    def line(self, one: Difference) -> DifferenceLine:
        """One difference in words."""
        label, tone = WHAT[one.what]
        left, right = self._either(one)
        if one.what == "moved":
            left, right = "", self._after(one)
        elif one.what == "changed" and left == right:  # two entries of one name, or words that say less than the keys
            left, right = str(one.left or ""), str(one.right or "")
        page = page_of(one.section)
        href = f"{self.root}/settings/profile/edit/{page.key}" if page else ""
        return DifferenceLine(one.name, translate(label), tone, self._place(one), left, right, one.article or "", href)

    def _either(self, one: Difference) -> tuple[str, str]:
        """Both sides in words; of long lists what only one of them has, and how much they share."""
        left, right = one.left, one.right
        shared = (
            [item for item in left if item in right] if isinstance(left, tuple) and isinstance(right, tuple) else []
        )
        if one.key is not None or len(shared) < MANY or len(shared) == len(left) == len(right):
            return self._said(one, left, self.left_names), self._said(one, right, self.right_names)
        rest = _("(the other %(count)s are the same)", count=len(shared))
        said = (
            self._said(one, tuple(item for item in side if item not in shared), names)
            for side, names in ((left, self.left_names), (right, self.right_names))
        )
        words = [f"{own}{rest}" for own in said]
        return words[0], words[1]

    def _place(self, one: Difference) -> str:
        """What it is about: the entry's own name and the field, without the section that stands above the group."""
        words = self._along(self.right, one) or self._along(self.left, one) or []
        if one.key is None and (one.way or one.kind is not Profile):
            words.append(self._field(one.kind, one.field))
        elif one.key is not None:
            entry = one.right if one.right is not None else one.left
            words.append(_named(entry))
        return " · ".join(word for word in words if word)

    def _along(self, profile: Profile, one: Difference) -> list[str] | None:
        here: Any = profile
        said: list[str] = []
        for index, step in enumerate(one.way):
            kind, here = type(here), getattr(here, step.field, None)
            if step.key is not None:
                here = next((entry for entry in here or () if _key(entry) == step.key), None)
                if here is None:
                    return None
                said.append(_named(here))
            elif index:
                said.append(self._field(kind, step.field))
        return said

    def _field(self, kind: type[Section], name: str) -> str:
        if kind is DeadlineRule and name == "amount":
            return _("How long")
        return translate(field_words(kind, name).label)

    def _after(self, one: Difference) -> str:
        entries = _entries_at(self.right, one)
        place = next(index for index, entry in enumerate(entries) if _key(entry) == one.key)
        return _("now after “%(name)s”", name=_named(entries[place - 1])) if place else _("now the first")

    def _said(self, one: Difference, value: Any, names: Names) -> str:
        if one.key is not None or (isinstance(value, Section) and not isinstance(value, tuple(_AT_ONCE))):
            return "" if value is None else self._entry(value, names)
        if one.kind is DeadlineRule and one.field == "amount":
            rule, amount = value
            return translate(SPANS[rule], amount=amount) if rule in SPANS else _word(values.RULE, rule)
        return self._value(one.kind, one.field, value, names)

    def _entry(self, entry: Section, names: Names) -> str:
        """A whole entry in one line."""
        row = entry.model_dump(mode="json")
        told = [title_of(type(entry), row), summary_of(type(entry), row, names)]
        if not any(told):
            told = [
                f"{self._field(type(entry), name)}：{self._value(type(entry), name, value, names)}"
                for name, value in entry
                if value not in (None, (), False)
            ]
        return " · ".join(word for word in told if word)

    def _value(self, kind: type[Section], name: str, value: Any, names: Names) -> str:
        """A value in words."""
        if value is None or value == () or value == {}:
            return ""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, Section):
            return _AT_ONCE[type(value)](value, self, names) if type(value) in _AT_ONCE else self._entry(value, names)
        if isinstance(value, tuple):
            return "、".join(self._value(kind, name, item, names) for item in value)
        if isinstance(value, Mapping):
            return "；".join(f"{_word(choice_words(kind, name), key) or key}：{words}" for key, words in value.items())
        if isinstance(value, dt.date):
            return value.isoformat()
        return self._plain(kind, name, str(value), names)

    def _plain(self, kind: type[Section], name: str, word: str, names: Names) -> str:
        known = choice_words(kind, name)
        if word in known:
            return translate(known[word])
        to = referred(kind, name)
        if to == "rights":
            return self.right_word(word)
        return names.name(to, word) if to else word

    def section_words(self, section: Section, names: Names) -> str:
        """A small section, field by field, as far as it says something."""
        said = [
            f"{self._field(type(section), name)} {self._value(type(section), name, value, names)}"
            for name, value in section
            if value not in (None, ())
        ]
        return "，".join(said)


def _approval(value: Any, teller: Teller, names: Names) -> str:
    who = "、".join(names.name("roles", role) for role in value.roles)
    return f"{who}（{_word(values.DECIDING, value.mode)}）" if len(value.roles) > 1 else who


def _limit(value: Any, _teller: Teller, _names: Names) -> str:
    return translate(SPANS[value.rule], amount=value.amount)


def _day(value: Any, _teller: Teller, _names: Names) -> str:
    return f"{value.month:02d}-{value.day:02d}"


def _plainly(value: Any, teller: Teller, names: Names) -> str:
    return teller.section_words(value, names)


_AT_ONCE: Mapping[type[Section], Callable[[Any, Teller, Names], str]] = {
    Approval: _approval,
    StepLimit: _limit,
    DayOfYear: _day,
    AmountByUrgency: _plainly,
    ReportSchedule: _plainly,
    StepCondition: _plainly,
}


def _word(words: Mapping[str, str], key: object) -> str:
    return translate(words[key]) if isinstance(key, str) and key in words else ""


def _named(entry: Any) -> str:
    row = entry.model_dump(mode="json")
    return title_of(type(entry), row) or str(row.get("key") or row.get("article") or "")


def _key(entry: Any) -> str:
    return str(getattr(entry, "key", None) or getattr(entry, "article", None) or getattr(entry, "occasion", None) or "")


def _entries_at(profile: Profile, one: Difference) -> tuple[Any, ...]:
    here: Any = profile
    for step in one.way:
        here = getattr(here, step.field)
        if step.key is not None:
            here = next(entry for entry in here if _key(entry) == step.key)
    return tuple(getattr(here, one.field))


def changed_sections(groups: Iterable[DifferenceGroup]) -> str:
    """The sections that differ, in words."""
    return "、".join(group.title for group in groups)
