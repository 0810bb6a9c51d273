"""Setting up the ways by which letters leave the system, and trying them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.crypto import SecretUnreadable
from app.kernel.errors import Conflict, Invalid, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.notifications.channels import ChannelFault, ChannelSettings, Message, Outlet, open_channel
from app.notifications.channels.opening import open_secrets, seal_secrets, sms_template
from app.notifications.channels.outward import is_exception, split_address
from app.notifications.models import Channel
from app.notifications.rules.ways import WAY_KINDS, WayField, WayKind, split_webhook
from app.organisation.models import Unit
from app.organisation.services.changing import get_own, words

LONGEST_NAME, LONGEST_VALUE, LONGEST_AREA, LONGEST_ADDRESS = 60, 200, 4000, 500
BETWEEN_TESTS = dt.timedelta(seconds=5)

_AGAIN = N_("Type it again: it does not go along to another address by itself.")
_TEMPLATE_FAULTS = {
    "placeholder_in_host": N_("The host must stand there as it is."),
    "headers_not_lines": N_("One header a line, Name: value; not Host and what belongs to the connection."),
    "body_not_json": N_("This is no JSON. Each word in braces stands inside quotation marks."),
    "no_success": N_("Say which result means that the message was taken."),
    "no_phone": N_("{phone} must stand in the address or in the body."),
}
_TEMPLATE_FIELDS = {"url": "base_url"}


@dataclass(frozen=True)
class WayInput:
    """What was typed for a way out. A secret that is missing stays as it is; one in ``forget`` goes."""

    name: str
    base_url: str
    unit_id: int | None
    when_asked: bool
    values: Mapping[str, str]
    forget: frozenset[str] = field(default_factory=frozenset)


@command
def add_channel(session: Any, actor: Actor, kind: str, typed: WayInput, outlet: Outlet, *, at: dt.datetime) -> Channel:
    """Set up a way out; it is not in use before somebody switches it on.

    Refuses without the right, raises Invalid with a sentence for each field, and Conflict when there is one already of
    this kind for the same people.
    """
    _must_set_up(actor)
    channel = Channel(jurisdiction_id=actor.jurisdiction_id, kind=kind, options={}, enabled=False)
    _put(session, channel, typed, outlet)
    session.add(channel)
    session.flush()
    record(session, actor, "channel.added", "channel", channel.id, at, **_facts(session, channel))
    return channel


@command
def change_channel(
    session: Any, actor: Actor, channel_id: int, typed: WayInput, outlet: Outlet, *, at: dt.datetime
) -> Channel:
    """Change a way out. What it was tried with is no longer so, and the page says that it was not tried since.

    Raises as ``add_channel``; a secret is asked for again when the host changes, or whoever may change the address could
    have it sent to himself.
    """
    _must_set_up(actor)
    channel: Channel = get_own(session, Channel, channel_id)
    changed = _put(session, channel, typed, outlet)
    if changed:
        if {"base_url", "options", "secret"} & changed:
            channel.last_test_at = channel.last_test_code = None
        session.flush()
        record(
            session,
            actor,
            "channel.changed",
            "channel",
            channel.id,
            at,
            changed=sorted(changed),
            **_facts(session, channel),
        )
    return channel


@command
def switch_channel(session: Any, actor: Actor, channel_id: int, *, enabled: bool, at: dt.datetime) -> Channel:
    """Put a way out to use, or take it out of use. Raises Conflict while its last trial has not gone well."""
    _must_set_up(actor)
    channel: Channel = get_own(session, Channel, channel_id)
    if enabled and channel.last_test_code != "":
        raise Conflict("channel_untried", N_("Try it first: only a channel that has taken a message is put to use."))
    if channel.enabled != enabled:
        channel.enabled = enabled
        kind = "channel.enabled" if enabled else "channel.disabled"
        record(session, actor, kind, "channel", channel.id, at, **_facts(session, channel))
    return channel


@command
def remove_channel(session: Any, actor: Actor, channel_id: int, *, at: dt.datetime) -> None:
    """Take a way out away, its secrets with it. Letters that wait for it find none and are given up."""
    _must_set_up(actor)
    channel: Channel = get_own(session, Channel, channel_id)
    record(session, actor, "channel.removed", "channel", channel.id, at, **_facts(session, channel))
    session.delete(channel)


@command
def note_trial(session: Any, actor: Actor, channel_id: int, code: str, *, at: dt.datetime) -> None:
    """Write down how a trial went: empty when the message was taken, otherwise the fault's code."""
    _must_set_up(actor)
    channel: Channel = get_own(session, Channel, channel_id)
    channel.last_test_at, channel.last_test_code = at, code[:80]
    record(
        session, actor, "channel.tried", "channel", channel.id, at, state=code or "taken", **_facts(session, channel)
    )


@command
def reseal_channels(session: Any, actor: Actor, outlet: Outlet, *, at: dt.datetime) -> tuple[int, int]:
    """Seal with the key in force what a former key has sealed; how many channels, and how many nobody can open any more.

    A former key may be given up when no jurisdiction has anything left that it has sealed. Safe to run twice.
    """
    done = lost = 0
    for channel in session.scalars(select(Channel).where(Channel.secret.is_not(None)).with_for_update()):
        if outlet.box.is_current(channel.secret):
            continue
        try:
            secrets = open_secrets(outlet.box, channel.jurisdiction_id, channel.secret)
        except SecretUnreadable:
            lost += 1
            continue
        channel.secret = seal_secrets(outlet.box, channel.jurisdiction_id, secrets)
        done += 1
        session.flush()
        record(session, actor, "channel.resealed", "channel", channel.id, at, **_facts(session, channel))
    return done, lost


def kept_secrets(channel: Channel, outlet: Outlet) -> frozenset[str]:
    """Which secrets are set, by their names and never by their values."""
    try:
        return frozenset(open_secrets(outlet.box, channel.jurisdiction_id, channel.secret))
    except SecretUnreadable:
        return frozenset()


def must_wait(channel: Channel, at: dt.datetime) -> None:
    """Raises Conflict when it was tried a moment ago: a trial is a real message to a real person."""
    if channel.last_test_at is not None and at - channel.last_test_at < BETWEEN_TESTS:
        raise Conflict("tried_just_now", N_("It was tried a moment ago. Wait a few seconds."))


def settings_of(channel: Channel) -> ChannelSettings:
    """A row as sending needs it, also when the session has moved on."""
    return ChannelSettings(
        channel.jurisdiction_id, channel.kind, channel.base_url, dict(channel.options), channel.secret
    )


def send_trial(settings: ChannelSettings, message: Message, outlet: Outlet) -> ChannelFault | None:
    """Send one message now, outside every transaction; the fault when it was not taken."""
    try:
        with open_channel(settings, outlet) as channel:
            channel.send(message)
    except ChannelFault as fault:
        return fault
    return None


def _must_set_up(actor: Actor) -> None:
    if not actor.may("channel:write"):
        raise Refused("right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator."))


def _facts(session: Any, channel: Channel) -> dict[str, Any]:
    unit = session.get(Unit, channel.unit_id) if channel.unit_id is not None else None
    return {"name": channel.name, "channel": channel.kind} | ({"unit": unit.short_name} if unit is not None else {})


def _put(session: Any, channel: Channel, typed: WayInput, outlet: Outlet) -> set[str]:
    """Check what was typed and set it; which columns changed. Raises Invalid with everything that is wrong."""
    kind = WAY_KINDS[channel.kind]
    wrong: dict[str, str] = {}
    base_url, values = _address(channel.kind, kind, typed, wrong)
    if not wrong:
        _check_address(channel.kind, base_url, outlet, wrong)
    options = {one.name: _option(one, values, wrong) for one in kind.fields if not one.secret}
    secrets = _secrets(channel, kind, values, typed.forget, outlet, base_url, wrong)
    if channel.kind == "wecom_app" and not (options.get("agent_id") or "").isdecimal():
        wrong.setdefault("agent_id", N_("Digits only."))
    if channel.kind == "sms":
        for name, code in sms_template(base_url, options).faults():
            wrong.setdefault(_TEMPLATE_FIELDS.get(name, name), _TEMPLATE_FAULTS[code])
    unit_id = typed.unit_id if kind.in_a_group else None
    if wrong:
        raise Invalid("channel_wrong", N_("Something is not right yet. Nothing has been saved."), wrong)
    _must_be_the_only(session, channel, unit_id)
    found: dict[str, Any] = {
        "name": words(typed.name, "name", LONGEST_NAME),
        "base_url": base_url,
        "unit_id": unit_id,
        "when_asked": typed.when_asked,
        "options": {name: value for name, value in options.items() if value not in ("", None)},
    }
    changed = {name for name, value in found.items() if getattr(channel, name) != value}
    for name in changed:
        setattr(channel, name, found[name])
    if secrets is not None:
        channel.secret = seal_secrets(outlet.box, channel.jurisdiction_id, secrets)
        changed.add("secret")
    return changed


def _address(code: str, kind: WayKind, typed: WayInput, wrong: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The address and the values; a robot's webhook is taken apart, whether the whole of it was typed or its key."""
    values = {name: (value or "").strip() for name, value in typed.values.items()}
    base_url = typed.base_url.strip() or kind.base_url
    if kind.in_a_group and values.get("token"):
        parts = split_webhook(code, values["token"])
        if parts is None:
            wrong["token"] = N_("This is no webhook of this kind. Copy it from the robot's page.")
        else:
            base_url, values["token"] = parts[0] or base_url, parts[1]
    if len(base_url) > LONGEST_ADDRESS:
        wrong["base_url"] = N_("This is too long.")
    return base_url, values


def _check_address(code: str, base_url: str, outlet: Outlet, wrong: dict[str, str]) -> None:
    schemes = ("smtp", "smtps") if code == "email" else ("https", "http")
    try:
        parts = split_address(base_url, schemes)
    except ChannelFault:
        wrong["base_url"] = N_("This is no address of this kind.")
        return
    # only a gateway's address is more than where its service begins: a webhook belongs into its own, secret field
    if code != "sms" and (parts.query or parts.fragment or (code == "email" and parts.path.strip("/"))):
        wrong["base_url"] = N_("This is no address of this kind.")
    if parts.scheme == "http" and not is_exception(parts, outlet.allowed):
        wrong["base_url"] = N_("The address does not encrypt. Use https, or ask the operator of the installation.")


def _option(one: WayField, values: Mapping[str, str], wrong: dict[str, str]) -> Any:
    value = values.get(one.name, "")
    if one.form == "tick":
        return bool(value)
    if one.form == "choice" and value not in dict(one.choices):
        wrong[one.name] = N_("Not a valid choice")
    if one.required and not value:
        wrong[one.name] = N_("This must be filled in.")
    if len(value) > (LONGEST_AREA if one.form == "area" else LONGEST_VALUE):
        wrong[one.name] = N_("This is too long.")
    return value


def _secrets(
    channel: Channel,
    kind: WayKind,
    values: Mapping[str, str],
    forget: frozenset[str],
    outlet: Outlet,
    base_url: str,
    wrong: dict[str, str],
) -> dict[str, str] | None:
    """The secrets as they are to be kept; None when nothing about them changes."""
    try:
        kept = open_secrets(outlet.box, channel.jurisdiction_id, channel.secret)
    except SecretUnreadable:
        kept = {}
    moved = bool(channel.base_url) and _host(channel.base_url) != _host(base_url)
    found: dict[str, str] = {}
    for one in (one for one in kind.fields if one.secret):
        typed = values.get(one.name, "")
        if typed and len(typed) <= LONGEST_VALUE:
            found[one.name] = typed
        elif typed:
            wrong[one.name] = N_("This is too long.")
        elif one.name in forget and not one.required:
            continue
        elif one.name in kept and moved:
            wrong[one.name] = _AGAIN
        elif one.name in kept:
            found[one.name] = kept[one.name]
        elif one.required:
            wrong.setdefault(one.name, N_("This must be filled in."))
    return None if found == kept and (channel.secret is not None or not found) else found


def _host(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _must_be_the_only(session: Any, channel: Channel, unit_id: int | None) -> None:
    if unit_id is not None:
        get_own(session, Unit, unit_id)
    others = select(Channel.id).where(
        Channel.kind == channel.kind, Channel.unit_id.is_not_distinct_from(unit_id), Channel.id != (channel.id or 0)
    )
    with session.no_autoflush:
        if session.scalar(others.limit(1)) is not None:
            raise Conflict(
                "channel_there", N_("There is a channel of this kind for these people already. Change that one.")
            )
