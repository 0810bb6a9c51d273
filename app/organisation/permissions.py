"""The one list of rights. A right is ``resource:action``; people see its Chinese capability, never the word itself.

A jurisdiction's administrator composes roles from this list and nothing else; a word that is not in it gives nothing, even
when it is forged into a row. Rights say whether a role may do a thing at all; whether a person may do it to this matter
now is the procedure's answer, and which matters are seen is ``matters.queries.visible_to``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.kernel.i18n import N_


@dataclass(frozen=True)
class Right:
    """One capability: its word, the group it is shown in, its name (a msgid)."""

    word: str
    group: str
    label: str


_SUPERVISION, _HANDLING, _FILES = N_("Supervision work"), N_("Handling work"), N_("Files and letters")
_ORGANISATION, _SETTINGS = N_("Organisation"), N_("Settings")

_ALL = (
    Right("matter:read_all", _SUPERVISION, N_("See every matter of the jurisdiction")),
    Right("matter:read_unit", _HANDLING, N_("See the matters of one's own unit")),
    Right("matter:read_restricted", _SUPERVISION, N_("See sensitive matters")),
    Right("matter:register", _SUPERVISION, N_("Draw up matters and submit them for approval")),
    Right("matter:approve", _SUPERVISION, N_("Approve or return")),
    Right("matter:number", _SUPERVISION, N_("Register and number")),
    Right("matter:scheme", _SUPERVISION, N_("Draw up schemes")),
    Right("matter:dispatch", _SUPERVISION, N_("Dispatch to units")),
    Right("matter:log_receipt", _SUPERVISION, N_("Log a receipt after a phone call")),
    Right("matter:urge", _SUPERVISION, N_("Urge units")),
    Right("matter:review", _SUPERVISION, N_("Review completion reports")),
    Right("matter:close", _SUPERVISION, N_("Close matters out")),
    Right("matter:archive", _SUPERVISION, N_("Archive matters")),
    Right("matter:suspend", _SUPERVISION, N_("Suspend and resume")),
    Right("matter:cancel", _SUPERVISION, N_("Cancel matters")),
    Right("matter:reopen", _SUPERVISION, N_("Reopen matters")),
    Right("matter:import", _SUPERVISION, N_("Import ledgers")),
    Right("matter:export", _SUPERVISION, N_("Export the ledger")),
    Right("dashboard:read", _SUPERVISION, N_("See the dashboard")),
    Right("view:share", _SUPERVISION, N_("Share saved views")),
    Right("matter:acknowledge", _HANDLING, N_("Sign for receipt or decline")),
    Right("matter:report", _HANDLING, N_("Report progress and completion")),
    Right("matter:sign_report", _HANDLING, N_("Sign the unit's reports")),
    Right("attachment:read", _FILES, N_("Download files")),
    Right("attachment:write", _FILES, N_("Add files")),
    Right("letter:read", _FILES, N_("Read one's own letters")),
    Right("unit:read", _ORGANISATION, N_("See units and the directory")),
    Right("unit:write", _ORGANISATION, N_("Change units")),
    Right("post:read", _ORGANISATION, N_("See posts")),
    Right("post:write", _ORGANISATION, N_("Change posts")),
    Right("person:read", _ORGANISATION, N_("See people")),
    Right("person:write", _ORGANISATION, N_("Add and change people")),
    Right("membership:read", _ORGANISATION, N_("See memberships")),
    Right("membership:write", _ORGANISATION, N_("Change memberships and give roles")),
    Right("membership:appoint", _ORGANISATION, N_("Appoint people to roles that may do more than oneself")),
    Right("role:read", _ORGANISATION, N_("See roles and rights")),
    Right("role:write", _ORGANISATION, N_("Change roles and rights")),
    Right("source:read", _SETTINGS, N_("See matter sources")),
    Right("calendar:read", _SETTINGS, N_("See the working-day calendar")),
    Right("calendar:write", _SETTINGS, N_("Change local calendar days")),
    Right("template:read", _SETTINGS, N_("See document templates")),
    Right("template:write", _SETTINGS, N_("Change document templates")),
    Right("profile:read", _SETTINGS, N_("See the procedure and the deadline profile")),
    Right("profile:write", _SETTINGS, N_("Change the procedure and the deadline profile")),
    Right("channel:write", _SETTINGS, N_("Set up the ways by which letters leave the system")),
    Right("job:read", _SETTINGS, N_("See what the clock does for the jurisdiction, and start it again")),
    Right("event:read", _SETTINGS, N_("Read the log of acts")),
    Right("jurisdiction:export", _SETTINGS, N_("Take everything the jurisdiction owns away as a file")),
)

# What the platform's superadmin may, outside every jurisdiction and never inside one.
PLATFORM_RIGHTS: frozenset[str] = frozenset(
    {"platform:read", "jurisdiction:read", "jurisdiction:write", "national_calendar:read", "national_calendar:write"}
)

RIGHTS: Mapping[str, Right] = {right.word: right for right in _ALL}


def known(words: Iterable[str]) -> frozenset[str]:
    """Only the words that are rights: what a forged row cannot widen."""
    return frozenset(word for word in words if word in RIGHTS)


def grouped() -> list[tuple[str, list[Right]]]:
    """The rights in the order and groups in which they are shown."""
    groups: dict[str, list[Right]] = {}
    for right in _ALL:
        groups.setdefault(right.group, []).append(right)
    return list(groups.items())
