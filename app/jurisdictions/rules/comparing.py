"""Two profiles side by side: what was added, taken out, moved or changed, entry by entry and not line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from app.jurisdictions.rules.profile import (
    AmountByUrgency,
    Approval,
    DayOfYear,
    DeadlineRule,
    Profile,
    ReportSchedule,
    Section,
    parse_profile,
)
from app.jurisdictions.rules.profile.procedure import StepCondition, StepLimit

# Small sections that say one thing: they are compared and told as one value.
SAID_AT_ONCE = (AmountByUrgency, Approval, DayOfYear, ReportSchedule, StepCondition, StepLimit)

What = Literal["added", "removed", "moved", "changed"]


@dataclass(frozen=True)
class Way:
    """One step into a profile: a field, and of a list's entries the one of that key."""

    field: str
    key: str | None = None


@dataclass(frozen=True)
class Difference:
    """One thing in which two profiles differ.

    ``way`` leads to the section ``kind`` whose ``field`` differs. ``key`` is the entry that was added, removed or moved
    in the list ``field``; without one the field itself changed from ``left`` to ``right``. ``article`` is the reason the
    rule gives, of the right one where it is there.
    """

    way: tuple[Way, ...]
    kind: type[Section]
    field: str
    what: What
    left: Any
    right: Any
    key: str | None = None
    article: str | None = None

    @property
    def section(self) -> str:
        """The profile's section it belongs to."""
        return self.way[0].field if self.way else self.field

    @property
    def name(self) -> str:
        """By what it can be asked for again: the same for the same two profiles."""
        steps = [one.field if one.key is None else f"{one.field}[{one.key}]" for one in self.way]
        last = self.field if self.key is None else f"{self.field}[{self.key}]"
        return f"{self.what}:{'.'.join([*steps, last])}"


def compare(left: Profile, right: Profile) -> tuple[Difference, ...]:
    """Everything in which the right profile differs from the left, in the order of the schema."""
    return tuple(_fields(left, right, (), None))


def adopt(target: Profile, source: Profile, wanted: Collection[str]) -> Profile:
    """The target with those of its differences from ``source`` taken over that are named in ``wanted``.

    Raises ProfileError when the result is no profile, as when the last source is taken away.
    """
    data, given = target.model_dump(mode="json"), source.model_dump(mode="json")
    for one in compare(target, source):
        if one.name in wanted:
            _take_over(data, given, one)
    return parse_profile(data)


def _fields(left: Section, right: Section, way: tuple[Way, ...], article: str | None) -> Iterator[Difference]:
    reason = getattr(right, "article", None) or getattr(left, "article", None) or article
    kind = type(left)
    for name in kind.model_fields:
        before, after = _value(left, name), _value(right, name)
        if before == after or (kind is DeadlineRule and name == "rule"):
            continue
        if isinstance(before, Section) and isinstance(after, Section) and not isinstance(before, SAID_AT_ONCE):
            yield from _fields(before, after, (*way, Way(name)), reason)
        elif _holds_sections(before) or _holds_sections(after):
            yield from _entries(kind, name, before, after, way, reason)
        else:
            what: What = "added" if before is None else "removed" if after is None else "changed"
            yield Difference(way, kind, name, what, before, after, None, reason)


def _entries(
    kind: type[Section],
    name: str,
    before: Sequence[Section],
    after: Sequence[Section],
    way: tuple[Way, ...],
    article: str | None,
) -> Iterator[Difference]:
    old, new = _by_key(before), _by_key(after)
    for key, entry in old.items():
        if key not in new:
            yield Difference(way, kind, name, "removed", entry, None, key, _article(entry) or article)
    stays, comes = [key for key in old if key in new], [key for key in new if key in old]
    moved = set(stays) - {
        key for block in SequenceMatcher(None, stays, comes, autojunk=False).get_matching_blocks()
        for key in stays[block.a : block.a + block.size]
    }  # fmt: skip
    for key, entry in new.items():
        if key not in old:
            yield Difference(way, kind, name, "added", None, entry, key, _article(entry) or article)
            continue
        if key in moved:
            yield Difference(way, kind, name, "moved", old[key], entry, key, _article(entry) or article)
        yield from _fields(old[key], entry, (*way, Way(name, key)), article)


def _value(section: Section, name: str) -> Any:
    """What a field says. A clock's number means nothing without its unit, so the two are one value."""
    if isinstance(section, DeadlineRule) and name == "amount":
        return section.rule, section.amount
    return getattr(section, name)


def _holds_sections(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Section)


def _article(entry: Section) -> str | None:
    return getattr(entry, "article", None)


def _by_key(entries: Sequence[Any]) -> dict[str, Any]:
    """A list's entries by what tells them apart; the second of a word gets its number."""
    found: dict[str, Any] = {}
    for entry in entries:
        key = word = _word(entry)
        again = 2
        while key in found:
            key, again = f"{word}#{again}", again + 1
        found[key] = entry
    return found


def _word(entry: Any) -> str:
    read = entry.get if isinstance(entry, Mapping) else lambda name: getattr(entry, name, None)
    return str(read("key") or read("article") or read("occasion") or "")


def _take_over(data: dict[str, Any], given: dict[str, Any], one: Difference) -> None:
    here, there = _follow(data, one.way), _follow(given, one.way)
    if here is None:
        return
    if one.key is None:
        for field in ("rule", "amount") if (one.kind, one.field) == (DeadlineRule, "amount") else (one.field,):
            here[field] = there[field] if there is not None else None
        return
    entries: list[Any] = list(here[one.field])
    known = _by_key(entries)
    if one.key in known:
        entries.remove(known[one.key])
    if one.what != "removed" and there is not None:
        source = _by_key(there[one.field])
        moved = known.get(one.key) if one.what == "moved" else None
        entries.insert(_place(entries, list(source), one.key), moved or source[one.key])
    here[one.field] = entries


def _place(entries: list[Any], order: list[str], key: str) -> int:
    """After the nearest entry that stands before it in the other list."""
    places = {word: index for index, word in enumerate(_by_key(entries))}
    before = order[: order.index(key)]
    return next((places[word] + 1 for word in reversed(before) if word in places), 0)


def _follow(data: dict[str, Any], way: tuple[Way, ...]) -> dict[str, Any] | None:
    here: Any = data
    for one in way:
        here = here.get(one.field) if isinstance(here, dict) else None
        if one.key is not None:
            here = _by_key(here or []).get(one.key)
    return here if isinstance(here, dict) else None
