"""What every page carries around its content: who is here, where one may go, what waits.

An item the reader may not open is absent. Numbers come from the same queries as the lists they lead to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request, session

from app.jurisdictions.in_force import rules_in_force
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.i18n import N_, _, lazy_gettext
from app.kernel.shell import NavGroup, NavItem, Shell, ShellJurisdiction
from app.kernel.web import BusinessView, actor, expose, find_actor, member
from app.matters.waiting import decisions_waiting_for, waiting_for
from app.notifications import queries as letter_queries
from app.organisation import queries as organisation_queries
from app.urging.queries import count_suggestions

VERSION = "0.1.0"

LEVELS = {
    "province": lazy_gettext("Province"),
    "city": lazy_gettext("City"),
    "district": lazy_gettext("District"),
    "county": lazy_gettext("County"),
}


@dataclass(frozen=True)
class Place:
    """A place in the sidebar: who may go there, and what number it shows (a key of the counts).

    ``section`` names the part of the profile without which there is nothing to see there.
    """

    label: str
    icon: str
    path: str
    rights: tuple[str, ...] = ()
    count: str = ""
    quiet: bool = False
    section: str = ""


READERS = ("matter:read_all", "matter:read_unit", "matter:approve")

PLACES: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        N_("My work"),
        (
            Place(N_("Workbench"), "home", "/"),
            Place(N_("To do"), "inbox", "/todo/", ("matter:read_all", "matter:read_unit", "matter:approve"), "todo"),
            Place(N_("My approvals"), "pen", "/approvals/", ("matter:approve",), "approvals"),
        ),
    ),
    (
        N_("Supervision"),
        (
            Place(N_("Ledger"), "list", "/matters/", ("matter:read_all",)),
            Place(N_("Ledger of my unit"), "list", "/matters/", ("matter:read_unit",)),
            Place(N_("Calendar of what is due"), "calendar", "/calendar/", READERS),
            Place(N_("Register a matter"), "plus", "/matters/register", ("matter:register",)),
            Place(N_("Letters"), "bell", "/inbox/", ("letter:read",), "unread", quiet=True),
            Place(N_("Urgings to be sent"), "bell", "/urging/suggestions/", ("matter:urge",), "suggestions"),
            Place(N_("Candidates for the bulletin"), "flag", "/urging/bulletin/", ("matter:urge",), "bulletin"),
            Place(N_("Urging log"), "bell", "/urging/log", ("matter:read_all",)),
            Place(N_("Urgings of my unit"), "bell", "/urging/log", ("matter:read_unit", "matter:approve")),
            Place(N_("What units are asked for"), "chart", "/urging/burden", ("matter:read_all",)),
            Place(N_("What my unit is asked for"), "chart", "/urging/burden", ("matter:read_unit",)),
            Place(N_("Escalation slips"), "flag", "/urging/slips", READERS, section="slips"),
            Place(N_("Points of the units"), "chart", "/urging/points", ("matter:read_all",), section="points"),
            Place(N_("Points of my unit"), "chart", "/urging/points", ("matter:read_unit",), section="points"),
        ),
    ),
    (
        N_("Organisation"),
        (
            Place(N_("Units"), "building", "/unitview/list/", ("unit:read",)),
            Place(N_("Posts"), "flow", "/postview/list/", ("post:read",)),
            Place(N_("People"), "users", "/personview/list/", ("person:read",)),
            Place(N_("Memberships"), "users", "/membershipview/list/", ("membership:read",)),
            Place(N_("First sign-ins"), "mail", "/activations/", ("person:write",)),
            Place(N_("Absences and deputies"), "pause", "/absences/", ("membership:read",)),
            Place(N_("Open work to be handed over"), "flow", "/handover/", ("membership:write",)),
            Place(N_("Roles"), "shield", "/roleview/list/", ("role:read",)),
        ),
    ),
    (
        N_("Settings"),
        (
            Place(N_("Jurisdiction settings"), "gear", "/settings/", ("profile:read",)),
            Place(N_("Procedure and deadline profile"), "flow", "/settings/profile/", ("profile:read",)),
            Place(N_("Matter sources"), "list", "/sourceview/list/", ("source:read",)),
            Place(N_("Working calendar"), "calendar", "/settings/calendar/", ("calendar:read",)),
            Place(N_("Dates, calendar and rules"), "clock", "/settings/recompute/", ("matter:read_all",)),
            Place(N_("Document templates"), "doc", "/documenttemplateview/list/", ("template:read",)),
            Place(N_("Message channels"), "mail", "/settings/channels/", ("channel:write",)),
            Place(N_("Rules for letters"), "bell", "/settings/letters/", ("channel:write",)),
            Place(N_("Letters on their way"), "inbox", "/settings/letters/stuck", ("channel:write",)),
            Place(N_("What the clock does"), "clock", "/settings/jobs/", ("job:read",)),
            Place(N_("Log of acts"), "book", "/events/", ("event:read",)),
            Place(N_("Take away"), "download", "/settings/export/", ("jurisdiction:export",)),
        ),
    ),
)

PLATFORM_PLACES: tuple[tuple[str, tuple[Place, ...]], ...] = (
    (
        N_("Platform"),
        (
            Place(N_("Jurisdictions"), "building", "/platform/jurisdictions/", ("jurisdiction:read",)),
            Place(N_("National calendar"), "calendar", "/platform/calendar/", ("national_calendar:read",)),
            Place(N_("Jobs"), "clock", "/platform/jobs/", ("platform:read",)),
        ),
    ),
)


def install(app: Flask, appbuilder: Any) -> None:
    """Give every template its ``shell``, and open the address its numbers come from."""
    appbuilder.add_view_no_menu(FrameView)
    app.context_processor(lambda: {"shell": shell()})


def shell() -> Shell:
    """The frame of this page for this reader."""
    settings = current_app.extensions["huiyin.settings"]
    person = g.get("user") if g.get("user") is not None and g.user.is_authenticated else None
    asking = find_actor()
    base = Shell(
        app_name=_("Huiyin"),
        locale=str(session.get("locale") or "zh"),
        environment_label=settings.environment_label,
        version=VERSION,
    )
    if person is None or asking is None:
        return base
    root = request.script_root
    counts = _Counts(asking)
    nav = _nav(asking, root, counts)
    unread = counts.known("unread")
    return Shell(
        app_name=base.app_name,
        jurisdiction=_here(asking),
        switchable=tuple(
            ShellJurisdiction(one.name, str(LEVELS.get(one.level, "")), one.slug)
            for one in organisation_queries.list_standings(db.session, person.id)
            if one.status != "closed"
        ),
        nav=nav,
        person_name=person.get_full_name(),
        unread=unread,
        locale=base.locale,
        environment_label=base.environment_label,
        index_url=root + "/",
        logout_url=root + "/logout/",
        search_url=root + "/matters/" if asking.jurisdiction_id else "",
        inbox_url=root + "/inbox/" if asking.may("letter:read") else "",
        counts_url=_counts_url(root, nav),
        profile_url=root + "/me" if asking.jurisdiction_id else "",
        register_url=root + "/matters/register" if asking.may("matter:register") else "",
        version=VERSION,
    )


def _here(asking: Actor) -> ShellJurisdiction | None:
    if asking.jurisdiction_id is None:
        return None
    jurisdiction = g.jurisdiction
    return ShellJurisdiction(
        jurisdiction.name,
        str(LEVELS.get(jurisdiction.level, "")),
        jurisdiction.slug,
        asking.role_names,
    )


def _nav(asking: Actor, root: str, counts: _Counts) -> tuple[NavGroup, ...]:
    places = PLACES if asking.jurisdiction_id is not None else PLATFORM_PLACES
    groups = []
    for label, items in places:
        shown: dict[str, NavItem] = {}
        for place in items:
            if (place.rights and not any(asking.may(right) for right in place.rights)) or place.path in shown:
                continue
            if place.section and not _has(place.section):
                continue
            shown[place.path] = NavItem(
                label=_(place.label),
                icon=place.icon,
                href=root + place.path,
                count=counts.known(place.count),
                quiet=place.quiet,
                current=request.path == place.path,
                count_key="" if counts.is_known(place.count) else place.count,
            )
        if shown:
            groups.append(NavGroup(_(label), tuple(shown.values())))
    return tuple(groups)


def _has(section: str) -> bool:
    """Whether the rules in force have this part."""
    return getattr(rules_in_force(), section, None) is not None


def _counts_url(root: str, nav: tuple[NavGroup, ...]) -> str:
    """Where the numbers come from that this page does not know yet; nothing when it knows them all."""
    wanted = dict.fromkeys(item.count_key for group in nav for item in group.items if item.count_key)
    return f"{root}/frame?" + "&".join(f"n={key}" for key in wanted) if wanted else ""


class _Counts:
    """The numbers of the frame. A page that has read what waits shows them at once; on the others they follow it."""

    def __init__(self, asking: Actor) -> None:
        self.asking = asking

    def is_known(self, name: str) -> bool:
        """Whether the number is at hand, or there is none to show."""
        if not name or self.asking.jurisdiction_id is None:
            return True
        return name in ("todo", "approvals") and "waiting" in g

    def known(self, name: str) -> int:
        """The number where it is at hand, else 0."""
        return self.ask(name) if name and self.is_known(name) and self.asking.jurisdiction_id is not None else 0

    def ask(self, name: str) -> int:
        """The number, as the list it leads to has it."""
        askers: dict[str, Callable[[], int]] = {
            "todo": lambda: len(waiting_for(self.asking)),
            "approvals": lambda: len(decisions_waiting_for(self.asking)),
            "suggestions": lambda: count_suggestions(db.session, self.asking, clock.today())["urging"],
            "bulletin": lambda: count_suggestions(db.session, self.asking, clock.today())["bulletin"],
            "unread": lambda: letter_queries.count_unread(db.session, self.asking.person_id),
        }
        return int(askers[name]())


class FrameView(BusinessView):
    """The numbers of the frame, for a page that stands already."""

    @expose("/frame")
    @member
    def frame(self) -> Any:
        """A fragment that htmx swaps into the frame."""
        asking = actor()
        if asking.jurisdiction_id is None:
            raise NotFound()
        wanted = {place.count: place for _, places in PLACES for place in places if place.count}
        counts = _Counts(asking)
        shown = {
            name: counts.ask(name)
            for name, place in wanted.items()
            if name in request.args.getlist("n")
            and (not place.rights or any(asking.may(right) for right in place.rights))
        }
        return self.render_template("hy/_counts.html", counts=shown)
