"""A jurisdiction as a folder of YAML: read safely, written back to the letter.

``jurisdiction.yaml`` says which jurisdiction, ``units.yaml`` lists its units, ``profile/*.yaml`` hold the sections of the
profile, ``templates/*.docx`` its own document templates. Aliases, doubled keys, deep nesting and large files are refused
before anything is built from them: an alias of a few hundred bytes can grow to gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, StringConstraints, ValidationError

from app.jurisdictions.rules.profile import (
    Fault,
    Profile,
    ProfileError,
    Section,
    dump_profile,
    parse_profile,
    path_of,
)

MAX_BYTES = 512 * 1024
MAX_DEPTH = 20
MAX_TEMPLATE_BYTES = 4 * 1024 * 1024

# Which file holds which sections of the profile.
FILES: Mapping[str, tuple[str, ...]] = {
    "regulation": ("regulation", "bodies", "lower_bodies"),
    "sources": ("matter_sources",),
    "roles": ("roles",),
    "procedure": ("intake", "procedure", "numbering", "routing", "groups", "handling_modes"),
    "dispatch": ("dispatch", "document_types", "units", "receipt"),
    "deadlines": ("deadline_rules", "extension", "reminders"),
    "completion": ("completion", "reports", "archive"),
    "supervision": ("methods", "attendance", "periodic_checks", "reference_register", "accountability", "rewards"),
    "secrecy": ("secrecy",),
    "words": ("words",),
}


class JurisdictionCard(Section):
    """Which jurisdiction a folder describes."""

    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    slug: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    name: Annotated[str, StringConstraints(min_length=2, max_length=80)]
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    level: Literal["province", "city", "district", "county"]
    parent: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] | None = None
    preset: str | None = None


class UnitCard(Section):
    """One unit of a folder. ``parent`` is another unit's code."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    kind: str
    functional_line: str | None = None
    parent: str | None = None


class UnitList(Section):
    """``units.yaml``."""

    units: Annotated[tuple[UnitCard, ...], Field(min_length=1)]


@dataclass(frozen=True)
class LoadedFolder:
    """A folder that was read whole."""

    card: JurisdictionCard
    units: tuple[UnitCard, ...]
    profile: Profile
    templates: tuple[tuple[str, bytes], ...]


class FolderError(ValueError):
    """A folder that cannot be read. ``faults`` name file and place."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in faults))


class _Loader(yaml.SafeLoader):
    """YAML without aliases, doubled keys or guesses: ``no`` and ``010`` stay what was written."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            raise yaml.constructor.ConstructorError(None, None, "keys are words", key_node.start_mark)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"“{key}” is there twice", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(text: str, name: str) -> Any:
    """One file's data. Raises FolderError naming file and line."""
    if len(text.encode()) > MAX_BYTES:
        raise FolderError([Fault(name, "file_too_large")])
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise FolderError([Fault(_place(name, event.start_mark), "alias")])
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise FolderError([Fault(_place(name, event.start_mark), "too_deep")])
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader without aliases
    except FolderError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = (("reason", str(error.problem or error.context)),)
        raise FolderError([Fault(_place(name, mark), "yaml", reason)]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise FolderError([Fault(name, "yaml", (("reason", type(error).__name__),))]) from error


def _place(name: str, mark: Any) -> str:
    return f"{name}:{mark.line + 1}" if mark is not None else name


def read_folder(folder: Path) -> LoadedFolder:
    """Read a jurisdiction's folder. Raises FolderError with every fault that can be seen at once."""
    faults: list[Fault] = []
    card = _section(folder, "jurisdiction.yaml", JurisdictionCard, faults)
    units = _section(folder, "units.yaml", UnitList, faults)
    profile = _profile(folder, faults)
    templates = _templates(folder, faults)
    if units is not None:
        faults += _unit_faults(units.units, profile)
    if faults or card is None or units is None or profile is None:
        raise FolderError(faults)
    return LoadedFolder(card, units.units, profile, templates)


def read_profile(folder: Path) -> Profile:
    """Read only the profile of a folder, as a preset has it. Raises FolderError."""
    faults: list[Fault] = []
    profile = _profile(folder, faults)
    if faults or profile is None:
        raise FolderError(faults)
    return profile


def _section(folder: Path, name: str, kind: type[Any], faults: list[Fault]) -> Any:
    try:
        return kind.model_validate(_file(folder / name, name))
    except FolderError as error:
        faults += error.faults
    except ValidationError as error:
        faults += [
            Fault(f"{name}:{path_of(one['loc'])}", "value_refused", (("reason", one["msg"]),)) for one in error.errors()
        ]
    return None


def _file(path: Path, name: str) -> Any:
    if not path.is_file():
        raise FolderError([Fault(name, "file_missing")])
    if path.stat().st_size > MAX_BYTES:
        raise FolderError([Fault(name, "file_too_large")])
    try:
        return read_yaml(path.read_text("utf-8"), name)
    except UnicodeDecodeError:
        raise FolderError([Fault(name, "not_utf8")]) from None


def _profile(folder: Path, faults: list[Fault]) -> Profile | None:
    document: dict[str, Any] = {}
    strange = len(faults)
    for file, sections in FILES.items():
        name = f"profile/{file}.yaml"
        if not (folder / name).exists() and file == "words":
            continue
        try:
            data = _file(folder / name, name)
        except FolderError as error:
            faults += error.faults
            continue
        if not isinstance(data, dict):
            faults.append(Fault(name, "no_mapping"))
            continue
        faults += [Fault(f"{name}:{key}", "unknown_key") for key in data if key not in sections]
        document.update({key: value for key, value in data.items() if key in sections})
    known = {f"{file}.yaml" for file in FILES}
    for extra in sorted((folder / "profile").glob("*")):
        if extra.name not in known:
            faults.append(Fault(f"profile/{extra.name}", "unknown_file"))
    if len(faults) > strange:
        return None
    try:
        return parse_profile(document)
    except ProfileError as error:
        faults += [Fault(_in_file(fault.path), fault.code, fault.params) for fault in error.faults]
        return None


def _in_file(path: str) -> str:
    head = path.split(".")[0].split("[")[0]
    file = next((name for name, sections in FILES.items() if head in sections), "")
    return f"profile/{file}.yaml:{path}" if file else path


def _templates(folder: Path, faults: list[Fault]) -> tuple[tuple[str, bytes], ...]:
    found = []
    for path in sorted((folder / "templates").glob("*")):
        if path.suffix != ".docx" or path.stat().st_size > MAX_TEMPLATE_BYTES:
            faults.append(Fault(f"templates/{path.name}", "template_refused"))
        else:
            found.append((path.stem, path.read_bytes()))
    return tuple(found)


def _unit_faults(units: tuple[UnitCard, ...], profile: Profile | None) -> Iterator[Fault]:
    parents = {unit.code: unit.parent for unit in units}
    seen: set[str] = set()
    for index, unit in enumerate(units):
        path = f"units.yaml:units[{index}]"
        if unit.code in seen:
            yield Fault(f"{path}.code", "doubled", (("word", unit.code),))
        seen.add(unit.code)
        if unit.parent and unit.parent not in parents:
            yield Fault(f"{path}.parent", "unknown_unit", (("word", unit.parent),))
        if profile is not None and unit.kind not in profile.units.kinds:
            yield Fault(f"{path}.kind", "unknown_kind", (("word", unit.kind),))
        if _in_cycle(unit.code, parents):
            yield Fault(f"{path}.parent", "unit_cycle", (("word", unit.code),))


def _in_cycle(code: str, parents: Mapping[str, str | None]) -> bool:
    seen, here = set(), parents.get(code)
    while here:
        if here == code:
            return True
        if here in seen:
            return False
        seen.add(here)
        here = parents.get(here)
    return False


class _Dumper(yaml.SafeDumper):
    """Block style, Chinese as Chinese, keys in the order given, lists indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _string(dumper: _Dumper, value: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _string)


def dump_yaml(data: Any) -> str:
    """Data in the one form in which it is kept: reading and writing it again changes nothing."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, default_flow_style=False)


def folder_files(folder: LoadedFolder) -> dict[str, bytes]:
    """A folder's files by their names."""
    files = {
        "jurisdiction.yaml": dump_yaml(folder.card.model_dump(mode="json", exclude_defaults=True)).encode(),
        "units.yaml": dump_yaml(
            {"units": [unit.model_dump(mode="json", exclude_defaults=True) for unit in folder.units]}
        ).encode(),
        **profile_files(folder.profile),
    }
    files.update({f"templates/{key}.docx": data for key, data in folder.templates})
    return files


def profile_files(profile: Profile) -> dict[str, bytes]:
    """The profile's files by their names."""
    document = dump_profile(profile)
    files = {}
    for file, sections in FILES.items():
        data = {section: document[section] for section in sections if section in document}
        if data:
            files[f"profile/{file}.yaml"] = dump_yaml(data).encode()
    return files
