"""The ways by which letters leave the system, as a jurisdiction's administrator sets them up in the browser."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.crypto import SecretBox, secret_box
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import Event
from app.kernel.runtime.roles import connect
from app.kernel.tenancy import scope
from app.notifications import cli, queries
from app.notifications.channels import Outlet
from app.notifications.channels.opening import open_secrets
from app.notifications.models import Channel
from app.notifications.rules.ways import WAY_KINDS, fault_words, split_webhook
from app.notifications.services import ways
from app.platform import services as platform_services
from tests.conftest import MORNING
from tests.fake_vendors import FakeVendor, allowed_vendor
from tests.small_house import House, build
from tests.stack import Stack

SECRET = "k3y-that-nobody-may-read"
HERE = "/j/huarong/settings/channels/"


@pytest.fixture
def vendor(app: Any) -> Iterator[FakeVendor]:
    with allowed_vendor(app) as one:
        yield one


@pytest.fixture
def house(session: Any) -> House:
    house = build(session)
    with scope(house.id, session):
        house.grant("inspector", "channel:write", "event:read")
        session.commit()
    return house


def post(client: Any, path: str, **typed: Any) -> Any:
    return client.post(path, data={"csrf_token": client.csrf_token(HERE)} | typed, follow_redirects=True)


def only_channel(house: House) -> Channel:
    with scope(house.id, house.session):
        channel = house.session.scalars(select(Channel)).one()
        house.session.expunge(channel)
        return channel


def events(house: House) -> list[Event]:
    with scope(house.id, house.session):
        found = list(house.session.scalars(select(Event).where(Event.subject_type == "channel").order_by(Event.seq)))
        house.session.expunge_all()
        return found


def test_a_robot_is_set_up_from_its_webhook_tried_and_put_to_use(house: House, app: Any, vendor: FakeVendor) -> None:
    client = house.client(app, "inspector")
    assert "企业微信" in client.get(HERE).text
    webhook = f"{vendor.url}/cgi-bin/webhook/send?key={SECRET}"
    page = post(
        client, HERE + "new/wecom", name="督查群", token=webhook, unit="", base_url="https://qyapi.weixin.qq.com"
    )
    assert page.status_code == 200
    channel = only_channel(house)
    assert (channel.base_url, channel.enabled, channel.when_asked, channel.unit_id) == (vendor.url, False, False, None)
    place = f"{HERE}{channel.id}"
    # not before it has taken a message
    refused = post(client, place + "/switch", enabled="1")
    assert not only_channel(house).enabled
    assert "先试发" in refused.text
    tried = post(client, place + "/trial")
    assert vendor.asked[-1].query == {"key": SECRET}
    assert "对方已接收" in tried.text
    assert only_channel(house).last_test_code == ""
    post(client, place + "/switch", enabled="1")
    assert only_channel(house).enabled
    listed = client.get(HERE).text
    assert "督查群" in listed
    for shown in (page.text, tried.text, listed, client.get(place).text):
        assert SECRET not in shown
    happened = events(house)
    assert [event.kind for event in happened] == ["channel.added", "channel.tried", "channel.enabled"]
    assert SECRET not in str([event.facts for event in happened])
    assert "督查群" in client.get("/j/huarong/events/").text


def test_a_refusal_is_told_as_a_sentence_and_keeps_the_channel_out_of_use(
    house: House, app: Any, vendor: FakeVendor
) -> None:
    client = house.client(app, "inspector")
    vendor.answer = {"errcode": 93000, "errmsg": f"invalid webhook url {SECRET}"}
    post(client, HERE + "new/wecom", name="督查群", token=f"{vendor.url}/cgi-bin/webhook/send?key={SECRET}", unit="")
    place = f"{HERE}{only_channel(house).id}"
    page = post(client, place + "/trial").text
    assert "机器人已被移除" in page
    assert "invalid webhook url" in page
    assert SECRET not in page
    assert only_channel(house).last_test_code == "wecom_93000"
    assert "先试发" in post(client, place + "/switch", enabled="1").text
    # a second click a moment later is no second message
    count = len(vendor.asked)
    post(client, place + "/trial")
    assert len(vendor.asked) == count


def test_a_secret_is_written_and_never_read(house: House, app: Any, vendor: FakeVendor, stack: Stack) -> None:
    client = house.client(app, "inspector")
    post(client, HERE + "new/dingtalk", name="钉钉群", token=SECRET, sign="SEC" + SECRET, unit="", base_url=vendor.url)
    channel = only_channel(house)
    place = f"{HERE}{channel.id}"
    assert SECRET not in client.get(place).text
    # left empty, both stay; ticked, the signing secret goes
    post(client, place, name="改名", token="", sign="", unit="", base_url=vendor.url, keyword="督查")
    box = secret_box(app.extensions["huiyin.settings"])
    kept = only_channel(house)
    assert kept.name == "改名"
    assert open_secrets(box, house.id, kept.secret) == {"token": SECRET, "sign": "SEC" + SECRET}
    post(client, place, name="改名", token="", sign="", unit="", base_url=vendor.url, forget_sign="y")
    assert open_secrets(box, house.id, only_channel(house).secret) == {"token": SECRET}
    with connect(stack.owner_url) as owner:
        rows = owner.execute("select cast(row_to_json(c) as text) from channel c").fetchall()
    assert SECRET not in str(rows)


def test_a_secret_goes_to_no_other_host_by_itself(house: House, app: Any, vendor: FakeVendor) -> None:
    client = house.client(app, "inspector")
    post(client, HERE + "new/wecom", name="督查群", token=SECRET, unit="", base_url=vendor.url)
    place = f"{HERE}{only_channel(house).id}"
    page = post(client, place, name="督查群", token="", unit="", base_url="https://other.example")
    assert page.status_code == 200
    assert "请重新填写" in page.text
    assert "https://other.example" in page.text, "what was typed stays"
    assert only_channel(house).base_url == vendor.url
    post(client, place, name="督查群", token="another-key", unit="", base_url="https://other.example")
    assert only_channel(house).base_url == "https://other.example"


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("wecom", {"token": "https://qyapi.weixin.qq.com/other?key=abcdef"}, "token"),
        ("wecom", {"token": "abcdefgh", "base_url": "http://chat.example"}, "base_url"),
        ("wecom", {"token": "abcdefgh", "base_url": "ftp://chat.example"}, "base_url"),
        ("wecom", {"token": "abcdefgh", "base_url": "https://user@chat.example"}, "base_url"),
        ("wecom", {"token": "abcdefgh", "base_url": "https://chat.example/send?key=abc"}, "base_url"),
        ("wecom", {"token": ""}, "token"),
        ("sms", {"base_url": "https://sms.example/send", "method": "GET", "body": "{phone}", "taken": "0"}, "base_url"),
        ("wecom_app", {"corp_id": "ww1", "agent_id": "甲", "corp_secret": "abc"}, "agent_id"),
        ("sms", {"base_url": "https://sms.example", "body": '{"to": {phone}}', "taken": "0"}, "body"),
        ("sms", {"base_url": "https://sms.example", "body": '{"to": "{phone}"}', "taken": ""}, "taken"),
        ("sms", {"base_url": "https://{phone}.example", "body": '{"to": "{phone}"}', "taken": "0"}, "base_url"),
        ("email", {"base_url": "https://mail.example", "sender": "a@b.example"}, "base_url"),
    ],
)
def test_what_cannot_work_is_said_beside_its_field(kind: str, typed: dict[str, str], field: str, house: House) -> None:
    box = secret_box(dataclasses.replace(_settings(), channel_hosts=()))
    start = {"method": "POST", "body_type": "json"} if kind == "sms" else {}
    with scope(house.id, house.session), pytest.raises(Invalid) as caught:
        ways.add_channel(
            house.session,
            house.actor("inspector", "channel:write"),
            kind,
            ways.WayInput("通道", typed.pop("base_url", ""), None, False, start | typed),
            Outlet(frozenset(), box, "x@y.example"),
            at=MORNING,
        )
    assert field in caught.value.fields


def _settings() -> Any:
    from flask import current_app

    return current_app.extensions["huiyin.settings"]


def _outlet() -> Outlet:
    return Outlet(frozenset(), secret_box(_settings()), "x@y.example")


def _add(house: House, unit: str | None = None, *, kind: str = "wecom", right: str = "channel:write") -> int:
    typed = ways.WayInput("群", "", house.units[unit] if unit else None, False, {"token": "abcdefgh"})
    with scope(house.id, house.session):
        channel = ways.add_channel(house.session, house.actor("inspector", right), kind, typed, _outlet(), at=MORNING)
        return int(channel.id)


def test_there_is_one_of_a_kind_for_everybody_and_one_for_each_unit(house: House) -> None:
    _add(house)
    _add(house, "住建局")
    _add(house, "教育局")
    _add(house, kind="feishu")
    for unit in (None, "住建局"):
        with pytest.raises(Conflict, match="already"):
            _add(house, unit)


def test_without_the_right_nothing_is_set_up_and_nothing_seen(house: House, app: Any) -> None:
    with pytest.raises(Refused):
        _add(house, right="event:read")
    client = house.client(app, "liaison")
    assert client.get(HERE).status_code == 403
    assert "settings/channels" not in client.get("/j/huarong/inbox/").text


def test_a_neighbours_channel_is_not_there(house: House, session: Any, app: Any) -> None:
    channel_id = _add(house)
    other = build(session, "huaian", "320800")
    with scope(other.id, session):
        other.grant("inspector", "channel:write")
        session.commit()
        assert queries.list_channels(session) == []
        with pytest.raises(NotFound):
            ways.switch_channel(
                session, other.actor("inspector", "channel:write"), channel_id, enabled=False, at=MORNING
            )
        with pytest.raises(NotFound):
            typed = ways.WayInput("群", "", house.units["住建局"], False, {"token": "abcdefgh"})
            ways.add_channel(session, other.actor("inspector", "channel:write"), "wecom", typed, _outlet(), at=MORNING)
    client = other.client(app, "inspector")
    assert client.get(f"/j/huaian/settings/channels/{channel_id}").status_code == 404
    assert client.get(f"/j/huarong/settings/channels/{channel_id}").status_code in (403, 404)


def test_a_changed_channel_counts_as_untried(house: House) -> None:
    channel_id, actor = _add(house), house.actor("inspector", "channel:write")
    session = house.session
    with scope(house.id, session):
        ways.note_trial(session, actor, channel_id, "", at=MORNING)
        ways.switch_channel(session, actor, channel_id, enabled=True, at=MORNING)
        renamed = ways.WayInput("新名", "", None, True, {})
        ways.change_channel(session, actor, channel_id, renamed, _outlet(), at=MORNING)
        assert queries.get_channel(session, channel_id).last_test_code == ""
        rekeyed = ways.WayInput("新名", "", None, True, {"token": "12345678"})
        ways.change_channel(session, actor, channel_id, rekeyed, _outlet(), at=MORNING)
        assert queries.get_channel(session, channel_id).last_test_code is None
        later = MORNING + dt.timedelta(minutes=1)
        ways.note_trial(session, actor, channel_id, "http_500", at=later)
        with pytest.raises(Conflict):
            ways.must_wait(queries.get_channel(session, channel_id), later + dt.timedelta(seconds=4))
        ways.must_wait(queries.get_channel(session, channel_id), later + dt.timedelta(seconds=5))
        ways.remove_channel(session, actor, channel_id, at=later)
        assert queries.list_channels(session) == []


def test_an_export_takes_no_secret_along(house: House) -> None:
    from app.platform.services.exporting import _rows

    _add(house)
    with scope(house.id, house.session):
        connection = house.session.connection()
        lines = b"".join(_rows(connection, Channel.__table__, house.id, set())).decode()
    assert "aesgcm" not in lines
    assert '"secret": null' in lines
    assert platform_services.owned_tables()


def test_the_dispatcher_reads_every_channel_and_changes_none(house: House, stack: Stack) -> None:
    _add(house)
    with connect(stack.dispatcher_url) as dispatcher:
        assert dispatcher.execute("select count(*) from channel").fetchone() == (1,)
        with pytest.raises(Exception, match="permission denied"):
            dispatcher.execute("update channel set enabled = true")


def test_webhooks_are_taken_as_people_copy_them() -> None:
    public = "https://qyapi.weixin.qq.com"
    assert split_webhook("wecom", f"{public}/cgi-bin/webhook/send?key=abc") == (public, "abc")
    assert split_webhook("wecom", "https://wx.gov.example/proxy/cgi-bin/webhook/send?key=abc") == (
        "https://wx.gov.example/proxy",
        "abc",
    )
    assert split_webhook("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=abc") == (
        "https://oapi.dingtalk.com",
        "abc",
    )
    assert split_webhook("feishu", " https://open.feishu.cn/open-apis/bot/v2/hook/abc ") == (
        "https://open.feishu.cn",
        "abc",
    )
    assert split_webhook("feishu", "abc-def") == ("", "abc-def")
    for wrong in (f"{public}/cgi-bin/webhook/send", f"{public}/?key=abc", "短", "a b c d e f"):
        assert split_webhook("wecom", wrong) is None


def test_every_kind_has_its_words_and_a_fault_nobody_named_shows_its_code() -> None:
    assert set(WAY_KINDS) == {"email", "wecom", "wecom_app", "dingtalk", "feishu", "sms"}
    assert "wecom_777" in fault_words("wecom_777").say(lambda msgid, **values: msgid % values)


def test_with_a_new_key_everything_is_sealed_anew_and_the_former_can_go(house: House) -> None:
    channel_id = _add(house)
    old_key, new_key = _settings().field_key, "the-next-key-of-this-house"
    both = Outlet(frozenset(), SecretBox(new_key, [old_key]), "x@y.example")
    alone = SecretBox(new_key)
    system = Actor.system(house.id)
    with scope(house.id, house.session):
        assert ways.reseal_channels(house.session, system, Outlet(frozenset(), alone, ""), at=MORNING) == (0, 1)
        assert ways.reseal_channels(house.session, system, both, at=MORNING) == (1, 0)
        assert ways.reseal_channels(house.session, system, both, at=MORNING) == (0, 0)
        sealed = queries.get_channel(house.session, channel_id).secret
        assert open_secrets(alone, house.id, sealed) == {"token": "abcdefgh"}
    assert [event.kind for event in events(house)] == ["channel.added", "channel.resealed"]


def test_the_command_line_seals_anew_and_says_what_is_lost(
    house: House, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def here() -> Iterator[Any]:
        yield app

    _add(house)
    monkeypatch.setattr(cli, "application", here)
    now = app.extensions["huiyin.settings"]
    changed = dataclasses.replace(now, field_key="the-next-key-of-this-house", former_field_keys=(now.field_key,))
    monkeypatch.setitem(app.extensions, "huiyin.settings", changed)
    assert CliRunner().invoke(cli.secret, ["reseal"]).output == "1 sealed anew\n"
    again = dataclasses.replace(now, field_key="a-key-nobody-has-sealed-with", former_field_keys=())
    monkeypatch.setitem(app.extensions, "huiyin.settings", again)
    said = CliRunner().invoke(cli.secret, ["reseal"])
    assert said.exit_code == 1
    assert "1 cannot be opened" in said.output
