"""The preset after 《政府督查工作条例》: what it holds, and that a jurisdiction opened from it works by it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.kernel.errors import Refused
from app.matters.models import Obligation
from tests import regulation_house
from tests.matter_life import at, draw_up


@pytest.fixture
def place(session: Any) -> Any:
    built = regulation_house.build(session)
    with built.inside():
        yield built


def test_it_holds_the_contents_kinds_and_methods_of_the_regulation() -> None:
    profile = regulation_house.preset()
    assert len(profile.scopes) == 4
    assert {one.article for one in profile.scopes} == {f"第四条（{number}）" for number in "一二三四"}
    assert [one.name for one in profile.supervision_kinds] == [
        "综合督查",
        "专项督查",
        "事件调查",
        "日常督办",
        "线索核查",
    ]
    assert len(profile.methods.items) == 8
    assert profile.delegation is not None
    assert profile.delegation.allowed
    assert profile.conclusion is not None
    assert (profile.conclusion.objection_days, profile.conclusion.review_days, profile.conclusion.recusal) == (
        30,
        30,
        True,
    )
    assert {"督查结论", "复核决定"} <= {one.name for one in profile.document_types}
    assert profile.reports.approval is not None
    assert profile.reports.approval.roles == ("government_leader",)


def test_it_tells_every_article_in_words_of_its_own() -> None:
    articles = regulation_house.preset().regulation.articles
    whole = [one for one in articles if one.article.endswith("条")]
    assert len(whole) == 28
    assert max(len(one.text) for one in articles) < 90, "summaries, not the regulation's own sentences"


def test_only_the_head_of_the_government_lists_a_matter(place: Any) -> None:
    life = draw_up(place, regulation_house.draft(place))
    life.office("submit")
    with pytest.raises(Refused) as refused:
        life.office("approve", "office_leader", opinion="同意。")
    assert refused.value.code == "not_your_step"
    life.office("approve", "government_leader", opinion="同意。")
    assert (life.matter.state, life.matter.step_key) == ("listed", "scheme")


def test_a_matter_takes_a_month_from_receipt_where_nothing_is_stated(place: Any) -> None:
    life = regulation_house.to_dispatch(place)
    life.now = at(2026, 3, 3)
    life.office("dispatch", document_type="supervision_notice")
    life.now = at(2026, 3, 4)
    life.unit("acknowledge", "JTJ", signed_by="张三")
    result = place.session.query(Obligation).filter_by(matter_id=life.matter_id, stage="result", state="open").one()
    assert life.matter.register_no == "督登〔2026〕1号", "the number is given when the matter goes out"
    assert (result.start_on, result.due_on) == (dt.date(2026, 3, 4), dt.date(2026, 4, 7))  # 4-4 to 4-6 is 清明
