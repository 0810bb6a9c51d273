"""The inbox and the log of acts in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.kernel.events import record
from app.kernel.outbox import write_letter
from app.kernel.tenancy import scope
from app.notifications import queries
from app.organisation.models import JurisdictionRole
from tests.conftest import MORNING
from tests.small_house import Browser, House, build


@pytest.fixture
def house(session: Any) -> House:
    house = build(session)
    with scope(house.id, session):
        house.grant("unit_liaison", "letter:read")
        house.grant("inspector", "event:read")
        for number in (1, 2):
            write_letter(
                session,
                recipient_id=house.people["liaison"],
                kind="obligation.due_today",
                dedupe_key=f"k{number}",
                subject_type="matter",
                subject_id=70 + number,
                facts={"title": f"<b>老旧小区</b>{number}", "stage": "result", "due_on": "2026-03-02"},
                at=MORNING,
            )
        session.commit()
    return house


def letter_ids(house: House) -> list[int]:
    with scope(house.id, house.session):
        return [letter.id for letter in queries.list_letters(house.session, house.people["liaison"])]


def unread(house: House) -> int:
    with scope(house.id, house.session):
        return queries.count_unread(house.session, house.people["liaison"])


def test_opening_a_letter_reads_it_and_leads_to_its_matter(house: House, app: Any) -> None:
    newest = letter_ids(house)[0]
    client = house.client(app, "liaison")
    page = client.get("/j/huarong/inbox/")
    assert page.status_code == 200
    assert "&lt;b&gt;老旧小区&lt;/b&gt;2" in page.text
    assert f"/j/huarong/inbox/{newest}" in page.text
    opened = client.get(f"/j/huarong/inbox/{newest}")
    assert (opened.status_code, opened.location) == (302, "/j/huarong/matters/72")
    assert unread(house) == 1
    assert "老旧小区&lt;/b&gt;2" not in client.get("/j/huarong/inbox/?unread=1").text


def test_nobody_opens_anybody_elses_letter(house: House, app: Any, session: Any) -> None:
    newest = letter_ids(house)[0]
    client = house.client(app, "teacher")
    for number in (newest, 2**63 - 1, 2**63, 10**30):
        assert client.get(f"/j/huarong/inbox/{number}").status_code == 404
    assert unread(house) == 2
    other = build(session, "huaian", "320800")
    with scope(other.id, session):
        other.grant("unit_liaison", "letter:read")
        session.commit()
    assert other.client(app, "liaison").get(f"/j/huaian/inbox/{newest}").status_code == 404
    assert other.client(app, "liaison").get(f"/j/huarong/inbox/{newest}").status_code == 404
    assert house.client(app, "leader").get("/j/huarong/inbox/").status_code == 403


def test_marking_everything_read_needs_a_form_of_ours(house: House, app: Any) -> None:
    client = house.client(app, "liaison")
    assert client.post("/j/huarong/inbox/read").status_code == 400
    page = client.get("/j/huarong/inbox/").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post("/j/huarong/inbox/read", data={"csrf_token": token}).status_code == 302
    assert unread(house) == 0


def test_the_log_tells_who_did_what_and_can_be_narrowed(house: House, app: Any, session: Any) -> None:
    with scope(house.id, session):
        doing = house.actor("inspector")
        record(session, doing, "matter.urged", "matter", 71, MORNING, units=["住建局"], message="请于本周反馈")
        record(session, doing, "calendar.day_added", "calendar_day", 5, MORNING, on="2026-03-03", name="州庆")
        record(session, doing, "somebody.new", "thing", 5, MORNING, secret_id=12345)
        role = session.scalars(select(JurisdictionRole)).first()
        role.name = "分管的领导"
        record(session, doing, "matter.approved", "matter", 71, MORNING, role=role.key)
        session.commit()
    client = house.client(app, "inspector")
    everything = client.get("/j/huarong/events/").text
    assert "请于本周反馈" in everything
    assert "州庆" in everything
    assert "12345" not in everything
    assert "分管的领导" in everything, "a role by the name it has here"
    assert "/j/huarong/matters/71" in everything
    assert "州庆" not in client.get("/j/huarong/events/?kind=matter.urged").text
    assert "州庆" not in client.get("/j/huarong/events/?person=nobody%25").text
    assert "州庆" in client.get("/j/huarong/events/?person=inspect&on_from=2026-03-02&on_to=2026年3月2日").text
    assert "州庆" not in client.get("/j/huarong/events/?on_from=20260303").text
    for no_day in ("on_from=soon", "on_from=0001-01-01", "on_to=9999-12-31"):
        assert client.get(f"/j/huarong/events/?{no_day}").status_code == 422, no_day
    assert client.get("/j/huarong/events/?person=%00").status_code == 200
    assert client.get("/j/huarong/events/?page=99999999999999999999").status_code == 200
    assert house.client(app, "liaison").get("/j/huarong/events/").status_code == 403
    assert Browser(app, app.response_class).get("/j/huarong/events/").status_code == 302
