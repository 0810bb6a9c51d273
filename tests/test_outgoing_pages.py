"""When letters leave, those that did not, and a person's own choice, in the browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from app.kernel import clock
from app.kernel.events import Event
from app.kernel.outbox import Letter, list_ways, write_letter
from app.kernel.tenancy import scope, set_based
from app.notifications import queries
from app.notifications.models import Channel, LetterPolicy, LetterPreference
from tests.conftest import MORNING
from tests.small_house import House, build

SECRET = "老旧小区改造"
RULES = {
    "quiet_from": "20:00",
    "quiet_until": "6:30",
    "digest_at": "08:00",
    "usual_mode": "digest",
    "own_choice": "y",
    "urgent_kinds": ["matter.urged", "obligation.overdue"],
}


@pytest.fixture
def house(session: Any) -> House:
    return prepared(build(session))


def prepared(house: House) -> House:
    with scope(house.id, house.session):
        house.grant("inspector", "channel:write")
        house.grant("unit_liaison", "letter:read")
        house.session.commit()
    return house


def put(house: House, key: str, *, at: Any = None, **life: Any) -> int:
    """A mail letter to the liaison in some state of its life."""
    with scope(house.id, house.session):
        write_letter(
            house.session,
            recipient_id=house.people["liaison"],
            kind="obligation.due_soon",
            dedupe_key=key,
            subject_type="matter",
            subject_id=77,
            facts={"title": SECRET, "message": "请于本周反馈"},
            at=at or clock.now(),
        )
        mine = Letter.__table__.c.dedupe_key == key, Letter.__table__.c.channel == "email"
        if life:
            house.session.execute(set_based(update(Letter.__table__).where(*mine).values(**life)))
        letter_id = house.session.execute(set_based(select(Letter.__table__.c.id).where(*mine))).scalar_one()
        house.session.commit()
    return int(letter_id)


def states(house: House) -> dict[str, str]:
    with scope(house.id, house.session):
        rows = select(Letter.dedupe_key, Letter.state).where(Letter.channel == "email")
        return dict(house.session.execute(rows).all())


def send(client: Any, page: str, address: str, **data: Any) -> Any:
    return client.post(address, data={"csrf_token": client.csrf_token(page)} | data)


# -- rules -----------------------------------------------------------------------------------------------------------


def test_the_administrator_says_when_letters_leave(house: House, app: Any) -> None:
    client, page = house.client(app, "inspector"), "/j/huarong/settings/letters/"
    shown = client.get(page).text
    assert 'value="21:00"' in shown and 'value="07:30"' in shown
    assert send(client, page, page, **RULES).status_code == 302
    with scope(house.id, house.session):
        row = house.session.query(LetterPolicy).one()
        assert (f"{row.quiet_from:%H:%M}", f"{row.quiet_until:%H:%M}", row.usual_mode) == ("20:00", "06:30", "digest")
        assert sorted(row.urgent_kinds) == ["matter.urged", "obligation.overdue"]
        assert not row.urgent_at_night
        event = house.session.query(Event).filter_by(kind="letters.rules_changed").one()
        assert "quiet_from" in event.facts["changed"]
    assert send(client, page, page, **RULES).status_code == 302  # the same again changes nothing
    with scope(house.id, house.session):
        assert house.session.query(Event).filter_by(kind="letters.rules_changed").count() == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"quiet_until": ""}, "quiet_until"),
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"quiet_from": "6:30"}, "quiet_until"),
        ({"digest_at": "23:00"}, "digest_at"),
        ({"digest_at": ""}, "digest_at"),
        ({"usual_mode": "off"}, "usual_mode"),
        ({"urgent_kinds": ["matter.archived"]}, "urgent_kinds"),
    ],
)
def test_rules_that_cannot_be_are_refused_and_what_was_typed_stays(
    house: House, app: Any, typed: dict[str, Any], field: str
) -> None:
    client, page = house.client(app, "inspector"), "/j/huarong/settings/letters/"
    answer = send(client, page, page, **(RULES | typed))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    kept = [RULES[name] for name in ("quiet_from", "quiet_until", "digest_at") if name not in typed]
    assert all(f'value="{text}"' in answer.text for text in kept)
    with scope(house.id, house.session):
        assert house.session.query(LetterPolicy).count() == 0


def test_rules_and_stuck_letters_are_the_administrators(house: House, app: Any) -> None:
    letter = put(house, "k", state="failed", last_error="smtp_550")
    client = house.client(app, "liaison")
    for page in ("/j/huarong/settings/letters/", "/j/huarong/settings/letters/stuck"):
        assert client.get(page).status_code == 403
    answer = send(client, "/j/huarong/inbox/", "/j/huarong/settings/letters/stuck/resend", id=letter)
    assert answer.status_code == 403
    assert states(house) == {"k": "failed"}


# -- letters on their way ---------------------------------------------------------------------------------------------


def test_letters_that_did_not_leave_are_seen_with_their_reason_and_without_a_word_of_theirs(
    house: House, app: Any
) -> None:
    put(house, "failed", state="failed", last_error="smtp_550", attempts=1)
    put(house, "dropped", state="dropped", last_error="settled")
    put(house, "waiting")
    put(house, "gone", state="sent")
    client, page = house.client(app, "inspector"), "/j/huarong/settings/letters/stuck"
    for state, words in (("failed", "不认识收件人"), ("dropped", "所要求的事已办"), ("waiting", "")):
        shown = client.get(f"{page}?state={state}").text
        assert words in shown
        assert shown.count('name="id"') == 1
        assert SECRET not in shown and "本周反馈" not in shown
        assert "提醒：即将到期" in shown
    assert client.get(f"{page}?reason=smtp_451").text.count('name="id"') == 0
    assert client.get(f"{page}?state=nonsense&page=99999999999").status_code == 200
    assert client.get(f"{page}?channel=%00&reason=%00").status_code == 200


def test_the_numbers_are_those_of_the_lists(house: House, app: Any) -> None:
    for number in range(53):
        put(house, f"f{number}", state="failed", last_error="smtp_550" if number % 2 else "too_old")
    client, page = house.client(app, "inspector"), "/j/huarong/settings/letters/stuck"

    def listed(address: str) -> int:
        return sum(client.get(f"{address}&page={number}").text.count('name="id"') for number in (1, 2))

    rules = client.get("/j/huarong/settings/letters/").text
    assert re.search(r'stuck\?state=failed">53</a>', rules)
    assert listed(f"{page}?state=failed") == 53
    assert listed(f"{page}?state=failed&reason=smtp_550") == 26
    assert "26" in client.get(f"{page}?state=failed&reason=smtp_550").text


def test_what_failed_is_sent_again_and_what_waits_is_given_up(house: House, app: Any) -> None:
    failed, other = put(house, "failed", state="failed", attempts=8), put(house, "other", state="failed")
    sent, waiting = put(house, "sent", state="sent"), put(house, "waiting")
    client, page = house.client(app, "inspector"), "/j/huarong/settings/letters/stuck"
    send(client, page, f"{page}/resend", id=[failed, sent, "x", "9" * 30])
    assert states(house) == {"failed": "queued", "other": "failed", "sent": "sent", "waiting": "queued"}
    send(client, page, f"{page}/give-up", id=[waiting, sent, other], state="waiting")
    assert states(house) == {"failed": "queued", "other": "dropped", "sent": "sent", "waiting": "dropped"}
    with scope(house.id, house.session):
        counts = [one.facts["letters"] for one in house.session.query(Event).filter(Event.kind.like("letters.%"))]
        assert counts == [1, 2]


def test_all_that_the_filter_shows_is_sent_again_and_nothing_else(house: House, app: Any) -> None:
    for number in range(60):
        put(house, f"f{number}", state="failed", last_error="smtp_451" if number < 55 else "smtp_550")
    client, page = house.client(app, "inspector"), "/j/huarong/settings/letters/stuck"
    send(client, page, f"{page}/resend", all="1", state="failed", reason="smtp_451")
    assert sorted(states(house).values()) == ["failed"] * 5 + ["queued"] * 55


def test_another_jurisdictions_letters_are_not_there(session: Any, app: Any) -> None:
    north, south = prepared(build(session)), prepared(build(session, "huaian", "320800"))
    letter = put(north, "k", state="failed")
    client, page = south.client(app, "inspector"), "/j/huaian/settings/letters/stuck"
    assert client.get(page).text.count('name="id"') == 0
    send(client, page, f"{page}/resend", id=letter)
    assert states(north) == {"k": "failed"}
    assert client.get("/j/huarong/settings/letters/stuck").status_code == 404


# -- one's own choice -------------------------------------------------------------------------------------------------


def test_a_person_chooses_for_each_way_that_leads_to_him(house: House, app: Any) -> None:
    with scope(house.id, house.session):
        house.session.add_all(
            [
                Channel(kind="wecom", name="群", base_url="https://chat.example", enabled=True),
                Channel(kind="sms", name="短信", base_url="https://sms.example", enabled=False),
            ]
        )
        house.session.commit()
    client, page = house.client(app, "liaison"), "/j/huarong/me/letters/"
    shown = client.get(page).text
    assert 'name="email"' in shown and 'name="wecom"' in shown and 'name="sms"' not in shown
    assert send(client, page, page, email="off", wecom="digest").status_code == 302
    person = house.people["liaison"]
    with scope(house.id, house.session):
        chosen = {one.channel: one.mode for one in house.session.query(LetterPreference)}
        assert chosen == {"email": "off", "wecom": "digest"}
        assert list_ways(house.session, [person], kind="obligation.due_soon", at=MORNING)[person] == ("inbox", "wecom")
    assert send(client, page, page, email="loudly", wecom="each").status_code == 422
    assert send(client, page, page, email="each").status_code == 302


def test_where_the_house_decides_nobody_chooses(house: House, app: Any) -> None:
    with scope(house.id, house.session):
        house.session.add(LetterPolicy(own_choice=False))
        house.session.commit()
    client, page = house.client(app, "liaison"), "/j/huarong/me/letters/"
    shown = client.get(page).text
    assert 'type="radio"' not in shown
    answer = client.post(page, data={"csrf_token": client.csrf_token(page), "email": "off"})
    assert answer.status_code in (403, 409, 422)
    with scope(house.id, house.session):
        assert house.session.query(LetterPreference).count() == 0
        assert queries.letter_rules(house.session).own_choice is False
