"""Urging many units at once, and how often a unit may be urged: what is shown beforehand is what is done."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from app.jurisdictions.rules.profile.urging import fill_in
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import Event, verify_chain
from app.kernel.outbox import Letter
from app.matters.models import Obligation
from app.notifications.models import Channel
from app.urging.models import Urging
from app.urging.queries.planning import Asked, Planned, find_parts, plan_urging
from app.urging.rules import Limits, UrgedPart, why_not_urged
from app.urging.services import urge, urge_together
from tests.desk import ask
from tests.matter_life import MONDAY, Life, at, draw_up, huaian_draft, to_handling
from tests.other_rules import profile_in_force, publish
from tests.world import Place, World

TODAY = dt.date(2026, 3, 2)
DAY = dt.timedelta(days=1)
WORDS = "请{单位}书面反馈《{事项}》（{时限情况}）。"


def part(last: int | None = None, had: int = 0, **changes: Any) -> UrgedPart:
    last_on = TODAY - last * DAY if last is not None else None
    return UrgedPart(**{"unit": "住建局", "state": "in_progress", "last_on": last_on, "had_today": had, "readers": 1}
                     | changes)  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "limits", "code"),
    [
        (part(), Limits(), None),
        (part(last=0), Limits(), "urged_today"),
        (part(last=1), Limits(), None),
        (part(last=0), Limits(interval_days=0), None),
        (part(last=2), Limits(interval_days=3), "urged_lately"),
        (part(last=3), Limits(interval_days=3), None),
        (part(last=0), Limits(interval_days=3), "urged_today"),
        (part(had=2), Limits(most_per_day=3), None),
        (part(had=3), Limits(most_per_day=3), "urged_enough"),
        (part(had=99), Limits(), None),
        (part(readers=0), Limits(), "nobody_to_urge"),
        (part(state="reported"), Limits(), "nothing_to_urge"),
    ],
)
def test_how_often_a_unit_may_be_urged(facts: UrgedPart, limits: Limits, code: str | None) -> None:
    refusal = why_not_urged(facts, "feedback", "system", limits, TODAY)
    assert (refusal.code if refusal else None) == code
    if refusal is not None:
        assert "%(" not in refusal.msgid % refusal.params
    aside = code if code == "nothing_to_urge" else None
    for channel in ("phone", "paper"):
        logged = why_not_urged(facts, "feedback", channel, limits, TODAY)
        assert (logged.code if logged else None) == aside, "what was made outside is logged as often as it was made"


def test_a_text_keeps_what_it_cannot_fill_in() -> None:
    assert fill_in("{单位}：{事项}{时限}{", {"单位": "住建局", "事项": "{单位}"}) == "住建局：{单位}{时限}{"


class Office:
    """A place with three matters at two units, 区水利局 in the lead and 区住建局 beside it."""

    def __init__(self, place: Place) -> None:
        self.place, self.session = place, place.session
        self.lives = [to_handling(place) for _number in range(3)]
        self.inspector = place.actor("inspector")
        self.now = MONDAY

    def parts(self, code: str, *lives: Life) -> list[int]:
        return [life.part(code).id for life in lives or self.lives]

    def plan(self, kind: str = "feedback", channel: str = "system", actor: Any = None) -> list[Planned]:
        asking = actor or self.inspector
        ids = [life.matter_id for life in self.lives]
        matters, parts = find_parts(self.session, asking, ids, (), TODAY)
        return plan_urging(self.session, asking, matters, parts, Asked(kind, channel, WORDS, self.now))

    def send(self, ids: list[int], **changes: Any) -> list[Urging]:
        given = {"channel": "system", "message": WORDS, "kind": "feedback", "batch": "one", "at": self.now} | changes
        actor = given.pop("actor", self.inspector)
        channel, message, kind = given.pop("channel"), given.pop("message"), given.pop("kind")
        return urge_together(self.session, actor, ids, channel, message, kind, **given)

    def all(self, model: Any, *conditions: Any) -> list[Any]:
        return list(self.session.scalars(select(model).where(*conditions).order_by(model.id)))


@pytest.fixture
def office(world: World) -> Iterator[Office]:
    with world.huarong.inside():
        yield Office(world.huarong)


def limited(place: Place, **changes: Any) -> None:
    known = profile_in_force(place)
    reminders = known.reminders.model_dump(mode="json") | {"min_urging_interval_days": changes.pop("interval", 1)}
    publish(place, urging={"article": "本级设定"} | changes, reminders=reminders)


def test_what_is_planned_is_what_is_sent(office: Office) -> None:
    lines = office.plan()
    assert [(one.unit, one.refusal) for one in lines] == [(one.unit, None) for one in lines]
    assert len(lines) == 6 and all(one.readers for one in lines)
    assert all(one.message.startswith(f"请{one.unit}书面反馈《{one.matter.title}》") for one in lines)
    sent = office.send([one.part.id for one in lines if one.part])
    assert {(row.assignment_id, row.message, row.batch) for row in sent} == {
        (one.part.id, one.message, "one") for one in lines if one.part
    }
    events = list(office.session.scalars(select(Event).where(Event.kind == "matter.urged")))
    assert {event.subject_id for event in events} == {life.matter_id for life in office.lives}, "one on each file"
    assert {event.facts["batch"] for event in events} == {"one"}
    assert verify_chain(office.session) == []
    letters = office.all(Letter, Letter.kind == "matter.urged", Letter.channel == "inbox")
    assert {(one.dedupe_key, one.recipient_id) for one in letters} == {
        (f"urging:{row.id}", reader.person_id)
        for row in sent
        for line in lines
        if line.part and line.part.id == row.assignment_id
        for reader in line.readers
    }
    assert {one.refusal.code for one in office.plan() if one.refusal} == {"urged_today"}, "and then nobody for today"


def test_all_are_urged_or_none_and_a_second_click_sends_nothing(office: Office) -> None:
    mine = office.parts("SLJ")
    office.send(mine[:1], batch="first")
    with pytest.raises(Refused) as refusal:
        office.send(mine)
    assert refusal.value.code == "urged_today"
    assert len(office.all(Urging)) == 1
    office.send(mine[1:], batch="second")
    with pytest.raises(Conflict) as twice:
        office.send(mine[1:], batch="second", channel="phone")
    assert twice.value.code == "already_sent" and len(office.all(Urging)) == 3


def test_a_unit_gets_no_more_in_a_day_than_the_rules_allow(office: Office) -> None:
    limited(office.place, most_per_day=2)
    lines = [one for one in office.plan() if one.part and one.part.unit_id == office.place.units["SLJ"]]
    assert [one.refusal.code if one.refusal else None for one in lines] == [None, None, "urged_enough"]
    with pytest.raises(Refused, match="a day allows 2"):
        office.send(office.parts("SLJ"))
    office.send(office.parts("SLJ", *office.lives[:2]) + office.parts("ZJJ", *office.lives[:2]))
    third = office.lives[2]
    with pytest.raises(Refused, match="a day allows 2"):
        urge(office.session, office.inspector, third.matter_id, office.parts("SLJ", third), "system", WORDS, "feedback",
             at=office.now)  # fmt: skip
    urge(office.session, office.inspector, third.matter_id, office.parts("SLJ", third), "phone", WORDS, "feedback",
         at=office.now)  # fmt: skip
    office.now += DAY
    office.send(office.parts("SLJ", third), batch="next day")


def test_the_days_between_two_urgings_are_the_jurisdictions(office: Office) -> None:
    limited(office.place, interval=3)
    mine = office.parts("SLJ", office.lives[0])
    office.send(mine)
    office.now = at(2026, 3, 4, 23)
    with pytest.raises(Refused, match="wait until 2026-03-05"):
        office.send(mine, batch="two")
    office.now = at(2026, 3, 5, 0)
    office.send(mine, batch="three")
    limited(office.place, interval=0)
    office.send(mine, batch="four")


def test_who_sees_what_and_who_may(office: Office, world: World) -> None:
    with pytest.raises(NotFound):
        office.send([2**60])
    with pytest.raises(Invalid):
        office.send([])
    with pytest.raises(Refused, match="role here does not allow"):
        office.send(office.parts("SLJ"), actor=office.place.actor("unit_liaison", "SLJ"))
    with world.huaian.inside():
        elsewhere = draw_up(world.huaian, huaian_draft(world.huaian)).matter_id
    with office.place.inside():
        assert find_parts(office.session, office.inspector, [elsewhere], (), TODAY) == ([], [])
        liaison = office.place.actor("unit_liaison", "SLJ")
        assert {one.refusal.code for one in office.plan(actor=liaison) if one.refusal} == {"right_missing"}


def test_in_the_browser_from_the_ledger_to_the_log(office: Office, app: Any) -> None:
    ids = [str(life.matter_id) for life in office.lives]
    lead, second = office.parts("SLJ"), office.parts("ZJJ")
    base = "/j/huarong/urging"

    def ask_as(role: str, unit: str | None, address: str, **more: Any) -> Any:
        return ask(app, office.session, office.place, role, unit, address, office.now, **more)

    assert 'formaction="/j/huarong/urging/chosen"' in ask_as("inspector", None, "/j/huarong/matters/").text
    assert "/urging/chosen" not in ask_as("unit_liaison", "SLJ", "/j/huarong/matters/").text
    moved = ask_as("inspector", None, f"{base}/chosen", data={"id": ids})
    assert moved.status_code == 303 and moved.location.endswith("/urging/new?" + "&".join(f"id={one}" for one in ids))
    page = ask_as("inspector", None, moved.location)
    assert page.status_code == 200 and page.text.count('name="part"') == 6
    receipt = re.search(r'<input[^>]*value="receipt"[^>]*>', page.text)
    assert receipt is not None and "checked" in receipt[0], "nobody has signed, so signatures are asked for"
    form = {"id": ids, "kind": "feedback", "channel": "system", "message": WORDS, "batch": "b1"}
    shown = {"offered": [str(one) for one in lead + second]}
    again = ask_as("inspector", None, f"{base}/new", data=form | shown | {"part": [str(lead[0])]})
    assert again.text.count("data-hy-row>") == 6 and again.text.count("checked") < page.text.count("checked")
    assert "请区水利局书面反馈《" in again.text, "the words as each unit will read them"
    empty = ask_as("inspector", None, f"{base}/send", data=form | {"part": [str(lead[0])], "message": " "})
    assert empty.status_code == 422 and not urged(office)
    assert ask_as("inspector", None, f"{base}/send", data=form).status_code == 422, "nobody ticked"
    sent = ask_as("inspector", None, f"{base}/send", data=form | {"part": [str(lead[0]), str(second[1])]})
    assert (sent.status_code, sent.location) == (302, f"{base}/log?batch=b1")
    assert urged(office) == {lead[0], second[1]}
    twice = ask_as("inspector", None, f"{base}/send", data=form | {"part": [str(lead[0])], "channel": "phone"})
    assert (twice.status_code, twice.location) == (302, f"{base}/log?batch=b1") and len(urged(office)) == 2
    late = ask_as("inspector", None, f"{base}/send", data=form | {"part": [str(lead[0]), str(lead[1])], "batch": "b2"})
    assert late.status_code == 403 and WORDS in late.text and len(urged(office)) == 2, "refused, with nothing lost"
    open_now = {"offered": [str(one) for one in (*lead[1:], second[0], second[2])], "part": [str(lead[1])]}
    called = ask_as("inspector", None, f"{base}/new", data=form | open_now | {"channel": "phone", "batch": "b3"})
    ticked = {int(one) for one in re.findall(r'value="(\d+)"\s+aria-label="[^"]*"\s+checked', called.text)}
    assert ticked == {lead[0], lead[1], second[1]}, (
        "whom the system could not urge today is called, who was left out is not"
    )
    for address in (f"{base}/new?id={2**62}", f"{base}/new?id=x", f"{base}/new?part={2**62}", f"{base}/new"):
        assert ask_as("inspector", None, address).status_code == 404, address
    many = "&".join(f"id={number}" for number in range(1, 102))
    assert ask_as("inspector", None, f"{base}/new?{many}").status_code == 422, (
        "nothing of the chosen is left out unsaid"
    )
    long = ask_as(
        "inspector", None, f"{base}/send", data=form | {"part": [str(second[0])], "batch": "b4", "message": "催" * 501}
    )
    assert long.status_code == 422 and 'href="#message"' in long.text
    assert ask_as("unit_liaison", "SLJ", f"{base}/new?id={ids[0]}").status_code == 403


def urged(office: Office) -> set[int]:
    """The parts that have been urged."""
    office.session.rollback()
    with office.place.inside():
        return {row.assignment_id for row in office.all(Urging)}


def test_the_case_file_offers_the_jurisdictions_texts_and_fills_them_in(office: Office, app: Any) -> None:
    text = {"key": "one", "name": "催反馈", "kind": "feedback", "words": "请{单位}反馈{编号}。"}
    limited(office.place, texts=[text])
    life = to_handling(office.place)
    page = f"/j/huarong/matters/{life.matter_id}"
    part, number = life.part("SLJ").id, life.matter.register_no
    file = ask(app, office.session, office.place, "inspector", None, page, office.now)
    assert ">请{单位}反馈{编号}。</button>" in file.text
    data = {"assignment_ids": [str(part)], "kind": "feedback", "channel": "system", "message": text["words"]}
    sent = ask(app, office.session, office.place, "inspector", None, f"{page}/urge", office.now, data=data)
    assert sent.status_code == 302
    with office.place.inside():
        assert [row.message for row in office.all(Urging)] == [f"请区水利局反馈{number}。"]


def test_a_unit_without_a_date_of_its_own_reads_the_matters(office: Office) -> None:
    life = office.lives[0]
    life.unit("acknowledge", "SLJ", leader_in_charge="王局长")
    for own in office.all(Obligation, Obligation.assignment_id == life.part("ZJJ").id):
        own.state = "cancelled"
    office.session.commit()
    lines = [one for one in office.plan() if one.matter.id == life.matter_id]
    assert {one.unit for one in lines} == {"区水利局", "区住建局"}
    due = {one.clock.due_on for one in lines if one.clock}
    assert len(due) == 1 and all("还有" in one.message for one in lines)
    asked = {one.part.id: one.clock for one in office.plan("receipt") if one.part}
    assert asked[life.part("ZJJ").id] is None, "nobody signs by another unit's date"


def test_a_way_that_is_only_taken_when_asked_for_is_offered_and_taken(office: Office, app: Any) -> None:
    ids = [life.matter_id for life in office.lives[:1]]
    part, base = office.parts("SLJ", office.lives[0])[0], "/j/huarong/urging"
    plain = ask(app, office.session, office.place, "inspector", None, f"{base}/new?id={ids[0]}", office.now).text
    assert 'name="wanted"' not in plain
    with office.place.inside():
        office.session.add(
            Channel(kind="sms", name="短信", enabled=True, when_asked=True, base_url="https://sms.example")
        )
        office.session.commit()
    offered = ask(app, office.session, office.place, "inspector", None, f"{base}/new?id={ids[0]}", office.now).text
    assert 'name="wanted"' in offered and ">站内消息<" in offered
    data = {"id": ids, "part": [part], "kind": "feedback", "channel": "system", "message": WORDS, "batch": "b1"}
    again = ask(app, office.session, office.place, "inspector", None, f"{base}/new", office.now,
                data=data | {"wanted": ["sms", "pigeon"]})  # fmt: skip
    assert "站内消息、短信" in again.text, "who gets it through which ways"
    sent = ask(app, office.session, office.place, "inspector", None, f"{base}/send", office.now,
               data=data | {"wanted": ["sms"]})  # fmt: skip
    assert sent.status_code == 302
    with office.place.inside():
        channels = {row.channel for row in office.all(Letter, Letter.kind == "matter.urged")}
        assert channels == {"inbox", "sms"}
    by_phone = data | {"wanted": ["sms"], "channel": "phone", "batch": "b2"}
    assert ask(app, office.session, office.place, "inspector", None, f"{base}/send", office.now, data=by_phone)
    with office.place.inside():
        texts = office.all(Letter, Letter.kind == "matter.urged", Letter.channel == "sms")
        assert len({row.dedupe_key for row in texts}) == 1, "what was said by phone is not sent again"
