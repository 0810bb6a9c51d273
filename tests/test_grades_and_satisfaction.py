"""What other regulations ask once a matter is done: a grade, the word of those who raised it, a report on how it went on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from app.kernel.errors import Conflict, Invalid, Refused
from app.matters.models import Obligation, SatisfactionAnswer
from app.matters.queries import case_file
from app.matters.rules import Act
from tests.matter_life import Life, draw_up, huarong_draft, to_handling
from tests.other_rules import profile_in_force, publish
from tests.world import Place, World

GRADES = [{"key": key, "name": f"{key.upper()}级"} for key in ("a", "b", "c", "d")]
SATISFACTION = {
    "asked_of": "领衔代表",
    "levels": [
        {"key": "satisfied", "name": "满意"},
        {"key": "fairly", "name": "基本满意"},
        {"key": "unsatisfied", "name": "不满意", "second_round": True},
    ],
    "sources": ["proposal"],
    "article": "本级设定",
}


def _completion(place: Place, **changes: Any) -> dict[str, Any]:
    return profile_in_force(place).completion.model_dump(mode="json", exclude_defaults=True) | changes


@pytest.fixture
def huarong(world: World) -> Iterator[Place]:
    """华容区 with grades, a question to deputies, and a report three months after completion."""
    with world.huarong.inside():
        sources = {source.key for source in profile_in_force(world.huarong).matter_sources}
        proposal = next(one for one in sorted(sources) if "proposal" in one)
        asked = SATISFACTION | {"sources": [proposal]}
        publish(world.huarong, completion=_completion(world.huarong, grades=GRADES, satisfaction=asked))
        yield world.huarong


def _reported(place: Place, source: str | None = None) -> Life:
    life = to_handling(place, **({"source": source} if source else {}))
    life.unit("acknowledge", "SLJ", signed_by="李四", leader_in_charge="王五")
    return _report(life, place)


def _report(life: Life, place: Place) -> Life:
    file = life.file("report", place.actor("unit_liaison", "SLJ"))
    life.unit("report_completion", "SLJ", text="已办结。", document_no="华水〔2026〕5号", attachment_ids=[file])
    return life


def _accept(life: Life, grade: str | None = "b") -> None:
    criteria = [one.key for one in profile_in_force(life.place).completion.criteria]
    life.office("accept", criteria=criteria, **({"grade": grade} if grade else {}))


def _proposal(place: Place) -> str:
    asked = profile_in_force(place).completion.satisfaction
    assert asked is not None
    return asked.sources[0]


def _offers(life: Life) -> set[Act]:
    file = case_file(life.place.session, life.place.actor("inspector"), life.matter_id, today=life.now.date())
    return {offer.act for offer in file.offers}


def test_a_result_is_graded_where_the_rules_grade_it(huarong: Place, world: World) -> None:
    life = _reported(huarong)
    with pytest.raises(Invalid) as refused:
        _accept(life, None)
    assert "grade" in refused.value.fields
    with pytest.raises(Invalid):
        _accept(life, "z")
    assert life.matter.grade is None
    _accept(life)
    assert life.matter.grade == "b"


def test_where_nothing_is_graded_a_grade_is_refused(world: World) -> None:
    with world.huarong.inside():
        life = _reported(world.huarong)
        with pytest.raises(Invalid):
            _accept(life, "a")
        _accept(life, None)
        assert life.matter.grade is None


def test_only_those_the_rules_name_are_asked(huarong: Place) -> None:
    meeting = _reported(huarong)
    _accept(meeting)
    assert Act.RECORD_SATISFACTION not in _offers(meeting)
    deputies = _reported(huarong, _proposal(huarong))
    _accept(deputies)
    assert Act.RECORD_SATISFACTION in _offers(deputies)


def test_nothing_is_closed_out_before_the_deputies_have_answered(huarong: Place) -> None:
    life = _reported(huarong, _proposal(huarong))
    _accept(life)
    with pytest.raises(Invalid) as refused:
        life.office("close_out", result="已办结。")
    assert "satisfaction" in refused.value.fields
    life.office("record_satisfaction", level="satisfied")
    life.office("close_out", result="已办结。")
    assert life.matter.closed_out_at is not None


def test_a_dissatisfied_answer_sends_the_matter_round_once_more_and_no_oftener(huarong: Place) -> None:
    life = _reported(huarong, _proposal(huarong))
    _accept(life)
    with pytest.raises(Invalid):
        life.office("record_satisfaction", level="unsatisfied")
    life.office("record_satisfaction", level="unsatisfied", opinion="泵站仍未通电。")
    assert (life.matter.state, life.matter.completed_at) == ("in_progress", None)
    running = huarong.session.query(Obligation).filter(
        Obligation.matter_id == life.matter_id, Obligation.state == "open", Obligation.stage == "rework"
    )
    assert running.count() == 1
    _report(life, huarong)
    _accept(life, "a")
    life.office("record_satisfaction", level="unsatisfied", opinion="仍不满意。")
    assert life.matter.state == "completed"
    life.office("close_out", result="已办结。")
    answers = huarong.session.query(SatisfactionAnswer).filter(SatisfactionAnswer.matter_id == life.matter_id)
    assert [(one.round, one.sends_back) for one in answers.order_by(SatisfactionAnswer.round)] == [
        (1, True),
        (2, False),
    ]


def test_an_answer_is_the_offices_to_record(huarong: Place) -> None:
    life = _reported(huarong, _proposal(huarong))
    _accept(life)
    with pytest.raises(Refused):
        life.do("record_satisfaction", huarong.actor("unit_liaison", "SLJ"), level="satisfied")
    with pytest.raises(Invalid):
        life.office("record_satisfaction", level="delighted")
    life.office("record_satisfaction", level="fairly", opinion="总体可以。")
    with pytest.raises(Conflict):
        life.office("record_satisfaction", level="satisfied")


def test_a_matter_listed_before_the_revision_is_asked_nothing(world: World) -> None:
    with world.huarong.inside():
        old = draw_up(world.huarong, huarong_draft(world.huarong))
        publish(world.huarong, at=old.now + dt.timedelta(days=1), completion=_completion(world.huarong, grades=GRADES))
        new = draw_up(world.huarong, huarong_draft(world.huarong), now=old.now + dt.timedelta(days=1))
        assert old.matter.profile_version_id != new.matter.profile_version_id
        for life, grade in ((old, None), (new, "c")):
            life.office("submit")
            life.office("approve", "office_leader", opinion="同意。")
            life.office("register")
            life.file("copy", world.huarong.actor("inspector"))
            life.office("dispatch", document_type="supervision_notice")
            life.unit("acknowledge", "SLJ", signed_by="李四", leader_in_charge="王五")
            _accept(_report(life, world.huarong), grade)
            assert life.matter.grade == grade
