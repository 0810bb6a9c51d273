"""The hand of somebody who fills in the editors of a profile: opens entries, adds and takes out, types, ticks and chooses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Seat

# Made by the system from the names, and never typed.
NEVER_TYPED = ("key", "series")


@dataclass
class Hand:
    """``names`` says what an entry is called whose key the data names: people choose by the name."""

    seat: Seat
    names: Mapping[str, str]

    def open(self, section: str) -> None:
        """Go to one page of the editor."""
        self.seat.open(f"/settings/profile/edit/{section}")

    def save(self) -> None:
        """Keep the page in the draft."""
        self.seat.press("保存到草稿")
        self.seat.told()

    def add(self, path: str) -> str:
        """Add an entry to a list; where it then stands."""
        number = self._cards(path).count()
        self.seat.page.locator(f'button[value="add:{path}"]').click()
        expect(self._cards(path)).to_have_count(number + 1)
        return f"{path}-{number}"

    def empty(self, path: str) -> None:
        """Take every entry out of a list."""
        for left in range(self._cards(path).count() - 1, -1, -1):
            self.entry(f"{path}-0")
            self.seat.page.locator(f'button[value="remove:{path}-0"]').click()
            expect(self._cards(path)).to_have_count(left)

    def entry(self, path: str) -> Locator:
        """Open an entry, with what is rarely needed."""
        card = self.seat.page.locator(f"#f-{path}")
        for details in (card, card.locator("> .hy-row-body > details.hy-rare")):
            if details.count() and details.evaluate("one => one.tagName === 'DETAILS' && !one.open"):
                details.locator("summary").first.click()
        return card

    def put(self, path: str, data: Any) -> None:
        """Enter a value, a list of words, a section or a list of entries at its place."""
        if isinstance(data, Mapping):
            self._section(path, data)
        elif isinstance(data, (list, tuple)) and data and isinstance(data[0], Mapping):
            for one in data:
                place = self.add(path)
                self.entry(place)
                self._section(place, one)
        elif isinstance(data, (list, tuple)):
            self._words(path, data)
        else:
            self._value(self._boxes(path).first, data)

    def switch_on(self, path: str) -> None:
        """Put a part to use that may be left out."""
        switch = self.seat.page.locator(f'[name="{path}-on"]')
        if switch.count():
            switch.check()

    def _section(self, path: str, data: Mapping[str, Any]) -> None:
        self.switch_on(path)
        for name, value in data.items():
            if name not in NEVER_TYPED:
                self.put(f"{path}-{name}", value)

    def _words(self, path: str, words: Iterable[str]) -> None:
        boxes = self._boxes(path)
        if boxes.first.evaluate("box => box.tagName") == "SELECT":
            for place, word in enumerate(words):
                self._choose(boxes.nth(place), word)
            return
        for word in words:
            self.seat.page.locator(f'[name="{path}"][value="{word}"]').check()

    def _value(self, box: Locator, value: Any) -> None:
        tag, kind = box.evaluate("box => [box.tagName, box.type]")
        if tag == "SELECT":
            self._choose(box, str(value))
        elif kind == "checkbox":
            box.set_checked(bool(value))
        else:
            box.fill(str(value))

    def _choose(self, box: Locator, word: str) -> None:
        if box.locator(f'option[value="{word}"]').count():
            box.select_option(word)
        else:
            box.select_option(label=self.names[word])

    def _boxes(self, path: str) -> Locator:
        return self.seat.page.locator(f'[name="{path}"]:not([type=hidden])')

    def _cards(self, path: str) -> Locator:
        # of the list itself, and not of a list inside one of its entries
        begun = f'starts-with(@value, "remove:{path}-")'
        inner = f'contains(substring-after(@value, "remove:{path}-"), "-")'
        return self.seat.page.locator(f"xpath=//button[{begun} and not({inner})]")
