"""A matter's life for tests: every step as the person whose step it is would take it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.documents.models import Attachment
from app.kernel.actor import Actor
from app.matters.models import Assignment, Matter
from app.matters.queries import find_source
from app.matters.services import run_act, run_draw_up
from tests.world import Place


def at(year: int, month: int, day: int, hour: int = 10) -> dt.datetime:
    """An instant by the wall in China."""
    return dt.datetime(year, month, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8))).astimezone(dt.UTC)


MONDAY = at(2026, 3, 2)


@dataclass
class Life:
    """One matter in one place, and the day it is. Use it inside ``place.inside()``."""

    place: Place
    matter_id: int
    now: dt.datetime = MONDAY

    @property
    def matter(self) -> Matter:
        """The row as it is now."""
        found: Matter = self.place.session.get(Matter, self.matter_id)
        return found

    def part(self, code: str) -> Assignment:
        """A unit's part."""
        return (
            self.place.session.query(Assignment)
            .filter(Assignment.matter_id == self.matter_id, Assignment.unit_id == self.place.units[code])
            .one()
        )

    def do(self, act: str, actor: Actor, **payload: Any) -> Matter:
        """One act, decided on the matter as it is now."""
        return run_act(
            self.place.session,
            actor,
            self.matter_id,
            act,
            payload,
            expected_version=self.matter.version,
            at=self.now,
        )

    def office(self, act: str, role: str = "inspector", unit: str | None = None, **payload: Any) -> Matter:
        """An act of the office or a leader."""
        return self.do(act, self.place.actor(role, unit), **payload)

    def unit(self, act: str, code: str, **payload: Any) -> Matter:
        """An act of a unit's liaison on its own part."""
        return self.do(act, self.place.actor("unit_liaison", code), assignment_id=self.part(code).id, **payload)

    def file(self, kind: str, actor: Actor) -> int:
        """A file of the matter, as if it had been uploaded."""
        row = Attachment(
            subject_type="matter",
            subject_id=self.matter_id,
            matter_id=self.matter_id,
            kind=kind,
            file_name=f"{kind}.pdf",
            media_type="application/pdf",
            size=10,
            sha256="0" * 64,
            uploaded_by=actor.membership_id,
            uploaded_at=self.now,
        )
        self.place.session.add(row)
        self.place.session.commit()
        return int(row.id)


def huarong_draft(place: Place, **changes: Any) -> dict[str, Any]:
    """What a 华容区 inspector enters."""
    source = find_source(place.session, "district_meeting")
    assert source is not None
    return {
        "title": "关于加快三江港新区排涝泵站建设的督办事项",
        "source": "district_meeting",
        "content": "四月底前完成泵站主体验收。",
        "handling_proposal": "拟请区水利和湖泊局牵头，区住建局配合。",
        "lead_unit_id": place.units["SLJ"],
        "co_unit_ids": [place.units["ZJJ"]],
    } | changes


def huaian_draft(place: Place, **changes: Any) -> dict[str, Any]:
    """What a 淮安市 inspector enters."""
    departments = [code for code, _ in handling_units(place)]
    return {
        "title": "关于里下河地区防汛工程的批示办理",
        "source": "leader_instruction",
        "plan_title": "2026年上半年督查计划",
        "instruction_text": "请抓紧办理并报结果。",
        "lead_unit_id": place.units[departments[0]],
        "responsible_division_id": place.units["OFFICE"],
        "supervising_unit_id": place.units["DCZ1"],
        "stated_due_on": "2026-05-29",
    } | changes


def handling_units(place: Place) -> list[tuple[str, int]]:
    """The units that have a liaison, by code."""
    return [(unit, place.units[unit]) for role, unit in place.people if role == "unit_liaison"]


def draw_up(place: Place, payload: dict[str, Any], actor: Actor | None = None, now: dt.datetime = MONDAY) -> Life:
    """Draw a matter up."""
    matter = run_draw_up(place.session, actor or place.actor("inspector"), payload, at=now)
    return Life(place, matter.id, now)


def to_handling(place: Place, **changes: Any) -> Life:
    """A 华容区 matter that has just been dispatched."""
    life = draw_up(place, huarong_draft(place, **changes))
    life.office("submit")
    life.office("approve", "office_leader", opinion="同意。")
    life.office("register")
    life.file("copy", place.actor("inspector"))
    life.office("dispatch", document_type="supervision_notice")
    return life
