"""A regulation with coloured slips and points, for tests: 华容区 of the tests' world under the rules of another office."""

from __future__ import annotations

from typing import Any

from tests.matter_life import Life, at, to_handling
from tests.other_rules import profile_in_force, publish
from tests.world import Place

ARTICLE = "本级设定"
LATE = at(2026, 4, 7)
"""区水利局, which signed on 2026-03-02, owed its result on 04-02: two working days ago, 清明 in between."""


def papers() -> list[dict[str, Any]]:
    """The document types that slips and consequences are issued as."""
    named = {
        "blue_slip": "蓝色督办单",
        "yellow_slip": "黄色督办单",
        "red_slip": "红色督办单",
        "points_letter": "提醒函",
        "points_summons": "约谈通知书",
    }
    return [
        {
            "key": key,
            "name": name,
            "header": "red",
            "series": key,
            "number_pattern": f"华督{name[:2]}〔{{year}}〕{{no}}号",
            "article": ARTICLE,
        }
        for key, name in named.items()
    ]


def slips(**changes: Any) -> dict[str, Any]:
    """Blue from one working day late, three to answer; yellow from three, two to answer; red by consent."""
    return {
        "article": ARTICLE,
        "items": [
            _slip("blue", "蓝色督办单", 1, 3),
            _slip("yellow", "黄色督办单", 3, 2),
            _slip("red", "红色督办单", 5, 1)
            | {"approval": {"mode": "sequence", "roles": ["office_leader", "government_leader"]}},
        ],
    } | changes


def _slip(colour: str, name: str, overdue: int, limit: int) -> dict[str, Any]:
    return {
        "key": colour,
        "name": name,
        "colour": colour,
        "document_type": f"{colour}_slip",
        "overdue_working_days": overdue,
        "limit_working_days": limit,
    }


def points(**changes: Any) -> dict[str, Any]:
    """A hundred to begin with each quarter; a letter at ninety, a summons at eighty."""
    return {
        "period": "quarter",
        "start": 100,
        "article": ARTICLE,
        "rules": [
            _rule("receipt_late", "签收逾期", "receipt_overdue", -1),
            _rule("feedback_late", "反馈逾期", "feedback_overdue", -2),
            _rule("result_late", "办结逾期", "result_overdue", -5),
            _rule("returned", "退回重报", "returned_for_rework", -3),
            _rule("urged", "被催办", "urged", -1),
            _rule("slip", "收到督办单", "slip_issued", -2),
            _rule("red", "收到红色督办单", "slip_issued", -5) | {"slip": "red"},
            _rule("in_time", "按期办结", "completed_on_time", 2),
        ],
        "thresholds": [
            {"key": "letter", "at_or_below": 92, "consequence": "letter", "document_type": "points_letter"},
            {"key": "summons", "at_or_below": 85, "consequence": "summons", "document_type": "points_summons"},
        ],
    } | changes


def _rule(key: str, name: str, occasion: str, value: int) -> dict[str, Any]:
    return {"key": key, "name": name, "occasion": occasion, "points": value}


def with_slips(place: Place, **sections: Any) -> None:
    """Publish these rules for a place. Inside it."""
    known = [one.model_dump(mode="json") for one in profile_in_force(place).document_types]
    publish(place, **{"document_types": [*known, *papers()], "slips": slips(), "points": points()} | sections)


def late_matter(place: Place, now: Any = LATE) -> Life:
    """A matter whose lead unit has signed and then let its date pass. Inside the place."""
    life = to_handling(place)
    life.unit("acknowledge", "SLJ", leader_in_charge="王局长")
    life.unit("acknowledge", "ZJJ", leader_in_charge="刘局长")
    life.now = now
    return life
