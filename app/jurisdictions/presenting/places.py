"""Faults of a profile as people read them: the place in words, what to do, and the address where it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from app.jurisdictions.presenting.names import Names
from app.jurisdictions.rules import Fault, Profile, describe_fault
from app.jurisdictions.rules.profile import Section
from app.jurisdictions.rules.profile.wording import field_words, page_of, values
from app.jurisdictions.rules.sentences import parts_of
from app.kernel.i18n import _, translate

_OF_STEPS = ("order", "nobody", "approval_missing", "approval_misplaced", "returns_forward", "unreachable")
_OF_FACTS = ("step_lacking", "step_twice", "dead_end")
_GONE: Mapping[str, str] = {
    "unknown_role": "roles",
    "unknown_source": "matter_sources",
    "unknown_document_type": "document_types",
    "unknown_step": "procedure.steps",
    "unknown_slip": "slips.items",
}


@dataclass(frozen=True)
class FaultLine:
    """One fault: what to do (``sentence``), where (``place``), the page it is on and the link to the very field."""

    sentence: str
    place: str
    href: str
    page: str


class Places:
    """Puts a document's faults into words.

    ``root`` is the address of the jurisdiction, ``right`` names a right, ``former`` is the document before its change.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        root: str,
        right: Callable[[str], str],
        former: Mapping[str, Any] | None = None,
    ) -> None:
        self.document, self.root, self.right = document, root, right
        self.names = Names(document, former)

    def line(self, fault: Fault) -> FaultLine:
        """The fault as a line of a list."""
        parts = parts_of(fault.path)
        page = page_of(str(parts[0])) if parts else None
        return FaultLine(self.sentence(fault), self.place(fault.path), self.href(fault.path), page.key if page else "")

    def sentence(self, fault: Fault) -> str:
        """What is wrong and what to do, without the place: it stands beside the field, or behind the place's name."""
        msgid, said = describe_fault(fault)
        if fault.code in _OF_STEPS:
            said["word"] = self.names.name("procedure.steps", said["word"])
        if fault.code in _GONE:
            said["word"] = self.names.name(_GONE[fault.code], said["word"])
        if fault.code == "role_without_right":
            said |= {"word": self.names.name("roles", said["word"]), "right": f"“{self.right(said['right'])}”"}
        if fault.code in _OF_FACTS:
            said["word"] = " · ".join(_fact(word) for word in said["word"].split("/"))
            said["kind"] = f"“{translate(values.STEP_KIND.get(said.get('kind', ''), said.get('kind', '')))}”"
            said["step"] = self.names.name("procedure.steps", said.get("step", ""))
        return translate(msgid, **{**said, "path": ""}).lstrip(":： ")

    def place(self, path: str) -> str:
        """A place in words: 督查程序 › 环节“审批” › 由谁审批."""
        said: list[str] = []
        here: Any = self.document
        kind: type[Section] | None = Profile
        for part in parts_of(path):
            if isinstance(part, int):
                here = here[part] if isinstance(here, (list, tuple)) and part < len(here) else None
                said.append(_called(here, part))
            else:
                words = field_words(kind, part).label if kind is not None and part in kind.model_fields else part
                said.append(translate(words))
                here = here.get(part) if isinstance(here, Mapping) else None
                kind = _inside(kind, part)
        return " › ".join(said)

    def href(self, path: str) -> str:
        """Where a place is edited: the page with the row open, at the field."""
        parts = parts_of(path)
        page = page_of(str(parts[0])) if parts else None
        if page is None:
            return f"{self.root}/settings/profile/"
        if isinstance(parts[-1], int) and not _holds_sections(parts[:-1]):
            parts = parts[:-1]  # one word of many: the field is the place
        name = "-".join(str(part) for part in parts)
        return f"{self.root}/settings/profile/edit/{page.key}?at={name}#f-{name}"


def _holds_sections(parts: Sequence[int | str]) -> bool:
    kind: type[Section] | None = Profile
    for part in parts:
        if isinstance(part, str):
            kind = _inside(kind, part)
    return kind is not None


def _fact(word: str) -> str:
    for words in (values.URGENCY, values.ORIGIN_LEVEL, values.HANDLING_MODE):
        if word in words:
            return translate(words[word])
    return word


def _called(entry: Any, place: int) -> str:
    if isinstance(entry, Mapping):
        name = entry.get("short_name") or entry.get("name")
        if name:
            return f"“{name}”"
    return _("no. %(number)s", number=place + 1)


def _inside(kind: type[Section] | None, name: str) -> type[Section] | None:
    """The section a field holds, be it one or many."""
    if kind is None or name not in kind.model_fields:
        return None
    return next((one for one in _within(get_type_hints(kind)[name]) if isinstance(one, type)), None)


def _within(hint: Any) -> list[Any]:
    if isinstance(hint, type) and issubclass(hint, Section):
        return [hint]
    return [found for inner in get_args(hint) for found in _within(inner)]
