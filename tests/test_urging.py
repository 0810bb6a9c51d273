"""Urging by a person: who may, whom, how often, and what stays of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from app.kernel.errors import HuiyinError, Invalid, NotFound, Refused
from app.kernel.events import Event, verify_chain
from app.kernel.outbox import Letter
from app.kernel.tenancy import scope
from app.matters.models import Assignment, Matter
from app.urging.models import Urging
from app.urging.queries import list_urgings
from app.urging.services import urge
from tests.conftest import MORNING
from tests.small_house import House, build

WORDS = "请于本周五前反馈进展。"


class Case:
    """A matter that two units handle, and an inspector who may urge."""

    def __init__(self, session: Any) -> None:
        self.house: House = build(session)
        self.session = session
        with scope(self.house.id, session):
            matter = self.house.matter("老旧小区改造", register_no="12")
            self.matter_id = matter.id
            self.lead = self.house.assignment(matter, "住建局").id
            self.co = self.house.assignment(matter, "教育局", role="co", state="notified").id
            session.commit()
        self.inspector = self.house.actor("inspector", "matter:urge", "matter:read_all")

    def urge(self, *ids: int, **changed: Any) -> list[Urging]:
        asked = {
            "channel": "system",
            "message": WORDS,
            "kind": "feedback",
            "at": MORNING,
            "actor": self.inspector,
        } | changed
        with scope(self.house.id, self.session):
            return urge(
                self.session,
                asked["actor"],
                changed.get("matter_id", self.matter_id),
                ids,
                asked["channel"],
                asked["message"],
                asked["kind"],
                at=asked["at"],
            )

    def set(self, model: type[Any], pk: int, **values: Any) -> None:
        with scope(self.house.id, self.session):
            row = self.session.get(model, pk)
            for name, value in values.items():
                setattr(row, name, value)
            self.session.commit()

    def count(self, model: type[Any], *conditions: Any) -> int:
        with scope(self.house.id, self.session):
            return int(self.session.scalar(select(func.count()).select_from(model).where(*conditions)))

    def readers(self, channel: str) -> list[str]:
        names = {person: name for name, person in self.house.people.items()}
        with scope(self.house.id, self.session):
            wanted = select(Letter.recipient_id).where(Letter.channel == channel).order_by(Letter.id)
            return [names[person] for person in self.session.scalars(wanted)]


@pytest.fixture
def case(session: Any) -> Case:
    return Case(session)


def test_urging_reaches_the_liaisons_and_stays_on_record(case: Case) -> None:
    case.urge(case.lead, case.co)
    assert case.readers("inbox") == case.readers("email") == ["liaison", "teacher"]
    with scope(case.house.id, case.session):
        rows = list_urgings(case.session, case.matter_id)
        assert {(row.assignment_id, row.channel, row.kind, row.message) for row in rows} == {
            (case.lead, "system", "feedback", WORDS),
            (case.co, "system", "feedback", WORDS),
        }
        assert {row.urged_by for row in rows} == {case.house.memberships["inspector"]}
        event = case.session.scalars(select(Event)).one()
        assert (event.kind, event.subject_id, event.actor_name) == ("matter.urged", case.matter_id, "inspector")
        assert event.facts["units"] == ["住建局", "教育局"]
        assert verify_chain(case.session) == []
        letter = case.session.scalars(select(Letter).limit(1)).one()
        assert (letter.facts["title"], letter.facts["message"], letter.facts["asked"]) == (
            "老旧小区改造",
            WORDS,
            "feedback",
        )


def test_once_a_day_through_the_system_and_as_often_as_one_phones(case: Case) -> None:
    case.urge(case.lead)
    evening = MORNING + dt.timedelta(hours=14, minutes=59)
    with pytest.raises(Refused, match="already urged today"):
        case.urge(case.lead, at=evening)
    with pytest.raises(Refused, match="already urged today"):
        case.urge(case.co, case.lead, at=evening)
    case.urge(case.co, at=evening)
    case.urge(case.lead, channel="phone", at=evening)
    case.urge(case.lead, channel="paper", at=evening)
    case.urge(case.lead, at=evening + dt.timedelta(minutes=1))  # local midnight
    assert case.count(Urging) == 5
    assert case.readers("email") == ["liaison", "teacher", "liaison"]
    assert len(case.readers("inbox")) == 5


def test_all_units_are_urged_or_none(case: Case) -> None:
    case.set(Assignment, case.co, state="accepted")
    with pytest.raises(Refused, match="教育局 has reported"):
        case.urge(case.lead, case.co)
    assert (case.count(Urging), case.count(Letter), case.count(Event)) == (0, 0, 0)


@pytest.mark.parametrize("state", ["reported", "accepted", "declined"])
def test_a_unit_that_has_done_its_part_is_not_urged(case: Case, state: str) -> None:
    case.set(Assignment, case.lead, state=state)
    with pytest.raises(Refused, match="done with its part"):
        case.urge(case.lead)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"state": "suspended"}, "suspended"),
        ({"state": "cancelled"}, "ended"),
        ({"state": "completed", "step_key": "closing"}, "wrong_step"),
        ({"state": "registered", "step_key": "dispatch"}, "wrong_step"),
    ],
)
def test_what_the_procedure_does_not_allow_now(case: Case, values: dict[str, str], code: str) -> None:
    case.set(Matter, case.matter_id, **values)
    with pytest.raises(Refused) as refusal:
        case.urge(case.lead)
    assert refusal.value.code == code


def test_receipt_is_urged_only_before_it_is_signed(case: Case) -> None:
    case.urge(case.co, kind="receipt")
    with pytest.raises(Refused, match="already signed"):
        case.urge(case.lead, kind="receipt")


def test_only_who_may_and_who_sees_the_matter(case: Case, session: Any) -> None:
    with pytest.raises(Refused, match="role here does not allow"):
        case.urge(case.lead, actor=case.house.actor("leader", "matter:read_all"))
    with pytest.raises(NotFound):
        case.urge(case.lead, actor=case.house.actor("leader", "matter:urge"))
    other = build(session, "huaian", "320800")
    with scope(other.id, session):
        foreign = other.matter("别处的事项")
        foreign_id, foreign_part = foreign.id, other.assignment(foreign, "住建局").id
        session.commit()
    with pytest.raises(NotFound):
        case.urge(foreign_part, matter_id=foreign_id)
    with pytest.raises(Invalid, match="does not handle"):
        case.urge(case.lead, foreign_part)
    with pytest.raises(NotFound):
        case.urge(case.lead, matter_id=2**62)
    assert case.count(Urging) == 0


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"message": "  "}, "urging_incomplete"),
        ({"channel": "pigeon"}, "urging_incomplete"),
        ({"kind": "money"}, "urging_incomplete"),
        ({"message": "长" * 501}, "message_too_long"),
    ],
)
def test_words_that_are_missing_or_unknown(case: Case, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(HuiyinError) as refusal:
        case.urge(case.lead, **changed)
    assert refusal.value.code == code


def test_nobody_chosen_and_nobody_there(case: Case) -> None:
    with pytest.raises(Invalid, match="at least one"):
        case.urge()
    with scope(case.house.id, case.session):
        case.house.unit("新单位")
        part = case.house.assignment(case.session.get(Matter, case.matter_id), "新单位").id
        case.session.commit()
    with pytest.raises(Refused, match="no liaison"):
        case.urge(part)
    case.urge(part, channel="phone")
    assert (case.count(Urging), case.count(Letter)) == (1, 0)


def test_in_the_browser_and_through_the_api(case: Case, app: Any, session: Any) -> None:
    with scope(case.house.id, session):
        case.house.grant("inspector", "matter:urge", "matter:read_all")
        session.commit()
    browser = case.house.client(app, "inspector")
    page = f"/j/huarong/matters/{case.matter_id}"
    form = {
        "csrf_token": browser.csrf_token("/j/huarong/inbox/"),
        "assignment_ids": [case.lead, case.co],
        "channel": "system",
        "kind": "feedback",
        "message": WORDS,
    }
    assert browser.post(f"{page}/urge", data=form | {"csrf_token": ""}).status_code == 400
    answer = browser.post(f"{page}/urge", data=form)
    assert (answer.status_code, answer.location) == (302, page)
    assert case.count(Urging) == 2
    refused = browser.post(f"{page}/urge", data=form)
    assert refused.status_code == 403 and WORDS in refused.text, "refused on the page, with nothing that was typed lost"
    assert case.count(Urging) == 2
    headers = {"X-CSRFToken": form["csrf_token"]}
    api = f"/j/huarong/api/v1/matters/{case.matter_id}/urge"
    body = {"assignment_ids": [case.lead], "channel": "phone", "kind": "feedback", "message": WORDS}
    answered = browser.post(api, json=body, headers=headers)
    assert answered.status_code == 201
    assert answered.json["urgings"][0]["assignment_id"] == case.lead
    assert browser.post(api, json=body | {"channel": "system"}, headers=headers).status_code == 403
    assert browser.post(api, json=body | {"assignment_ids": ["x"]}, headers=headers).status_code == 422
    assert browser.post(api, json=[], headers=headers).status_code == 422
    elsewhere = f"/j/huarong/api/v1/matters/{2**62}/urge"
    assert browser.post(elsewhere, json=body, headers=headers).status_code == 404
    assert case.house.client(app, "liaison").post(api, json=body, headers=headers).status_code in (400, 403)


def test_a_signature_is_asked_for_only_while_one_is_missing(case: Case, app: Any, session: Any) -> None:
    with scope(case.house.id, session):
        case.house.grant("inspector", "matter:urge", "matter:read_all")
        session.commit()
    page = f"/j/huarong/matters/{case.matter_id}"
    assert 'value="receipt"' in case.house.client(app, "inspector").get(page).text, "教育局 has not signed yet"
    case.set(Assignment, case.co, state="acknowledged")
    signed = case.house.client(app, "inspector").get(page).text
    assert 'value="receipt"' not in signed and 'value="feedback"' in signed
