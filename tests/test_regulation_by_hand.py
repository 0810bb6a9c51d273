"""A regulation nobody knew, put in by an administrator who has a browser and nothing else: no key typed, no file sent.

Every value goes into a control that the page really has, every choice is one of those the page offers, rows come and go
by their buttons. What is published then is the same as the regulation written as data, whose every rule is tried in
test_third_regulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from app.jurisdictions.queries import find_draft, get_version_in_force, profile_of
from app.jurisdictions.rules.editing import Kind, Shape, filled, page_shapes, shape_at, shapes_of
from app.jurisdictions.rules.profile import dump_profile, parse_profile
from app.jurisdictions.rules.profile.base import SET_BY_OFFICE
from app.jurisdictions.rules.profile.wording import PAGES, SectionPage
from app.kernel import clock
from tests.plain_form import PlainForm, form_of
from tests.small_house import Browser
from tests.third_regulation import TITLE, sections
from tests.world import PASSWORD, Place, World

FORM = "hy-editor-form"


class Hand:
    """An administrator at the editor. ``made`` are the keys the system gave, by the list and the key in the data."""

    def __init__(self, app: Any, place: Place) -> None:
        self.place = place
        self.browser = Browser(app, app.response_class)
        self.made: dict[tuple[str, str], str] = {}
        self.acts = 0
        form = {"username": place.username("administrator"), "password": PASSWORD}
        token = self.browser.csrf_token("/login/")
        assert self.browser.post("/login/", data=form | {"csrf_token": token}).status_code == 302

    def enter(self, page: SectionPage, wanted: Mapping[str, Any]) -> None:
        """Put one page in, and save it."""
        shapes = page_shapes(page.fields)
        wanted = self.renamed(shapes, wanted)
        form = self._form(self.browser.get(self._address(page)))
        for shape in shapes:
            form = self._rows(page, form, shape, shape.name, wanted.get(shape.name))
        values = filled(shapes, wanted)
        for name, texts in values.items():
            self._type(form, shapes, name, texts)
        answer = self.browser.post(self._address(page), data=form.data("save"))
        assert answer.status_code == 302, answer.text
        stored = self._draft()
        for shape in shapes:
            self._learn(shape, wanted.get(shape.name), stored.get(shape.name), shape.name)

    def renamed(self, shapes: tuple[Shape, ...], data: Mapping[str, Any], path: str = "") -> dict[str, Any]:
        """The data with the keys the system gave in place of its own."""
        found = dict(data)
        for shape in shapes:
            value, here = data.get(shape.name), f"{path}{shape.name}"
            if value is None:
                continue
            if shape.to is not None:
                many = [
                    self.made.get((shape.to, word), word) for word in ([value] if isinstance(value, str) else value)
                ]
                found[shape.name] = many[0] if isinstance(value, str) else many
            elif shape.kind is Kind.CARDS and shape.section is not None:
                found[shape.name] = [
                    self._rekeyed(here, self.renamed(shapes_of(shape.section), row, f"{here}.")) for row in value
                ]
            elif shape.section is not None:
                found[shape.name] = self.renamed(shapes_of(shape.section), value, f"{here}.")
        return found

    def _rekeyed(self, path: str, row: dict[str, Any]) -> dict[str, Any]:
        new = self.made.get((path, row.get("key", "")))
        changed = {name: new for name in ("key", "series") if new and row.get(name) == row["key"]}
        return row | changed

    def _rows(self, page: SectionPage, form: PlainForm, shape: Shape, name: str, wanted: Any) -> PlainForm:
        """Bring the rows of every list below a field to the number and order that is wanted, with the buttons."""
        if shape.section is None or wanted is None:
            return form
        inner = shapes_of(shape.section)
        if shape.kind is not Kind.CARDS:
            for one in inner:
                form = self._rows(page, form, one, f"{name}-{one.name}", wanted.get(one.name))
            return form
        if not any(one.name == "key" for one in inner):
            keys = [""] * len(wanted)
            while self._count(form, name) > len(wanted):
                form = self._press(page, form, f"remove:{name}-0")
        else:
            keys = [row["key"] for row in wanted]
            for number in reversed(range(self._count(form, name))):
                if form.fields[f"{name}-{number}-key"][0] not in keys:
                    form = self._press(page, form, f"remove:{name}-{number}")
        for number, key in enumerate(keys):
            there = [form.fields.get(f"{name}-{place}-key", [""])[0] for place in range(self._count(form, name))]
            if key in there:
                for place in range(there.index(key), number, -1):
                    form = self._press(page, form, f"up:{name}-{place}")
            elif number >= len(there) or key:
                form = self._press(page, form, f"add:{name}")
                for place in range(len(there), number, -1):
                    form = self._press(page, form, f"up:{name}-{place}")
        for number, row in enumerate(wanted):
            for one in inner:
                form = self._rows(page, form, one, f"{name}-{number}-{one.name}", row.get(one.name))
        return form

    def _type(self, form: PlainForm, shapes: tuple[Shape, ...], name: str, texts: list[str]) -> None:
        """Type into a control the page has, tick what it offers, choose among its choices."""
        plain = name.removesuffix("-on").removesuffix("-like")
        shape = shape_at(shapes, plain) or shape_at(shapes, plain.rpartition("-")[0])
        assert shape is not None
        if shape.kind in (Kind.KEPT, Kind.RIGHTS):
            return
        texts = [self.made.get((shape.to or "", text), text) for text in texts]
        if name in form.choices:
            offered = {value for value, _label in form.choices[name]}
            assert set(texts) <= offered, f"{name}: {set(texts) - offered} is not offered"
        elif name in form.ticks:
            assert set(texts) <= set(form.ticks[name]), f"{name}: {texts} is not offered"
        elif name not in form.fields and texts == [SET_BY_OFFICE]:
            return  # where only the office can have set it, nothing is asked; what is stored in the end is compared
        else:
            assert name in form.fields or not any(texts), f"the page has no field {name}"
        form.fields[name] = texts

    def _learn(self, shape: Shape, wanted: Any, stored: Any, path: str) -> None:
        """Which keys the new rows were given."""
        if shape.section is None or not wanted or not stored:
            return
        pairs = zip(wanted, stored, strict=True) if shape.kind is Kind.CARDS else [(wanted, stored)]
        for mine, kept in pairs:
            if shape.kind is Kind.CARDS and mine.get("key") != kept.get("key"):
                self.made[path, mine["key"]] = kept["key"]
            for one in shapes_of(shape.section):
                self._learn(one, mine.get(one.name), kept.get(one.name), f"{path}.{one.name}")

    def _press(self, page: SectionPage, form: PlainForm, do: str) -> PlainForm:
        self.acts += 1
        return self._form(self.browser.post(self._address(page), data=form.data(do)))

    def _form(self, answer: Any) -> PlainForm:
        assert answer.status_code == 200
        return form_of(answer.text, FORM)

    def _count(self, form: PlainForm, name: str) -> int:
        rows = {one[len(name) + 1 :].split("-")[0] for one in form.fields if one.startswith(f"{name}-")}
        return sum(row.isdecimal() for row in rows)

    def _address(self, page: SectionPage) -> str:
        return f"/j/{self.place.slug}/settings/profile/edit/{page.key}"

    def _draft(self) -> dict[str, Any]:
        with self.place.inside():
            self.place.session.expire_all()
            found = find_draft(self.place.session) or get_version_in_force(self.place.session, clock.now())
            return dict(found.document)


@pytest.fixture
def hand(app: Any, world: World) -> Hand:
    """The administrator of 华容区."""
    return Hand(app, world.huarong)


def test_a_regulation_is_put_in_by_hand_and_published(hand: Hand, world: World) -> None:
    place = world.huarong
    with place.inside():
        before = get_version_in_force(place.session, clock.now())
        ground, number = dict(before.document), before.number
    wanted = sections(ground)
    for page in PAGES:
        if page.key == "slips":  # the marks name the slips, which are there once they have been saved
            hand.enter(page, {"slips": wanted["slips"]})
        hand.enter(page, wanted)
    assert hand.acts > 20
    home = f"/j/{place.slug}/settings/profile/"
    revision = form_revision(hand.browser.get(home).text)
    sent = {
        "revision": revision,
        "effective_on": clock.today().isoformat(),
        "note": "县政府常务会议审议通过",
        "csrf_token": hand.browser.csrf_token(home),
    }
    published = hand.browser.post(f"{home}publish", data=sent)
    assert published.status_code == 302, published.text
    with place.inside():
        place.session.expire_all()
        version = get_version_in_force(place.session, clock.now())
        profile, newest = profile_of(place.session, version.id), version.number
    assert (newest, profile.regulation.title) == (number + 1, TITLE)
    meant = parse_profile(hand.renamed(page_shapes(ground.keys() | wanted.keys()), wanted))
    assert dump_profile(profile) == dump_profile(meant)
    assert dump_profile(profile) != ground


def form_revision(html: str) -> str:
    """The draft's number as the page of publishing sends it."""
    return html.partition('name="revision" value="')[2].partition('"')[0]
