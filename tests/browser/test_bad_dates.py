"""What no calendar and no rule can take, typed where people type it: a sentence, what was typed stays, nothing is stored."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from app.deadlines.models import CalendarProposal
from app.kernel.db import db
from app.kernel.tenancy import platform_scope
from tests.browser.conftest import Enter, Live, Seat
from tests.browser.test_onboarding import superadmin  # noqa: F401
from tests.test_calendar_national import NEXT

AMOUNT = '[name="deadline_rules-2-amount"]'
SIMULATOR = "/settings/simulator?source=district_meeting&urgency=normal&dispatched_on="


def test_amounts_and_dates_beyond_every_calendar(live: Live, enter: Enter) -> None:
    """期限为负、一万个工作日、不是整数；交办日早于2004年、晚于已公布年份；立项时写2003年的时限。"""
    admin = enter(live.world.huarong, "administrator")
    page = admin.page
    admin.open("/settings/profile/edit/deadlines")
    page.locator("#f-deadline_rules-2 > summary").click()
    for amount in ("-1", "10000", "三天"):
        page.locator(AMOUNT).fill(amount)
        admin.press("保存到草稿")
        expect(page.locator("#f-deadline_rules-2-amount-error")).to_be_visible()
        expect(page.locator(AMOUNT)).to_have_value(amount)
    page.locator(AMOUNT).fill("0")
    admin.press("保存到草稿")
    admin.told()
    admin.open(f"{SIMULATOR}2026-03-07&draft=1")
    expect(page.locator("#hy-simulated")).to_contain_text("2026年3月9日")  # the day itself, a Saturday, rolls

    for day, sentence in (("2003-12-31", "2004"), ("9999-12-01", "公布"), ("2026-02-30", "2026-10-08")):
        admin.open(SIMULATOR + day)
        expect(page.locator("main .hy-error").first).to_contain_text(sentence)

    office = enter(live.world.huarong, "inspector")
    office.open("/matters/register")
    office.field("来源").select_option(label="区政府会议决定")
    office.field("标题").fill("关于一件过期事项的督办")
    office.field("拟办意见").fill("拟请区水利和湖泊局牵头。")
    office.pick("主办单位", "区水利和湖泊局")
    office.field("办结时限").fill("2003-12-31")
    office.press("呈批")
    expect(office.page.get_by_text("该日期已过").first).to_be_visible()
    expect(office.field("标题")).to_have_value("关于一件过期事项的督办")
    office.open("/matters/")
    expect(office.page.get_by_text("关于一件过期事项的督办")).to_have_count(0)


def test_a_notice_whose_days_do_not_fit_is_not_taken(app: Any, live: Live, superadmin: Seat) -> None:  # noqa: F811
    """粘贴的放假通知星期不符、天数不符：逐条说明，不保存。"""
    staff = superadmin
    spoilt = NEXT.replace("2月20日（周六）", "2月20日（周日）").replace("共3天", "共4天", 1)
    staff.open("/platform/calendar/new")
    box = staff.page.locator("textarea[name=text]")
    box.fill(spoilt)
    staff.press("核对并提出", staff.page.locator("form[action$='/new/notice']"))
    expect(staff.page.locator(".hy-notice.hy-tone-bad li")).to_have_count(2)
    expect(staff.page.locator("textarea[name=text]")).to_have_value(spoilt)
    with app.app_context(), platform_scope("the proposals there are", db.session):
        assert db.session.query(CalendarProposal).count() == 0
        db.session.rollback()
