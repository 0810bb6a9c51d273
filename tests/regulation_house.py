"""A jurisdiction opened from the preset after 《政府督查工作条例》, with a person for every role: 规范区."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from app.deadlines.services import seed_national_calendar
from app.jurisdictions.rules import Profile
from app.jurisdictions.rules.folder import JurisdictionCard, LoadedFolder, UnitCard, read_profile
from app.kernel.actor import Actor
from app.matters.rules import AssignmentState
from app.platform.services import import_folder
from tests.conftest import MORNING, ROOT
from tests.matter_life import MONDAY, Life, draw_up
from tests.world import Place, _people

CRITERIA = ["facts", "evidence", "fairness"]
_UNITS = (
    ("GOV", "规范区人民政府", "区政府", "government"),
    ("OFFICE", "规范区人民政府办公室", "区政府办", "office"),
    ("DCS", "规范区人民政府督查室", "督查室", "supervision_office"),
    ("DCZ1", "规范区人民政府第一督查组", "第一督查组", "supervision_group"),
    ("JTJ", "规范区交通运输局", "区交通局", "department"),
    ("SLJ", "规范区水利局", "区水利局", "department"),
    ("SJJ", "规范区审计局", "区审计局", "department"),
    ("CGZ", "规范区城关镇人民政府", "城关镇", "township"),
)


@lru_cache
def preset() -> Profile:
    """The shipped preset, read once."""
    return read_profile(ROOT / "tenants" / "presets" / "regulation")


def build(session: Any, profile: Profile | None = None, at: dt.datetime = MORNING) -> Place:
    """Open 规范区 from the preset, or from a profile made of it, and people it."""
    seed_national_calendar(session)
    session.commit()
    card = JurisdictionCard(
        code="429901", slug="guifan", name="规范区", short_name="规范区", level="district", preset="regulation"
    )
    units = tuple(
        UnitCard(code=code, name=name, short_name=short, kind=kind, parent=None if code == "GOV" else "GOV")
        for code, name, short, kind in _UNITS
    )
    loaded = LoadedFolder(card, units, profile or preset(), ())
    done = import_folder(session, Actor.system(None), loaded, at=at, today=at.date())
    place = Place(done.jurisdiction_id, "guifan", session)
    with place.inside():
        _people(session, place)
    return place


def draft(place: Place, **changes: Any) -> dict[str, Any]:
    """What a 规范区 inspector enters."""
    return {
        "title": "关于农村公路养护资金使用情况的专项督查",
        "source": "head_instruction",
        "content": "核查养护资金拨付和使用。",
        "scope_key": "statutory_duty",
        "kind_key": "special",
        "handling_proposal": "拟请区交通局自查，城关镇配合。",
        "lead_unit_id": place.units["JTJ"],
        "co_unit_ids": [place.units["CGZ"]],
    } | changes


def to_dispatch(place: Place, now: dt.datetime = MONDAY, **changes: Any) -> Life:
    """A matter approved by the head of the government, with its scheme written."""
    life = draw_up(place, draft(place, **changes), now=now)
    life.office("submit")
    life.office("approve", "government_leader", opinion="同意开展。")
    life.office("scheme", scheme="先听取汇报，再抽查三个乡镇。")
    return life


def to_closing(place: Place, now: dt.datetime = MONDAY, **changes: Any) -> Life:
    """A matter whose report has been accepted: what is left is the conclusion, closing out and the archive."""
    life = to_dispatch(place, now, **changes)
    life.office("dispatch", document_type="supervision_notice")
    for code in [code for code, unit_id in place.units.items() if unit_id in _handlers(life)]:
        life.unit("acknowledge", code, signed_by="张三")
    file_id = life.file("report", place.actor("unit_liaison", "JTJ"))
    life.unit("report_completion", "JTJ", text="已自查，结余资金已上缴。", attachment_ids=[file_id])
    life.office("accept", criteria=CRITERIA, opinion="情况属实。")
    return life


def _handlers(life: Life) -> set[int]:
    from app.matters.queries.case import list_assignments

    parts = list_assignments(life.place.session, life.matter_id)
    return {part.unit_id for part in parts if part.state == AssignmentState.NOTIFIED}
