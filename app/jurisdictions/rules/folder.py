"""A jurisdiction as a folder: read safely, checked whole, written back to the letter.

``jurisdiction.yaml`` says which jurisdiction, ``units.yaml`` lists its units, ``posts.yaml`` (which may be left out) its
posts with the leaders' portfolios, ``profile/*.yaml`` hold the sections of the profile, ``templates/*.docx`` its own document
templates. A preset is a folder with a profile only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, StringConstraints

from app.jurisdictions.rules.checking import faults
from app.jurisdictions.rules.profile import Profile, Section, dump_profile, dump_section, parse_profile, read_section
from app.jurisdictions.rules.profile.base import Key, ShortText
from app.jurisdictions.rules.reading import MOST_BYTES, FolderError, Written, dump_yaml, read_yaml
from app.jurisdictions.rules.sentences import Fault, ProfileError, parts_of

MOST_TEMPLATE_BYTES = 4 * 1024 * 1024

# Which file holds which sections of the profile; the file of words may be left out.
FILES: Mapping[str, tuple[str, ...]] = {
    "regulation": ("regulation", "bodies", "lower_bodies", "scopes", "supervision_kinds", "delegation"),
    "sources": ("matter_sources",),
    "roles": ("roles",),
    "procedure": ("intake", "procedure", "numbering", "routing", "groups", "handling_modes"),
    "dispatch": ("dispatch", "document_types", "units", "receipt"),
    "deadlines": ("deadline_rules", "last_day", "recompute", "readings", "extension", "reminders", "urging"),
    "completion": ("completion", "conclusion", "reports", "archive"),
    "supervision": (
        "methods",
        "attendance",
        "gatherings",
        "periodic_checks",
        "reference_register",
        "accountability",
        "rewards",
        "slips",
        "points",
    ),
    "secrecy": ("secrecy",),
    "words": ("words",),
}
_MAY_BE_LEFT_OUT = ("words",)


class JurisdictionCard(Section):
    """Which jurisdiction a folder describes. ``code`` and ``parent`` are GB/T 2260 codes."""

    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    slug: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    name: Annotated[str, StringConstraints(min_length=2, max_length=80)]
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    level: Literal["province", "city", "district", "county"]
    parent: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] | None = None
    preset: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")] | None = None


class UnitCard(Section):
    """One unit of a folder. ``parent`` is another unit's code."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    kind: Key
    functional_line: ShortText | None = None
    parent: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")] | None = None


class UnitList(Section):
    """``units.yaml``."""

    units: Annotated[tuple[UnitCard, ...], Field(min_length=1)]


class PostCard(Section):
    """One post of a folder: in which unit, whose matters a supervision group carries, and for which functional lines.

    ``unit`` and ``supervising_unit`` are units' codes; ``portfolio`` are the lines a leader is in charge of.
    """

    unit: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    kind: Literal["leader", "head", "liaison", "staff"] = "staff"
    supervising_unit: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")] | None = None
    portfolio: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[^\s、,，;；/]{1,60}$")], ...], Field(max_length=20)
    ] = ()


class PostList(Section):
    """``posts.yaml``."""

    posts: Annotated[tuple[PostCard, ...], Field(min_length=1)]


@dataclass(frozen=True)
class LoadedFolder:
    """A folder that was read whole."""

    card: JurisdictionCard
    units: tuple[UnitCard, ...]
    profile: Profile
    templates: tuple[tuple[str, bytes], ...]
    posts: tuple[PostCard, ...] = ()


_Section = TypeVar("_Section", bound=Section)


def check_folder(folder: Path, known_rights: Iterable[str] | None = None) -> tuple[LoadedFolder | None, list[Fault]]:
    """Read a jurisdiction's folder: what it would load, or every fault that can be seen at once, each with its place.

    ``known_rights`` is the one list of rights; without it the words of roles' rights are not looked at.
    """
    if not folder.is_dir():
        return None, [Fault(str(folder), "folder_missing")]
    found = _strangers(folder, ("jurisdiction.yaml", "units.yaml", "posts.yaml", "profile", "templates"))
    card = _one_file(folder, "jurisdiction.yaml", JurisdictionCard, found)
    units = _one_file(folder, "units.yaml", UnitList, found)
    posts = _one_file(folder, "posts.yaml", PostList, found) if (folder / "posts.yaml").exists() else None
    profile = _profile(folder, known_rights, found)
    templates = _templates(folder, profile, found)
    if units is not None:
        found += _unit_faults(units.units, profile)
    if units is not None and posts is not None:
        found += _post_faults(posts.posts, {unit.code for unit in units.units})
    if card is not None and profile is not None and card.level != profile.regulation.level:
        levels = f"{card.level} / {profile.regulation.level}"
        found.append(Fault("jurisdiction.yaml: level", "level_differs", (("word", levels),)))
    if found or card is None or units is None or profile is None:
        return None, found
    return LoadedFolder(card, units.units, profile, templates, posts.posts if posts is not None else ()), []


def read_folder(folder: Path, known_rights: Iterable[str] | None = None) -> LoadedFolder:
    """A jurisdiction's folder without faults. Raises FolderError with every fault."""
    loaded, found = check_folder(folder, known_rights)
    if loaded is None:
        raise FolderError(found)
    return loaded


def read_profile(folder: Path, known_rights: Iterable[str] | None = None) -> Profile:
    """The profile alone, as a preset's folder has it. Raises FolderError with every fault."""
    found = _strangers(folder, ("profile",))
    profile = _profile(folder, known_rights, found)
    if found or profile is None:
        raise FolderError(found)
    return profile


def _strangers(folder: Path, known: Iterable[str]) -> list[Fault]:
    """What lies in a folder and does not belong there; hidden files of editors and archives are passed over."""
    there = sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []
    return [Fault(name, "unknown_file") for name in there if name not in set(known)]


def _read(folder: Path, name: str) -> Written:
    path = folder / name
    if not path.exists():
        raise FolderError([Fault(name, "file_missing")])
    if not path.is_file():
        raise FolderError([Fault(name, "file_refused")])
    with path.open("rb") as file:
        return read_yaml(file.read(MOST_BYTES + 1), name)


def _located(written: Written, fault: Fault) -> Fault:
    """The fault with the file and the line it is in."""
    line = written.line_of(parts_of(fault.path))
    place = f"{written.name}:{line}: {fault.path}" if fault.path else f"{written.name}:{line}"
    return Fault(place, fault.code, fault.params)


def _one_file(folder: Path, name: str, kind: type[_Section], found: list[Fault]) -> _Section | None:
    try:
        written = _read(folder, name)
        if not isinstance(written.data, dict):
            raise FolderError([Fault(name, "not_section")])
        try:
            return read_section(kind, written.data)
        except ProfileError as error:
            found += [_located(written, fault) for fault in error.faults]
    except FolderError as error:
        found += error.faults
    return None


def read_profile_files(files: Mapping[str, bytes]) -> Profile:
    """The profile out of its files by their names (``profile/<file>.yaml``), as an archive has them.

    It is not checked whether it holds together. Raises FolderError with every place where it is none.
    """
    known = {f"profile/{file}.yaml" for file in FILES}
    found = [Fault(name[:80], "unknown_file") for name in files if name not in known]

    def read(name: str) -> Written:
        if name not in files:
            raise FolderError([Fault(name, "file_missing")])
        return read_yaml(files[name], name)

    left_out = [file for file in _MAY_BE_LEFT_OUT if f"profile/{file}.yaml" not in files]
    profile, _written = _sections(read, left_out, found)
    if found or profile is None:
        raise FolderError(found)
    return profile


def _profile(folder: Path, known_rights: Iterable[str] | None, found: list[Fault]) -> Profile | None:
    extra = _strangers(folder / "profile", [f"{file}.yaml" for file in FILES])
    found += [Fault(f"profile/{fault.path}", fault.code) for fault in extra]
    left_out = [file for file in _MAY_BE_LEFT_OUT if not (folder / f"profile/{file}.yaml").exists()]
    profile, files = _sections(lambda name: _read(folder, name), left_out, found)
    if profile is None or extra:
        return None
    faulty = [_in_its_file(fault, files) for fault in faults(profile, known_rights)]
    found += faulty
    return None if faulty else profile


def _sections(
    read: Callable[[str], Written], left_out: Iterable[str], found: list[Fault]
) -> tuple[Profile | None, dict[str, Written]]:
    """The profile put together from its files, and which file each section stands in."""
    document: dict[str, Any] = {}
    files: dict[str, Written] = {}
    before = len(found)
    for file, sections in FILES.items():
        if file in left_out:
            continue
        name = f"profile/{file}.yaml"
        try:
            written = read(name)
            if not isinstance(written.data, dict):
                raise FolderError([Fault(name, "not_section")])
        except FolderError as error:
            found += error.faults
            continue
        for section, value in written.data.items():
            if section in sections:
                document[section], files[section] = value, written
            else:
                found.append(_located(written, Fault(section, "wrong_file", (("word", section[:60]),))))
    if len(found) > before:
        return None, files
    try:
        return parse_profile(document), files
    except ProfileError as error:
        found += [_in_its_file(fault, files) for fault in error.faults]
        return None, files


def _in_its_file(fault: Fault, files: Mapping[str, Written]) -> Fault:
    parts = parts_of(fault.path)
    section = str(parts[0]) if parts else ""
    if section in files:
        return _located(files[section], fault)
    file = next((name for name, sections in FILES.items() if section in sections), None)
    return Fault(f"profile/{file}.yaml: {fault.path}" if file else fault.path, fault.code, fault.params)


def _templates(folder: Path, profile: Profile | None, found: list[Fault]) -> tuple[tuple[str, bytes], ...]:
    known = {one.key for one in profile.document_types} if profile else None
    templates = []
    for path in sorted((folder / "templates").glob("*")):
        plain = path.suffix == ".docx" and path.is_file() and path.stat().st_size <= MOST_TEMPLATE_BYTES
        if not plain or (known is not None and path.stem not in known):
            found.append(Fault(f"templates/{path.name}", "template_refused"))
        else:
            templates.append((path.stem, path.read_bytes()))
    return tuple(templates)


def _unit_faults(units: tuple[UnitCard, ...], profile: Profile | None) -> Iterator[Fault]:
    parents = {unit.code: unit.parent for unit in units}
    seen: set[str] = set()
    for index, unit in enumerate(units):
        path = f"units.yaml: units[{index}]"
        if unit.code in seen:
            yield Fault(f"{path}.code", "doubled", (("word", unit.code),))
        seen.add(unit.code)
        if unit.parent and unit.parent not in parents:
            yield Fault(f"{path}.parent", "unknown_unit", (("word", unit.parent),))
        if profile is not None and unit.kind not in profile.units.kinds:
            yield Fault(f"{path}.kind", "unknown_kind", (("word", unit.kind),))
        if _in_cycle(unit.code, parents):
            yield Fault(f"{path}.parent", "unit_cycle", (("word", unit.code),))


def _post_faults(posts: tuple[PostCard, ...], codes: set[str]) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for index, post in enumerate(posts):
        path = f"posts.yaml: posts[{index}]"
        if (post.unit, post.name) in seen:
            yield Fault(f"{path}.name", "doubled", (("word", post.name),))
        seen.add((post.unit, post.name))
        for name in ("unit", "supervising_unit"):
            code = getattr(post, name)
            if code is not None and code not in codes:
                yield Fault(f"{path}.{name}", "unknown_unit", (("word", code),))


def _in_cycle(code: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    here = parents.get(code)
    while here and here not in seen:
        if here == code:
            return True
        seen.add(here)
        here = parents.get(here)
    return False


def folder_files(folder: LoadedFolder) -> dict[str, bytes]:
    """A folder's files by their names, in the one form in which they are kept."""
    files = {
        "jurisdiction.yaml": dump_yaml(dump_section(folder.card)).encode(),
        "units.yaml": dump_yaml({"units": [dump_section(unit) for unit in folder.units]}).encode(),
        **profile_files(folder.profile),
    }
    if folder.posts:
        files["posts.yaml"] = dump_yaml({"posts": [dump_section(post) for post in folder.posts]}).encode()
    files.update({f"templates/{key}.docx": data for key, data in folder.templates})
    return files


def profile_files(profile: Profile) -> dict[str, bytes]:
    """The profile's files by their names, in the one form in which they are kept."""
    document = dump_profile(profile)
    files = {}
    for file, sections in FILES.items():
        data = {section: document[section] for section in sections if section in document}
        if data:
            files[f"profile/{file}.yaml"] = dump_yaml(data).encode()
    return files
