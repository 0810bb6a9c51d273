"""The demonstration as it is written down: who is where, and what becomes of every matter."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

STORIES = ("huaian", "huarong", "lianshui")  # a guiding city before its county
_FOLDER = Path(__file__).parent / "story"

End = Literal[
    "draft", "returned_draft", "proposed", "half_approved", "listed", "registered", "dispatched", "declined",
    "acknowledged", "in_progress", "reported", "rework", "completed", "closed_out", "archived", "suspended",
    "cancelled", "reopened",
]  # fmt: skip


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonTold(_Told):
    """Somebody of the office or a leader. ``group`` is the supervision group that carries this leader's matters."""

    key: str
    name: str
    role: str
    unit: str
    post: str
    kind: str = "staff"
    group: str | None = None


class UnitTold(_Told):
    """A handling unit: the word its documents are numbered with, its liaison, its leader where it has one here.

    ``person`` names somebody of another jurisdiction who is the liaison: that person has two memberships.
    """

    paper: str
    liaison: str = ""
    leader: str = ""
    person: str = ""


class MatterTold(_Told):
    """A matter's life. ``start`` and ``work`` are working days; ``due``, ``feedback``, ``exposed`` days from today.

    ``slip`` is the escalation slip its lead unit gets once it is late, ``extend`` the days of more time that are granted.
    """

    title: str
    source: str
    lead: str
    start: int
    end: End
    co: tuple[str, ...] = ()
    work: int = 8
    returns: int = 0
    due: int | None = None
    feedback: int | None = None
    exposed: int | None = None
    by: str | None = None
    instruction: str | None = None
    proposal: str = ""
    plan: str | None = None
    urgency: str = "normal"
    mode: str | None = None
    secrecy: str = "internal"
    major: bool = False
    urge: tuple[str, ...] = ()
    delay: str = ""
    slip: str = ""
    extend: int | None = None
    resumed: bool = False


class RevisionTold(_Told):
    """A second version of the jurisdiction's rules: sections in place of others, document types beside those there are."""

    note: str
    document_types: tuple[dict[str, Any], ...] = ()
    sections: dict[str, Any] = {}


class Story(_Told):
    """One jurisdiction's part of the demonstration."""

    slug: str
    folder: str
    prefix: str
    phone: str
    people: tuple[PersonTold, ...]
    units: dict[str, UnitTold]
    divisions: dict[str, str] = {}
    revision: RevisionTold | None = None
    matters: tuple[MatterTold, ...]


def read_story(slug: str) -> Story:
    """The story of one jurisdiction. A misspelt word is a defect (pydantic's ValidationError)."""
    return Story.model_validate(yaml.safe_load((_FOLDER / f"{slug}.yaml").read_text("utf-8")))
