"""One line of a list of jurisdictions, brought on as far as the line says. Safe to repeat."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.jurisdictions import queries as jurisdiction_queries
from app.kernel.actor import Actor
from app.kernel.errors import Invalid
from app.kernel.i18n import N_
from app.platform import queries
from app.platform.rules.house_list import HouseRow
from app.platform.rules.people_sheet import RawSheet, SheetFault
from app.platform.services.onboarding import (
    Card,
    choose_preset,
    create_jurisdiction,
    name_administrator,
    put_into_service,
)
from app.platform.services.people import check_people, import_people


@dataclass(frozen=True)
class BroughtOn:
    """What came of a line; ``token`` is a new administrator's, said once."""

    created: bool
    units: int
    people: int
    token: str
    active: bool


class FaultySheet(Invalid):
    """The units file of a line has faults."""

    def __init__(self, faults: tuple[SheetFault, ...]) -> None:
        super().__init__("sheet_faulty", N_("The file has faults. Correct them and choose it again."))
        self.faults = faults


def bring_on(
    session: Any,
    actor: Actor,
    line: HouseRow,
    people: RawSheet | None,
    *,
    activate: bool,
    new_link: bool,
    at: dt.datetime,
    today: dt.date,
) -> BroughtOn:
    """Create, choose the preset, import units and people, name the administrator, put into service: what is missing of it.

    A jurisdiction in service is passed over. Whoever is named already gets a new link only when ``new_link`` asks for it
    and he has not been in. Refuses what each of these acts refuses; what was done before the refusal stays.
    """
    house = jurisdiction_queries.find_by_code(session, line.code)
    created = house is None
    if house is not None and house.status != "preparing":
        return BroughtOn(False, 0, 0, "", house.status == "active")
    if house is None:
        card = Card(line.code, line.name, line.short_name, line.level, line.slug, line.parent)
        house = create_jurisdiction(session, actor, card, at=at)
    house_id, preset = house.id, house.preset
    if not preset:
        choose_preset(session, actor, line.code, line.preset, at=at, today=today)
    units = members = 0
    if people is not None:
        sheet = check_people(session, line.code, people, at=at)
        if sheet.faults:
            raise FaultySheet(sheet.faults)
        import_people(session, actor, line.code, sheet, at=at)
        units, members = len(sheet.new_units), len(sheet.new_people)
    token = ""
    inside = queries.count_inside(session, [house_id])[house_id]
    if line.username and (not inside.administrators or (new_link and not inside.administrators_in)):
        named = name_administrator(session, actor, line.code, name=line.administrator, username=line.username, at=at)
        token = named.token
    session.rollback()
    if activate:
        put_into_service(session, actor, line.code, at=at)
    return BroughtOn(created, units, members, token, activate)
