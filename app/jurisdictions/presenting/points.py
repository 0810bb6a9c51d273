"""The open points of a jurisdiction on one page: the question, how it is read here, what is recommended, where it is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.jurisdictions.presenting.form import Option
from app.jurisdictions.presenting.places import Places
from app.jurisdictions.presenting.summaries import title_of
from app.jurisdictions.rules.editing import Kind
from app.jurisdictions.rules.editing.shapes import shapes_of
from app.jurisdictions.rules.points import CALENDAR, POINTS, Place, Point
from app.jurisdictions.rules.profile import DeadlineRule, Profile
from app.jurisdictions.rules.profile.wording import choice_words, field_words
from app.kernel.i18n import N_, _, translate

YES, NO = N_("Yes"), N_("No")


@dataclass(frozen=True)
class PointLine:
    """One place that answers a point: for which rule, by which article, the switch, and whether it is as recommended.

    ``href`` leads to the same field among all others of its section. ``options`` empty: it is typed.
    """

    name: str
    label: str
    article: str
    href: str
    text: str
    options: tuple[Option, ...] = ()
    placeholder: str = ""
    mark: str = ""  # "ok", "warn", or nothing where nothing is recommended
    errors: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The field's id in the page, which links of faults lead to."""
        return f"f-{self.name}"


@dataclass(frozen=True)
class PointCard:
    """One open point. ``note`` says why there is nothing to switch; ``href`` where it is set then."""

    number: int
    question: str
    recommended: str
    why: str
    lines: tuple[PointLine, ...] = ()
    note: str = ""
    href: str = ""


def point_cards(
    profile: Profile, places: Places, typed: Mapping[str, str], errors: Mapping[str, Sequence[str]]
) -> tuple[PointCard, ...]:
    """Every point in order; ``typed`` and ``errors`` are by the name of the field."""
    return tuple(_card(point, profile, places, typed, errors) for point in POINTS)


def _card(
    point: Point, profile: Profile, places: Places, typed: Mapping[str, str], errors: Mapping[str, Sequence[str]]
) -> PointCard:
    lines = tuple(_line(place, profile, places, typed, errors) for place in point.places(profile))
    note = href = ""
    if point.elsewhere == CALENDAR:
        note, href = _("Set in the calendar of the jurisdiction."), f"{places.root}/settings/calendar/"
    elif point.elsewhere:
        note = _("The same everywhere; there is nothing to set.")
    elif not lines:
        note = _("No rule here is concerned.")
    return PointCard(
        point.number,
        translate(point.question),
        translate(point.recommended),
        translate(point.why),
        lines,
        note,
        href,
    )


def _line(
    place: Place, profile: Profile, places: Places, typed: Mapping[str, str], errors: Mapping[str, Sequence[str]]
) -> PointLine:
    rule = place.rule
    section = place.path.partition(".")[0]
    held = rule if rule is not None else getattr(profile, section)
    text = typed.get(place.name, _text(place.value))
    return PointLine(
        name=place.name,
        label=_label(rule, profile) if rule is not None else translate(field_words(place.owner, place.field).label),
        article=getattr(held, "article", None) or "",
        href=places.href(place.path) if section != "readings" else "",
        text=text,
        options=_options(place, text),
        placeholder=_placeholder(place),
        mark="" if not place.recommends else "ok" if place.as_recommended else "warn",
        errors=tuple(errors.get(place.name, ())),
    )


def _label(rule: DeadlineRule, profile: Profile) -> str:
    """Which rule: what is due, how long, of which matters."""
    said = [title_of(DeadlineRule, rule.model_dump(mode="json"))]
    if rule.exposed_only:
        said.append(_("exposed by the media"))
    said += [profile.source(key).short_name for key in rule.sources]
    return " · ".join(said)


def _options(place: Place, text: str) -> tuple[Option, ...]:
    shape = next(one for one in shapes_of(place.owner) if one.name == place.field)
    if shape.kind is Kind.YES_NO:
        words = {"0": translate(NO), "1": translate(YES)}
    else:
        every = choice_words(place.owner, place.field)
        known = [word for word in every if not place.among or word in place.among or word == text]
        words = {word: translate(every[word]) for word in known}
    best = _text(place.recommended)
    return tuple(
        Option(
            word, _("%(said)s (recommended)", said=said) if place.recommends and word == best else said, word == text
        )
        for word, said in words.items()
    )


def _placeholder(place: Place) -> str:
    best = _text(place.recommended)
    return _("recommended: %(said)s", said=best or _("empty"))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)
