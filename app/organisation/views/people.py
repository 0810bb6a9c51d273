"""Tables of people, memberships and roles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder.models.filters import BaseFilter

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import lazy_gettext
from app.kernel.tenancy import current_jurisdiction_id
from app.kernel.web import OwnedInterface, TableView, actor, expose, right
from app.organisation import forms, queries, services
from app.organisation.models import Invitation, JurisdictionRole, Membership, Person
from app.organisation.pages import AccountPage
from app.organisation.views.values import hash_method, id_of, ids_of


def _moment(value: Any) -> str:
    # FAB's column knows no zone; what is in it is UTC
    return clock.local_datetime(value.replace(tzinfo=dt.UTC)).strftime("%Y-%m-%d %H:%M") if value else ""


def _names(rows: Any) -> str:
    return "、".join(row.name for row in rows)


class BelongsHere(BaseFilter):
    """Only people with a membership in the jurisdiction of the request, ended ones included."""

    name = lazy_gettext("Belongs here")
    arg_name = "here"

    def apply(self, query: Any, value: Any) -> Any:
        """Narrow FAB's query."""
        return queries.narrowed_to_members(query, current_jurisdiction_id())


class PersonView(TableView):
    """People of this jurisdiction. Their accounts are changed by their home jurisdiction only."""

    route_base = "/personview"
    datamodel = OwnedInterface(Person)
    resource = "person"
    include_route_methods = {"list", "show", "add", "edit", "reset"}  # noqa: RUF012
    base_filters = [["id", BelongsHere, None]]  # noqa: RUF012
    list_title = lazy_gettext("People")
    show_title = lazy_gettext("Person")
    add_title = lazy_gettext("Add a person")
    edit_title = lazy_gettext("Change a person")
    show_template = "organisation/person.html"
    label_columns = forms.LABELS | {"name": forms.FULL_NAME, "active": lazy_gettext("May sign in")}
    list_columns = ["name", "username", "phone", "mail_address", "active"]  # noqa: RUF012
    show_columns = ["name", "username", "phone", "mail_address", "active", "last_login"]  # noqa: RUF012
    add_columns = ["name", "username", "unit", "post", "roles", "phone", "email", "password"]  # noqa: RUF012
    edit_columns = ["name", "phone", "email", "active"]  # noqa: RUF012
    order_columns = ["name", "username", "active"]  # noqa: RUF012
    search_columns = ["name", "initials", "username", "active"]  # noqa: RUF012
    base_order = ("initials", "asc")
    formatters_columns = {"last_login": _moment}  # noqa: RUF012
    add_form_extra_fields = edit_form_extra_fields = {  # noqa: RUF012
        "name": forms.name_field(60, forms.FULL_NAME),
        "username": forms.text_field(
            "username",
            40,
            lazy_gettext("Three to forty small letters, digits, dots, hyphens; a letter or digit first."),
            True,
        ),
        "unit": forms.unit_choice(),
        "post": forms.post_choice(),
        "roles": forms.role_choice(),
        "phone": forms.text_field("phone", 40),
        "email": forms.text_field("email", 320),
        "password": forms.password_field(
            forms.LABELS["password"],
            lazy_gettext("Left empty, one is made and shown once. It must be changed at the first sign-in."),
            required=False,
        ),
    }

    def fixed_rows(self) -> frozenset[int]:
        """Accounts that another jurisdiction looks after."""
        return queries.list_from_elsewhere(db.session, current_jurisdiction_id())

    def prefill_form(self, form: Any, pk: Any) -> None:
        """The placeholder address is nobody's business."""
        form.email.data = form.email.data if not (form.email.data or "").endswith(".invalid") else ""

    def create(self, values: dict[str, Any]) -> Any:
        return services.add_person(
            db.session,
            actor(),
            name=values["name"],
            username=values["username"],
            password=values["password"] or None,
            method=hash_method(),
            phone=values["phone"],
            email=values["email"],
            unit_id=id_of(values["unit"]) or 0,
            post_id=id_of(values["post"]),
            role_ids=ids_of(values["roles"]),
            at=clock.now(),
        )

    def after_create(self, made: services.Account) -> Any:
        """The first password is shown once, in the answer itself: nothing keeps it."""
        return self._account(made) if made.one_time_password else super().after_create(made)

    def change(self, pk: int, values: dict[str, Any]) -> Any:
        return services.change_person(
            db.session,
            actor(),
            pk,
            name=values["name"],
            phone=values["phone"],
            email=values["email"],
            active=values["active"],
            at=clock.now(),
        )

    @expose("/reset/<pk>", methods=["POST"])
    @right("person:write")
    def reset(self, pk: str) -> Any:
        """A new one-time password for somebody who has forgotten his own."""
        person = self.row(pk)
        try:
            account = services.reset_password(db.session, actor(), person.id, method=hash_method(), at=clock.now())
        except NotFound:
            raise
        except HuiyinError as error:
            flash(error.sentence(), "danger")
            return redirect(url_for(f"{self.endpoint}.show", pk=pk))
        return self._account(account)

    def _account(self, account: services.Account) -> Any:
        next_href = url_for(f"{self.endpoint}.list")
        if account.membership_id is not None and actor().may("membership:write"):
            next_href = f"{request.script_root}/handover/post/{account.membership_id}"
        return self.render_template(
            "organisation/account.html",
            page=AccountPage(account.username, account.one_time_password or "", next_href),
        )


class MembershipView(TableView):
    """Who is in which unit, at which post, with which roles."""

    route_base = "/membershipview"
    datamodel = OwnedInterface(Membership)
    resource = "membership"
    list_title = lazy_gettext("Memberships")
    show_title = lazy_gettext("Membership")
    add_title = lazy_gettext("Add somebody who has an account")
    edit_title = lazy_gettext("Change a membership")
    removing = (
        lazy_gettext("End"),
        lazy_gettext("End the membership of %(name)s? What the person did keeps the name."),
        lazy_gettext("The membership has ended."),
    )
    label_columns = forms.LABELS | {"active": lazy_gettext("In office")}
    list_columns = ["person", "unit", "post", "roles", "active"]  # noqa: RUF012
    show_columns = ["person", "unit", "post", "roles", "active", "note"]  # noqa: RUF012
    add_columns = ["username", "unit", "post", "roles", "note"]  # noqa: RUF012
    edit_columns = ["unit", "post", "roles", "note"]  # noqa: RUF012
    order_columns = ["active"]  # noqa: RUF012
    search_columns = ["unit", "active"]  # noqa: RUF012
    base_order = ("id", "asc")
    formatters_columns = {"roles": _names}  # noqa: RUF012
    add_form_extra_fields = edit_form_extra_fields = {  # noqa: RUF012
        "username": forms.text_field(
            "username",
            64,
            lazy_gettext(
                "Exactly as the person signs in. An account of another jurisdiction stays there, and the person joins by "
                "accepting on the own page."
            ),
            True,
        ),
        "unit": forms.unit_choice(),
        "post": forms.post_choice(),
        "roles": forms.role_choice(),
        "note": forms.note_field(),
    }
    search_form_extra_fields = {"unit": forms.unit_choice(required=False)}  # noqa: RUF012

    def title_of_edit(self, item: Membership) -> str:
        """Whose membership it is: no field of the form says it."""
        return f"{self.edit_title} · {item.person.get_full_name()}"

    def create(self, values: dict[str, Any]) -> Any:
        return services.invite(db.session, actor(), username=values["username"], **_membership(values), at=clock.now())

    def change(self, pk: int, values: dict[str, Any]) -> Any:
        return services.change_membership(db.session, actor(), pk, **_membership(values), at=clock.now())

    def remove(self, pk: int) -> Any:
        return services.end_membership(db.session, actor(), pk, at=clock.now())

    def after_create(self, made: Any) -> Any:
        """Whoever takes a post is offered the open work of whoever held it before; whoever was invited has to answer first."""
        if isinstance(made, Invitation):
            return redirect(url_for("InvitationView.list"))
        return redirect(f"{request.script_root}/handover/post/{made.id}")

    def after_change(self, pk: int, changed: Membership) -> Any:
        """Whoever left a post leaves open work behind; whoever took one takes it over."""
        if changed.former_post_id is not None:
            return redirect(f"{request.script_root}/handover/{pk}?left=1")
        return redirect(f"{request.script_root}/handover/post/{pk}")

    def after_remove(self, pk: int) -> Any:
        """Open work does not leave with the person."""
        return redirect(f"{request.script_root}/handover/{pk}?left=1")


def _membership(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "unit_id": id_of(values["unit"]) or 0,
        "post_id": id_of(values["post"]),
        "role_ids": ids_of(values["roles"]),
        "note": values["note"],
    }


class RoleView(TableView):
    """The jurisdiction's roles by name; what they may do is the matrix."""

    route_base = "/roleview"
    datamodel = OwnedInterface(JurisdictionRole)
    resource = "role"
    list_title = lazy_gettext("Roles")
    show_title = lazy_gettext("Role")
    add_title = lazy_gettext("Add a role")
    edit_title = lazy_gettext("Change a role")
    list_template = "organisation/roles.html"
    label_columns = forms.LABELS
    list_columns = show_columns = ["name", "article", "position"]  # noqa: RUF012
    add_columns = edit_columns = ["name", "position"]  # noqa: RUF012
    order_columns = ["name", "position"]  # noqa: RUF012
    search_columns = ["name"]  # noqa: RUF012
    base_order = ("position", "asc")
    add_form_extra_fields = edit_form_extra_fields = {  # noqa: RUF012
        "name": forms.name_field(60),
        "position": forms.position_field(),
    }

    def create(self, values: dict[str, Any]) -> Any:
        return services.add_role(
            db.session, actor(), name=values["name"], position=values["position"] or 100, at=clock.now()
        )

    def change(self, pk: int, values: dict[str, Any]) -> Any:
        return services.change_role(
            db.session, actor(), pk, name=values["name"], position=values["position"] or 0, at=clock.now()
        )

    def remove(self, pk: int) -> Any:
        return services.remove_role(db.session, actor(), pk, at=clock.now())
