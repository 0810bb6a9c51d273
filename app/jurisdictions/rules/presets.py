"""The presets a jurisdiction may begin with: profiles without units, one folder each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.jurisdictions.rules.folder import read_profile
from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.profile import Profile

FOLDER = Path(__file__).resolve().parents[3] / "tenants" / "presets"

# The shipped presets in the order in which they are offered: name, what it is after.
NAMES: Mapping[str, tuple[str, str]] = {
    "district": (
        N_("District preset"),
        N_("After a district's rules: one office supervises; a leader approves; the office registers, numbers, dispatches."),
    ),
    "city": (
        N_("City preset"),
        N_("After a city's rules: a supervision office with standing groups; plans, schemes, and two levels of approval."),
    ),
    "regulation": (
        N_("Preset after the State Council's regulation"),
        N_("After the State Council's regulation: kinds and methods, conclusions served, objection, review, rectification."),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Preset:
    """A preset: its key, its name and description as msgids, its profile."""

    key: str
    name: str
    description: str
    profile: Profile


@lru_cache(maxsize=4)
def _read(folder: Path, known_rights: frozenset[str]) -> tuple[Preset, ...]:
    there = [key for key in NAMES if (folder / key / "profile").is_dir()]
    return tuple(Preset(key, *NAMES[key], read_profile(folder / key, known_rights)) for key in there)


def list_presets(known_rights: Iterable[str]) -> tuple[Preset, ...]:
    """The presets of this release, read once per process. Raises FolderError when one has faults."""
    return _read(FOLDER, frozenset(known_rights))


def find_preset(key: str, known_rights: Iterable[str]) -> Preset | None:
    """The preset of that key."""
    return next((one for one in list_presets(known_rights) if one.key == key), None)
