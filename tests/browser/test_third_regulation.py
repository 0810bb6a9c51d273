"""A regulation the system never saw is put in by its administrator in the browser alone, and a matter then runs by it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from app.kernel import clock
from tests import third_regulation as third
from tests.browser.conftest import Enter, Live, Seat
from tests.browser.editor_hand import Hand
from tests.other_rules import profile_in_force

TITLE = "关于汛前水库除险加固的督办事项"
NAMES = {paper["key"]: paper["name"] for paper in third.PAPERS} | {
    slip["key"]: slip["name"] for slip in third.SLIPS["items"]
}


def put_in(hand: Hand) -> None:
    """The whole regulation, page by page, as its articles say."""
    seat = hand.seat
    hand.open("regulation")
    hand.put("regulation-title", third.TITLE)
    seat.page.locator("details.hy-paste > summary").click()
    seat.page.locator('[name="pasted"]').fill("\n".join(f"{number}　{text}" for number, text in third.ARTICLES))
    seat.press("替换全部条文")
    expect(seat.page.locator('[name="regulation-articles-14-article"]')).to_have_value("第十五条")
    hand.save()

    seat.open("/settings/profile/articles/")
    for box in seat.page.locator("select[name^=a]").all():
        box.select_option("本级设定")
    seat.press("在草稿中更换")
    seat.told()

    hand.open("procedure")
    hand.entry("procedure-steps-1")
    hand.put("procedure-steps-1", {"name": "两级审批", "article": "第二条", "approval": third.EXTENSION["approval"]})
    hand.entry("procedure-steps-5")
    hand.put("procedure-steps-5", {"article": "第十五条", "limit": {"rule": "working_days", "amount": 2}})
    hand.save()

    hand.open("papers")
    hand.put("document_types", list(third.PAPERS))
    hand.save()

    hand.open("dispatch")
    hand.put("receipt", {"decline_window_working_days": 2, "decline_signed_by_leader": True, "article": "第九条"})
    hand.save()

    hand.open("deadlines")
    hand.empty("deadline_rules")
    hand.put("deadline_rules", list(third.DEADLINE_RULES))
    hand.put("last_day", third.LAST_DAY)
    hand.save()

    hand.open("extension")
    hand.put("extension", third.EXTENSION)
    hand.save()

    hand.open("completion")
    hand.put("completion", {"grades": third.GRADES, "satisfaction": third.SATISFACTION, "article": "第十一条"})
    hand.save()

    hand.open("slips")
    hand.put("slips", third.SLIPS)
    hand.save()  # marks name slips, which are there once they are kept
    hand.put("points", third.POINTS)
    hand.save()

    hand.open("units")
    hand.put("units", {"contribution_lead_days": 3, "article": "第八条"})
    hand.save()


def publish(admin: Seat) -> None:
    """Look at the draft as a whole and put it in force from today."""
    admin.open("/settings/profile/")
    expect(admin.page.get_by_text("检查未发现问题").first).to_be_visible()
    admin.act("发布", 生效日期=clock.today().isoformat(), 理由="县政府常务会议通过")
    admin.told()
    admin.shows("现行：第 2 版")


def hand_out(live: Live, enter: Enter) -> tuple[Seat, Seat]:
    """An urgent instruction, approved by two leaders one after the other, and handed to its unit: the office, the unit."""
    place = live.world.huarong
    office = enter(place, "inspector")
    office.open("/matters/register")
    office.field("来源").select_option(label="领导重要批示")
    office.field("标题").fill(TITLE)
    office.page.get_by_label("急件", exact=True).check()
    office.field("拟办意见").fill("拟请区水利和湖泊局牵头，区住建局配合。")
    office.pick("主办单位", "区水利和湖泊局")
    office.pick("协办单位", "区住房和城乡建设局")
    office.press("呈批")
    office.told()
    for leader in ("office_leader", "government_leader"):
        seat = enter(place, leader)
        seat.take(TITLE)
        seat.act("同意", 意见="同意。")
        seat.told()
    office.take(TITLE)
    office.act("登记编号")
    office.told()
    office.act("交办", files={"来文原件或复印件": "批示.pdf"})
    office.told()
    return office, enter(place, "unit_liaison", "SLJ")


def by_its_articles(seat: Seat, *articles: str) -> None:
    """The case file names these articles as the basis of its dates."""
    text = seat.page.locator("main").inner_text()
    assert [article for article in articles if article not in text] == []


def test_a_third_regulation_is_put_in_by_hand_and_acts(app: Any, live: Live, enter: Enter) -> None:
    """青禾县办法：从区县范本改起，全部在浏览器中录入、发布，再办一件急件批示。"""
    admin = enter(live.world.huarong, "administrator")
    admin.open("/settings/profile/")
    admin.act("新建草稿", 起草事由="按本县办法")
    admin.told()
    put_in(Hand(admin, NAMES))
    publish(admin)
    with app.app_context():
        _as_meant(live)

    office, unit = hand_out(live, enter)
    by_its_articles(office, "第三条")
    unit.take(TITLE)
    unit.act("签收", 签收人="李四")
    unit.told()
    expect(unit.panel("申请延期")).to_be_visible()
    office.page.reload()
    expect(office.page.get_by_text("两级审批").first).to_be_visible()


def _as_meant(live: Live) -> None:
    """What is stored is, but for the keys the system gave, what the regulation says."""
    place = live.world.huarong
    with place.inside():
        profile = profile_in_force(place, clock.now())
        place.session.rollback()
    said = [_without_keys(rule) for rule in third.DEADLINE_RULES]
    stored = [_without_keys(rule.model_dump(mode="json", exclude_defaults=True)) for rule in profile.deadline_rules]
    assert stored == said
    assert profile.extension.model_dump(mode="json", exclude_defaults=True) == third.EXTENSION
    assert profile.slips is not None and profile.points is not None
    assert [(slip.name, slip.colour, slip.limit_working_days) for slip in profile.slips.items] == [
        ("黄色督办单", "yellow", 3),
        ("红色督办单", "red", 2),
    ]
    assert [(rule.name, rule.points) for rule in profile.points.rules] == [
        ("逾期", -5),
        ("退回", -2),
        ("红色督办单", -10),
    ]
    assert (profile.units.contribution_lead_days, profile.receipt.decline_signed_by_leader) == (3, True)
    assert re.fullmatch(r"第.+条", profile.procedure.steps[1].article)


def _without_keys(rule: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in rule.items() if name != "key"}
