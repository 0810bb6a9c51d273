"""The form of a page of the profile, as values a template draws: labels, help, what was typed, what may be chosen, faults."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.jurisdictions.presenting.names import Names
from app.jurisdictions.presenting.summaries import summary_of, title_of
from app.jurisdictions.rules.editing import Kind, Shape, Values, read_part, shapes_of
from app.jurisdictions.rules.editing.filling import row_numbers
from app.jurisdictions.rules.profile import Section
from app.jurisdictions.rules.profile.wording import RARE, field_words
from app.jurisdictions.rules.sentences import Fault, parts_of
from app.kernel.i18n import _, translate

LEAST_ORDERED = 2
_MANY = (Kind.ENTRIES, Kind.CHOICES, Kind.LINES, Kind.ORDERED, Kind.ARTICLE, Kind.NAMED)
_WIDE = (
    Kind.LONG, Kind.LINES, Kind.ENTRIES, Kind.CHOICES, Kind.SECTION, Kind.SWITCHED, Kind.CARDS, Kind.NAMED, Kind.ORDERED,
)  # fmt: skip


@dataclass(frozen=True)
class Option:
    """One thing that may be chosen. ``gone``: it was chosen and is not there any more."""

    value: str
    label: str
    chosen: bool = False
    gone: bool = False


@dataclass(frozen=True)
class Card:
    """One entry of a list: closed it is a line, open it is a form."""

    name: str
    number: int
    title: str
    summary: str
    kept: tuple[tuple[str, str], ...]
    controls: tuple[Control, ...]
    rare: tuple[Control, ...] = ()
    errors: tuple[str, ...] = ()
    faulty: bool = False
    open: bool = False
    rare_open: bool = False
    fresh: bool = False
    first: bool = False
    last: bool = False

    @property
    def is_line(self) -> bool:
        """Whether the entry is one text and needs no card."""
        return len(self.controls) == 1 and self.controls[0].kind == "text" and not self.rare


@dataclass(frozen=True)
class Control:
    """One field. ``kind`` chooses how it is drawn; ``texts`` is what it holds, one text or several."""

    kind: str
    name: str
    label: str
    help: str = ""
    required: bool = False
    wide: bool = False
    texts: tuple[str, ...] = ("",)
    options: tuple[Option, ...] = ()
    controls: tuple[Control, ...] = ()
    cards: tuple[Card, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    errors: tuple[str, ...] = ()
    on: bool = False
    most: int | None = None
    low: int | None = None
    high: int | None = None
    note: str = ""
    pairs: tuple[tuple[str, str, str], ...] = ()
    focus: bool = False

    @property
    def id(self) -> str:
        """The field's id in the page, which links of faults lead to."""
        return f"f-{self.name}"


@dataclass
class FormDrawer:
    """Draws a page's shapes with what was typed.

    ``data`` is what the form means so far, ``errors`` the sentences by place, ``at`` the name of the field or row to open,
    ``fresh`` a row that has just been added, ``live_roles`` the roles whose rights are set elsewhere.
    """

    names: Names
    values: Values
    data: Mapping[str, Any]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    at: str = ""
    fresh: str = ""
    live_roles: frozenset[str] = frozenset()

    def controls(self, shapes: Iterable[Shape]) -> tuple[Control, ...]:
        """The controls of a page."""
        return tuple(self._control(shape, shape.name, self.data.get(shape.name)) for shape in shapes)

    def _controls(self, shapes: Iterable[Shape], prefix: str, data: Mapping[str, Any]) -> tuple[Control, ...]:
        return tuple(
            self._control(shape, prefix + shape.name, data.get(shape.name))
            for shape in shapes
            if shape.kind is not Kind.KEPT
        )

    def _control(self, shape: Shape, name: str, data: Any) -> Control:
        words = field_words(shape.owner, shape.name)
        more: dict[str, Any] = {
            "kind": shape.kind.value,
            "name": name,
            "label": translate(words.label),
            "help": translate(words.help) if words.help else "",
            "required": shape.required or (shape.kind is Kind.ARTICLE and shape.default is None and shape.required),
            "wide": shape.kind in _WIDE,
            "texts": tuple(self.values.get(name, ())) or ("",),
            "errors": self._errors(name, shape.kind in _MANY),
            "most": shape.most,
            "low": shape.low,
            "high": shape.high,
        }
        return Control(**(more | self._rest(shape, name, data)))

    def _rest(self, shape: Shape, name: str, data: Any) -> dict[str, Any]:
        """What each kind has of its own."""
        typed = [text for text in self.values.get(name, ()) if text]
        if shape.kind is Kind.CARDS:
            return {"cards": self._cards(shape, name, data or ())}
        if shape.kind in (Kind.SECTION, Kind.SWITCHED):
            inner = _inner(shape)
            assert shape.section is not None
            within = data if isinstance(data, Mapping) else read_part(shape.section, self.values, f"{name}-")
            return {
                "controls": self._controls(inner, f"{name}-", within),
                "kept": self._kept(inner, f"{name}-"),
                "on": bool(self.values.get(f"{name}-on")),
            }
        if shape.kind is Kind.YES_NO:
            return {"on": bool(self.values.get(name))}
        if shape.kind in (Kind.CHOICE, Kind.CHOICES):
            return {"options": _options({word: translate(msgid) for word, msgid in shape.words.items()}, typed)}
        if shape.kind in (Kind.ENTRY, Kind.ENTRIES):
            return {"options": self._entries(shape, typed)}
        if shape.kind is Kind.ORDERED:
            texts = (*typed, "") if len(typed) >= LEAST_ORDERED else (*typed, *[""] * (LEAST_ORDERED - len(typed)))
            return {"texts": texts, "options": self._entries(shape, typed)}
        if shape.kind is Kind.ARTICLE:
            return {"note": self.names.words_of("、".join(typed)), "options": _cited(self.names, typed)}
        if shape.kind is Kind.NAMED:
            return {
                "pairs": tuple(
                    (f"{name}-{word}", translate(msgid), next(iter(self.values.get(f"{name}-{word}", ())), ""))
                    for word, msgid in shape.words.items()
                )
            }
        if shape.kind is Kind.RIGHTS:
            key = next(iter(self.values.get(f"{name.rpartition('-')[0]}-key", ())), "")
            return {
                "name": f"{name}-like",
                "on": key in self.live_roles,
                "texts": tuple(self.values.get(f"{name}-like", ())) or ("",),
                "options": _options(
                    {one: label for one, label in self.names.entries("roles").items() if one in self.live_roles}, []
                ),
            }
        return {}

    def _entries(self, shape: Shape, typed: Sequence[str]) -> tuple[Option, ...]:
        """The entries a field may name; one that is gone is still called by its name."""
        return _options(self.names.entries(shape.to), typed, lambda word: self.names.name(shape.to, word))

    def _cards(self, shape: Shape, name: str, rows: Sequence[Any]) -> tuple[Card, ...]:
        assert shape.section is not None
        numbers = row_numbers(self.values, name)
        return tuple(
            self._card(shape.section, f"{name}-{number}", place, row, len(numbers))
            for place, (number, row) in enumerate(zip(numbers, rows, strict=False))
        )

    def _card(self, kind: type[Section], name: str, place: int, row: Mapping[str, Any], count: int) -> Card:
        shapes = shapes_of(kind)
        rare = RARE.get(kind, ())
        common = self._controls([one for one in shapes if one.name not in rare], f"{name}-", row)
        seldom = self._controls([one for one in shapes if one.name in rare], f"{name}-", row)
        kept = self._kept(shapes, f"{name}-", row)
        errors = self._errors(name) + tuple(
            sentence for one, _value in kept for sentence in self._errors(one, within=True)
        )
        fresh = name == self.fresh
        return Card(
            name=name,
            number=place + 1,
            title=title_of(kind, row),
            summary=summary_of(kind, row, self.names),
            kept=kept,
            controls=common,
            rare=seldom,
            errors=errors,
            faulty=any(one == name or one.startswith(f"{name}-") for one in self.errors),
            open=fresh or self.at == name or self.at.startswith(f"{name}-") or self.fresh.startswith(f"{name}-"),
            rare_open=any(self._opened(control.name) for control in seldom),
            fresh=fresh,
            first=place == 0,
            last=place == count - 1,
        )

    def _opened(self, name: str) -> bool:
        wanted = (*self.errors, self.at)
        return any(one == name or one.startswith(f"{name}-") for one in wanted)

    def _kept(
        self, shapes: Iterable[Shape], prefix: str, row: Mapping[str, Any] | None = None
    ) -> tuple[tuple[str, str], ...]:
        """Hidden values: keys once an entry has a name, so that they are made from it and then stay."""
        found = []
        for shape in shapes:
            if shape.kind is Kind.KEPT:
                typed = next(iter(self.values.get(prefix + shape.name, ())), "")
                named = row is None or any(row.get(word) for word in ("name", "stage", "consequence"))
                made = "" if row is None or not named else str(row.get(shape.name) or "")
                found.append((prefix + shape.name, typed or made))
        return tuple(found)

    def _errors(self, name: str, within: bool = False) -> tuple[str, ...]:
        found: list[str] = []
        for one, sentences in self.errors.items():
            if one == name or (within and one.startswith(f"{name}-")):
                found += [sentence for sentence in sentences if sentence not in found]
        return tuple(found)


def errors_by_name(faults: Iterable[Fault], say: Any) -> dict[str, list[str]]:
    """The sentences of faults by the name of the field they belong beside."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault("-".join(str(part) for part in parts_of(fault.path)), []).append(say(fault))
    return found


def _inner(shape: Shape) -> tuple[Shape, ...]:
    assert shape.section is not None
    return shapes_of(shape.section)


def _options(words: Mapping[str, str], chosen: Sequence[str], called: Callable[[str], str] = str) -> tuple[Option, ...]:
    """What may be chosen, in its own order, unless what is chosen stands in another; what is gone stays to be seen."""
    known = list(words)
    there = [word for word in chosen if word in words]
    if [word for word in known if word in there] != there:
        known = there + [word for word in known if word not in there]
    gone = [word for word in dict.fromkeys(chosen) if word not in words]
    return (
        *(Option(word, words[word], word in there) for word in known),
        *(Option(word, _("%(word)s (no longer there)", word=called(word)), True, True) for word in gone),
    )


def _cited(names: Names, typed: Sequence[str]) -> tuple[Option, ...]:
    """What may be cited; nothing where the regulation's text has not been put in yet: then it is typed."""
    if not names.articles:
        return ()
    known = names.cited()
    there = {article for article, _text in known}
    options = [Option(article, f"{article}  {_first(text)}") for article, text in known]
    return (*options, *(Option(word, word, gone=True) for word in dict.fromkeys(typed) if word not in there))


def _first(text: str, most: int = 22) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
