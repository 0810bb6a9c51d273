"""Whole lives of matters, each step by the person whose step it is, found by the words on the screen."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from playwright.sync_api import expect

from app.kernel import clock
from tests.browser.conftest import Enter, Live, Seat
from tests.made_files import PDF

PUMPS = "关于加快三江港新区排涝泵站建设的督办事项"
FLOODS = "关于里下河地区防汛工程的批示办理"
CITY_CRITERIA = ("讲真话报实情", "事项办结到位", "书面反馈规范")
DISTRICT_CRITERIA = ("事实清楚", "结论准确", "处理妥当", "文书格式规范")


def file(seat: Seat, kind: str, attachment: str = "", **fields: str) -> None:
    """File a report of a kind on the report page of the matter that is open."""
    seat.page.goto(re.sub(r"[?#].*$", "", seat.page.url) + f"/report?kind={kind}")
    for label, words in fields.items():
        seat.field(label).fill(words)
    if attachment:
        seat.field("办结报告").set_input_files({"name": attachment, "mimeType": "application/pdf", "buffer": PDF})
    seat.page.locator("form.hy-form button[type=submit]").click()


def test_a_district_matter_from_proposal_to_archive(live: Live, enter: Enter) -> None:
    """华容区：拟办、审批、登记编号、交办、签收、反馈、办结报告、退回重报、再报、审核、销号、归档。"""
    place = live.world.huarong
    office = enter(place, "inspector")
    office.open("/matters/register")
    office.field("来源").select_option(label="区政府会议决定")
    office.field("标题").fill(PUMPS)
    office.field("拟办意见").fill("拟请区水利和湖泊局牵头，区住建局配合。")
    office.pick("主办单位", "区水利和湖泊局")
    office.pick("协办单位", "区住房和城乡建设局")
    office.press("呈批")
    office.told()

    leader = enter(place, "government_leader")
    leader.open("/approvals/")
    leader.shows(PUMPS)
    leader.act("同意", 意见="同意，请区水利和湖泊局牵头。")
    leader.told()

    office.take(PUMPS)
    office.act("登记编号")
    office.told()
    office.shows("华政督登〔")
    office.act(
        "交办", ticks=("督办通知单",), files={"来文原件或复印件": "会议纪要复印件.pdf"}, 办理要求="按月报送进展。"
    )
    office.told()

    lead, co = enter(place, "unit_liaison", "SLJ"), enter(place, "unit_liaison", "ZJJ")
    stranger = enter(place, "unit_liaison", "JYJ")
    stranger.open("/matters/")
    expect(stranger.page.get_by_text(PUMPS)).to_have_count(0)
    lead.take(PUMPS)
    lead.page.goto(f"{lead.page.url.split('?')[0].split('#')[0]}/receipt")
    lead.shows("华政督〔")
    lead.shows("按月报送进展。")
    lead.act("签收", 签收人="张三", 电话="0711-3350001")
    lead.told()
    notice = lead.page.locator("a[href$='.docx']").first
    with lead.page.expect_download() as download:
        notice.click()
    assert download.value.suggested_filename.endswith(".docx")
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"
    co.take(PUMPS)
    co.act("签收", 签收人="李四")
    co.told()

    lead.take(PUMPS)
    file(lead, "progress", 进展情况="泵站主体已完成六成。")
    lead.told()
    lead.take(PUMPS)
    file(lead, "completion", "办结报告.pdf", 办理结果="泵站主体已完工。", 发文字号="华水〔2026〕8号")
    lead.told()

    office.take(PUMPS)
    office.act("退回重报", ticks=("事实清楚",), 须更正的内容="数据与台账不符，请核实重报。")
    office.told()
    lead.take(PUMPS)
    file(lead, "completion", "办结报告（重报）.pdf", 办理结果="已核实，泵站主体完工。", 发文字号="华水〔2026〕9号")
    lead.told()

    office.take(PUMPS)
    office.act("审核通过", ticks=DISTRICT_CRITERIA, 意见="同意办结。")
    office.told()
    office.act("销号", 办理结果="泵站已通过验收。")
    office.told()
    archive = enter(place, "archivist")
    archive.take(PUMPS)
    archive.act("归档", 档号="2026-督-1")
    archive.told()
    archive.shows("已归档")


def test_a_city_matter_from_plan_to_archive(live: Live, enter: Enter) -> None:
    """淮安市：立项（督查计划）、秘书长和办公室主任审定、督查方案和交办由督查一组、签收带分管领导、书面反馈、办结、归档。"""
    place = live.world.huaian
    office = enter(place, "inspector")
    office.open("/matters/register")
    office.field("来源").select_option(label="领导批示交办")
    office.field("督查计划").fill("2026年下半年督查计划")
    office.field("标题").fill(FLOODS)
    office.field("领导").select_option(label="市政府副市长 分管副市长")
    office.field("批示原文").fill("请抓紧办理并报结果。")
    office.pick("主办单位", "市水利局")
    office.field("责任处室").select_option(label="市政府办公室农业处")
    office.field("办结时限").fill((clock.today() + dt.timedelta(days=60)).isoformat())
    office.press("呈批")
    office.told()

    for role in ("office_director", "secretary_general"):
        leader = enter(place, role)
        leader.open("/approvals/")
        leader.act("同意", 意见="同意。")
        leader.told()

    group = enter(place, "group_inspector", "DCZ1")
    group.take(FLOODS)
    group.act("拟定督查方案", 督查方案="先书面了解，再实地督查。")
    group.told()
    group.act("交办", ticks=("领导批办事项通知单",))
    group.told()

    lead = enter(place, "unit_liaison", "SLJ")
    lead.take(FLOODS)
    lead.act("签收", 签收人="王五", 分管领导="赵六")
    lead.told()
    lead.take(FLOODS)
    file(lead, "progress", 进展情况="已制定整改方案，工程按期推进。")
    lead.told()
    lead.take(FLOODS)
    file(lead, "completion", "办结报告.pdf", 办理结果="防汛工程已全部完工。")
    lead.told()

    group.take(FLOODS)
    group.act("审核通过", ticks=CITY_CRITERIA)
    group.told()
    archive = enter(place, "archivist")
    archive.take(FLOODS)
    archive.act("归档")
    archive.told()
