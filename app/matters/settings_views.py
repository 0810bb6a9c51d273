"""Settings of a jurisdiction: what can be set, and whether everything is ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from app.deadlines.queries import list_years
from app.deadlines.rules import YearStatus
from app.documents.queries import find_active_template
from app.jurisdictions.queries import find_version_in_force, profile_of
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.i18n import N_, _, lazy_gettext, translate
from app.kernel.pages import TaskLine
from app.kernel.web import BusinessView, OwnedInterface, TableView, actor, expose, right
from app.matters import queries
from app.matters.models import MatterSource
from app.matters.presenting.common import ORIGIN_WORDS, word
from app.organisation.queries import list_memberships, list_roles, list_uncovered, list_units
from app.organisation.rules import HANDLING_KINDS


@dataclass(frozen=True)
class Check:
    """One thing that has to be right: how it stands, and where to set it right."""

    label: str
    tone: str
    words: str
    href: str = ""


class SettingsView(BusinessView):
    """The administrator's starting page."""

    route_base = "/settings"

    @expose("/")
    @right("profile:read")
    def index(self) -> Any:
        """Places to set things, and what has to be right before matters can run."""
        asking = actor()
        return self.render_template("settings/index.html", groups=_groups(asking), checks=_checks(asking))


# Group, then its places: the right that opens it, title, text, address, symbol.
PLACES: tuple[tuple[str, tuple[tuple[str, str, str, str, str], ...]], ...] = (
    (
        N_("Organisation"),
        (
            (
                "unit:read",
                N_("Units"),
                N_("Who handles matters, who leads, whom to call"),
                "/unitview/list/",
                "building",
            ),
            ("post:read", N_("Posts"), N_("Duties stay with the post when people change"), "/postview/list/", "flow"),
            ("person:read", N_("People"), N_("Accounts and their passwords"), "/personview/list/", "users"),
            (
                "membership:read",
                N_("Memberships"),
                N_("Who is in which unit, with which roles"),
                "/membershipview/list/",
                "users",
            ),
            (
                "membership:read",
                N_("Absences and deputies"),
                N_("Who is away, and who decides meanwhile"),
                "/absences/",
                "pause",
            ),
            (
                "membership:write",
                N_("Open work to be handed over"),
                N_("What people who left have not finished"),
                "/handover/",
                "swap",
            ),
            (
                "membership:write",
                N_("Invitations"),
                N_("People from elsewhere who have not answered yet"),
                "/invitations/",
                "mail",
            ),
            ("role:read", N_("Roles"), N_("What each role may do"), "/roleview/list/", "shield"),
        ),
    ),
    (
        N_("Procedure and deadlines"),
        (
            (
                "profile:read",
                N_("Procedure and deadline profile"),
                N_("Change the rules in a draft, check, compare and publish it; every version and why"),
                "/settings/profile/",
                "book",
            ),
            (
                "profile:read",
                N_("Procedure"),
                N_("Steps, deciders, limits and ways back, with their articles"),
                "/settings/procedure",
                "flow",
            ),
            (
                "profile:read",
                N_("Deadline simulator"),
                N_("When a matter of your choosing would be due"),
                "/settings/simulator",
                "clock",
            ),
            (
                "source:read",
                N_("Matter sources"),
                N_("How sources are called and ordered"),
                "/sourceview/list/",
                "list",
            ),
            (
                "calendar:read",
                N_("Working calendar"),
                N_("Every year with its days off, and the days of this jurisdiction's own"),
                "/settings/calendar/",
                "calendar",
            ),
            (
                "matter:read_all",
                N_("Dates, calendar and rules"),
                N_("Which open dates a changed day or a newer version moves"),
                "/settings/recompute/",
                "clock",
            ),
        ),
    ),
    (
        N_("Messages"),
        (
            (
                "channel:write",
                N_("Message channels"),
                N_("By which ways letters leave the system, and whether they work"),
                "/settings/channels/",
                "mail",
            ),
            (
                "channel:write",
                N_("Rules for letters"),
                N_("Quiet hours, the day's message, what may not wait"),
                "/settings/letters/",
                "bell",
            ),
            (
                "channel:write",
                N_("Letters on their way"),
                N_("What could not be delivered and why; send it again or give it up"),
                "/settings/letters/stuck",
                "inbox",
            ),
        ),
    ),
    (
        N_("Documents and records"),
        (
            (
                "template:read",
                N_("Document templates"),
                N_("Notices in the jurisdiction's own layout"),
                "/documenttemplateview/list/",
                "doc",
            ),
            ("event:read", N_("Log of acts"), N_("Everything that was done, by whom and when"), "/events/", "book"),
        ),
    ),
)


def _groups(asking: Actor) -> list[tuple[str, list[TaskLine]]]:
    root = request.script_root
    return [
        (
            translate(name),
            [
                TaskLine(translate(title), translate(text), root + path, icon)
                for needed, title, text, path, icon in places
                if asking.may(needed)
            ],
        )
        for name, places in PLACES
    ]


def _checks(asking: Actor) -> list[Check]:
    """What has to be right before matters can run."""
    version = find_version_in_force(db.session, clock.now())
    checks = [
        Check(_("Procedure in force"), "ok", _("version %(number)s", number=version.number))
        if version
        else Check(_("Procedure in force"), "bad", _("none")),
        _uncovered(asking),
        _unheld_roles(),
        _count(_("Matter sources in use"), len(queries.list_sources(db.session))),
        _year(),
    ]
    if version:
        types = profile_of(db.session, version.id).dispatch.document_types
        own = sum(find_active_template(db.session, key) is not None for key in types)
        said = _("%(own)s of %(all)s of one's own", own=own, all=len(types))
        checks.append(Check(_("Templates of notices"), "ok", said))
    return checks


def _count(label: str, number: int) -> Check:
    return Check(label, "ok" if number else "bad", str(number))


def _uncovered(asking: Actor) -> Check:
    units = list_uncovered(db.session, asking.jurisdiction_id)
    if not units:
        number = len(list_units(db.session, kinds=HANDLING_KINDS))
        return Check(_("Units with a liaison"), "ok", _("all %(count)s", count=number))
    names = "、".join(one.short_name for one in units[:3]) + ("…" if len(units) > 3 else "")
    href = f"{request.script_root}/uncovered/" if asking.may("unit:read") else ""
    return Check(_("Units without a liaison"), "warn", f"{len(units)}：{names}", href)


def _unheld_roles() -> Check:
    held = {role.id for membership in list_memberships(db.session) for role in membership.roles}
    missing = [role.name for role in list_roles(db.session) if role.id not in held]
    if not missing:
        return Check(_("Roles with a holder"), "ok", _("all"))
    href = f"{request.script_root}/roles/matrix"
    return Check(_("Roles nobody holds"), "warn", "、".join(missing[:3]) + ("…" if len(missing) > 3 else ""), href)


def _year() -> Check:
    year = clock.today().year
    found = {one.year: one.status for one in list_years(db.session)}.get(year, YearStatus.UNANNOUNCED)
    announced = found is not YearStatus.UNANNOUNCED
    said = _("announced") if announced else _("not announced yet")
    return Check(_("Holidays of %(year)s", year=year), "ok" if announced else "warn", said)


def _origin(value: str) -> str:
    return word(ORIGIN_WORDS, value)


class SourceView(TableView):
    """Where matters come from, as the profile in force says: to read. They are changed in a draft of the profile."""

    route_base = "/sourceview"
    datamodel = OwnedInterface(MatterSource)
    resource = "source"
    writable = False
    include_route_methods = {"list", "show"}  # noqa: RUF012
    base_permissions = ["can_list", "can_show"]  # noqa: RUF012
    list_title = lazy_gettext("Matter sources")
    show_title = lazy_gettext("Matter source")
    label_columns = {  # noqa: RUF012
        "key": lazy_gettext("Key"),
        "name": lazy_gettext("Name"),
        "short_name": lazy_gettext("Short name"),
        "article": lazy_gettext("Article"),
        "origin_level": lazy_gettext("Whose"),
        "position": lazy_gettext("Order"),
        "active": lazy_gettext("In use"),
    }
    list_columns = ["position", "short_name", "name", "article", "origin_level", "active"]  # noqa: RUF012
    show_columns = ["short_name", "name", "key", "article", "origin_level", "position", "active"]  # noqa: RUF012
    order_columns = ["position", "short_name", "active"]  # noqa: RUF012
    search_columns = ["name", "short_name", "active"]  # noqa: RUF012
    base_order = ("position", "asc")
    formatters_columns = {"origin_level": _origin}  # noqa: RUF012


def register(appbuilder: Any) -> None:
    """Open these pages."""
    for view in (SettingsView, SourceView):
        appbuilder.add_view_no_menu(view)
