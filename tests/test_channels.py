"""Ways out of the system: what each vendor is told, what its answers mean, and where nothing may go."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from app.kernel.crypto import SecretBox, SecretUnreadable
from app.notifications.channels import ChannelFault, ChannelSettings, Message, Outlet, open_channel, outward, wecom
from app.notifications.channels.composing import clip, compose
from app.notifications.channels.opening import seal_secrets
from app.notifications.channels.outward import find_destination, is_public
from app.notifications.channels.sms import SmsTemplate
from tests.fake_vendors import WELCOME, Asked, FakeVendor, fake_vendor
from tests.test_letters import Postbox, free_port

BOX = SecretBox("a-key-for-the-fields-of-tests")
SECRET = "k3y-that-nobody-may-read"
LETTER = Message(
    key="letter-7-1",
    address="13800000001",
    subject="[华容区] 今日到期：老旧小区改造",
    text="办结报告今日到期。\n登记编号：3",
    written_at=dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC),
    link="https://huiyin.example/j/huarong/matters/3",
)
SMS = {
    "method": "POST",
    "body_type": "json",
    "body": '{"to": "{phone}", "what": "{message}", "account": "{user}", "pass": "{secret}", "id": "{key}"}',
    "answer_field": "code",
    "taken": "0, OK",
    "refused": "1003",
    "busy": "1008",
    "user": "huarong",
}
KINDS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "wecom": ({}, {"token": SECRET}),
    "wecom_app": ({"corp_id": "ww1", "agent_id": "1000002"}, {"corp_secret": SECRET}),
    "dingtalk": ({}, {"token": SECRET, "sign": "SEC" + SECRET}),
    "feishu": ({}, {"token": SECRET, "sign": "SEC" + SECRET}),
    "sms": (SMS, {"secret": SECRET}),
}
TOKENS = {"errcode": 0, "access_token": "pass-of-the-day", "expires_in": 7200, "userid": "zhang"}


@pytest.fixture
def vendor() -> Iterator[FakeVendor]:
    wecom._tokens.clear()
    with fake_vendor() as one:
        one.answer = WELCOME | TOKENS
        yield one


def opened(kind: str, vendor: FakeVendor, **options: Any) -> Any:
    """A channel of this kind to the vendor, whom the operator allows."""
    own, secrets = KINDS[kind]
    sealed = seal_secrets(BOX, 7, secrets)
    settings = ChannelSettings(7, kind, vendor.url + ("/sms" if kind == "sms" else ""), own | options, sealed)
    return open_channel(settings, Outlet(frozenset({vendor.place}), BOX, "huiyin@office.example"))


def refused(channel: Any, message: Message = LETTER) -> ChannelFault:
    """The fault with which a message is not taken."""
    with pytest.raises(ChannelFault) as caught:
        channel.send(message)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_reaches_each_vendor_with_its_words_and_its_link(kind: str, vendor: FakeVendor) -> None:
    with opened(kind, vendor) as channel:
        channel.send(LETTER)
    said = json.dumps(vendor.asked[-1].told, ensure_ascii=False)
    assert "老旧小区改造" in said
    assert LETTER.link in said


@pytest.mark.parametrize(
    ("kind", "code", "permanent", "down", "minutes"),
    [
        ("wecom", 45009, False, True, 1),
        ("wecom", 93000, False, True, None),
        ("wecom", 40058, True, False, None),
        ("wecom", -1, False, False, None),
        ("wecom_app", 81013, True, False, None),
        ("wecom_app", 60020, False, True, None),
        ("wecom_app", 45009, False, True, 1),
        ("dingtalk", 130101, False, True, 10),
        ("dingtalk", 310000, False, True, None),
        ("dingtalk", 430102, True, False, None),
        ("dingtalk", -1, False, False, None),
        ("feishu", 11232, False, True, 1),
        ("feishu", 19021, False, True, None),
        ("feishu", 9499, False, False, None),
        ("feishu", 19002, True, False, None),
        ("sms", 1003, True, False, None),
        ("sms", 1008, False, True, 1),
        ("sms", 9999, False, False, None),
    ],
)
def test_a_refusal_with_http_200_is_a_refusal(
    kind: str, code: int, permanent: bool, down: bool, minutes: int | None, vendor: FakeVendor
) -> None:
    def answer(asked: Asked) -> dict[str, Any]:
        last_step = kind != "wecom_app" or asked.path.endswith("/message/send")
        return (
            {"errcode": code, "errmsg": f"no: {SECRET}", "code": code, "msg": f"no: {SECRET}"} if last_step else TOKENS
        )

    vendor.answer = answer
    fault = refused(opened(kind, vendor))
    assert fault.code == f"{kind.removesuffix('_app')}_{code}"
    assert (fault.permanent, fault.down) == (permanent, down)
    assert fault.retry_after == (dt.timedelta(minutes=minutes) if minutes else None)
    assert fault.said
    assert SECRET not in fault.said + repr(fault)


@pytest.mark.parametrize(
    "answer", [b"", b"<html>welcome</html>", [], {}, {"errcode": None}, {"errcode": "0"}, b"[" * 50_000]
)
def test_an_answer_that_says_neither_yes_nor_no_is_no_yes(answer: Any, vendor: FakeVendor) -> None:
    vendor.answer = answer
    for kind in ("wecom", "dingtalk", "feishu", "sms"):
        fault = refused(opened(kind, vendor))
        assert not fault.permanent
        assert fault.down


@pytest.mark.parametrize(("status", "pause"), [(302, None), (404, None), (500, None), (429, 60), (503, 60)])
def test_a_status_that_is_no_success_closes_the_way_for_now_and_nobody_is_followed(
    status: int, pause: int | None, vendor: FakeVendor
) -> None:
    vendor.status = status
    with fake_vendor() as elsewhere:
        vendor.headers = {"Location": elsewhere.url}
        fault = refused(opened("wecom", vendor))
        assert elsewhere.asked == []
    assert fault.code == f"http_{status}"
    assert fault.down
    assert not fault.permanent
    assert fault.retry_after == (dt.timedelta(seconds=pause) if pause else None)


def test_the_other_side_says_how_long_to_wait_but_not_for_ever(vendor: FakeVendor) -> None:
    vendor.status, vendor.headers = 429, {"Retry-After": "90"}
    assert refused(opened("wecom", vendor)).retry_after == dt.timedelta(seconds=90)
    vendor.headers = {"Retry-After": "99999999"}
    assert refused(opened("wecom", vendor)).retry_after == dt.timedelta(hours=1)


def test_an_answer_may_not_be_huge(vendor: FakeVendor) -> None:
    vendor.answer = b'{"errcode": 0, "errmsg": "' + b"x" * outward.LARGEST_ANSWER + b'"}'
    assert refused(opened("wecom", vendor)).code == "answer_too_large"
    vendor.answer = b'{"errcode": 0, "errmsg": "' + b"x" * (outward.LARGEST_ANSWER - 40) + b'"}'
    opened("wecom", vendor).send(LETTER)


def test_who_does_not_answer_or_only_byte_by_byte_is_left(vendor: FakeVendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outward, "READ_SECONDS", 0.3)
    monkeypatch.setattr(outward, "WHOLE_SECONDS", 1.0)
    vendor.silent = threading.Event()
    began = time.monotonic()
    assert refused(opened("wecom", vendor)).code == "no_answer_in_time"
    vendor.silent.set()
    vendor.silent, vendor.drip_seconds = None, 0.1
    vendor.answer = {"errcode": 0, "errmsg": "x" * 200}
    fault = refused(opened("wecom", vendor))
    assert fault.down
    assert time.monotonic() - began < 5


def test_who_is_away_says_so_without_the_address() -> None:
    with fake_vendor() as gone:
        pass
    fault = refused(opened("wecom", gone))
    assert fault.code == "no_connection"
    assert SECRET not in str(fault) + repr(fault)
    assert fault.__cause__ is None


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.168.1.1",
        "224.0.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "192.88.99.1",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2001::1",
        "fec0::1",
        "fe80::1",
        "fd00::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_the_open_internets_is_not_gone_to(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert is_public(ipaddress.ip_address("2001:4860:4860::8888"))
    assert is_public(ipaddress.ip_address("::ffff:8.8.8.8"))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(ChannelFault, match="address_not_public"):
        find_destination(f"https://{host}/robot", ())
    assert find_destination(f"https://{host}:8443/robot", {f"{host}:8443"}).host == address


@pytest.mark.parametrize("url", ["https://2130706433/", "https://127.1/", "https://0x7f.1/", "https://localhost/"])
def test_our_own_machine_under_another_name_is_our_own_machine(url: str) -> None:
    with pytest.raises(ChannelFault, match="address_not_public"):
        find_destination(url, ())


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "file:///etc/passwd", "https://user@a.example/", "https://", "https://a b/", "//a.example"],
)
def test_an_address_that_is_none_is_not_usable(url: str) -> None:
    with pytest.raises(ChannelFault, match="address_not_usable"):
        find_destination(url, ())


def test_a_name_is_resolved_once_and_must_not_have_a_single_private_address(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [["93.184.216.34", "10.0.0.5"], ["93.184.216.34"]]
    asked = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in told.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(ChannelFault, match="address_not_public"):
        find_destination("https://rebinding.example/", ())
    found = find_destination("https://rebinding.example/", ())
    assert (found.addresses, found.host, len(asked)) == (("93.184.216.34",), "rebinding.example", 2)


def test_the_connection_goes_to_the_checked_address_and_still_names_the_host(
    vendor: FakeVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = vendor.place.rpartition(":")[2]
    real = socket.getaddrinfo

    def resolve(host: str, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if host == "chat.gov.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    outward.ask("GET", f"http://chat.gov.example:{port}/x?a=1", allowed={f"chat.gov.example:{port}"})
    assert vendor.asked[-1].headers["Host"] == f"chat.gov.example:{port}"
    assert vendor.asked[-1].query == {"a": "1"}


def test_an_address_that_cannot_be_reached_does_not_stand_before_one_that_can(
    vendor: FakeVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(vendor.place.rpartition(":")[2])

    def resolve(host: str, *_: Any, **__: Any) -> Any:
        # nobody listens on the first
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    found = find_destination(f"http://chat.gov.example:{port}/", {f"chat.gov.example:{port}"})
    assert found.addresses == ("127.0.0.2", "127.0.0.1")
    line = outward.Line(found)
    assert line.socket.getpeername() == ("127.0.0.1", port)
    line.close()


def test_only_what_the_operator_allows_may_speak_in_the_clear() -> None:
    with pytest.raises(ChannelFault, match="address_needs_tls"):
        find_destination("http://8.8.8.8/", {"8.8.8.8:8080"})
    assert not find_destination("http://8.8.8.8:8080/", {"8.8.8.8:8080"}).is_tls


def test_a_secret_stands_in_no_repr_and_no_log(vendor: FakeVendor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for kind in KINDS:
        with opened(kind, vendor) as channel:
            channel.send(LETTER)
            assert SECRET not in repr(channel)
    sealed = seal_secrets(BOX, 7, {"token": SECRET})
    assert SECRET not in repr(ChannelSettings(7, "wecom", "https://a.example", {}, sealed)) + repr(BOX) + str(sealed)
    assert SECRET not in caplog.text


def test_a_text_is_cut_to_the_byte_and_never_inside_a_character() -> None:
    assert clip("督办", 6) == "督办"
    assert clip("督办事", 8) == "督…"
    assert clip("ab督", 4) == "a…"
    assert clip("督", 2) == ""
    assert len(clip("督" * 3000, 2048).encode()) <= 2048
    assert clip("😀" * 10, 12) == "😀😀…"


def test_of_a_long_letter_the_link_stays_whole(vendor: FakeVendor) -> None:
    long = Message("k", "", "督" * 50, "办" * 3000, LETTER.written_at, LETTER.link)
    opened("wecom", vendor).send(long)
    content = vendor.asked[-1].told["text"]["content"]
    assert content.endswith("…\n" + LETTER.link)
    assert 2040 <= len(content.encode()) <= 2048
    opened("wecom_app", vendor).send(long)
    card = vendor.asked[-1].told["textcard"]
    assert len(card["title"].encode()) <= 128
    assert len(card["description"].encode()) <= 512
    assert card["url"] == LETTER.link


def test_nobodys_title_calls_a_whole_group(vendor: FakeVendor) -> None:
    loud = Message("k", "", '<at user_id="all">所有人</at><@all>', "<a href=x>y</a>", LETTER.written_at)
    for kind in ("wecom", "wecom_app", "dingtalk", "feishu"):
        opened(kind, vendor).send(loud)
        assert "<" not in json.dumps(vendor.asked[-1].told, ensure_ascii=False)


def test_a_robot_calls_the_recipient_only_when_it_shall(vendor: FakeVendor) -> None:
    opened("wecom", vendor).send(LETTER)
    assert LETTER.address not in vendor.asked[-1].body.decode()
    opened("wecom", vendor, mention=True).send(LETTER)
    assert vendor.asked[-1].told["text"]["mentioned_mobile_list"] == [LETTER.address]
    opened("dingtalk", vendor, mention=True).send(LETTER)
    assert vendor.asked[-1].told["at"]["atMobiles"] == [LETTER.address]
    assert f"@{LETTER.address}" in vendor.asked[-1].told["text"]["content"]


def test_a_robot_that_wants_a_keyword_finds_it(vendor: FakeVendor) -> None:
    for kind, at in (("dingtalk", ("text", "content")), ("feishu", ("content", "text"))):
        opened(kind, vendor, keyword="督查提醒").send(LETTER)
        assert vendor.asked[-1].told[at[0]][at[1]].startswith("督查提醒 ")


def test_robots_sign_as_their_vendors_describe() -> None:
    # both computed by hand with openssl: printf '…' | openssl dgst -sha256 -hmac '…' -binary | base64
    from app.notifications.channels import dingtalk, feishu

    assert dingtalk.signature("1700000000000", "SECabc") == "jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM="
    assert feishu.signature("1700000000", "abc") == "VIS10b0EBvzzSdFnuk4tznEmK5wHaruvf/WnViv2yR4="


def test_an_applications_pass_is_kept_and_renewed_once_when_it_has_run_out(vendor: FakeVendor) -> None:
    with opened("wecom_app", vendor) as channel:
        channel.send(LETTER)
        channel.send(LETTER)
    assert [asked.path.rpartition("/")[2] for asked in vendor.asked] == [
        "gettoken",
        "getuserid",
        "send",
        "getuserid",
        "send",
    ]
    sent = vendor.asked[-1].told
    assert (sent["touser"], sent["agentid"], sent["enable_duplicate_check"]) == ("zhang", 1000002, 1)
    answers = iter([{"errcode": 42001}, TOKENS, TOKENS, TOKENS])
    vendor.answer = lambda _: next(answers)
    opened("wecom_app", vendor).send(LETTER)
    assert vendor.asked[-3].path.endswith("gettoken")
    vendor.answer = {"errcode": 42001}
    fault = refused(opened("wecom_app", vendor))
    assert (fault.code, fault.down) == ("wecom_42001", True)


STRANGE = Message("k", "138", '"},{"a":"\\', "a&b=<c>\r\nX: y", LETTER.written_at, "https://h.example/?a=1&b=2")


@pytest.mark.parametrize(
    ("body_type", "body"),
    [
        ("json", '{"to": "{phone}", "s": "{subject}", "t": "{text}"}'),
        ("form", "to={phone}&s={subject}&t={text}"),
        ("xml", '<sms to="{phone}" s="{subject}"><t>{text}</t></sms>'),
    ],
)
def test_nobodys_words_become_part_of_a_gateways_request(body_type: str, body: str, vendor: FakeVendor) -> None:
    from urllib.parse import parse_qs

    from defusedxml.ElementTree import fromstring

    opened("sms", vendor, body_type=body_type, body=body, headers="X-Id: {key}").send(STRANGE)
    sent = vendor.asked[-1]
    if body_type == "json":
        found = sent.told
    elif body_type == "form":
        found = {name: values[0] for name, values in parse_qs(sent.body.decode()).items()}
    else:
        root = fromstring(sent.body.decode())
        found = {"to": root.get("to"), "s": root.get("s"), "t": (root.findtext("t") or "").replace("\n", "\r\n", 1)}
        found["t"] = found["t"].replace("\r\r\n", "\r\n")
    assert found == {"to": "138", "s": STRANGE.subject, "t": STRANGE.text}


def test_in_an_address_and_a_header_words_stay_words(vendor: FakeVendor) -> None:
    settings = ChannelSettings(
        7,
        "sms",
        vendor.url + "/send?to={phone}&t={text}",
        SMS | {"method": "GET", "headers": "X-What: {subject}"},
        None,
    )
    channel = open_channel(settings, Outlet(frozenset({vendor.place}), BOX, "x@y.example"))
    channel.send(STRANGE)
    asked = vendor.asked[-1]
    assert asked.query == {"to": "138", "t": STRANGE.text}
    assert asked.headers["X-What"] == "%22%7D%2C%7B%22a%22%3A%22%5C" or asked.headers["X-What"] == STRANGE.subject


def test_a_gateways_template_must_hold_together() -> None:
    good = SmsTemplate("https://sms.example/", body='{"to": "{phone}"}', taken=("0",))
    assert good.faults() == []

    def codes(**changed: Any) -> list[str]:
        import dataclasses

        return [code for _, code in dataclasses.replace(good, **changed).faults()]

    assert codes(body='{"to": {phone}}') == ["body_not_json"]
    assert codes(body='{"to": "1"}') == ["no_phone"]
    assert codes(taken=()) == ["no_success"]
    assert codes(url="https://{phone}.example/") == ["placeholder_in_host"]
    assert codes(headers="no header") == ["headers_not_lines"]
    assert codes(headers="Host: other.example") == ["headers_not_lines"]


def test_a_jurisdictions_own_mail_server_is_gone_to_only_where_a_channel_may(monkeypatch: pytest.MonkeyPatch) -> None:
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        letter = Message("letter-7-1", "a@b.example", "督办", "正文", LETTER.written_at, LETTER.link)
        settings = ChannelSettings(7, "email", f"smtp://127.0.0.1:{port}", {"sender": "督查室 <dc@hr.example>"})
        with open_channel(settings, Outlet(frozenset({f"127.0.0.1:{port}"}), BOX, "x@y.example")) as own:
            own.send(letter)
            own.send(letter)
        assert [message["Message-ID"] for message in box.messages] == ["<letter-7-1@hr.example>"] * 2
        assert LETTER.link in box.messages[0].get_content()
        with open_channel(settings, Outlet(frozenset(), BOX, "x@y.example")) as own:
            assert refused(own, letter).code == "address_not_public"
        # where the operator made no exception, nothing is said in the clear
        monkeypatch.setattr("app.notifications.channels.outward.is_public", lambda _: True)
        with open_channel(settings, Outlet(frozenset(), BOX, "x@y.example")) as own:
            fault = refused(own, letter)
        assert (fault.code, fault.down) == ("address_needs_tls", True)
        assert len(box.messages) == 2
    finally:
        controller.stop()


def test_what_is_sealed_opens_only_at_its_place_and_with_a_key_we_still_have() -> None:
    sealed = BOX.seal("密钥", place="channel/7")
    assert "密钥" not in sealed
    assert sealed != BOX.seal("密钥", place="channel/7")
    assert BOX.open(sealed, place="channel/7") == "密钥"
    changed = sealed[:-2] + ("A" if sealed[-2] != "A" else "B") + sealed[-1]
    for wrong, place in ((sealed, "channel/8"), (changed, "channel/7"), ("", "channel/7"), ("a.b.c", "channel/7")):
        with pytest.raises(SecretUnreadable):
            BOX.open(wrong, place=place)


def test_a_new_key_takes_over_and_the_former_still_opens() -> None:
    old = BOX.seal("密钥", place="channel/7")
    newer = SecretBox("another-key-of-this-house", ["a-key-for-the-fields-of-tests"])
    assert newer.open(old, place="channel/7") == "密钥"
    assert not newer.is_current(old)
    assert newer.is_current(newer.seal("密钥", place="channel/7"))
    with pytest.raises(SecretUnreadable):
        SecretBox("another-key-of-this-house").open(old, place="channel/7")


def test_a_way_that_is_not_set_up_says_so(vendor: FakeVendor) -> None:
    sealed = seal_secrets(BOX, 8, {"token": SECRET})
    way = Outlet(frozenset({vendor.place}), BOX, "x@y.example")
    for settings, code in (
        (ChannelSettings(7, "wecom", vendor.url, {}, sealed), "secret_unreadable"),
        (ChannelSettings(7, "wecom", vendor.url, {}, None), "not_set_up"),
        (ChannelSettings(7, "wecom_app", vendor.url, {"agent_id": "x"}, None), "not_set_up"),
    ):
        with pytest.raises(ChannelFault, match=code):
            open_channel(settings, way)


def test_the_words_of_a_letter_stand_under_each_other() -> None:
    assert compose(LETTER, 1000) == f"{LETTER.subject}\n{LETTER.text}\n{LETTER.link}"
    assert compose(Message("k", "", "s", "", LETTER.written_at), 1000) == "s"
