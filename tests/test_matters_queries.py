"""What is seen, listed, counted and waiting: the same rows behind every list, number and light."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.deadlines.rules import Light
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.matters import queries
from app.matters.queries import LedgerFilter
from app.matters.queries.desk import list_activity
from tests.matter_life import Life, at, draw_up, handling_units, huaian_draft, huarong_draft, to_handling

TODAY = dt.date(2026, 3, 10)


@pytest.fixture
def huarong(world: Any) -> Any:
    with world.huarong.inside():
        yield world.huarong


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "set_config" not in statement:
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def population(place: Any) -> dict[str, Life]:
    """Matters in many states."""
    lives = {
        "draft": draw_up(place, huarong_draft(place, title="草稿中的事项")),
        "handling": to_handling(place, title="办理中的事项"),
        "soon": to_handling(place, title="临期事项", stated_due_on="2026-03-12"),
        "late": to_handling(place, title="逾期事项", stated_due_on="2026-03-06", urgency="urgent"),
        "today": to_handling(place, title="今天到期", stated_due_on="2026-03-10"),
        "paused": to_handling(place, title="中止事项"),
        "cancelled": to_handling(place, title="撤销事项"),
        "done": to_handling(place, title="办结事项"),
        "approval": draw_up(place, huarong_draft(place, title="待批100%_事项")),
    }
    lives["paused"].office("suspend", reason="等批复。")
    lives["cancelled"].office("cancel", reason="已并案。")
    lives["approval"].office("submit")
    done = lives["done"]
    done.unit("acknowledge", "SLJ")
    file_id = done.file("report", place.actor("unit_liaison", "SLJ"))
    done.unit("report_completion", "SLJ", text="办结。", document_no="1号", attachment_ids=[file_id])
    done.office("accept", criteria=["facts", "conclusion", "handling", "format"])
    done.office("close_out", result="已办结。")
    done.office("archive", archive_no="1")
    return lives


def test_lights_in_sql_and_python_agree_day_by_day(huarong: Any) -> None:
    population(huarong)
    actor = huarong.actor("inspector")
    for offset in range(0, 60, 3):
        day = dt.date(2026, 3, 2) + dt.timedelta(days=offset)
        whole = queries.ledger(huarong.session, actor, LedgerFilter(), today=day, page_size=100)
        counted = queries.lights_count(huarong.session, actor, today=day)
        for light in Light:
            wanted = LedgerFilter(light=light.value)
            found = {row.id for row in queries.ledger(huarong.session, actor, wanted, today=day, page_size=100).rows}
            shown = {row.id for row in whole.rows if row.reading is not None and row.reading.light is light}
            assert found == shown
            assert queries.count_ledger(huarong.session, actor, wanted, today=day) == len(found)
            assert counted[light.value] == len(found)


def test_each_filter_lists_what_it_counts(huarong: Any) -> None:
    lives = population(huarong)
    actor = huarong.actor("inspector")
    expected = {
        LedgerFilter(q="逾期"): {"late"},
        LedgerFilter(q="100%_"): {"approval"},
        LedgerFilter(q="华政督登"): set(lives) - {"draft", "approval"},
        LedgerFilter(state="draft"): {"draft"},
        LedgerFilter(urgency="urgent"): {"late"},
        LedgerFilter(light="bad"): {"late", "approval"},  # the leaders' own two days have passed too
        LedgerFilter(light="warn"): {"soon", "today"},
        LedgerFilter(light="hold"): {"paused"},
        LedgerFilter(light="done"): {"cancelled", "done"},
        LedgerFilter(unit_id=huarong.units["JYJ"]): set(),
        LedgerFilter(unit_id=huarong.units["ZJJ"], state="suspended"): {"paused"},
        LedgerFilter(mine=True, open_only=True): set(lives) - {"cancelled", "done"},
        LedgerFilter(due_from=dt.date(2026, 3, 10), due_until=dt.date(2026, 3, 12)): {"soon", "today"},
    }
    for wanted, names in expected.items():
        page = queries.ledger(huarong.session, actor, wanted, today=TODAY, page_size=100)
        assert {row.id for row in page.rows} == {lives[name].matter_id for name in names}, wanted
        assert page.total == len(names) == queries.count_ledger(huarong.session, actor, wanted, today=TODAY)


def test_the_ledger_in_four_statements_and_in_pages(huarong: Any) -> None:
    population(huarong)
    actor = huarong.actor("inspector")
    queries.ledger(huarong.session, actor, LedgerFilter(), today=TODAY)
    with statements() as sent:
        first = queries.ledger(huarong.session, actor, LedgerFilter(order="due"), today=TODAY, page=1, page_size=4)
    assert len(sent) <= 4
    second = queries.ledger(huarong.session, actor, LedgerFilter(order="due"), today=TODAY, page=2, page_size=4)
    assert (len(first.rows), first.total) == (4, 9)
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}
    due = [row.due_on for row in (*first.rows, *second.rows) if row.due_on]
    assert due == sorted(due)
    assert queries.ledger(huarong.session, actor, LedgerFilter(), today=TODAY, page=99).rows == ()


def test_a_matter_is_judged_by_the_leads_clock(huarong: Any) -> None:
    life = to_handling(huarong)
    row = queries.ledger(huarong.session, huarong.actor("inspector"), LedgerFilter(), today=TODAY).rows[0]
    file = queries.case_file(huarong.session, huarong.actor("inspector"), life.matter_id, today=TODAY)
    main = file.main_obligation()
    assert main is not None
    assert (row.stage, row.due_on) == ("result", dt.date(2026, 4, 3)) == (main.stage, main.due_on)
    assert (row.unit, row.co_count) == ("区水利局", 1)


def test_a_liaison_lists_only_its_own_units_matters(huarong: Any) -> None:
    lives = population(huarong)
    dispatched = {one.matter_id for name, one in lives.items() if name not in ("draft", "approval")}
    for code, expected in (("SLJ", dispatched), ("ZJJ", dispatched), ("JYJ", set())):
        actor = huarong.actor("unit_liaison", code)
        page = queries.ledger(huarong.session, actor, LedgerFilter(), today=TODAY, page_size=100)
        assert {row.id for row in page.rows} == expected
        assert queries.count_ledger(huarong.session, actor, LedgerFilter(), today=TODAY) == len(expected)
    page = queries.ledger(huarong.session, huarong.actor("auditor"), LedgerFilter(), today=TODAY)
    assert page.rows == ()


def test_a_liaison_sees_no_plan_of_the_office_in_the_case_file(huarong: Any) -> None:
    life = to_handling(huarong)
    own = queries.case_file(huarong.session, huarong.actor("unit_liaison", "SLJ"), life.matter_id, today=TODAY)
    assert {one.act.value for one in own.offers} == {"acknowledge"}  # the window for declining has passed
    assert own.approvals == ()
    assert {one.kind for one in own.events} == {"matter.registered", "matter.dispatched"}
    shown = {one.kind for one, _ in list_activity(huarong.session, huarong.actor("unit_liaison", "SLJ"))}
    assert shown == {"matter.registered", "matter.dispatched"}
    office = queries.case_file(huarong.session, huarong.actor("inspector"), life.matter_id, today=TODAY)
    assert "matter.approved" in {one.kind for one in office.events}
    assert len(office.approvals) == 1
    with pytest.raises(NotFound):
        queries.case_file(huarong.session, huarong.actor("unit_liaison", "JYJ"), life.matter_id, today=TODAY)


def waiting(place: Any, actor: Any) -> dict[int, str]:
    found = queries.todo(place.session, actor, TODAY)
    assert queries.count_todo(place.session, actor, TODAY) == len(found)
    return {one.matter.id: one.act.value for one in found}


def test_what_waits_follows_the_matter(huarong: Any) -> None:
    inspector, leader = huarong.actor("inspector"), huarong.actor("office_leader")
    liaison, archivist = huarong.actor("unit_liaison", "SLJ"), huarong.actor("archivist")
    life = draw_up(huarong, huarong_draft(huarong))
    key = life.matter_id

    def turns() -> tuple[str | None, ...]:
        return tuple(waiting(huarong, one).get(key) for one in (inspector, leader, liaison, archivist))

    assert turns() == ("submit", None, None, None)
    life.office("submit")
    assert turns() == (None, "approve", None, None)
    assert queries.count_approvals(huarong.session, leader) == 1
    life.office("approve", "office_leader")
    assert queries.count_approvals(huarong.session, leader) == 0
    assert turns() == ("register", None, None, None)
    life.office("register")
    assert turns() == ("dispatch", None, None, None)
    life.file("copy", inspector)
    life.office("dispatch")
    assert turns() == (None, None, "acknowledge", None)
    life.unit("acknowledge", "SLJ")
    assert turns()[2] == "report_progress"
    file_id = life.file("report", liaison)
    life.unit("report_completion", "SLJ", text="办结。", document_no="1号", attachment_ids=[file_id])
    assert turns() == ("accept", "accept", None, None)
    life.office("return_for_rework", failed=["facts"], opinion="请核实。")
    assert turns() == (None, None, "report_completion", None)
    file_id = life.file("report", liaison)
    life.unit("report_completion", "SLJ", text="办结。", document_no="2号", attachment_ids=[file_id])
    life.office("accept", criteria=["facts", "conclusion", "handling", "format"])
    assert turns() == ("close_out", None, None, None)
    life.office("close_out", result="已办结。")
    assert turns() == ("archive", None, None, "archive")
    life.office("archive", "archivist")
    assert turns() == (None, None, None, None)


def test_all_leaders_are_asked_and_each_once(world: Any) -> None:
    with world.huaian.inside():
        place = world.huaian
        life = draw_up(place, huaian_draft(place))
        life.office("submit")
        secretary, director = place.actor("secretary_general"), place.actor("office_director")
        assert [queries.count_approvals(place.session, one) for one in (secretary, director)] == [1, 1]
        life.office("approve", "secretary_general", opinion="同意。")
        assert [queries.count_approvals(place.session, one) for one in (secretary, director)] == [0, 1]
        assert len(queries.decided_by(place.session, secretary)) == 1


def test_only_the_carrying_group_has_it_to_do(world: Any) -> None:
    with world.huaian.inside():
        place = world.huaian
        life = draw_up(place, huaian_draft(place))
        life.office("submit")
        life.office("approve", "secretary_general")
        life.office("approve", "office_director")
        first, second = place.actor("group_inspector", "DCZ1"), place.actor("group_inspector", "DCZ2")
        assert waiting(place, first).get(life.matter_id) == "scheme"
        assert waiting(place, second) == {}


def test_a_declined_lead_waits_for_the_office(huarong: Any) -> None:
    life = to_handling(huarong)
    life.now = at(2026, 3, 3)
    life.unit("decline", "SLJ", reason="不属于我局职责。")
    assert waiting(huarong, huarong.actor("inspector")) == {life.matter_id: "reassign"}


def test_units_for_tests_are_there(world: Any) -> None:
    assert handling_units(world.huaian)
    assert handling_units(world.lianshui)


def test_the_number_on_the_badge_is_counted_without_reading_rows(huarong: Any) -> None:
    population(huarong)
    for role, unit in (("inspector", None), ("office_leader", None), ("unit_liaison", "SLJ"), ("archivist", None)):
        actor = huarong.actor(role, unit)
        queries.count_todo(huarong.session, actor, TODAY)
        with statements() as sent:
            number = queries.count_todo(huarong.session, actor, TODAY)
        assert len(sent) <= 3
        assert number == len(queries.todo(huarong.session, actor, TODAY))


def test_approvals_one_after_the_other_in_sql_as_in_the_rules(huarong: Any) -> None:
    """The same turn whether it is counted in the database or decided by the rules, in every mode."""

    from app.jurisdictions.models import ProfileVersion

    leaders = [huarong.actor("office_leader"), huarong.actor("government_leader")]
    version = huarong.session.query(ProfileVersion).one()
    published = {name: getattr(version, name) for name in ("document", "effective_on", "published_at")}
    for number, (mode, expected) in enumerate((("sequence", [1, 0]), ("all_of", [1, 1]), ("any_of", [1, 1])), 2):
        document = {**published["document"]}
        steps = [dict(step) for step in document["procedure"]["steps"]]
        steps[1] = steps[1] | {"approval": {"mode": mode, "roles": ["office_leader", "government_leader"]}}
        document["procedure"] = {**document["procedure"], "steps": steps}
        huarong.session.add(
            ProfileVersion(
                **published | {"document": document}, number=number, status="published", digest=mode.ljust(64, "0")
            )
        )
        huarong.session.commit()
        life = draw_up(huarong, huarong_draft(huarong))
        life.office("submit")
        assert [queries.count_approvals(huarong.session, one) for one in leaders] == expected
        life.office("approve", "office_leader")
        expected_after = [0, 0] if mode == "any_of" else [0, 1]
        assert [queries.count_approvals(huarong.session, one) for one in leaders] == expected_after
        if mode != "any_of":
            life.office("approve", "government_leader")
        assert life.matter.state == "listed"


def test_a_unit_reads_the_notice_written_to_it_and_no_other(huarong: Any) -> None:
    life = to_handling(huarong)
    file = queries.case_file(huarong.session, huarong.actor("inspector"), life.matter.id, today=TODAY)
    assert len(file.documents) > 1
    to_lead = next(one for one in file.documents if one.unit_id == huarong.units["SLJ"])
    to_other = next(one for one in file.documents if one.unit_id == huarong.units["ZJJ"])
    lead = huarong.actor("unit_liaison", "SLJ")
    assert queries.get_issued(huarong.session, lead, to_lead.id).id == to_lead.id
    with pytest.raises(NotFound):
        queries.get_issued(huarong.session, lead, to_other.id)
    assert queries.get_issued(huarong.session, huarong.actor("inspector"), to_other.id).id == to_other.id
