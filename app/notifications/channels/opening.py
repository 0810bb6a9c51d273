"""From a jurisdiction's setting to a way that is open."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.kernel.crypto import SecretBox, SecretUnreadable, secret_box
from app.notifications.channels import dingtalk, feishu, wecom
from app.notifications.channels.mail import IMPLICIT_TLS_PORT, SUBMISSION_PORT, OwnMailServer
from app.notifications.channels.message import ChannelFault, OpenChannel
from app.notifications.channels.outward import split_address
from app.notifications.channels.sms import SmsGateway, SmsTemplate
from config import Settings

PER_MINUTE: Mapping[str, int] = {
    "wecom": wecom.ROBOT_PER_MINUTE,
    "dingtalk": dingtalk.PER_MINUTE,
    "feishu": feishu.PER_MINUTE,
}
"""How many messages a minute the other side takes of one robot; the other kinds say so when it is too many."""


@dataclass(frozen=True)
class ChannelSettings:
    """One row of the table ``channel``, as far as sending needs it. ``secret`` is sealed."""

    jurisdiction_id: int
    kind: str
    base_url: str
    options: Mapping[str, Any]
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Outlet:
    """How this installation reaches outside: what the operator allows, what opens the secrets, who writes."""

    allowed: frozenset[str]
    box: SecretBox = field(repr=False)
    sender: str


def outlet(settings: Settings) -> Outlet:
    """The outlet of this installation. Make it once a run."""
    return Outlet(frozenset(settings.channel_hosts), secret_box(settings), settings.mail_from)


def seal_secrets(box: SecretBox, jurisdiction_id: int, secrets: Mapping[str, str]) -> str | None:
    """A channel's secrets as they are stored; None when there are none."""
    kept = {name: value for name, value in secrets.items() if value}
    return box.seal(json.dumps(kept, ensure_ascii=False), place=_place(jurisdiction_id)) if kept else None


def open_secrets(box: SecretBox, jurisdiction_id: int, sealed: str | None) -> dict[str, str]:
    """A channel's secrets again. Raises SecretUnreadable."""
    return dict(json.loads(box.open(sealed, place=_place(jurisdiction_id)))) if sealed else {}


def _place(jurisdiction_id: int) -> str:
    return f"channel/{jurisdiction_id}"


def open_channel(settings: ChannelSettings, outlet: Outlet) -> OpenChannel:
    """The way out that a setting describes. Nothing is asked of the network before the first message.

    Raises ChannelFault: secret_unreadable, or not_set_up when a part it needs is missing.
    """
    try:
        secrets = open_secrets(outlet.box, settings.jurisdiction_id, settings.secret)
        return _OPENERS[settings.kind](settings, secrets, outlet)
    except SecretUnreadable:
        raise ChannelFault("secret_unreadable", down=True) from None
    except (KeyError, ValueError):
        raise ChannelFault("not_set_up", down=True) from None


def _email(settings: ChannelSettings, secrets: Mapping[str, str], outlet: Outlet) -> OpenChannel:
    parts = split_address(settings.base_url, ("smtp", "smtps"))
    return OwnMailServer(
        host=parts.hostname or "",
        port=parts.port or (IMPLICIT_TLS_PORT if parts.scheme == "smtps" else SUBMISSION_PORT),
        sender=settings.options.get("sender") or outlet.sender,
        user=settings.options.get("user") or "",
        password=secrets.get("password", ""),
        speaks_tls=parts.scheme == "smtps",
        allowed=outlet.allowed,
    )


def _wecom(settings: ChannelSettings, secrets: Mapping[str, str], outlet: Outlet) -> OpenChannel:
    return wecom.WecomRobot(settings.base_url, secrets["token"], outlet.allowed, bool(settings.options.get("mention")))


def _wecom_app(settings: ChannelSettings, secrets: Mapping[str, str], outlet: Outlet) -> OpenChannel:
    corp, agent = settings.options["corp_id"], int(settings.options["agent_id"])
    return wecom.WecomApplication(settings.base_url, corp, agent, secrets["corp_secret"], outlet.allowed)


def _dingtalk(settings: ChannelSettings, secrets: Mapping[str, str], outlet: Outlet) -> OpenChannel:
    return dingtalk.DingtalkRobot(
        settings.base_url,
        secrets["token"],
        secrets.get("sign", ""),
        outlet.allowed,
        settings.options.get("keyword") or "",
        bool(settings.options.get("mention")),
    )


def _feishu(settings: ChannelSettings, secrets: Mapping[str, str], outlet: Outlet) -> OpenChannel:
    return feishu.FeishuRobot(
        settings.base_url,
        secrets["token"],
        secrets.get("sign", ""),
        outlet.allowed,
        settings.options.get("keyword") or "",
    )


def _sms(settings: ChannelSettings, secrets: Mapping[str, str], outlet: Outlet) -> OpenChannel:
    template = sms_template(settings.base_url, settings.options)
    return SmsGateway(template, settings.options.get("user") or "", secrets.get("secret", ""), outlet.allowed)


def sms_template(url: str, options: Mapping[str, Any]) -> SmsTemplate:
    """The template of a gateway from a channel's address and options."""
    told = {
        name: str(options[name])
        for name in ("method", "headers", "body", "body_type", "answer_field")
        if name in options
    }
    lists = {name: split_words(str(options.get(name) or "")) for name in ("taken", "refused", "busy")}
    return SmsTemplate(url, **told, **lists)  # type: ignore[arg-type]


def split_words(text: str) -> tuple[str, ...]:
    """Words with commas between them, Chinese or not."""
    return tuple(word.strip() for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip())


_OPENERS: Mapping[str, Callable[[ChannelSettings, Mapping[str, str], Outlet], OpenChannel]] = {
    "email": _email,
    "wecom": _wecom,
    "wecom_app": _wecom_app,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "sms": _sms,
}
