"""Where the two regulations differ, both ways are data: one test for each row of the table of differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from app.jurisdictions.rules import Profile, StepChoice, StepKind, compile_procedure
from tests.world import folder

Read = Callable[[Profile], Any]


def step(profile: Profile, kind: str) -> Any:
    """The first step of a kind."""
    return next(one for one in profile.procedure.steps if one.kind == kind)


def kinds(profile: Profile) -> list[str]:
    """The kinds of the steps, in order."""
    return [one.kind for one in profile.procedure.steps]


def clock(profile: Profile, key: str) -> tuple[Any, ...]:
    """What a deadline rule says."""
    rule = next(one for one in profile.deadline_rules if one.key == key)
    return rule.stage, rule.rule, rule.amount, rule.start_event, rule.roll


def clocks_of(profile: Profile, source: str) -> set[str]:
    """The rules that name this source."""
    return {rule.key for rule in profile.deadline_rules if source in rule.sources}


ROWS: dict[str, tuple[Read, Any, Any]] = {
    "level and status": (
        lambda p: (p.regulation.level, p.regulation.status, p.regulation.effective_on),
        ("district", "draft_for_comment", None),
        ("city", "in_force", dt.date(2007, 8, 1)),
    ),
    "who operates": (
        lambda p: (p.bodies.competent, p.bodies.operating, p.bodies.superior_roles),
        ("区政府办公室", "区政府办公室", ("office_leader", "government_leader")),
        ("市政府办公室", "市政府督查室", ("secretary_general", "office_director")),
    ),
    "matter sources": (
        lambda p: [source.article for source in p.matter_sources],
        [f"第四条（{number}）" for number in "一二三四五六七八九十"],
        [f"第三条第{number}项" for number in range(2, 7)],
    ),
    "intake paper": (
        lambda p: (p.intake.paper, p.intake.plan_cardinality),
        ("handling_proposal", "none"),
        ("supervision_plan", "one_plan_many_matters"),
    ),
    "required at intake": (
        lambda p: {"lead_unit", "responsible_division", "deadline", "plan"} & set(step(p, "draft").required_fields),
        {"lead_unit"},
        {"lead_unit", "responsible_division", "deadline", "plan"},
    ),
    "intake approver": (
        lambda p: (step(p, "approval").approval.mode, step(p, "approval").approval.roles),
        ("any_of", ("office_leader", "government_leader")),
        ("all_of", ("secretary_general", "office_director")),
    ),
    "numbering": (lambda p: (p.numbering.enabled, p.numbering.at_step), (True, "registration"), (False, None)),
    "routing": (
        lambda p: (p.routing.strategy, p.routing.overridable),
        ("functional_line", True),
        ("leader_portfolio", True),
    ),
    "supervision groups": (
        lambda p: (p.groups.enabled, p.groups.portfolio_roles),
        (False, ()),
        (True, ("vice_mayor",)),
    ),
    "plan before dispatch": (
        lambda p: (p.dispatch.scheme_required, "scheme" in kinds(p)),
        (False, False),
        (True, True),
    ),
    "dispatch documents": (
        lambda p: [p.document_type(key).name for key in p.dispatch.document_types],
        ["督办通知单", "专项督办函"],
        ["领导批办事项通知单", "传真电报"],
    ),
    "attach original or copy": (
        lambda p: (p.dispatch.require_source_copy, step(p, "dispatch").required_attachments),
        (True, ("original_or_copy",)),
        (False, ()),
    ),
    "lead and co-units": (lambda p: p.units.responsible_division_enabled, False, True),
    "self-handling": (
        lambda p: p.handling_modes,
        ("transferred", "self_handled", "office_led"),
        ("transferred",),
    ),
    "receipt check": (
        lambda p: (p.receipt.required, "receipt" in {rule.key for rule in p.deadline_rules}),
        (True, True),
        (False, False),
    ),
    "receipt logged by the office": (lambda p: p.receipt.may_be_logged_by_office, True, True),
    "leader in charge per matter": (lambda p: p.receipt.require_leader_in_charge, False, True),
    "default deadline": (
        lambda p: clock(p, "month") if p.regulation.level == "district" else clock(p, "plan"),
        ("result", "months", 1, "acknowledged", "next_working_day"),
        ("result", "fixed", None, "dispatched", "none"),
    ),
    "leader instructions": (
        lambda p: clocks_of(p, "leader_instruction") and clock(p, "instruction"),
        set(),
        ("first_feedback", "working_days", 7, "dispatched", "none"),
    ),
    "meetings": (lambda p: clocks_of(p, "city_meeting") | clocks_of(p, "district_meeting"), set(), {"meeting"}),
    "media exposure": (
        lambda p: [clock(p, rule.key) for rule in p.deadline_rules if rule.exposed_only],
        [
            ("first_feedback", "calendar_days", 7, "dispatched", "none"),
            ("rectification_result", "on_event", 3, "reported", "none"),
        ],
        [],
    ),
    "late matters": (lambda p: p.extension.mode, "explanation_only", "none"),
    "methods": (
        lambda p: (p.methods.items[0], p.methods.consent_roles, p.methods.consent_for_major_only),
        ("调研", ("government_leader", "office_leader"), True),
        ("书面督查", (), False),
    ),
    "completion report": (
        lambda p: (p.completion.document_required, p.completion.document_no_required, len(p.completion.criteria)),
        (True, True, 4),
        (True, False, 3),
    ),
    "the four criteria": (
        lambda p: [one.name for one in p.completion.criteria],
        ["事实清楚", "结论准确", "处理妥当", "文书格式规范"],
        ["讲真话报实情", "事项办结到位", "书面反馈规范"],
    ),
    "return for rework": (
        lambda p: (p.completion.return_allowed, step(p, "review").returns_to, step(p, "review").name),
        (True, "handling", "办结审核"),
        (True, "handling", "反馈审核"),
    ),
    "approval of outgoing reports": (
        lambda p: p.reports.approval and (p.reports.approval.mode, p.reports.approval.roles),
        ("sequence", ("office_leader", "government_leader")),
        None,
    ),
    "report types": (
        lambda p: [(one.name, one.audience) for one in p.reports.types],
        [("政府督查通报", "units"), ("督查情况汇报", "leaders"), ("向上级督查机构的回复", "superior")],
        [("督查通报", "leaders"), ("督查专报", "leaders")],
    ),
    "periodic checks": (
        lambda p: ([one.every for one in p.periodic_checks], p.reference_register),
        (["quarter", "year"], True),
        ([], False),
    ),
    "archive": (
        lambda p: (p.archive.article, p.archive.transfer_important),
        ("第八条（六）", True),
        ("第四条第6项", True),
    ),
    "secrecy": (
        lambda p: (p.secrecy.custodian_required, len(p.secrecy.prohibitions)),
        (False, 0),
        (True, 4),
    ),
    "accountability": (
        lambda p: p.accountability.items,
        ("推诿", "敷衍", "反馈信息或上报结果内容严重失实"),
        ("以权谋私", "违纪违规", "违纪泄密"),
    ),
    "reward": (lambda p: p.rewards.items[0], "通报表扬", "奖惩建议"),
    "unit roles": (lambda p: p.units.roles[0], "主管督查工作的领导", "第一责任人"),
    "meeting attendance": (lambda p: len(p.attendance), 4, 3),
    "meetings held and training": (lambda p: p.gatherings.items[-1], "联席会议", "经验交流会"),
    "lower levels": (lambda p: p.lower_bodies.relation, "handling", "guided"),
    "step list": (
        lambda p: [one.name for one in p.procedure.steps],
        ["拟办", "审批", "登记编号", "交办", "办理反馈", "办结审核", "销号", "归档"],
        ["立项", "审定", "督查方案", "交办", "催办督办", "反馈审核", "归档"],
    ),
    "interpretation": (lambda p: p.regulation.interpreting_body, None, "淮安市人民政府督查室"),
}


@pytest.mark.parametrize("row", ROWS)
def test_both_ways_are_data(row: str) -> None:
    read, district, city = ROWS[row]
    assert read(folder("huarong").profile) == district
    assert read(folder("huaian").profile) == city


@pytest.mark.parametrize("slug", ["huarong", "huaian"])
def test_every_rule_shows_the_words_of_its_article(slug: str) -> None:
    profile = folder(slug).profile
    words = {one.article: one.text for one in profile.regulation.articles}
    for one in (*profile.procedure.steps, *profile.deadline_rules, *profile.matter_sources, *profile.document_types):
        for article in one.article.split("、"):
            assert words.get(article) or any(known.startswith(article) for known in words), article


def test_the_words_the_copy_of_the_regulation_had_lost_are_back() -> None:
    words = "".join(one.text for one in folder("huaian").profile.regulation.articles)
    assert "坚决执行党的路线方针政策" in words
    assert "保存和管理" in words
    assert "特别是领导的重要批示件" in words
    for lost in ("果断", "治理", "非凡", "100test"):
        assert lost not in words


def test_what_the_office_handles_itself_is_not_dispatched() -> None:
    procedure = compile_procedure(folder("huarong").profile)
    passed_on = procedure.kinds(StepChoice("petition", "normal", "own", "transferred"))
    own = procedure.kinds(StepChoice("petition", "normal", "own", "self_handled"))
    assert StepKind.DISPATCH in passed_on
    assert own == tuple(kind for kind in passed_on if kind is not StepKind.DISPATCH)
