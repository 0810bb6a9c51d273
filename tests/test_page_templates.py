"""Every page of ours from plain values: nothing undefined, no script or style in the markup, a label on every field."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask_appbuilder
import pytest
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    Form,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from app.jurisdictions.presenting.diagram import Arc, Diagram, Node
from app.jurisdictions.presenting.editor import EditorPage, SectionLine
from app.jurisdictions.presenting.form import Card, Control, Option
from app.jurisdictions.presenting.places import FaultLine
from app.kernel.pages import Act, BarRow, DueCell, Figure, FileLine, Filter, Link, Pager, Tab, TaskLine
from app.kernel.shell import NavGroup, NavItem, Shell, ShellJurisdiction
from app.matters import pages
from app.organisation.pages import MatrixGroup, MatrixPage, MatrixRole, MatrixRow
from app.platform.pages import JurisdictionRow, JurisdictionsPage
from app.urging import pages as urging
from app.urging.forms import TogetherForm

ROOT = Path(__file__).resolve().parent.parent
DAY = dt.date(2026, 11, 23)
AT = dt.datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 - pages get local wall-clock time
CELLS = (
    DueCell("ok", DAY, 9),
    DueCell("warn", DAY, 0, is_today=True),
    DueCell("warn", DAY, 2),
    DueCell("bad", DAY, 0, 4, True),
    DueCell("bad", DAY, 0, 0, True),
    DueCell("hold", DAY),
    DueCell("done", DAY, late=True),
    DueCell("ok", None),
    None,
)
MATTER_STATES = [
    "draft",
    "proposed",
    "listed",
    "registered",
    "dispatched",
    "acknowledged",
    "in_progress",
    "reported",
    "completed",
    "closed_out",
    "archived",
    "suspended",
    "cancelled",
]
ASSIGNMENT_STATES = ["notified", "acknowledged", "in_progress", "reported", "returned", "accepted", "declined"]
UNITS = [("1", "区教育局"), ("2", "区民政局")]


class Opinion(Form):
    token = HiddenField(default="t")
    opinion = TextAreaField("意见", [InputRequired()], description="会记入办理记录")


class Register(Form):
    title = StringField("名称", [InputRequired("请填写名称。")])
    urgency = RadioField("紧急程度", choices=[("normal", "普通"), ("urgent", "急件")])
    lead_unit = SelectField("主办单位", [InputRequired()], choices=UNITS)
    co_units = SelectMultipleField("协办单位", choices=UNITS)
    stated_due_on = DateField("期限")
    major = BooleanField("重大事项")
    files = MultipleFileField("附件")


def environment() -> Environment:
    """The templates with Flask's helpers stubbed: what is tested is the markup, not the application."""
    env = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(ROOT / "app/templates"),
                FileSystemLoader(Path(flask_appbuilder.__file__).parent / "templates"),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        url_for=lambda endpoint, **values: f"/{endpoint}/{'/'.join(str(value) for value in values.values())}",
        csrf_token=lambda: "token",
        get_flashed_messages=lambda **_kwargs: [("success", "saved"), ("danger", "refused")],
        request=SimpleNamespace(path="/here", args={}, script_root="/j/x"),
        shell=Shell(
            "回音",
            ShellJurisdiction("华容区", "区", "huarong", ("督查员",)),
            (ShellJurisdiction("华容区", "区", "huarong"), ShellJurisdiction("鄂州市", "市", "ezhou")),
            (
                NavGroup(
                    "我的工作", (NavItem("工作台", "home", "/", current=True), NavItem("待办", "inbox", "/todo/", 8))
                ),
            ),
            "李督查",
            unread=120,
            environment_label="测试环境",
            search_url="/s",
            inbox_url="/i",
            profile_url="/me",
            logout_url="/logout/",
            help_url="/help",
        ),
    )
    return env


def act(key: str, **more: Any) -> Act:
    return Act(
        key, "同意", "确认同意", "/do", effect="将记入办理记录。", form=Opinion(), version=3, phrases=("同意",), **more
    )


FILES = (FileLine("批示.pdf", "/f", 2_000_000, "李督查", DAY, "原件"), FileLine("无后缀", "", 10, "吴丽", DAY))
ENTRIES = (
    pages.TimelineEntry("签收", "吴丽", DAY, AT, "ok", "check", "已收到", "系统内已读", FILES),
    pages.TimelineEntry("立项", "", DAY),
)
EXPLANATION = pages.DueExplanation(
    "办结期限", DueCell("bad", DAY, 0, 2, True), (("依据", "细则第十条"),), ("起算。", "届满。")
)
PAGER = Pager.of(251, 7, 20, lambda number: f"?page={number}")
TABS = (Tab("全部", "#", 8, True, True), Tab("已办", "#"))
TODO = tuple(
    pages.TodoLine(
        f"事项{number}", "/m", "华政督〔2026〕1号", "教育局", "领导批示", cell, Link("审批", "#", "stamp"), pick="1"
    )
    for number, cell in enumerate(CELLS)
)
FILTERS = (
    Filter("text", "q", "关键词"),
    Filter("select", "light", "亮灯", "bad", choices=(("bad", "逾期"),)),
    Filter("dates", "due", "期限", "2026-11-01", "2026-12-31"),
)
UNIT_LINES = tuple(
    pages.UnitLine(
        "区教育局",
        "lead",
        state,
        CELLS[0],
        "周局长",
        "吴丽",
        "0711",
        AT,
        True,
        DAY,
        92,
        "非本单位职责",
        (act(f"u-{state}"),),
    )
    for state in ASSIGNMENT_STATES
)
LETTER = pages.Letter(
    "区政府办公室", "华政督〔2026〕1号", "督办通知单", "区教育局", ("请抓紧办理。",), "区政府办公室", DAY
)
PREVIEW = pages.DuePreview(
    (pages.PreviewLine("办结期限", DAY, "一个月", ("起算。",), True), pages.PreviewLine("整改结果", None, "办结后")),
    DAY,
    "暂定",
)


def case_file(section: str, state: str = "in_progress") -> pages.CaseFilePage:
    return pages.CaseFilePage(
        title="老旧小区改造",
        number="华政督〔2026〕1号",
        state=state,
        due=CELLS[3],
        facts=(("主办", "区教育局"), ("协办", "")),
        next_step=pages.NextStep(
            "审核", "报送于昨日", True, (act("accept", tone="primary"), act("cancel", tone="danger", open=True))
        ),
        steps=(
            pages.TrackerStep("拟办", "done", "10月1日"),
            pages.TrackerStep("交办", "current"),
            pages.TrackerStep("归档", "ahead"),
        ),
        tabs=TABS,
        section=section,
        ledger_href="/matters/",
        urgency="critical",
        tools=(Link("打印", "#", "print"),),
        restricted="敏感",
        timeline=ENTRIES,
        timeline_filters=TABS,
        content=(("内容", "第一。\n第二。"), ("批示", "")),
        content_facts=(("来源", "领导批示"), ("密级", None)),
        units=UNIT_LINES,
        documents=FILES,
        attachments=FILES,
        upload=act("upload"),
        obligations=(pages.ObligationLine("办结", "区教育局", EXPLANATION, dt.date(2026, 11, 1), DAY),),
        log=(pages.LogLine(1, AT, "李督查", "催办", "第 1 次"),),
        log_note="连续编号",
        explanation=EXPLANATION,
        side_units=UNIT_LINES[:2],
        side_files=FILES,
    )


def register_page(form: Form) -> pages.RegisterPage:
    return pages.RegisterPage(
        title="登记",
        form=form,
        groups=(
            pages.FieldGroup("事项", ("title", "urgency", "major", "absent"), "提示"),
            pages.FieldGroup("承办", ("lead_unit", "co_units"), picks=frozenset({"lead_unit", "co_units"})),
            pages.FieldGroup("要求", ("stated_due_on", "files")),
        ),
        action="/save",
        preview_url="/matters/due-preview",
        preview_fields=("title", "stated_due_on"),
        preview=PREVIEW,
        submit_label="呈批",
        back_href="/matters/",
        words={"1": "jyj"},
        duplicates=(Link("1号", "/m"),),
        existing=FILES,
        version=1,
    )


def slip_lines() -> tuple[urging.SlipLine, ...]:
    matter = Link("三江港泵站", "/m/1")
    asked = urging.SlipLine("red", "红色督办单", "待审批", "info", "水利局", matter, demand="请办结。")
    return (
        *(
            replace(asked, colour=colour, number="华督〔2026〕1号", href="/d/1", issued_on=DAY, due=cell)
            for colour, cell in zip(("blue", "yellow", "orange", "red"), CELLS, strict=False)
        ),
        replace(asked, answer="已办。", answered_on=DAY),
        asked,
    )


def slips_page(**changes: Any) -> urging.SlipsPage:
    values: dict[str, Any] = {
        "title": "分级督办单",
        "article": "第八条",
        "tabs": (Tab("全部", "/s", 6, current=True), Tab("逾期未答复", "/s?shown=ran_out", 2, bad=True)),
        "filters": (Filter("select", "colour", "颜色", choices=(("blue", "蓝色"),)),),
        "hidden": (("shown", "running"),),
        "reset_href": "/s",
        "lines": slip_lines(),
        "pager": Pager.of(6, 1, 25, lambda number: f"?page={number}"),
    }
    return urging.SlipsPage(**(values | changes))


def together_page(**changes: Any) -> urging.TogetherPage:
    form = TogetherForm()
    form.message.data, form.batch.data = "请{单位}反馈。", "b1"
    form.wanted.choices = [("sms", "短信")]
    reader = urging.TogetherReader("张三", "站内消息", "李四")
    line = urging.TogetherLine(
        "7",
        Link("清淤", "/m"),
        "1号",
        "水利局",
        "lead",
        DueCell("bad", DAY, overdue=2),
        (reader,),
        "请反馈。",
        "",
        True,
    )
    values: dict[str, Any] = {
        "form": form,
        "lines": (
            line,
            replace(line, readers=()),
            replace(line, part_id="", refusal="今天已催办过。", role="", unit=""),
        ),
        "kept": (("id", "1"), ("part", "7")),
        "texts": (Link("催反馈", "/n?text=one"), Link("逾期", "/n?text=two")),
        "rule": "每天一次。",
        "going": 2,
        "units": 1,
        "matters": 1,
        "refused": 1,
        "unseen": 1,
        "sendable": True,
        "preview_action": "/n",
        "send_action": "/s",
        "log_href": "/l",
    }
    return urging.TogetherPage(**(values | changes))


def log_page(**changes: Any) -> urging.LogPage:
    line = urging.LogLine(
        AT,
        Link("清淤", "/m"),
        "1号",
        "水利局",
        "反馈",
        "电话",
        "李督查",
        "请反馈。",
        "尚未回应",
        "warn",
        "1人中0人已读",
    )
    values: dict[str, Any] = {
        "title": "催办记录",
        "tabs": (Tab("全部", "/l", 2, current=True), Tab("尚未回应", "/l?outcome=waiting", 1, bad=True)),
        "filters": (Filter("select", "kind", "事由", choices=(("receipt", "签收"),)), Filter("dates", "on", "日期")),
        "hidden": (("batch", "b1"),),
        "chips": (Link("同一批发出", "/l"),),
        "reset_href": "/l",
        "lines": (line, replace(line, number="", receipt="")),
        "pager": Pager.of(2, 1, 25, lambda number: f"?page={number}"),
        "sheet": Link("导出", "/l.xlsx", "download"),
    }
    return urging.LogPage(**(values | changes))


def burden_page(**changes: Any) -> urging.BurdenPage:
    cells = (urging.BurdenCell(3, "/b?1", 1, "/b?2", "bad"), urging.BurdenCell(0, "", 0, ""))
    values: dict[str, Any] = {
        "title": "单位负担表",
        "month": "2026年4月",
        "columns": (("催办", "系统、电话、书面"), ("督办单", "已发出")),
        "rows": (urging.BurdenRow("水利局", cells),),
        "totals": cells,
        "earlier": Link("2026年3月", "/b", "back"),
        "later": Link("2026年5月", "/b2"),
    }
    return urging.BurdenPage(**(values | changes))


def burden_list(**changes: Any) -> urging.BurdenListPage:
    line = urging.BurdenLine(DAY, "水利局", Link("清淤", "/m"), "1号", "反馈")
    values: dict[str, Any] = {
        "title": "催办",
        "month": "2026年4月",
        "back_href": "/b",
        "with_unit": True,
        "lines": (line, replace(line, matter=None)),
        "pager": Pager.of(2, 1, 50, lambda number: f"?page={number}"),
    }
    return urging.BurdenListPage(**(values | changes))


def points_page(**changes: Any) -> urging.PointsPage:
    issue = Act("letter-1", "发出提醒函", "发出", "/l?unit=1", "编号发文", icon="mail")
    letter = urging.IssuedLetter("提醒函", "华督〔2026〕1号", "", DAY)
    cells = (urging.PointsCell(2, -4, "/o"), urging.PointsCell(0, 0, ""))
    values: dict[str, Any] = {
        "title": "单位积分",
        "period": "2026年第1季度",
        "article": "第八条",
        "start": 100,
        "rules": (("反馈逾期", -2), ("按期办结", 2)),
        "thresholds": ("92分及以下：提醒函。",),
        "rows": (
            urging.PointsRow("水利局", 96, cells, (letter, replace(letter, href="/d/1")), (issue,)),
            urging.PointsRow("住建局", 100, cells),
        ),
        "pager": Pager.of(2, 1, 50, lambda number: f"?page={number}"),
        "earlier": Link("2025年第4季度", "/p", "back"),
        "later": Link("2026年第2季度", "/p2"),
    }
    return urging.PointsPage(**(values | changes))


def occasions_page() -> urging.OccasionsPage:
    lines = (urging.OccasionLine(DAY, Link("泵站", "/m/1"), "华政督登〔2026〕1号", "办结"),)
    pager = Pager.of(1, 1, 50, lambda number: f"?page={number}")
    return urging.OccasionsPage("水利局 · 办结逾期", "水利局", "2026年第1季度", "办结逾期", -5, "/p", lines, pager)


def ledger_page(**more: Any) -> pages.LedgerPage:
    rows = tuple(
        pages.LedgerRow(
            number, "事项", "/m", "", "领导批示", DAY, "教育局", 2, "", state, CELLS[number % 9], returns=number % 2
        )
        for number, state in enumerate(MATTER_STATES)
    )
    values: dict[str, Any] = {
        "tabs": TABS,
        "filters": FILTERS,
        "more_filters": (Filter("dates", "registered", "登记"),),
        "chips": (Link("逾期", "?"),),
        "rows": rows,
        "pager": PAGER,
        "reset_href": "/matters/",
        "sorts": {"due": ("?sort=due", "asc"), "title": ("?sort=title", "")},
        "hidden": (("sort", "due"),),
        "links": (Link("导入", "#", "upload"),),
        "register": Link("登记", "/r", "plus"),
        "bulk": (act("urge", tone="primary"), Act("export", "导出", "导出所选", "/x")),
        "save_view": act("save-view"),
    }
    return pages.LedgerPage(**{**values, **more})


def approvals_page(**more: Any) -> pages.ApprovalsPage:
    card = pages.ApprovalCard(
        "立项", "媒体曝光", "/m", "", "李督查", AT, "拟列入督查范围。", (("主办", "段店镇"),), CELLS[1], "urgent",
        act("approve-1", tone="primary"), act("return-1"), ENTRIES, "已同意",
    )  # fmt: skip
    return pages.ApprovalsPage(TABS, (card,), PAGER, DAY, **more)


FIGURES = (Figure("逾期", 5, "件", "#", tone="bad", light="bad"), Figure("办结", 1, "件", "#", icon="check"))
RECEIPT = pages.ReceiptPage(
    title="签收",
    letter=LETTER,
    role="lead",
    due=CELLS[0],
    facts=(("协办", "无"),),
    sign=act("sign"),
    decline=act("decline"),
    decline_until=DAY,
    files=FILES,
    explanation=EXPLANATION,
)
REPORT = pages.ReportPage(
    title="报送",
    number="1号",
    kind="completion",
    tabs=TABS,
    form=Register(),
    groups=(pages.FieldGroup("", ("title", "files")),),
    action="/r",
    submit_label="报送",
    effect="报送后不能修改。",
    due=CELLS[3],
    back_href="/m",
    criteria=("事实清楚",),
    returned="请核实。",
    history=ENTRIES,
    co_reports=ENTRIES,
    explanation=EXPLANATION,
    version=2,
)
SETTINGS = {
    "title": "",
    "groups": [("机构", [TaskLine("单位", "63 个", "#", state_label="待补充")])],
    "checks": [SimpleNamespace(label="联络员", tone="bad", words="缺", href="/units")],
}


def workbench(lines: tuple[pages.TodoLine, ...]) -> pages.WorkbenchPage:
    return pages.WorkbenchPage(
        "李督查", "上午好", DAY, "督查室", FIGURES,
        TABS, lines, "/todo/", (pages.SoonLine(DAY, "事项", "#", "warn"),), "/matters/",
        pages.CheckProgress("季度检查", 41, 58, "#", "细则第十二条"), ENTRIES, (Link("登记", "#", "plus"),),
    )  # fmt: skip


def bad_form() -> Form:
    form = Register(MultiDict({"title": "", "stated_due_on": "2026-13-1"}))
    form.validate()
    return form


MATRIX = MatrixPage(
    (MatrixRole(1, "督查员", 4, "#"), MatrixRole(2, "审计员", locked=True)),
    (MatrixGroup("督查", (MatrixRow("matter:urge", "催办", frozenset({1, 2})), MatrixRow("matter:close", "销号"))),),
    "/save",
    True,
    "/new",
)
JURISDICTION = JurisdictionRow("华容区", "#", "huarong", "420703", "区", "", "", 1, 2, 3, "运行中", "ok")

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "workbench": ("matters/workbench.html", {"page": workbench(TODO)}),
    "workbench-empty": ("matters/workbench.html", {"page": workbench(())}),
    "todo": ("matters/todo.html", {"page": pages.TodoPage(TABS, TODO, PAGER, "没有待办", bulk=(act("ack"),))}),
    "todo-empty": ("matters/todo.html", {"page": pages.TodoPage(TABS, (), PAGER, "没有待办")}),
    "approvals": ("matters/approvals.html", {"page": approvals_page()}),
    "register": ("matters/register_form.html", {"page": register_page(Register())}),
    "register-refused": ("matters/register_form.html", {"page": register_page(bad_form())}),
    "preview": ("matters/_due_preview.html", {"preview": PREVIEW}),
    "slips": ("urging/slips.html", {"page": slips_page()}),
    "slips-none": ("urging/slips.html", {"page": slips_page(lines=(), article="")}),
    "together": ("urging/together.html", {"page": together_page()}),
    "together-nobody": ("urging/together.html", {"page": together_page(sendable=False, texts=(), unseen=0)}),
    "urging-log": ("urging/log.html", {"page": log_page()}),
    "urging-log-none": ("urging/log.html", {"page": log_page(lines=(), chips=(), sheet=None)}),
    "burden": ("urging/burden.html", {"page": burden_page()}),
    "burden-none": ("urging/burden.html", {"page": burden_page(rows=(), totals=(), later=None)}),
    "burden-list": ("urging/burden_list.html", {"page": burden_list()}),
    "burden-list-none": ("urging/burden_list.html", {"page": burden_list(lines=(), with_unit=False)}),
    "points": ("urging/points.html", {"page": points_page()}),
    "points-none": ("urging/points.html", {"page": points_page(rows=(), rules=(), thresholds=())}),
    "occasions": ("urging/occasions.html", {"page": occasions_page()}),
    "ledger": ("matters/ledger.html", {"page": ledger_page()}),
    "ledger-nothing-found": ("matters/ledger.html", {"page": ledger_page(rows=())}),
    "ledger-empty": ("matters/ledger.html", {"page": ledger_page(rows=(), chips=(), bulk=(), save_view=None)}),
    **{
        f"case-{section}": ("matters/case_file.html", {"page": case_file(section)})
        for section in ("timeline", "content", "units", "documents", "deadline", "log")
    },
    "receipt": ("matters/receipt.html", {"page": RECEIPT}),
    "report": ("matters/report_form.html", {"page": REPORT}),
    "settings": ("settings/index.html", SETTINGS),
    "roles": ("organisation/role_matrix.html", {"page": MATRIX}),
    "jurisdictions": (
        "platform/jurisdictions.html",
        {"page": JurisdictionsPage((JURISDICTION,), PAGER, FILTERS[:1], (Figure("辖区", 1, "个", "#"),), (Link("开通", "#"),))},
    ),
    "fault": ("hy/error.html", {"status": 404, "sentence": "没有内容。", "request_id": "3f9a"}),
    "sign-in": ("appbuilder/general/security/login_db.html", {"form": SimpleNamespace(), "jurisdiction_name": ""}),
}  # fmt: skip


def control(kind: str, number: int, **more: Any) -> Control:
    return Control(kind, f"part-{number}", f"字段{number}", "说明。", errors=("请填写。",), **more)


ROLES = (Option("a", "督查员", True), Option("b", "已删除", True, True))
CONTROLS = (
    *(control(kind, number, required=True) for number, kind in enumerate(("text", "long", "date", "time", "number"))),
    control("lines", 10, wide=True),
    control("yes_no", 11, on=True),
    control("choice", 12, options=ROLES),
    control("entry", 13, options=ROLES, texts=("b",)),
    control("choices", 14, options=ROLES),
    control("entries", 15, options=()),
    control("ordered", 16, options=ROLES, texts=("a", "b", "")),
    control("article", 17, options=ROLES, texts=("a", ""), note="条文。"),
    control("article", 18),
    control("rights", 19, on=True),
    control("rights", 20, options=ROLES),
    control("switched", 21, controls=(control("text", 210),), kept=(("k", "v"),)),
    control("named", 22, pairs=(("part-22-draft", "拟办", ""),)),
)  # fmt: skip
CARDS = (
    Card("rows-0", 1, "审批", "任一人", (("rows-0-key", "sp"),), (control("text", 31), control("long", 32)),
         (control("yes_no", 33),), ("步骤不对。",), True, True, True, True, True),
    Card("rows-1", 2, "", "", (), (control("text", 34),), last=True),
)  # fmt: skip
PARTS = (
    Control("section", "intake", "立项", controls=CONTROLS),
    Control("section", "procedure", "程序", controls=(Control("cards", "procedure-steps", "环节", cards=CARDS),)),
    Control("cards", "regulation-articles", "条文"),
    Control("switched", "slips", "督办单", controls=(control("text", 40),)),
    Control("lines", "attendance", "列席"),
    Control("choices", "handling_modes", "方式", options=ROLES),
    Control("named", "words", "用语", pairs=(("words-draft", "拟办", ""),)),
    Control("yes_no", "reference_register", "备查登记"),
)
PICTURE = Diagram(
    240, 90, (Node(1, 4, "1 拟办", "拟办", ("督查员",), "2 日", "draft", True, "#"),), ("M1 2 V3",),
    (Arc("M1 2", 3, 4, "退回"),), "拟办", upright=True,
)  # fmt: skip
FAULT = FaultLine("没有人办理。", "程序 › 环节", "/edit/procedure?at=x#f-x", "procedure")


def editor(**more: Any) -> EditorPage:
    values: dict[str, Any] = {
        "key": "procedure", "title": "程序", "intro": "说明", "root": "/j/x",
        "sections": (SectionLine("程序", "#", True, True, 2), SectionLine("期限", "#", False, False, 0)),
        "controls": PARTS, "base": "b", "revision": 3, "may_write": True, "has_draft": True, "state": "草稿",
        "faults": (FAULT,), "articles": (("第一条", "原文"),), "next": Link("期限", "#"), "diagram": PICTURE,
    }  # fmt: skip
    return EditorPage(**(values | more))


CASES["editor"] = ("settings/profile/edit.html", {"page": editor(refusals=(FAULT,), simulator=True)})
CASES["editor-to-read"] = (
    "settings/profile/edit.html",
    {"page": editor(may_write=False, has_draft=False, faults=(), next=None, conflict="他人已保存。")},
)


class Login(Form):
    username = StringField("用户名", [InputRequired()])
    password = StringField("密码", [InputRequired()])


CASES["sign-in"][1]["form"] = Login()


class Reader(HTMLParser):
    """What a browser and a screen reader would stumble over."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.fors: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.faults: list[str] = []
        self.labels_open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        names = [name for name, _value in attrs]
        self.faults += [f"<{tag}> twice {name}" for name in set(names) if names.count(name) > 1]
        self.faults += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        if tag == "script" and not values.get("src"):
            self.faults.append("script in the page")
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "label":
            self.labels_open += 1
            if values.get("for"):
                self.fors.add(str(values["for"]))
        if tag in ("input", "select", "textarea") and values.get("type") != "hidden" and not self.labels_open:
            self.fields.append(values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.labels_open -= 1


@pytest.mark.parametrize("case", CASES)
def test_every_page_draws_clean_markup(case: str) -> None:
    name, context = CASES[case]
    html = environment().get_template(name).render(context)
    reader = Reader()
    reader.feed(html)
    unlabelled = [
        field
        for field in reader.fields
        if not (field.get("aria-label") or field.get("aria-labelledby") or field.get("id") in reader.fors)
    ]
    assert reader.faults == []
    assert unlabelled == []
    assert sorted({one for one in reader.ids if reader.ids.count(one) > 1}) == []


@pytest.mark.parametrize("state", MATTER_STATES)
def test_every_state_of_a_matter_has_a_word(state: str) -> None:
    assert "hy-pill" in environment().get_template("matters/case_file.html").render(page=case_file("log", state))


def test_a_light_is_a_shape_and_a_word_and_never_a_colour_alone() -> None:
    html = (
        environment()
        .get_template("matters/todo.html")
        .render(
            page=pages.TodoPage(TABS, TODO, PAGER, ""),
        )
    )
    for shape in ("l-ok", "l-warn", "l-bad", "l-hold", "l-done", "l-none"):
        assert f"#{shape}" in html
    for words in (
        "On track, 9",
        "Due today",
        "Due soon, 2",
        "4 working days overdue",
        "Clock paused",
        "Finished late",
        "No date yet",
    ):
        assert words in html


def test_a_stranger_sees_no_navigation() -> None:
    env = environment()
    env.globals["shell"] = Shell("回音")
    html = env.get_template("hy/error.html").render(status=403, sentence="没有权限。", request_id="x")
    assert "hy-side" not in html and "没有权限。" in html


def test_what_people_type_is_never_markup() -> None:
    line = pages.TodoLine("<script>alert(1)</script>", "/m", "", "", "", None)
    html = environment().get_template("matters/todo.html").render(page=pages.TodoPage((), (line,), PAGER, ""))
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


def test_bars_are_links_to_the_rows_they_count() -> None:
    env = environment()
    env.globals["rows"] = (BarRow("区自然资源和规划分局", "/matters/?unit=3", (("ok", 5), ("warn", 0), ("bad", 3))),)
    html = env.from_string('{% import "hy/ui.html" as ui %}{{ ui.stacked_bars(rows, "各单位") }}').render()
    assert 'href="/matters/?unit=3"' in html and "Overdue 3" in html and "Due soon" not in html
