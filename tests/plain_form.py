"""A page's form as a browser without script holds it: read out of the markup, filled in, and sent with one of its buttons."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = "input"


@dataclass
class PlainForm:
    """The successful controls of one form, its buttons, and what may be chosen."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    ticks: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)

    def data(self, do: str, **changed: Any) -> dict[str, Any]:
        """What is sent when the button of that value is pressed."""
        assert do in self.buttons, f"no button {do}: {self.buttons}"
        return {**self.fields, **changed, "do": do}


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.form, self.inside = form_id, PlainForm(), False
        self.select = self.area = ""
        self.option = ""
        self.chosen: list[str] = []
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = values.get("id") == self.form_id
        if not self.inside:
            return
        name = values.get("name", "")
        if tag == "input" and name:
            if values.get("type") == "checkbox":
                self.form.ticks.setdefault(name, []).append(values["value"])
                if "checked" not in values:
                    return
            self.form.fields.setdefault(name, []).append(values.get("value", ""))
        elif tag == "textarea":
            self.area = name
            self.form.fields.setdefault(name, []).append("")
        elif tag == "select":
            self.select, self.seen, self.chosen = name, 0, []
            self.form.fields.setdefault(name, [])
        elif tag == "option" and self.select:
            self.option = values.get("value", "")
            self.form.choices.setdefault(self.select, []).append((self.option, ""))
            if "selected" in values or not self.seen:
                self.chosen = [self.option]
            self.seen += 1
        elif tag == "button" and "disabled" not in values and name == "do":
            self.form.buttons.append(values.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.form.fields[self.area][-1] += data
        elif self.select and self.seen:
            choices = self.form.choices[self.select]
            choices[-1] = (choices[-1][0], choices[-1][1] + data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        elif tag == "select" and self.select:
            self.form.fields[self.select] += self.chosen
            self.select = ""
        elif tag == "form":
            self.inside = False


def form_of(html: str, form_id: str) -> PlainForm:
    """The form of that id."""
    reader = _Reader(form_id)
    reader.feed(html)
    assert reader.form.buttons, f"the page has no form {form_id}"
    return reader.form
