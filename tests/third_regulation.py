"""A third regulation, of neither shipped jurisdiction: 《青禾县人民政府督查工作办法》, made up for the tests.

Its rules are of kinds that local offices are known to have. It starts from the district preset and differs from it in sixteen
places, each with its article.
"""

from __future__ import annotations

from typing import Any

TITLE = "青禾县人民政府督查工作办法"

ARTICLES: tuple[tuple[str, str], ...] = (
    ("第一条", "为规范全县政府督查工作，根据上级有关规定，结合本县实际，制定本办法。"),
    ("第二条", "县政府办公室承担督查工作，立项须先经办公室分管负责人、再经县政府领导审批。"),
    ("第三条", "领导批示件自交办次日起五个工作日内办结，急件三个工作日，特急件一个工作日。"),
    ("第四条", "县政府会议议定事项自会议之日起五个工作日内反馈。"),
    ("第五条", "人代会期间的代表建议于当年八月三十一日前办复，闭会期间的自收到之日起三个月内办复。"),
    ("第六条", "媒体曝光事项自曝光之日起三日内反馈。"),
    ("第七条", "政府工作报告任务每月五日前报送进展，各类事项最迟于当年十二月二十日前办结。"),
    ("第八条", "协办单位应在主办单位时限三个工作日前向主办单位提交意见。"),
    ("第九条", "承办单位认为不属本单位职责的，应在两个工作日内经单位负责人签字退回。"),
    ("第十条", "不能按期办结的，应在期满两个工作日前申请延期，经办公室分管负责人、县政府领导依次批准，以一次为限，"
     "延长时间不超过原时限；对延期申请应在两个工作日内答复。"),
    ("第十一条", "办结后一个月内向交办机关报告后续情况。办结结果按甲、乙、丙、丁四等评定。"),
    ("第十二条", "代表建议办复后征求代表意见，不满意的再办理一次。"),
    ("第十三条", "逾期一个工作日未反馈的发黄色督办单，限三个工作日；仍未落实的发红色督办单，限两个工作日，"
     "红色督办单须经县政府领导批准。"),
    ("第十四条", "按季度计分，基础分一百分：逾期一次扣五分，退回一次扣二分，红色督办单扣十分；"
     "八十五分以下发提醒函，七十分以下约谈。"),
    ("第十五条", "收到报告后两个工作日内审核。"),
)  # fmt: skip


DEADLINE_RULES: tuple[dict[str, Any], ...] = (
    {"key": "receipt", "article": "本级设定", "stage": "acknowledgement", "rule": "working_days", "amount": 1,
     "start_event": "dispatched", "yellow_days": 0},
    {"key": "stated", "article": "第二条", "stage": "result", "rule": "fixed", "start_event": "dispatched"},
    {"key": "instruction", "article": "第三条", "stage": "result", "rule": "working_days",
     "amounts": {"normal": 5, "urgent": 3, "critical": 1}, "start_event": "dispatched",
     "sources": ["leader_instruction"], "yellow_days": 1},
    {"key": "meeting", "article": "第四条", "stage": "first_feedback", "rule": "working_days", "amount": 5,
     "start_event": "meeting_date", "sources": ["district_meeting"], "yellow_days": 2},
    {"key": "in_session", "article": "第五条", "stage": "result", "rule": "day_of_year",
     "day_of_year": {"month": 8, "day": 31}, "start_event": "dispatched", "sources": ["proposal"],
     "sessions": ["in_session"]},
    {"key": "between_sessions", "article": "第五条", "stage": "result", "rule": "months", "amount": 3,
     "start_event": "acknowledged", "deemed_receipt_after": 1, "roll": "next_working_day", "sources": ["proposal"],
     "sessions": ["between_sessions"]},
    {"key": "media", "article": "第六条", "stage": "first_feedback", "rule": "calendar_days", "amount": 3,
     "start_event": "exposed_at", "exposed_only": True, "yellow_days": 1},
    {"key": "monthly", "article": "第七条", "stage": "progress", "rule": "periodic",
     "schedule": {"every": "month", "day": 5}, "start_event": "dispatched", "sources": ["work_report"]},
    {"key": "month", "article": "本级设定", "stage": "result", "rule": "months", "amount": 1,
     "start_event": "acknowledged", "deemed_receipt_after": 1, "roll": "next_working_day", "yellow_days": 5},
    {"key": "afterwards", "article": "第十一条", "stage": "after_completion", "rule": "months", "amount": 1,
     "start_event": "completed", "roll": "next_working_day"},
    {"key": "rework", "article": "本级设定", "stage": "rework", "rule": "working_days", "amount": 3,
     "start_event": "returned", "yellow_days": 1},
)  # fmt: skip

LAST_DAY = {"day_of_year": {"month": 12, "day": 20}, "article": "第七条"}

EXTENSION = {
    "mode": "approval",
    "max_times": 1,
    "approval": {"mode": "sequence", "roles": ["office_leader", "government_leader"]},
    "cap": "original_period",
    "apply_before": 2,
    "answer_within": 2,
    "article": "第十条",
}

GRADES = [{"key": key, "name": name} for key, name in (("jia", "甲"), ("yi", "乙"), ("bing", "丙"), ("ding", "丁"))]

SATISFACTION = {
    "asked_of": "领衔代表",
    "levels": [
        {"key": "satisfied", "name": "满意"},
        {"key": "unsatisfied", "name": "不满意", "second_round": True},
    ],
    "sources": ["proposal"],
    "article": "第十二条",
}

PAPERS: tuple[dict[str, Any], ...] = (
    {"key": "yellow_slip", "name": "黄色督办单", "header": "red", "series": "yellow_slip",
     "number_pattern": "青督黄〔{year}〕{no}号", "article": "第十三条"},
    {"key": "red_slip", "name": "红色督办单", "header": "red", "series": "red_slip",
     "number_pattern": "青督红〔{year}〕{no}号", "article": "第十三条"},
    {"key": "reminder_letter", "name": "提醒函", "header": "letter", "series": "reminder_letter",
     "number_pattern": "青督函〔{year}〕{no}号", "article": "第十四条"},
    {"key": "summons", "name": "约谈通知书", "header": "letter", "series": "summons",
     "number_pattern": "青督谈〔{year}〕{no}号", "article": "第十四条"},
)  # fmt: skip

SLIPS = {
    "items": [
        {"key": "yellow", "name": "黄色督办单", "colour": "yellow", "document_type": "yellow_slip",
         "overdue_working_days": 1, "limit_working_days": 3},
        {"key": "red", "name": "红色督办单", "colour": "red", "document_type": "red_slip",
         "overdue_working_days": 4, "limit_working_days": 2,
         "approval": {"mode": "any_of", "roles": ["government_leader"]}},
    ],
    "article": "第十三条",
}  # fmt: skip

POINTS = {
    "period": "quarter",
    "start": 100,
    "rules": [
        {"key": "late", "name": "逾期", "occasion": "result_overdue", "points": -5},
        {"key": "returned", "name": "退回", "occasion": "returned_for_rework", "points": -2},
        {"key": "red", "name": "红色督办单", "occasion": "slip_issued", "slip": "red", "points": -10},
    ],
    "thresholds": [
        {"key": "reminder", "at_or_below": 85, "consequence": "letter", "document_type": "reminder_letter"},
        {"key": "talk", "at_or_below": 70, "consequence": "summons", "document_type": "summons"},
    ],
    "article": "第十四条",
}


def sections(preset: dict[str, Any]) -> dict[str, Any]:
    """The whole third regulation as plain data, on the ground of the district preset's plain data."""
    mended = recited(preset)
    steps = [dict(step) for step in mended["procedure"]["steps"]]
    for step in steps:
        if step["key"] == "approval":
            step |= {"name": "两级审批", "article": "第二条"}
            step["approval"] = {"mode": "sequence", "roles": ["office_leader", "government_leader"]}
        if step["key"] == "review":
            step |= {"article": "第十五条", "limit": {"rule": "working_days", "amount": 2}}
    articles = [{"article": article, "text": text} for article, text in ARTICLES]
    return mended | {
        "regulation": {"title": TITLE, "level": "county", "status": "in_force", "articles": articles},
        "procedure": {"steps": steps},
        "document_types": [*mended["document_types"], *PAPERS],
        "units": mended["units"] | {"contribution_lead_days": 3, "article": "第八条"},
        "receipt": mended["receipt"]
        | {"decline_window_working_days": 2, "decline_signed_by_leader": True, "article": "第九条"},
        "deadline_rules": list(DEADLINE_RULES),
        "last_day": LAST_DAY,
        "extension": EXTENSION,
        "completion": mended["completion"] | {"grades": GRADES, "satisfaction": SATISFACTION, "article": "第十一条"},
        "slips": SLIPS,
        "points": POINTS,
    }


def recited(value: Any) -> Any:
    """The preset's rules without the preset's articles: what this regulation does not speak of is set by the office."""
    if isinstance(value, dict):
        return {
            key: "本级设定" if key == "article" and isinstance(inner, str) else recited(inner)
            for key, inner in value.items()
        }
    return [recited(inner) for inner in value] if isinstance(value, list) else value
