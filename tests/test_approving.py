"""Decisions that are no step of the procedure: asked for once, decided by those who were named then, in every mode."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from app.jurisdictions.rules.profile import Approval as ApprovalSection
from app.kernel.actor import Actor, StandIn
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import list_events
from app.kernel.outbox import Letter
from app.matters import queries
from app.matters.models import Approval, Obligation
from app.matters.services.approving import Decision, ask, settles, withdraw
from app.matters.services.casework import Work, take
from tests.matter_life import Life, to_handling
from tests.world import Place, World

LEADERS = ("office_leader", "government_leader")
settled: list[tuple[str, str, str]] = []


@settles("trial")
def _trial(_work: Work, asked: Approval, outcome: str, decision: Decision) -> None:
    settled.append((asked.purpose, outcome, decision.opinion))


@pytest.fixture
def huarong(world: World) -> Iterator[Place]:
    settled.clear()
    with world.huarong.inside():
        yield world.huarong


def asked_for(life: Life, mode: str = "any_of", *, deputies: bool = True, **more: Any) -> Approval:
    """Somebody of the office asks for a decision on the matter itself."""
    work = take(life.place.session, life.place.actor("inspector"), life.matter_id, life.now)
    section = ApprovalSection(mode=mode, roles=LEADERS, deputies=deputies)  # type: ignore[arg-type]
    found = ask(work, "trial", life.matter_id, section, reason="请示。", facts={"unit": "区水利局"}, **more)
    life.place.session.commit()
    return found


def waiting(life: Life, actor: Actor) -> bool:
    """Whether it waits for this person, in the list, on the badge and as an act alike."""
    place = life.place
    today = life.now.date()
    listed = [one for one in queries.approvals_waiting(place.session, actor) if one.matter.id == life.matter_id]
    assert queries.count_approvals(place.session, actor) == len(queries.approvals_waiting(place.session, actor))
    assert queries.count_todo(place.session, actor, today) == len(queries.todo(place.session, actor, today))
    file = queries.case_file(place.session, actor, life.matter_id, today=today)
    offered = {one.act.value for one in file.offers if one.approval_id is not None}
    assert offered == ({"agree", "refuse"} if listed else set())
    return bool(listed)


@pytest.mark.parametrize(
    ("mode", "turns"),
    [
        ("any_of", [(True, True), (False, False)]),
        ("all_of", [(True, True), (False, True), (False, False)]),
        ("sequence", [(True, False), (False, True), (False, False)]),
    ],
)
def test_whose_turn_it_is_in_every_mode(huarong: Place, mode: str, turns: list[tuple[bool, bool]]) -> None:
    life = to_handling(huarong)
    asked = asked_for(life, mode)
    actors = [huarong.actor(role) for role in LEADERS]
    for place, expected in enumerate(turns):
        assert tuple(waiting(life, actor) for actor in actors) == expected
        if place == len(turns) - 1:
            break
        assert settled == []
        life.office("agree", LEADERS[place], approval_id=asked.id, opinion=f"同意{place}。")
        if not expected[1]:
            continue
    assert settled == [("trial", "approved", f"同意{len(turns) - 2}。")]
    assert huarong.session.get(Approval, asked.id).state == "approved"
    with pytest.raises(Conflict) as gone:
        life.office("agree", "government_leader", approval_id=asked.id)
    assert gone.value.code == "which_decision"


def test_one_refusal_settles_it_and_needs_a_reason(huarong: Place) -> None:
    life = to_handling(huarong)
    asked = asked_for(life, "all_of")
    life.office("agree", "office_leader", approval_id=asked.id)
    with pytest.raises(Invalid) as bare:
        life.office("refuse", "government_leader", approval_id=asked.id, opinion=" ")
    assert set(bare.value.fields) == {"opinion"}
    life.office("refuse", "government_leader", approval_id=asked.id, opinion="暂不同意。")
    assert settled == [("trial", "refused", "暂不同意。")]
    kinds = [one.kind for one in list_events(huarong.session, "matter", life.matter_id)][:2]
    assert kinds == ["matter.disagreed", "matter.agreed"]


def test_who_may_not_decide(huarong: Place) -> None:
    life = to_handling(huarong)
    asked = asked_for(life, "sequence")
    for role, unit, code in (
        ("inspector", None, "right_missing"),
        ("unit_liaison", "SLJ", "right_missing"),
        ("government_leader", None, "already_decided"),
    ):
        with pytest.raises((Refused, Conflict)) as refused:
            life.do("agree", huarong.actor(role, unit), approval_id=asked.id)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        life.do("agree", huarong.actor("unit_liaison", "JYJ"), approval_id=asked.id)
    with pytest.raises(Conflict) as stale:
        from app.matters.services import run_act

        run_act(
            huarong.session,
            huarong.actor("office_leader"),
            life.matter_id,
            "agree",
            {"approval_id": asked.id},
            expected_version=life.matter.version - 1,
            at=life.now,
        )
    assert stale.value.code != "which_decision"
    assert settled == []


def test_a_deputy_decides_for_the_absent_only_where_deputies_may(huarong: Place) -> None:
    life = to_handling(huarong)
    absent = huarong.actor("office_leader")
    stand_in = StandIn(absent.membership_id or 0, absent.name, absent.unit_id, absent.roles)
    deputy = dataclasses.replace(huarong.actor("inspector"), stands_in_for=(stand_in,))
    closed = asked_for(life, deputies=False)
    assert not waiting(life, deputy)
    life.office("refuse", "office_leader", approval_id=closed.id, opinion="不同意。")
    open_to_him = asked_for(life)
    assert waiting(life, deputy)
    life.do("agree", deputy, approval_id=open_to_him.id, opinion="代为同意。")
    (vote,) = huarong.session.get(Approval, open_to_him.id).votes
    assert (vote.membership_id, vote.on_behalf_of) == (deputy.membership_id, absent.membership_id)
    event = list_events(huarong.session, "matter", life.matter_id)[0]
    assert event.facts["for_whom"] == absent.name


def test_who_is_written_to_and_by_when(huarong: Place) -> None:
    life = to_handling(huarong)
    asked = asked_for(life, "sequence", within=2, article="本级设定")

    def readers() -> set[int]:
        letters = huarong.session.query(Letter).filter(Letter.kind == "matter.trial_asked", Letter.channel == "inbox")
        return {one.recipient_id for one in letters}

    first, second = (huarong.actor(role).person_id for role in LEADERS)
    assert readers() == {first}
    clock = huarong.session.get(Obligation, asked.obligation_id)
    assert (clock.stage, clock.due_on.isoformat(), clock.article) == ("trial_answer", "2026-03-04", "本级设定")
    todo = queries.approvals_waiting(huarong.session, huarong.actor("office_leader"))[0]
    assert todo.due_on == clock.due_on
    life.office("agree", "office_leader", approval_id=asked.id)
    assert readers() == {first, second}
    assert clock.state == "open"
    life.office("agree", "government_leader", approval_id=asked.id)
    assert clock.state == "met"


def test_what_is_asked_twice_is_refused_and_what_is_withdrawn_waits_no_longer(huarong: Place) -> None:
    life = to_handling(huarong)
    leader = huarong.actor("office_leader")
    asked = asked_for(life)
    with pytest.raises(Exception, match="uq_approval_subject"):
        asked_for(life)
    huarong.session.rollback()
    work = take(huarong.session, huarong.actor("inspector"), life.matter_id, life.now)
    withdraw(work, "trial", life.matter_id)
    huarong.session.commit()
    assert not waiting(life, leader)
    assert huarong.session.get(Approval, asked.id).state == "withdrawn"
    again = asked_for(life)
    assert again.round == 2
    life.office("suspend", reason="等批复。")
    assert not waiting(life, leader)
    life.office("resume")
    assert waiting(life, leader)
    life.office("cancel", reason="并案。")
    assert not waiting(life, leader)
    assert huarong.session.get(Approval, again.id).state == "withdrawn"
    assert settled == []
