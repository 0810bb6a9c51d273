"""The kinds of ways out: what each is called, what has to be set for it, and what its faults mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from app.notifications.rules.words import N_, Sentence


@dataclass(frozen=True)
class WayField:
    """One thing to be set. A ``secret`` is only ever written; ``form`` is text, area, tick or choice."""

    name: str
    label: str
    hint: str = ""
    secret: bool = False
    required: bool = False
    form: str = "text"
    choices: tuple[tuple[str, str], ...] = ()
    default: str = ""


@dataclass(frozen=True)
class WayKind:
    """A kind of way out. ``base_url`` is the vendor's public address; private deployments have their own."""

    name: str
    about: str
    icon: str
    base_url: str
    base_url_hint: str
    fields: tuple[WayField, ...]
    in_a_group: bool = False
    """A robot in a group chat: it needs no address of a person and may be one unit's."""
    when_asked: bool = False
    """Whether it is used only when a step or an urging asks for it, unless the jurisdiction says otherwise."""

    @property
    def has_public_address(self) -> bool:
        """Whether the vendor is one and the same for most."""
        return not self.base_url.endswith("://")


_PRIVATE = N_("Only for a private deployment: its own address.")
_WEBHOOK = N_("The robot's webhook address, or only its key.")
_SIGN = WayField("sign", N_("Signing secret"), N_("When the robot's security setting is signing."), secret=True)
_KEYWORD = WayField("keyword", N_("Keyword"), N_("When the robot takes only messages with this word."))
_MENTION = WayField(
    "mention", N_("Call the recipient in the group by mobile number"), N_("Everybody in the group sees who is called."),
    form="tick",
)  # fmt: skip

WAY_KINDS: Mapping[str, WayKind] = {
    "email": WayKind(
        N_("E-mail"),
        N_("The jurisdiction's own mail server, in place of the installation's."),
        "mail",
        "smtps://",
        N_("smtps://host:465, or smtp://host:587 with STARTTLS."),
        (
            WayField("sender", N_("Sender"), N_("Such as: Supervision office <office@example.gov.cn>"), required=True),
            WayField("user", N_("User of the mail server")),
            WayField("password", N_("Password of the mail server"), secret=True),
        ),
    ),
    "wecom": WayKind(
        N_("WeCom group robot"),
        N_("Letters are said in a WeCom group."),
        "users",
        "https://qyapi.weixin.qq.com",
        _PRIVATE,
        (WayField("token", N_("Webhook"), _WEBHOOK, secret=True, required=True), _MENTION),
        in_a_group=True,
    ),
    "wecom_app": WayKind(
        N_("WeCom application message"),
        N_("Each person gets the letter from the office's own application in WeCom; found by mobile number."),
        "mail",
        "https://qyapi.weixin.qq.com",
        _PRIVATE,
        (
            WayField("corp_id", N_("Enterprise ID (corpid)"), required=True),
            WayField("agent_id", N_("Application number (agentid)"), required=True),
            WayField("corp_secret", N_("Secret of the application"), secret=True, required=True),
        ),
    ),
    "dingtalk": WayKind(
        N_("DingTalk group robot"),
        N_("Letters are said in a DingTalk group."),
        "users",
        "https://oapi.dingtalk.com",
        _PRIVATE,
        (WayField("token", N_("Webhook"), _WEBHOOK, secret=True, required=True), _SIGN, _KEYWORD, _MENTION),
        in_a_group=True,
    ),
    "feishu": WayKind(
        N_("Feishu group robot"),
        N_("Letters are said in a Feishu group."),
        "users",
        "https://open.feishu.cn",
        _PRIVATE,
        (WayField("token", N_("Webhook"), _WEBHOOK, secret=True, required=True), _SIGN, _KEYWORD),
        in_a_group=True,
    ),
    "sms": WayKind(
        N_("Text message"),
        N_("Through the text message gateway of the jurisdiction's provider."),
        "bell",
        "https://",
        N_("The provider's address; {phone} {text} {subject} {link} {message} {key} {user} {secret} stand for the letter's."),
        (
            WayField("method", N_("Method"), form="choice", choices=(("POST", "POST"), ("GET", "GET")), default="POST"),
            WayField(
                "body_type",
                N_("Form of the request"),
                form="choice",
                choices=(("json", "JSON"), ("form", N_("Form fields")), ("xml", "XML"), ("plain", N_("Plain text"))),
                default="json",
            ),
            WayField("body", N_("Body of the request"), N_("The same words in braces may stand here."), form="area"),
            WayField("headers", N_("Headers of the request"), N_("One a line, Name: value."), form="area"),
            WayField("user", N_("Account at the provider"), N_("Stands where {user} stands.")),
            WayField("secret", N_("Secret of the account"), N_("Stands where {secret} stands."), secret=True),
            WayField(
                "answer_field",
                N_("Where the result stands in the answer"),
                N_("Such as code, or data.0.status; empty: anywhere in its text."),
            ),
            WayField("taken", N_("Results that mean: taken"), N_("With commas between them."), required=True),
            WayField("refused", N_("Results that mean: this number or text is never taken"), N_("With commas between them.")),
            WayField("busy", N_("Results that mean: too many, later"), N_("With commas between them.")),
        ),
        when_asked=True,
    ),
}  # fmt: skip

_WEBHOOK_PATHS: Mapping[str, tuple[str, str]] = {
    "wecom": ("/cgi-bin/webhook/send", "key"),
    "dingtalk": ("/robot/send", "access_token"),
    "feishu": ("/open-apis/bot/v2/hook/", ""),
}


def split_webhook(kind: str, text: str) -> tuple[str, str] | None:
    """A robot's webhook address as (base address, key); base address empty for a mere key; None when it is neither."""
    text = text.strip()
    path, parameter = _WEBHOOK_PATHS[kind]
    if "://" not in text:
        return ("", text) if re.fullmatch(r"[\x21-\x7e]{6,200}", text) else None
    try:
        parts = urlsplit(text)
        before, found, after = parts.path.partition(path)
        key = parse_qs(parts.query).get(parameter, [""])[0] if parameter else after.strip("/")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not found or not key:
        return None
    return f"{parts.scheme}://{parts.netloc}{before}", key


_FAULTS: Mapping[str, str] = {
    "not_set_up": N_("Something that it needs is not set."),
    "secret_unreadable": N_("The stored secret cannot be read any more. Type it again."),
    "address_not_usable": N_("The address is none."),
    "address_not_public": N_("The address leads into a private network. The operator of the installation can allow it."),
    "address_needs_tls": N_("The address does not encrypt. Use https, or ask the operator of the installation."),
    "host_not_found": N_("There is no host of this name."),
    "no_connection": N_("Nobody answers at this address."),
    "no_answer_in_time": N_("The other side did not answer in time."),
    "no_whole_answer": N_("The other side broke off its answer."),
    "answer_too_large": N_("The other side answered far too much."),
    "answer_not_understood": N_("The answer is not one of this kind of channel. Is the address right?"),
    "certificate_not_valid": N_("The other side's certificate does not hold."),
    "message_cannot_be_written": N_("The sender or the recipient is no mail address."),
    "smtp_535": N_("The mail server does not accept user and password."),
    "smtp_550": N_("The mail server does not know the recipient, or does not let the sender write to it."),
    "http_404": N_("There is nothing at this address. Is it complete?"),
    "http_429": N_("Too many messages at once; later it goes on by itself."),
    "http_503": N_("The other side is busy; later it goes on by itself."),
    "wecom_93000": N_("This webhook is not valid any more: the robot was removed or its key is mistyped."),
    "wecom_45009": N_("Too many messages at once; later it goes on by itself."),
    "wecom_45033": N_("Too many messages at once; later it goes on by itself."),
    "wecom_40001": N_("The secret of the application is wrong."),
    "wecom_40013": N_("The enterprise ID is wrong."),
    "wecom_40056": N_("The application number is wrong."),
    "wecom_301002": N_("The application number is wrong."),
    "wecom_60020": N_("The other side does not let our address in. Enter it in the list of trusted addresses there."),
    "wecom_48002": N_("The application may not do this there. Give it the right."),
    "wecom_60011": N_("The application may not do this there. Give it the right."),
    "wecom_46004": N_("Nobody has this mobile number there, or the application may not see the person."),
    "wecom_60111": N_("Nobody has this mobile number there, or the application may not see the person."),
    "wecom_60103": N_("This is no mobile number there."),
    "wecom_81013": N_("The application may not see the person. Widen whom it may see."),
    "dingtalk_310000": N_("The robot's security setting refuses: keyword, signing secret or address do not fit."),
    "dingtalk_300001": N_("This webhook is not valid any more: the robot was removed or its key is mistyped."),
    "dingtalk_400101": N_("This webhook is not valid any more: the robot was removed or its key is mistyped."),
    "dingtalk_400106": N_("This webhook is not valid any more: the robot was removed or its key is mistyped."),
    "dingtalk_400102": N_("The robot is switched off there."),
    "dingtalk_400013": N_("The group does not exist any more."),
    "dingtalk_130101": N_("Too many messages at once; later it goes on by itself."),
    "dingtalk_410100": N_("Too many messages at once; later it goes on by itself."),
    "dingtalk_430101": N_("The other side does not let the text through."),
    "dingtalk_430102": N_("The other side does not let the text through."),
    "feishu_19001": N_("This webhook is not valid any more: the robot was removed or its key is mistyped."),
    "feishu_19007": N_("The robot is switched off there."),
    "feishu_19021": N_("The signing secret does not fit, or the clock of this machine is wrong."),
    "feishu_19022": N_("The other side does not let our address in. Enter it in the list of trusted addresses there."),
    "feishu_19024": N_("The robot takes only messages with its keyword. Enter it here."),
    "feishu_11232": N_("Too many messages at once; later it goes on by itself."),
    "feishu_9499": N_("The other side did not understand the message, or it was one too many."),
}  # fmt: skip


def fault_words(code: str) -> Sentence:
    """What a channel's fault means for those who look after it; the code itself for one that nobody has named."""
    known = _FAULTS.get(code)
    return Sentence(known) if known else Sentence(N_("The other side did not take it (%(code)s)."), {"code": code})
