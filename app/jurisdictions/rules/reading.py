"""YAML as far as it can be trusted: plain values only, each with the line it stands on; and one form for writing it.

An alias of a few hundred bytes can grow to gigabytes, ``no`` can become false and ``010`` eight: here aliases, tags and
doubled names are refused before anything is built, and only true, false, null and plain whole numbers are not text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from app.jurisdictions.rules.sentences import Fault

MOST_BYTES = 512 * 1024
MOST_DEPTH = 20
_LINE_WIDTH = 110


class FolderError(ValueError):
    """A folder or file that cannot be read. ``faults`` name file and place."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in faults))


class _Loader(yaml.SafeLoader):
    """A SafeLoader that takes for a number, a truth or nothing only what is plainly written so."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - PyYAML's own way to configure


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), ["t", "f"])
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^(0|-?[1-9][0-9]{0,14})$"), list("-0123456789"))


class Written:
    """What a file holds, with the place of every value."""

    def __init__(self, name: str, data: Any, node: yaml.Node) -> None:
        self.name = name
        self.data = data
        self._node = node

    def line_of(self, location: Sequence[int | str]) -> int:
        """The line of the value at a place, or of the nearest thing around it that is there."""
        node = self._node
        for part in location:
            inner = _child(node, part)
            if inner is None:
                break
            node = inner
        return int(node.start_mark.line) + 1


def read_yaml(content: bytes, name: str) -> Written:
    """One file's data. Raises FolderError naming file and line."""
    if len(content) > MOST_BYTES:
        raise FolderError([Fault(name, "file_too_large", (("most", str(MOST_BYTES // 1024)),))])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FolderError([Fault(name, "not_utf8")]) from None
    try:
        _refuse_tricks(text, name)
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise FolderError([Fault(name, "not_section")])
        _refuse_doubled(node, name)
        return Written(name, loader.construct_document(node), node)
    except yaml.MarkedYAMLError as error:
        raise FolderError([Fault(_place(name, error.problem_mark or error.context_mark), "yaml_unreadable")]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, FolderError):
            raise
        raise FolderError([Fault(name, "yaml_unreadable")]) from error


def _refuse_tricks(text: str, name: str) -> None:
    """Look at the stream before anything is built from it."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        place = _place(name, event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FolderError([Fault(place, "alias")])
        tag = getattr(event, "tag", None)
        if tag:
            raise FolderError([Fault(place, "tag", (("word", str(tag)[:60]),))])
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if documents > 1:
            raise FolderError([Fault(place, "yaml_documents")])
        if depth > MOST_DEPTH:
            raise FolderError([Fault(place, "too_deep")])


def _refuse_doubled(node: yaml.Node, name: str) -> None:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_doubled(item, name)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            raise FolderError([Fault(_place(name, key.start_mark), "key_not_text")])
        if key.value in seen:
            raise FolderError([Fault(_place(name, key.start_mark), "doubled", (("word", key.value[:60]),))])
        seen.add(key.value)
        _refuse_doubled(value, name)


def _child(node: yaml.Node, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    return None


def _place(name: str, mark: Any) -> str:
    return f"{name}:{mark.line + 1}" if mark is not None else name


class _Dumper(yaml.SafeDumper):
    """Block style, Chinese as Chinese, keys in the order given, lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        """As PyYAML's, lists indented below their name."""
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """The same value twice is written twice."""
        return True


def _string(dumper: _Dumper, value: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _string)


def dump_yaml(data: Any) -> str:
    """Data in the one form in which it is kept: reading and writing it again changes nothing."""
    return yaml.dump(
        data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_LINE_WIDTH, default_flow_style=False
    )
