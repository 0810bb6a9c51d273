"""The ledger's address read and written, and its rows as values. A view of the ledger is its address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from app.kernel.i18n import _
from app.kernel.pages import Filter, Link, Tab
from app.matters.pages import LedgerRow as PageRow
from app.matters.presenting.common import (
    LIGHT_WORDS,
    ORIGIN_WORDS,
    STATE_WORDS,
    URGENCY_WORDS,
    matter_href,
    state_label,
    word,
)
from app.matters.presenting.office import row_due
from app.matters.queries import LedgerFilter, LedgerRow

Choices = Sequence[tuple[int, str]]
Listed = Mapping[str, Mapping[str, str]]
SORTS = ("newest", "oldest", "due", "due_desc", "number")
LONGEST_Q = 100


@dataclass(frozen=True)
class Asked:
    """What the address asks for: the filter, the parameters it stands for, and a sentence for each that made no sense.

    ``listed`` are the contents (``scope``) and kinds (``kind``) of supervision that the rules in force know, by key, and
    the inspectors (``inspector``) by membership.
    """

    wanted: LedgerFilter
    parameters: Mapping[str, str]
    faults: tuple[str, ...] = ()
    listed: Listed = field(default_factory=dict)


def read_address(
    given: Mapping[str, str], sources: Choices, units: Choices, listed: Listed = MappingProxyType({})
) -> Asked:
    """Read a filter out of an address. What makes no sense narrows nothing and comes back as a sentence."""
    kept: dict[str, str] = {}
    faults: list[str] = []
    values: dict[str, object] = {}

    def take(name: str, field: str, read: Callable[[str], object], label: str) -> None:
        text = given.get(name, "").strip()
        if not text:
            return
        try:
            values[field] = read(text)
            kept[name] = text
        except ValueError:
            faults.append(_("“%(value)s” is no value for “%(label)s”; it was left out.", value=text[:40], label=label))

    take("q", "q", _words, _("Search"))
    take("source", "source_id", _one_of_ids(sources), _("Source"))
    take("state", "state", _one_of(STATE_WORDS), _("State"))
    take("unit", "unit_id", _one_of_ids(units), _("Unit"))
    take("light", "light", _one_of(LIGHT_WORDS), _("Light"))
    take("urgency", "urgency", _one_of(URGENCY_WORDS), _("Urgency"))
    take("level", "origin_level", _one_of(ORIGIN_WORDS), _("Level"))
    take("scope", "scope_key", _one_of(listed.get("scope", {})), _("Content of supervision"))
    take("kind", "kind_key", _one_of(listed.get("kind", {})), _("Kind of supervision"))
    take("group", "group_id", _one_of_ids(units), _("Group that carries it"))
    take("inspector", "inspector_id", _one_of_listed(listed.get("inspector", {})), _("Inspector"))
    take("due_from", "due_from", dt.date.fromisoformat, _("Due"))
    take("due_to", "due_until", dt.date.fromisoformat, _("Due"))
    take("completed_from", "completed_from", dt.date.fromisoformat, _("Completed since"))
    take("rules", "rules", _number, _("Version of the rules"))
    take("mine", "mine", _yes, _("Registered by me"))
    take("open", "open_only", _yes, _("Open only"))
    take("running", "running", _yes, _("Clock running"))
    take("sort", "order", _one_of(dict.fromkeys(SORTS, "")), _("Sort"))
    if kept.get("sort") == "newest":
        del kept["sort"]
    return Asked(replace(LedgerFilter(), **values), kept, tuple(faults), listed)  # type: ignore[arg-type]


def _words(text: str) -> str:
    if "\x00" in text:
        raise ValueError(text)
    return text[:LONGEST_Q]


def _one_of(known: Mapping[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in known:
            raise ValueError(text)
        return text

    return read


def _one_of_ids(known: Choices) -> Callable[[str], int]:
    ids = {one for one, _label in known}

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 18 or int(text) not in ids:
            raise ValueError(text)
        return int(text)

    return read


def _one_of_listed(known: Mapping[str, str]) -> Callable[[str], int]:
    one_of = _one_of(known)
    return lambda text: int(one_of(text))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(text)
    return int(text)


def _yes(text: str) -> bool:
    if text != "1":
        raise ValueError(text)
    return True


def address(base: str, parameters: Mapping[str, str]) -> str:
    """The ledger's address with these parameters."""
    return f"{base}?{urlencode(parameters)}" if parameters else base


def without(parameters: Mapping[str, str], *names: str) -> dict[str, str]:
    """The parameters without some."""
    return {name: value for name, value in parameters.items() if name not in names}


def chips(asked: Asked, sources: Choices, units: Choices, base: str) -> tuple[Link, ...]:
    """The filters in force by name, each leading to the ledger without it."""
    source, unit = dict(sources), dict(units)
    words: dict[str, Callable[[str], str]] = {
        "q": lambda value: _("Contains “%(words)s”", words=value),
        "source": lambda value: source[int(value)],
        "state": state_label,
        "unit": lambda value: unit[int(value)],
        "light": lambda value: word(LIGHT_WORDS, value),
        "urgency": lambda value: word(URGENCY_WORDS, value),
        "level": lambda value: word(ORIGIN_WORDS, value),
        "scope": lambda value: asked.listed["scope"][value],
        "kind": lambda value: asked.listed["kind"][value],
        "group": lambda value: _("Carried by %(name)s", name=unit[int(value)]),
        "inspector": lambda value: _("Drawn up by %(name)s", name=asked.listed["inspector"][value]),
        "due_from": lambda value: _("Due from %(day)s", day=value),
        "due_to": lambda value: _("Due until %(day)s", day=value),
        "completed_from": lambda value: _("Completed since %(day)s", day=value),
        "rules": lambda value: _("Under version %(number)s of the rules", number=value),
        "mine": lambda _value: _("Registered by me"),
        "open": lambda _value: _("Open only"),
        "running": lambda _value: _("Clock running"),
    }
    return tuple(
        Link(words[name](value), address(base, without(asked.parameters, name)))
        for name, value in asked.parameters.items()
        if name in words
    )


def filters(
    asked: Asked, sources: Choices, units: Choices, *, with_units: bool
) -> tuple[tuple[Filter, ...], tuple[Filter, ...]]:
    """The controls of the filter bar: those at hand, and those behind "more"."""
    now = asked.parameters.get

    def select(name: str, label: str, known: Mapping[str, str]) -> Filter:
        return Filter("select", name, label, now(name, ""), choices=tuple((key, word(known, key)) for key in known))

    def pick(name: str, label: str, known: Choices) -> Filter:
        return Filter("select", name, label, now(name, ""), choices=tuple((str(key), text) for key, text in known))

    at_hand = [
        Filter("text", "q", _("Search"), now("q", ""), placeholder=_("Matter or number")),
        pick("source", _("Source"), sources),
        select("state", _("State"), STATE_WORDS),
    ]
    if with_units:
        at_hand.append(pick("unit", _("Unit"), units))
    at_hand.append(select("light", _("Light"), LIGHT_WORDS))
    orders = (
        ("oldest", _("Oldest first")),
        ("due", _("Earliest date first")),
        ("due_desc", _("Latest date first")),
        ("number", _("By number")),
    )
    labels = {"scope": _("Content of supervision"), "kind": _("Kind of supervision"), "inspector": _("Inspector")}
    chosen = [
        Filter("select", name, labels[name], now(name, ""), choices=tuple(known.items()))
        for name, known in asked.listed.items()
        if known
    ]
    more = (
        *chosen,
        select("urgency", _("Urgency"), URGENCY_WORDS),
        select("level", _("Level"), ORIGIN_WORDS),
        Filter("dates", "due", _("Due"), now("due_from", ""), now("due_to", "")),
        Filter("select", "sort", _("Sort"), now("sort", ""), choices=orders, any_label=_("Newest first")),
    )
    return tuple(at_hand), more


def default_tabs(
    asked: Asked, base: str, lights: Mapping[str, int], *, registers: bool
) -> list[tuple[Tab, Mapping[str, str]]]:
    """The views everybody has, with their parameters."""
    views: list[tuple[str, dict[str, str], int | None, bool]] = [
        (_("All"), {}, None, False),
        (_("Open matters"), {"open": "1"}, None, False),
        (_("Due soon"), {"light": "warn", "sort": "due"}, lights["warn"], False),
        (_("Overdue"), {"light": "bad", "sort": "due"}, lights["bad"], True),
    ]
    if registers:
        views.append((_("Registered by me"), {"mine": "1"}, None, False))
    return [
        (Tab(label, address(base, parameters), count, bad, current=same(asked, parameters)), parameters)
        for label, parameters, count, bad in views
    ]


def same(asked: Asked, parameters: Mapping[str, str]) -> bool:
    """Whether the ledger shows exactly this view; the order of rows does not make another."""
    return without(asked.parameters, "sort") == without(parameters, "sort")


def parameters_of(query: str) -> dict[str, str]:
    """A saved query string as parameters; nothing but the ledger's own names."""
    return {name: value for name, value in parse_qsl(query) if name in PARAMETERS}


PARAMETERS = (
    "q", "source", "state", "unit", "light", "urgency", "level", "scope", "kind", "due_from", "due_to", "completed_from",
    "group", "inspector", "rules", "mine", "open", "running", "sort",
)  # fmt: skip


def sorts(asked: Asked, base: str) -> dict[str, tuple[str, str]]:
    """The columns by which the ledger can be ordered: where a click leads, and how it is ordered now."""
    order = asked.wanted.order
    way = {"due": "asc", "due_desc": "desc"}.get(order, "")
    other = "due_desc" if order == "due" else "due"
    return {"due": (address(base, {**asked.parameters, "sort": other}), way)}


def rows(found: Sequence[LedgerRow], today: dt.date, root: str, words: Mapping[str, str]) -> tuple[PageRow, ...]:
    """The rows of the ledger. ``words`` are the place's own for the states of a matter."""
    return tuple(
        PageRow(
            id=row.id,
            title=row.title,
            href=matter_href(root, row.id),
            number=row.register_no,
            source=row.source,
            registered_on=row.registered_on,
            unit=row.unit,
            co_count=row.co_count,
            leader=row.leader,
            state=row.state,
            state_label=words.get(row.state, ""),
            due=row_due(row, today),
            reported_on=row.reported_on,
            urgency=row.urgency,
            returns=row.return_count,
        )
        for row in found
    )
