"""A jurisdiction brought on by the platform's superadmin, for tests."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from openpyxl import Workbook

from app.kernel.actor import Actor
from app.organisation.permissions import PLATFORM_RIGHTS
from app.platform import services
from app.platform.rules.people_sheet import COLUMNS, PEOPLE, UNITS
from app.platform.spreadsheets import read_people
from tests.conftest import MORNING

STAFF = Actor(None, "平台管理员", None, rights=PLATFORM_RIGHTS)
CODE, SLUG = "420704", "echeng"
PASSWORD = "Huiyin-2026!"
UNIT_ROWS = (
    ("OFFICE", "鄂城区人民政府办公室", "区政府办", "办公室", "", ""),
    ("ZJJ", "鄂城区住房和城乡建设局", "区住建局", "部门", "", "城建"),
    ("SLJ", "鄂城区水利和湖泊局", "区水利局", "部门", "", "农业"),
)
PERSON_ROWS = (
    ("李督查", "ec.ducha", "OFFICE", "督查员", "督查员", "0711-3350001", ""),
    ("王主任", "ec.zhuren", "OFFICE", "主任", "office_leader", "", ""),
    ("赵区长", "ec.quzhang", "OFFICE", "副区长", "government_leader", "", ""),
    ("张联络", "ec.zjj", "ZJJ", "办公室主任", "unit_liaison、unit_leader", "", "zjj@office.example"),
    ("孙联络", "ec.slj", "SLJ", "", "unit_liaison", "", ""),
)


def card(**changes: str) -> services.Card:
    """The card of 鄂城区, or one that differs."""
    given = {"code": CODE, "name": "鄂城区", "short_name": "鄂城区", "level": "district", "slug": SLUG, "parent": ""}
    return services.Card(**(given | changes))


def workbook(units: Any = UNIT_ROWS, people: Any = PERSON_ROWS) -> bytes:
    """A filled-in template."""
    book = Workbook()
    for title, rows in ((UNITS, units), (PEOPLE, people)):
        sheet = book.active if title == UNITS else book.create_sheet(title)
        sheet.title = title
        sheet.append([heading + ("*" if needed else "") for _key, heading, needed, _most in COLUMNS[title]])
        for row in rows:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bring_on(session: Any, at: dt.datetime = MORNING, *, until: str = "active") -> str:
    """鄂城区 as far as asked: created, preset, people, administrator, active. The administrator's activation token."""
    token = ""
    services.create_jurisdiction(session, STAFF, card(), at=at)
    if until == "created":
        return token
    services.choose_preset(session, STAFF, CODE, "district", at=at, today=at.date())
    if until == "preset":
        return token
    sheet = services.check_people(session, CODE, read_people(workbook()), at=at)
    services.import_people(session, STAFF, CODE, sheet, at=at)
    token = services.name_administrator(session, STAFF, CODE, name="陈管理", username="ec.admin", at=at).token
    if until == "active":
        services.put_into_service(session, STAFF, CODE, at=at)
    return token
