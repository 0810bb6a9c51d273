"""A jurisdiction is brought on by the superadmin and taken over by its administrator, each at an own screen."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.organisation.models import Person
from app.organisation.services import create_platform_admin
from tests.browser.conftest import Live, Seat, sign_in
from tests.onboarding_house import CODE, SLUG, workbook
from tests.world import PASSWORD

PUMPS = "关于樊口泵站更新改造的督办事项"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def superadmin(live: Live, app: Any, window: Callable[..., BrowserContext]) -> Iterator[Seat]:
    """The platform's superadmin, signed in outside every jurisdiction."""
    with app.app_context():
        account = create_platform_admin(
            db.session, Actor.system(None), name="平台管理员", username="platform", password=PASSWORD,
            method="pbkdf2:sha256:1000", at=clock.now(),
        )  # fmt: skip
        db.session.get(Person, account.person_id).must_change_password = False
        db.session.commit()
        db.session.remove()
    seat = Seat(window().new_page(), live.url)
    seat.open("/login/")
    sign_in(seat, "platform")
    yield seat


def _upload(seat: Seat, data: bytes) -> None:
    seat.page.get_by_label("电子表格（.xlsx）").set_input_files({"name": "a.xlsx", "mimeType": XLSX, "buffer": data})
    seat.press("检查并预览")


def test_a_new_jurisdiction_from_the_first_click_to_its_first_matter(
    live: Live, superadmin: Seat, window: Callable[..., BrowserContext]
) -> None:
    """新建鄂城区、选用范本、导入单位和人员、指定管理员、激活、启用、拟办第一件事项。"""
    staff = superadmin
    staff.open("/platform/jurisdictions/")
    staff.follow("新建辖区")
    staff.page.get_by_label("查找地名").press_sequentially("鄂城")
    staff.page.locator("#offers a", has_text="鄂城区").click()
    expect(staff.field("网址名")).to_have_value(SLUG)
    staff.press("新建")
    staff.told()
    staff.follow("选用范本")
    staff.page.get_by_role("button", name="选用区县范本").click()
    staff.told()

    staff.follow("单位和人员")
    _upload(staff, workbook([("ZJJ", "住建局", "", "军队", "", "")], ()))
    staff.shows("督查程序中没有“军队”这类单位")
    _upload(staff, workbook())
    staff.shows("新单位 3 个，新人员 5 人")
    staff.press("导入")
    staff.told()

    staff.follow("首任管理员")
    staff.field("姓名").fill("陈管理")
    staff.field("用户名").fill("ec.admin")
    staff.press("生成链接")
    link = staff.page.locator("#activation-link").inner_text()
    staff.follow("返回清单")

    own = Seat(window().new_page(), f"{live.url}/j/{SLUG}")
    own.page.goto(link)
    own.shows("ec.admin")
    own.field("密码").fill("short")
    own.field("再输一次密码").fill("short")
    own.press("设定密码")
    expect(own.page.locator(".hy-error").first).to_be_visible()
    own.field("密码").fill(PASSWORD)
    own.field("再输一次密码").fill(PASSWORD)
    own.press("设定密码")
    own.shows("密码已设定")
    own.follow("登录")
    sign_in(own, "ec.admin")
    expect(own.page).to_have_url(f"{live.url}/j/{SLUG}/")

    own.open("/activations/")
    own.page.get_by_role("row", name="张联络").get_by_role("button", name="生成链接").click()
    expect(own.page.locator("td code")).to_have_count(1)

    staff.follow("单位和人员")
    with staff.page.expect_download() as download:
        staff.press("全部生成链接并下载")
    lines = csv.reader(download.value.path().read_text("utf-8-sig").splitlines())
    links = {line[1]: line[3] for line in lines}
    staff.open(f"/platform/jurisdictions/{CODE}/")
    staff.press("启用")
    staff.told()
    staff.shows("已启用")

    inspector = Seat(window().new_page(), f"{live.url}/j/{SLUG}")
    inspector.page.goto(links["ec.ducha"])
    inspector.field("密码").fill(PASSWORD)
    inspector.field("再输一次密码").fill(PASSWORD)
    inspector.press("设定密码")
    inspector.follow("登录")
    sign_in(inspector, "ec.ducha")
    inspector.open("/matters/register")
    inspector.field("标题").fill(PUMPS)
    inspector.field("来源").select_option(index=1)
    inspector.pick("主办单位", "鄂城区水利和湖泊局")
    inspector.press("存为草稿")
    inspector.told()
    inspector.shows(PUMPS)

    late = Seat(window().new_page(), live.url)
    late.page.goto(link)
    late.shows("此链接无效")
    staff.open(f"/platform/jurisdictions/?q={CODE}")
    staff.shows("6/8")
