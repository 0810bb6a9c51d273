"""What would change for new matters, in words: for which matters, what was, what will be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.jurisdictions.presenting.diagram import limit_words
from app.jurisdictions.presenting.differences import Teller
from app.jurisdictions.presenting.names import Names
from app.jurisdictions.presenting.procedure import DEMAND_WORDS
from app.jurisdictions.presenting.summaries import summary_of
from app.jurisdictions.rules import Profile, dump_profile
from app.jurisdictions.rules.profile import DeadlineRule
from app.jurisdictions.rules.profile.wording import values
from app.kernel.i18n import N_, _, translate
from app.matters.rules.impact import ORIGIN_LEVELS, SESSIONS, URGENCIES, Change, Facts, Impact

MOST_CASES = 6
# Sections that hold for every matter alike.
CONDUCT = ("receipt", "completion", "extension", "last_day", "readings", "units")
_STAGE_WORDS = {"contribution": N_("Contribution to the lead unit")}


@dataclass(frozen=True)
class ImpactLine:
    """One thing that would be otherwise; "" where there is nothing."""

    about: str
    before: str
    after: str


@dataclass(frozen=True)
class ImpactGroup:
    """The changes of the same matters, and which these are."""

    matters: str
    lines: tuple[ImpactLine, ...]


@dataclass(frozen=True)
class ImpactPage:
    """The report. ``running`` are the open matters this reader sees, which keep their versions."""

    before: str
    after: str
    groups: tuple[ImpactGroup, ...]
    notes: tuple[str, ...]
    running: int
    running_href: str
    combinations: int


class ImpactTeller:
    """Puts an impact into words, each side in its own profile's names; ``on`` is the day of the trial, if there was one."""

    def __init__(self, left: Profile, right: Profile, on: dt.date | None = None) -> None:
        self.left, self.right, self.on = left, right, on
        self.left_names, self.right_names = Names(dump_profile(left)), Names(dump_profile(right))

    def groups(self, found: Impact) -> tuple[ImpactGroup, ...]:
        """The groups in words."""
        return tuple(
            ImpactGroup(self.matters(facts, found.universe), tuple(self._line(one) for one in changes))
            for facts, changes in found.groups
        )

    def conduct(self) -> tuple[ImpactGroup, ...]:
        """What differs in how every matter is worked, whatever it is: more time, the last day, receipt, completion."""
        teller = Teller(self.left, self.right, str, "")
        lines = [
            ImpactLine(" · ".join(filter(None, (group.title, line.place))), line.left, line.right)
            for group in teller.groups(CONDUCT)
            for line in group.lines
        ]
        return (ImpactGroup(_("How every matter is worked"), tuple(lines)),) if lines else ()

    def notes(self, found: Impact) -> tuple[str, ...]:
        """What comes or goes altogether."""
        said = []
        if found.new_sources:
            names = "、".join(self.right_names.name("matter_sources", key) for key in found.new_sources)
            said.append(_("New sources: %(names)s", names=names))
        if found.gone_sources:
            names = "、".join(self.left_names.name("matter_sources", key) for key in found.gone_sources)
            said.append(_("No longer sources of new matters: %(names)s", names=names))
        for msgid, modes in (
            (N_("New ways of handling: %(names)s"), found.new_modes),
            (N_("No longer ways of handling: %(names)s"), found.gone_modes),
        ):
            if modes:
                said.append(translate(msgid, names="、".join(translate(values.HANDLING_MODE[mode]) for mode in modes)))
        return tuple(said)

    def matters(self, facts: Iterable[Facts], universe: frozenset[Facts]) -> str:
        """Which matters these are, as shortly as it can be said."""
        wanted = frozenset(facts)
        if wanted == universe:
            return _("All matters")
        by_words: dict[str, list[str]] = {}
        for source in self.right.matter_sources:
            mine = frozenset(one for one in wanted if one.source == source.key)
            if mine:
                whole = frozenset(one for one in universe if one.source == source.key)
                by_words.setdefault("" if mine == whole else self._narrowed(mine, whole), []).append(source.key)
        return "；".join(
            " · ".join(word for word in (self._sources(sources, universe), narrowed) if word)
            for narrowed, sources in by_words.items()
        )

    def _sources(self, keys: list[str], universe: frozenset[Facts]) -> str:
        if set(keys) == {one.source for one in universe}:
            return _("All sources")
        return "、".join(self.right_names.name("matter_sources", key) for key in keys)

    def _narrowed(self, rest: frozenset[Facts], whole: frozenset[Facts]) -> str:
        found = [{_fact(one, name) for one in rest} for name, _words, _order in _DIMENSIONS]
        exact = sum(all(_fact(one, name) in found[n] for n, (name, _w, _o) in enumerate(_DIMENSIONS)) for one in whole)
        if exact == len(rest):
            said = []
            for n, (name, words, order) in enumerate(_DIMENSIONS):
                if found[n] != {_fact(one, name) for one in whole}:
                    said.append("、".join(translate(words[word]) for word in order(found[n])))
            return " · ".join(said)
        cases = sorted(rest, key=str)
        told = [_case(one) for one in cases]
        return "；".join(told[:MOST_CASES]) + ("…" if len(told) > MOST_CASES else "")

    def _line(self, one: Change) -> ImpactLine:
        return ImpactLine(
            self._about(one), self._said(one, one.before, self.left_names), self._said(one, one.after, self.right_names)
        )

    def _about(self, one: Change) -> str:
        if one.aspect == "path":
            return _("The steps")
        if one.aspect == "paper":
            return _("Paper of the dispatch")
        if one.aspect in ("clock", "exposed_clock", "dates"):
            stage = translate(_STAGE_WORDS.get(one.subject) or values.STAGE[one.subject])
            if one.aspect == "dates":
                return _("%(stage)s, if dispatched on %(on)s", stage=stage, on=self.on)
            return stage if one.aspect == "clock" else _("%(stage)s, when the media exposed it", stage=stage)
        step = self.right_names.name("procedure.steps", one.subject)
        return f"{step} · {translate(_ABOUT_STEPS[one.aspect])}"

    def _said(self, one: Change, value: Any, names: Names) -> str:
        if value is None:
            return ""
        return _TELLING[one.aspect](value, names)


def _fact(one: Facts, name: str) -> str:
    return str(getattr(one, name))


def _ordered(order: tuple[str, ...]) -> Callable[[set[str]], list[str]]:
    return lambda found: [word for word in order if word in found]


_DIMENSIONS: tuple[tuple[str, Mapping[str, str], Callable[[set[str]], list[str]]], ...] = (
    ("urgency", values.URGENCY, _ordered(URGENCIES)),
    ("origin_level", values.ORIGIN_LEVEL, _ordered(ORIGIN_LEVELS)),
    ("handling_mode", values.HANDLING_MODE, _ordered(tuple(values.HANDLING_MODE))),
    ("session", values.SESSION, _ordered(SESSIONS)),
)


def _case(one: Facts) -> str:
    """One combination in words."""
    return "/".join(translate(words[_fact(one, name)]) for name, words, _order in _DIMENSIONS if _fact(one, name))


_ABOUT_STEPS: Mapping[str, str] = {
    "who": N_("Who"),
    "limit": N_("Limit"),
    "returns": N_("Back to"),
    "demands": N_("Demanded before it is left"),
}


def _path(value: Any, _names: Names) -> str:
    return " → ".join(name for _key, name in value)


def _who(value: Any, names: Names) -> str:
    mode, roles = value
    who = "、".join(names.name("roles", role) for role in roles)
    return f"{who}（{translate(values.DECIDING[mode])}）" if mode and len(roles) > 1 else who


def _demands(value: Any, names: Names) -> str:
    fields, documents, attachments = value
    said = [translate(DEMAND_WORDS.get(word, word)) for word in (*fields, *attachments)]
    return "、".join([*said, *(names.name("document_types", key) for key in documents)])


def _clock(value: Any, names: Names) -> str:
    return summary_of(DeadlineRule, value.model_dump(mode="json"), names)


_TELLING: Mapping[str, Callable[[Any, Names], str]] = {
    "path": _path,
    "who": _who,
    "limit": lambda value, _names: limit_words(value),
    "returns": lambda value, names: names.name("procedure.steps", value),
    "demands": _demands,
    "clock": _clock,
    "exposed_clock": _clock,
    "dates": lambda value, _names: "、".join(on.isoformat() for on in value),
    "paper": lambda value, names: "、".join(names.name("document_types", key) for key in value),
}
