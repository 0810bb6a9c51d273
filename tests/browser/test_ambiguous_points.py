"""What the regulation leaves open is switched by the administrator and seen to act: in the simulator, on a real matter."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import expect

from app.kernel import clock
from tests.browser.conftest import Enter, Live, Seat
from tests.made_files import PDF
from tests.other_rules import profile_in_force

PAGE = "/settings/profile/edit/readings"
TITLE = "关于凤凰山隧道照明整改的督办事项"
# Handed out on a Monday, and nobody has signed yet.
MATTER = {"dispatched_on": "2026-03-02"}


def answers(seat: Seat, **chosen: str) -> None:
    """Answer points on their page, by the name of their field, and keep them in the draft."""
    seat.open(PAGE)
    for name, value in chosen.items():
        box = seat.page.locator(f'[name="{name}"]')
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(value)
        else:
            box.fill(value)
    seat.press("保存到草稿")
    seat.told()


def tried(seat: Seat, label: str, *, draft: bool = False, **facts: str) -> str:
    """The date the simulator gives for what is due, and the sentences of its explanation."""
    asked = {"source": "district_meeting", "urgency": "normal", **MATTER, **facts} | ({"draft": "1"} if draft else {})
    seat.open(f"/settings/simulator?{urlencode(asked)}")
    line = seat.page.locator("#hy-simulated .hy-preview").filter(has_text=re.compile(rf"^\s*{label}")).first
    line.locator("details.hy-why > summary").click()
    return line.inner_text()


def rule_field(live: Live, key: str, field: str) -> str:
    """The name of a field of one deadline rule in the form."""
    place = live.world.huarong
    with place.inside():
        rules = profile_in_force(place, clock.now()).deadline_rules
        place.session.rollback()
    return f"deadline_rules-{next(i for i, rule in enumerate(rules) if rule.key == key)}-{field}"


def publish(admin: Seat) -> None:
    admin.open("/settings/profile/")
    panel = admin.panel("发布")
    panel.locator("summary").click()
    admin.field("生效日期", panel).fill(clock.today().isoformat())
    admin.field("理由", panel).fill("区政府办公室统一口径")
    panel.locator("button[type=submit]").click()
    admin.told()


def test_open_points_are_switched_and_act(app: Any, live: Live, enter: Enter) -> None:
    """华容区：口径页逐条切换、模拟器见效、发布，再办一件事项逐条见效。"""
    place = live.world.huarong
    admin = enter(place, "administrator")
    with app.app_context():
        roll, fixed_roll, count, deemed, cutoff, until = (
            rule_field(live, *one)
            for one in (
                ("month", "roll"),
                ("stated", "roll"),
                ("month", "count_start_day"),
                ("month", "deemed_receipt_after"),
                ("month", "after_hours_cutoff"),
                ("month", "due_time"),
            )
        )
        media = rule_field(live, "media_interim", "rule")

    both = {"stated_due_on": "2026-03-27", "instructed_due_on": "2026-03-13"}
    assert "2026年3月13日" in tried(admin, "办结", **both)
    assert "2026年4月3日" in tried(admin, "办结")
    assert "2026年3月9日" in tried(admin, "首次反馈", exposed_on="2026-03-01")

    # every point stands there, the recommended marked, and nothing has been switched yet
    admin.open(PAGE)
    expect(admin.page.locator("section.hy-point")).to_have_count(22)
    admin.shows("口径")
    assert admin.page.locator("option[selected]", has_text="（建议）").count() > 10

    answers(
        admin,
        **{
            "readings-conflict": "precedence",
            "readings-urgent_default": "date_needed",
            "readings-reinstruct": "continue",
            "readings-returned_counts_as_late": "1",
            "readings-media_guard": "0",
            roll: "none",
            fixed_roll: "next_working_day",
            count: "1",
            deemed: "3",
            until: "17:30",
            media: "working_days",
            "units-contribution_lead_days": "4",
            "recompute-earlier": "apply",
        },
    )
    admin.shows("与建议不同")

    # under the draft each of them acts; what is in force has not changed
    assert "2026年3月27日" in tried(admin, "办结", draft=True, **both)
    month = tried(admin, "办结", draft=True)
    assert "2026年4月4日 17:30" in month  # deemed received on the 5th, which counts; a Saturday stays
    # four working days lie between it and that Saturday; as recommended, two before the 3rd
    assert "2026年3月30日" in tried(admin, "送主办单位意见", draft=True)
    assert "2026年4月1日" in tried(admin, "送主办单位意见")
    assert "2026年3月11日" in tried(admin, "首次反馈", draft=True, exposed_on="2026-03-01")
    assert "视为未报" in tried(admin, "办结", draft=True, reported_on="2026-03-20", returned_on="2026-03-24")
    assert "2026年4月4日" in tried(admin, "办结", draft=True, instructed_on="2026-03-20")
    assert "2026年3月30日" in tried(admin, "办结", draft=True, stated_due_on="2026-03-28")
    assert "2026年3月13日" in tried(admin, "办结", **both)
    assert "2026年4月20日" in tried(admin, "办结", instructed_on="2026-03-20")

    # after hours, switched alone: received on a Monday evening it begins on Tuesday
    answers(admin, **{cutoff: "17:30"})
    late = {"acknowledged_on": "2026-03-02", "acknowledged_at": "20:00"}
    assert "2026年4月2日" in tried(admin, "办结", draft=True, **late)

    # what cannot be taken is said beside its field, and the draft stays as it was
    admin.open(PAGE)
    admin.page.locator('[name="units-contribution_lead_days"]').fill("10000")
    admin.page.locator(f'[name="{until}"]').fill("25:00")
    admin.press("保存到草稿")
    expect(admin.page.locator(".hy-point .hy-error")).to_have_count(2)
    expect(admin.page.locator('[name="units-contribution_lead_days"]')).to_have_value("10000")

    publish(admin)
    _a_matter_runs_by_them(live, enter)


def _a_matter_runs_by_them(live: Live, enter: Enter) -> None:
    place, today = live.world.huarong, clock.today()
    item, instruction = (_working(today + dt.timedelta(days=days)) for days in (30, 12))
    office = enter(place, "inspector")
    office.open("/matters/register")
    office.field("来源").select_option(label="区政府会议决定")
    office.field("标题").fill(TITLE)
    office.field("拟办意见").fill("拟请区水利和湖泊局牵头。")
    office.field("批示原文").fill("请立即整改。")
    office.pick("主办单位", "区水利和湖泊局")
    office.press("呈批")
    # "at once" names no day: somebody has to say what it means, and here that is a day
    office.shows("请确认其含义")
    office.field("只写“尽快”“立即”").select_option("yes")
    office.press("呈批")
    office.shows("须由督查室写明日期")
    office.field("办结时限").fill(item.isoformat())
    office.field("批示要求的日期").fill(instruction.isoformat())
    office.field("标题").focus()
    expect(office.page.locator("#due-preview")).to_contain_text(f"以{item.isoformat()}为准")
    office.press("呈批")
    office.told()

    leader = enter(place, "government_leader")
    leader.take(TITLE)
    leader.act("同意", 意见="同意。")
    leader.told()
    office.take(TITLE)
    office.act("登记编号")
    office.told()
    office.act("交办", ticks=("督办通知单",), files={"来文原件或复印件": "批示.pdf"})
    office.told()
    unit = enter(place, "unit_liaison", "SLJ")
    unit.take(TITLE)
    unit.act("签收", 签收人="张三")
    unit.told()
    office.page.reload()
    body = office.page.locator("main")
    expect(body).to_contain_text(_long(item))
    expect(body).to_contain_text("本级口径以来件为先")

    # a new instruction is recorded and the running clock goes on
    office.act("新批示", 批示原文="请每周报告进展。")
    office.told()
    expect(body).to_contain_text("请每周报告进展。")
    expect(body).to_contain_text(_long(item))

    # a report that came back was none: the date it had met runs on
    unit.page.goto(re.sub(r"[?#].*$", "", unit.page.url) + "/report?kind=completion")
    unit.field("办理结果").fill("隧道照明已恢复。")
    unit.field("发文字号").fill("华水〔2026〕9号")
    unit.field("办结报告").set_input_files({"name": "办结报告.pdf", "mimeType": "application/pdf", "buffer": PDF})
    unit.page.locator("form.hy-form button[type=submit]").click()
    unit.told()
    office.take(TITLE)
    office.act("退回重报", 须更正的内容="请补充检测数据。")
    office.told()
    office.follow("时限明细")
    expect(office.page.locator("main")).to_contain_text("视为未报")


def _working(day: dt.date) -> dt.date:
    """A weekday, so that no rest day moves it."""
    return day + dt.timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def _long(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
