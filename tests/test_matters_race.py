"""Two people at the same moment: one act happens, the other is told, and no number is lost or given twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from app.documents.models import Document
from app.kernel.db import db
from app.kernel.errors import HuiyinError
from app.kernel.events import verify_chain
from app.kernel.tenancy import scope
from app.matters.models import Approval, Matter
from app.matters.services import run_act
from tests.matter_life import MONDAY, draw_up, huaian_draft, huarong_draft


def at_once(app: Any, jurisdiction_id: int, acts: list[Callable[[Any], Any]]) -> list[str]:
    """Each act in a thread of its own with a session of its own; "done" or the code of the refusal."""
    gate = Barrier(len(acts))

    def run(act: Callable[[Any], Any]) -> str:
        with app.app_context():
            try:
                with scope(jurisdiction_id, db.session):
                    gate.wait(timeout=20)
                    act(db.session)
                return "done"
            except HuiyinError as refusal:
                return refusal.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def act_on(matter_id: int, version: int, act: str, actor: Any, **payload: Any) -> Callable[[Any], Any]:
    return lambda session: run_act(session, actor, matter_id, act, payload, expected_version=version, at=MONDAY)


def test_two_leaders_approve_at_once(app: Any, world: Any) -> None:
    place = world.huaian
    with place.inside():
        life = draw_up(place, huaian_draft(place))
        life.office("submit")
        key, version = life.matter_id, life.matter.version
        leaders = [place.actor("secretary_general"), place.actor("office_director")]
    outcome = at_once(app, place.id, [act_on(key, version, "approve", one) for one in leaders])
    assert outcome == ["done", "stale_version"]
    with place.inside():
        matter = place.session.get(Matter, key)
        assert matter.state == "proposed"
        late = next(one for one in leaders if one.membership_id != _voter(place, key))
        life.do("approve", late)
        assert life.matter.state == "listed"
        assert verify_chain(place.session) == []


def _voter(place: Any, matter_id: int) -> int:
    (vote,) = place.session.query(Approval).filter_by(matter_id=matter_id).one().votes
    return int(vote.membership_id)


def test_one_button_clicked_four_times(app: Any, world: Any) -> None:
    place = world.huarong
    with place.inside():
        life = draw_up(place, huarong_draft(place))
        life.office("submit")
        life.office("approve", "office_leader")
        life.office("register")
        life.file("copy", place.actor("inspector"))
        key, version, inspector = life.matter_id, life.matter.version, place.actor("inspector")
    outcome = at_once(app, place.id, [act_on(key, version, "dispatch", inspector) for _ in range(4)])
    assert outcome.count("done") == 1
    assert set(outcome) <= {"done", "stale_version", "already_there"}
    with place.inside():
        numbers = sorted(one.number for one in place.session.query(Document).filter_by(matter_id=key))
        assert numbers == [1, 2]
        assert verify_chain(place.session) == []


def test_four_matters_numbered_at_once(app: Any, world: Any) -> None:
    place = world.huarong
    acts = []
    with place.inside():
        inspector = place.actor("inspector")
        for place_in_row in range(4):
            life = draw_up(place, huarong_draft(place, title=f"第{place_in_row + 1}件事项"))
            life.office("submit")
            life.office("approve", "office_leader")
            acts.append(act_on(life.matter_id, life.matter.version, "register", inspector))
    assert at_once(app, place.id, acts) == ["done"] * 4
    with place.inside():
        numbers = sorted(one.register_no for one in place.session.query(Matter))
        assert numbers == [f"华政督登〔2026〕{number}号" for number in range(1, 5)]
        assert verify_chain(place.session) == []
