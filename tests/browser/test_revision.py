"""The rules are revised while matters run: the old matter goes on under the old version, a new one follows the new."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from app.kernel import clock
from tests.browser.conftest import Enter, Live, Seat

OLD = "关于老旧小区改造进度的督办事项"
NEW = "关于校园周边整治的督办事项"


def propose(office: Seat, title: str) -> None:
    """Draw a matter up and submit it for approval."""
    office.open("/matters/register")
    office.field("来源").select_option(label="区政府会议决定")
    office.field("标题").fill(title)
    office.field("拟办意见").fill("拟请区住建局牵头办理。")
    office.pick("主办单位", "区住房和城乡建设局")
    office.press("呈批")
    office.told()


def edit(admin: Seat, page: str, place: str, value: str) -> None:
    """Fill in one field of one page of the draft and save it."""
    admin.open(f"/settings/profile/edit/{page}?at={place}")
    box = admin.page.locator(f"#f-{place}")
    box.fill(value)
    admin.press("保存到草稿")
    admin.told()


def test_rules_are_revised_while_matters_run(live: Live, enter: Enter) -> None:
    """华容区：新建草稿、修改、对比、影响分析、发布；在办事项按原版本，新事项按新版本。"""
    place = live.world.huarong
    office, admin = enter(place, "inspector"), enter(place, "administrator")
    propose(office, OLD)

    admin.open("/settings/profile/")
    admin.act("新建草稿", 起草事由="按修订后的细则调整审批环节")
    admin.told()
    edit(admin, "procedure", "procedure-steps-1-name", "会签审批")
    edit(admin, "procedure", "procedure-steps-1-limit-amount", "1")

    admin.open("/settings/profile/")
    admin.shows("按修订后的细则调整审批环节")
    admin.follow("对比")
    row = admin.page.get_by_role("row").filter(has_text="2 个工作日").filter(has_text="1 个工作日")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("第九条")
    admin.open("/settings/profile/impact")
    admin.shows("全部事项")
    admin.shows("在办事项仍按立项时的版本办理")

    admin.open("/settings/profile/")
    today = clock.today().isoformat()
    panel = admin.panel("发布")
    panel.locator("summary").click()
    admin.field("生效日期", panel).fill("2020-01-01")
    admin.field("理由", panel).fill("区政府常务会议决定")
    panel.locator("button[type=submit]").click()
    admin.shows("版本的生效日期不能早于今天")
    panel = admin.panel("发布")
    expect(admin.field("理由", panel)).to_have_value("区政府常务会议决定")
    admin.field("生效日期", panel).fill(today)
    panel.locator("button[type=submit]").click()
    admin.told()
    admin.shows("现行：第 2 版")

    propose(office, NEW)
    leader = enter(place, "government_leader")
    for title, step, other in ((OLD, "审批", "会签审批"), (NEW, "会签审批", "")):
        office.open("/matters/")
        office.follow(title)
        steps = office.page.locator(".hy-steps").first
        expect(steps).to_contain_text(step)
        if other:
            expect(steps).not_to_contain_text(other)
        leader.take(title)
        leader.act("同意", 意见="同意。")
        leader.told()

    office.open("/settings/profile/")
    for number, title, other in ((1, OLD, NEW), (2, NEW, OLD)):
        line = office.page.get_by_role("row").filter(has_text=re.compile(rf"第 {number} 版"))
        expect(line).to_contain_text("1 件未结事项")
        line.get_by_role("link", name="1 件未结事项").click()
        office.shows(title)
        expect(office.page.get_by_role("link", name=other)).to_have_count(0)
        office.open("/settings/profile/")
