"""The calendars in the browser: two superadmins, an administrator of each of two regions, and files of all kinds."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from openpyxl import Workbook

from app.deadlines import day_files
from app.deadlines.data import national_rows
from app.deadlines.queries import calendar_for, list_years
from app.deadlines.rules.notice_faults import NoticeRefused
from app.kernel import clock
from app.kernel.actor import Actor
from app.organisation.models import Person
from app.organisation.services import create_platform_admin
from tests.matter_life import to_handling
from tests.small_house import Browser
from tests.test_calendar_national import NEXT
from tests.test_dates_follow_calendar import clock as clock_of
from tests.test_dates_follow_calendar import with_ten_days
from tests.test_office_pages import Desk
from tests.world import PASSWORD, World

BASE = "/platform/calendar"
HEAD = "date,kind,name,region,source_doc\n"


def _sign_in(app: Any, username: str) -> Browser:
    browser = Browser(app, app.response_class)
    form = {"username": username, "password": PASSWORD, "csrf_token": browser.csrf_token("/login/")}
    assert browser.post("/login/", data=form).status_code == 302, username
    return browser


@pytest.fixture
def two(app: Any, session: Any, world: World) -> tuple[Browser, Browser]:
    """Two superadmins, each in a browser."""
    for username in ("platform-a", "platform-b"):
        account = create_platform_admin(
            session, Actor.system(None), name=f"管理员{username[-1]}", username=username, password=PASSWORD,
            method="pbkdf2:sha256:1000", at=clock.now(),
        )  # fmt: skip
        session.get(Person, account.person_id).must_change_password = False
        session.commit()
    return _sign_in(app, "platform-a"), _sign_in(app, "platform-b")


def _post(browser: Browser, address: str, **data: Any) -> Any:
    return browser.post(address, data=data | {"csrf_token": browser.csrf_token(f"{BASE}/")})


def _seen(page: str) -> str:
    found = re.search(r'name="seen_version" value="(\d+)"', page)
    assert found
    return found.group(1)


def test_one_pastes_another_confirms_and_every_jurisdiction_has_the_year(
    two: tuple[Browser, Browser], app: Any, session: Any, world: World
) -> None:
    one, other = two
    spoilt = NEXT.replace("2月20日（周六）", "2月20日（周日）")
    refused = _post(one, f"{BASE}/new/notice", text=spoilt, document_no="")
    assert refused.status_code == 422
    assert "星期六" in refused.text and "2月20日（周日）" in refused.text.split("<textarea")[1], (
        "what was pasted is kept"
    )
    made = _post(one, f"{BASE}/new/notice", text=NEXT, document_no="")
    assert made.status_code == 302
    address = made.location
    mine, theirs = one.get(address).text, other.get(address).text
    assert "seen_version" not in mine and "2027-02-20" in theirs
    assert "管理员a" in theirs
    assert "2027" in other.get("/platform/jurisdictions/").text, "it waits on the second person's front page"
    alone = _post(one, f"{address}/confirm", seen_version="0")
    assert alone.status_code == 403
    assert 2027 not in [year.year for year in list_years(session)]
    done = _post(other, f"{address}/confirm", seen_version=_seen(theirs))
    assert done.status_code == 302
    assert _post(other, f"{address}/confirm", seen_version="0").status_code == 409
    session.rollback()
    for place in (world.huarong, world.huaian):
        page = _sign_in(app, place.username("administrator")).get(f"/j/{place.slug}/settings/calendar/2027")
        assert page.status_code == 200
        assert "国办发明电〔2026〕9号" in page.text
        assert "None" not in page.text
    assert one.get(f"{BASE}/2027").status_code == one.get(f"{BASE}/").status_code == one.get(address).status_code == 200


def test_what_is_turned_down_or_taken_back_never_was(two: tuple[Browser, Browser], session: Any) -> None:
    one, other = two
    address = _post(one, f"{BASE}/new/notice", text=NEXT, document_no="").location
    assert _post(other, f"{address}/reject", reason="").status_code == 422
    assert _post(other, f"{address}/withdraw").status_code == 403
    assert _post(other, f"{address}/reject", reason="文号有误").status_code == 302
    assert "文号有误" in one.get(address).text
    again = _post(one, f"{BASE}/new/notice", text=NEXT, document_no="").location
    assert _post(one, f"{again}/withdraw").status_code == 302
    for odd in (f"{BASE}/proposals/999999", f"{BASE}/proposals/{2**70}", f"{BASE}/1999", f"{BASE}/99999999999"):
        assert one.get(odd).status_code == 404, odd
    assert 2027 not in [year.year for year in list_years(session)]


def test_a_file_comes_back_as_it_went_and_a_wrong_one_stores_nothing(
    two: tuple[Browser, Browser], session: Any
) -> None:
    one, _other = two
    sent = one.get(f"{BASE}/2025/days.csv").data
    same = _post(one, f"{BASE}/new/file", file=(io.BytesIO(sent), "2025.csv"), document_no="")
    assert same.status_code == 422
    changed = sent.decode("utf-8-sig").replace("2025-09-28,work", "2025-09-27,work").encode()
    made = _post(one, f"{BASE}/new/file", file=(io.BytesIO(changed), "2025.csv"), document_no="更正")
    assert made.status_code == 302
    page = one.get(made.location).text
    assert "2025-09-27" in page and "2025-09-28" in page
    assert calendar_for(session, None).is_working(dt.date(2025, 9, 28)), "nothing is in force"
    for data, name in ((b"", ""), (b"x", "a.xlsx"), (b"\xff\x00", "a.csv"), (HEAD.encode(), "a.csv")):
        assert _post(one, f"{BASE}/new/file", file=(io.BytesIO(data), name), document_no="").status_code == 422, name


def test_before_it_is_confirmed_one_sees_which_jurisdictions_dates_move(
    two: tuple[Browser, Browser], world: World
) -> None:
    one, other = two
    with world.huarong.inside():
        with_ten_days(world.huarong)
        life = to_handling(world.huarong)
    sent = one.get(f"{BASE}/2026/days.csv").data.decode("utf-8-sig").rstrip() + "\r\n2026-03-10,off,临时放假,,\r\n"
    address = _post(
        one, f"{BASE}/new/file", file=(io.BytesIO(sent.encode()), "2026.csv"), document_no="临时通知"
    ).location
    page = other.get(address).text
    cells = re.findall(r"<td class=\"hy-cell-main\">([^<]+)</td>\s*<td[^>]*>(\d+)</td>\s*<td[^>]*>(\d+)</td>", page)
    found = {name: (int(matters), int(dates)) for name, matters, dates in cells}
    assert len(found) == 3
    assert [("华容" in name, counts) for name, counts in found.items() if counts != (0, 0)] == [(True, (1, 2))], (
        "the lead's date and the opinion that follows it"
    )
    assert f"matters/{life.matter_id}" not in page, "whose matters they are is the jurisdiction's own"
    with world.huarong.inside():
        assert clock_of(life).due_on == dt.date(2026, 3, 16)
    assert _post(other, f"{address}/confirm", seen_version=_seen(page)).status_code == 302
    assert "hy-cell-main" not in other.get(address).text


def _book(*rows: tuple[Any, ...]) -> bytes:
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


COLUMNS = ("date", "kind", "name", "region", "source_doc")


def test_a_workbook_is_read_as_a_table() -> None:
    rows = [row for row in national_rows() if row.on.year == 2025]
    lines = [(row.on, row.kind.value, row.name, None, row.notice) for row in rows]
    assert day_files.read_file(_book(COLUMNS, *lines), "2025.xlsx") == {2025: tuple(rows)}
    assert day_files.read_file(day_files.written(rows), "2025.csv") == {2025: tuple(rows)}


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (_book(COLUMNS, (dt.date(2027, 1, 1), "off", '=CONCAT("元","旦")', "", "")), "a.xlsx", "formula"),
        ((HEAD + "2027-01-01,off,=1+1,,\n").encode(), "a.csv", "formula"),
        (_book(("date", "kind", "name"), (dt.date(2027, 1, 1), "off", "元旦")), "a.xlsx", "columns_differ"),
        (b"day,what\n2027-01-01,off\n", "a.csv", "columns_differ"),
        ((HEAD + "2027-01-01,off,x,,\n" * 2001).encode(), "a.csv", "too_many_rows"),
        (b"PK\x03\x04 no workbook", "a.xlsx", "file_unreadable"),
        (b"\x00\x01\x02", "a.csv", "file_unreadable"),
        (HEAD.encode(), "a.csv", "no_rows"),
        (b"x" * (day_files.MOST_BYTES + 1), "a.csv", "file_too_large"),
    ],
)
def test_a_file_that_is_no_table_of_days_is_refused(data: bytes, name: str, code: str) -> None:
    with pytest.raises(NoticeRefused) as refused:
        day_files.read_file(data, name)
    assert {fault.code for fault in refused.value.faults} == {code}


def test_a_region_in_the_browser(two: tuple[Browser, Browser], app: Any, world: World) -> None:
    one, other = two
    day = {"on": "2026-04-20", "kind": "off", "name": "三月三", "notice": "省政府通知"}
    refused = _post(one, f"{BASE}/regions", region_code="湖北", **day)
    assert refused.status_code == 422 and "三月三" in refused.text
    assert _post(one, f"{BASE}/regions", region_code="4207", **day | {"on": "soon"}).status_code == 422
    address = _post(one, f"{BASE}/regions", region_code="4207", **day).location
    assert "华容区" not in one.get(f"{BASE}/regions").text, "nothing is in force yet"
    again = _post(one, f"{BASE}/regions", region_code="4207", **day | {"on": "2026-04-21"})
    assert again.status_code == 409
    assert "seen_version" not in one.get(address).text
    theirs = other.get(address).text
    assert "华容" in theirs and "淮安" not in theirs, "only jurisdictions of the region are weighed"
    assert "4207" in other.get("/platform/jurisdictions/").text, "it waits on the second person's front page"
    assert _post(other, f"{address}/confirm", seen_version=_seen(theirs)).status_code == 302
    assert "华容区" in one.get(f"{BASE}/regions").text
    table = one.get(f"{BASE}/regions/days.csv").data
    same = _post(one, f"{BASE}/regions/file", file=(io.BytesIO(table), "regions.csv"), document_no="")
    assert same.status_code == 422
    wrong = HEAD.encode() + "2026-04-22,off,三月三,湖北,\n".encode()
    assert _post(one, f"{BASE}/regions/file", file=(io.BytesIO(wrong), "r.csv"), document_no="").status_code == 422
    pages = {
        place.slug: _sign_in(app, place.username("administrator")).get(f"/j/{place.slug}/settings/calendar/2026").text
        for place in (world.huarong, world.huaian)
    }
    assert "三月三" in pages["huarong"] and "三月三" not in pages["huaian"]
    assert "hy-cal-local" in pages["huarong"].split("hy-cal-legend")[0]
    assert "hy-cal-local" not in pages["huaian"].split("hy-cal-legend")[0]
    for mark in ("<small>休</small>", "<small>班</small>", "hy-cal-off", "hy-cal-work", "hy-cal-rest"):
        assert mark in pages["huaian"]
    remove = re.search(rf'action="({BASE}/regions/\d+/remove)"', one.get(f"{BASE}/regions").text)
    assert remove
    gone = _post(one, remove.group(1)).location
    assert _post(one, remove.group(1)).status_code == 409, "it is proposed already"
    assert _post(other, f"{gone}/confirm", seen_version=_seen(other.get(gone).text)).status_code == 302
    assert _post(one, remove.group(1)).status_code == 404


def test_the_platforms_calendar_is_the_platforms(two: tuple[Browser, Browser], app: Any, world: World) -> None:
    administrator = _sign_in(app, world.huarong.username("administrator"))
    for path in ("/", "/2026", "/new", "/regions", "/2026/days.csv"):
        assert administrator.get(f"{BASE}{path}").status_code == 403, path
        assert administrator.get(f"/j/huarong{BASE}{path}").status_code == 403, path
        assert two[0].get(f"{BASE}{path}").status_code == 200, path
    token = administrator.csrf_token("/j/huarong/settings/")
    sent = administrator.post(f"/j/huarong{BASE}/new/notice", data={"text": NEXT, "csrf_token": token})
    assert sent.status_code == 403
    assert administrator.get("/j/huarong/settings/calendar/").location.endswith("/settings/calendar/2026")
    for year in (2003, 2029, 10**12):
        assert administrator.get(f"/j/huarong/settings/calendar/{year}").status_code == 404
    liaison = _sign_in(app, world.huarong.username("unit_liaison", "ZJJ"))
    assert liaison.get("/j/huarong/settings/calendar/2026").status_code in (200, 403)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2026, 10, 31), ""),
        (dt.date(2026, 11, 1), "2027年放假安排尚未录入"),
        (dt.date(2026, 12, 15), "紧急：缺少2027年放假安排"),
    ],
)
def test_the_missing_notice_is_a_to_do(app: Any, session: Any, world: World, day: dt.date, said: str) -> None:
    with clock.frozen(clock.at_local(day)):
        account = create_platform_admin(
            session, Actor.system(None), name="管理员", username="platform", password=PASSWORD,
            method="pbkdf2:sha256:1000", at=clock.now(),
        )  # fmt: skip
    session.get(Person, account.person_id).must_change_password = False
    session.commit()
    browser = Desk(app, app.response_class)
    browser.today = clock.at_local(day)
    form = {"username": "platform", "password": PASSWORD, "csrf_token": browser.csrf_token("/login/")}
    assert browser.post("/login/", data=form).status_code == 302
    front, own = browser.get("/platform/jurisdictions/").text, browser.get(f"{BASE}/").text
    assert ("放假安排" in front) is bool(said)
    assert said in front and said in own
