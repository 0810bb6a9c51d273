"""Pages of the organisation: units, posts, people, memberships, roles, the role matrix, one's own page."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, request, session, url_for
from flask_appbuilder.models.filters import BaseFilter
from flask_login import login_user

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, NotFound
from app.kernel.i18n import _, lazy_gettext, translate
from app.kernel.tenancy import current_jurisdiction_id
from app.kernel.web import BusinessView, OwnedInterface, TableView, actor, as_id, expose, member, right
from app.organisation import forms, queries, services
from app.organisation.models import JurisdictionRole, Membership, Person, Post, Unit
from app.organisation.pages import AccountPage, MatrixGroup, MatrixPage, MatrixRole, MatrixRow, OwnPage, Place
from app.organisation.permissions import grouped, known
from app.organisation.rules import POST_KINDS, UNIT_KINDS


def _id(row: Any) -> int | None:
    return None if row is None else int(row.id)


def _ids(rows: Any) -> list[int]:
    return [int(row.id) for row in rows or ()]


def _method() -> str:
    return str(current_app.config["FAB_PASSWORD_HASH_METHOD"])


def _kind_of_unit(value: str) -> str:
    return translate(UNIT_KINDS.get(value, value))


def _kind_of_post(value: str) -> str:
    return translate(POST_KINDS.get(value, value))


def _names(rows: Any) -> str:
    return "、".join(row.name for row in rows)


class UnitView(TableView):
    """Units, as a list; where each stands in the tree is a column."""

    route_base = "/unitview"
    datamodel = OwnedInterface(Unit)
    resource = "unit"
    list_title = lazy_gettext("Units")
    show_title = lazy_gettext("Unit")
    add_title = lazy_gettext("Add a unit")
    edit_title = lazy_gettext("Change a unit")
    label_columns = forms.LABELS
    list_columns = ["name", "short_name", "code", "kind", "parent", "leader_in_charge", "phone", "active"]  # noqa: RUF012
    show_columns = [  # noqa: RUF012
        "name",
        "short_name",
        "code",
        "kind",
        "parent",
        "functional_line",
        "first_responsible_person",
        "leader_in_charge",
        "phone",
        "initials",
        "position",
        "active",
    ]
    add_columns = [  # noqa: RUF012
        "name",
        "short_name",
        "code",
        "kind",
        "parent",
        "functional_line",
        "first_responsible_person",
        "leader_in_charge",
        "phone",
        "position",
    ]
    edit_columns = [*(column for column in add_columns if column != "code"), "active"]  # noqa: RUF012
    order_columns = ["name", "short_name", "code", "kind", "position", "active"]  # noqa: RUF012
    search_columns = ["name", "initials", "kind", "active"]  # noqa: RUF012
    base_order = ("position", "asc")
    formatters_columns = {"kind": _kind_of_unit}  # noqa: RUF012
    add_form_extra_fields = edit_form_extra_fields = {  # noqa: RUF012
        "name": forms.name_field(80),
        "short_name": forms.text_field("short_name", 40, lazy_gettext("Left empty, it is the name.")),
        "code": forms.text_field(
            "code", 40, lazy_gettext("Left empty, it is made from the initials. It never changes.")
        ),
        "kind": forms.kind_of_unit(),
        "parent": forms.unit_choice("parent", required=False),
        "position": forms.position_field(),
    }
    search_form_extra_fields = {"kind": forms.kind_of_unit()}  # noqa: RUF012

    def create(self, values: dict[str, Any]) -> Any:
        return services.add_unit(db.session, actor(), **_unit(values), at=clock.now())

    def change(self, pk: int, values: dict[str, Any]) -> Any:
        return services.change_unit(db.session, actor(), pk, **_unit(values), at=clock.now())

    def remove(self, pk: int) -> Any:
        return services.remove_unit(db.session, actor(), pk, at=clock.now())


def _unit(values: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in values.items() if name != "parent"}
    return found | {"parent_id": _id(values.get("parent")), "position": values.get("position") or 0}


class PostView(TableView):
    """Posts of units: duties stay with the post when people change."""

    route_base = "/postview"
    datamodel = OwnedInterface(Post)
    resource = "post"
    list_title = lazy_gettext("Posts")
    show_title = lazy_gettext("Post")
    add_title = lazy_gettext("Add a post")
    edit_title = lazy_gettext("Change a post")
    label_columns = forms.LABELS
    list_columns = show_columns = ["name", "unit", "kind", "supervising_unit", "position", "active"]  # noqa: RUF012
    add_columns = ["unit", "name", "kind", "supervising_unit", "position"]  # noqa: RUF012
    edit_columns = ["name", "kind", "supervising_unit", "position", "active"]  # noqa: RUF012
    order_columns = ["name", "kind", "position", "active"]  # noqa: RUF012
    search_columns = ["name", "unit", "active"]  # noqa: RUF012
    base_order = ("position", "asc")
    formatters_columns = {"kind": _kind_of_post}  # noqa: RUF012
    add_form_extra_fields = edit_form_extra_fields = {  # noqa: RUF012
        "name": forms.name_field(80),
        "unit": forms.unit_choice(),
        "kind": forms.kind_of_post(),
        "supervising_unit": forms.unit_choice(
            "supervising_unit", required=False, hint=lazy_gettext("The group that carries this leader's matters.")
        ),
        "position": forms.position_field(),
    }
    search_form_extra_fields = {"unit": forms.unit_choice(required=False)}  # noqa: RUF012

    def create(self, values: dict[str, Any]) -> Any:
        return services.add_post(db.session, actor(), unit_id=_id(values["unit"]) or 0, **_post(values), at=clock.now())

    def change(self, pk: int, values: dict[str, Any]) -> Any:
        return services.change_post(db.session, actor(), pk, active=values["active"], **_post(values), at=clock.now())

    def remove(self, pk: int) -> Any:
        return services.remove_post(db.session, actor(), pk, at=clock.now())


def _post(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": values["name"],
        "kind": values["kind"],
        "supervising_unit_id": _id(values.get("supervising_unit")),
        "position": values.get("position") or 0,
    }


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
    label_columns = forms.LABELS | {"active": lazy_gettext("May sign in")}
    list_columns = ["name", "username", "phone", "mail_address", "active"]  # noqa: RUF012
    show_columns = ["name", "username", "phone", "mail_address", "active", "last_login"]  # noqa: RUF012
    add_columns = ["name", "username", "unit", "post", "roles", "phone", "email", "password"]  # noqa: RUF012
    edit_columns = ["name", "phone", "email", "active"]  # noqa: RUF012
    order_columns = ["name", "username", "active"]  # noqa: RUF012
    search_columns = ["name", "initials", "username", "active"]  # noqa: RUF012
    base_order = ("initials", "asc")
    add_form_extra_fields = edit_form_extra_fields = {  # noqa: RUF012
        "name": forms.name_field(60),
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
            method=_method(),
            phone=values["phone"],
            email=values["email"],
            unit_id=_id(values["unit"]) or 0,
            post_id=_id(values["post"]),
            role_ids=_ids(values["roles"]),
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
            account = services.reset_password(db.session, actor(), person.id, method=_method(), at=clock.now())
        except NotFound:
            raise
        except HuiyinError as error:
            flash(error.sentence(), "danger")
            return redirect(url_for(f"{self.endpoint}.show", pk=pk))
        return self._account(account)

    def _account(self, account: services.Account) -> Any:
        return self.render_template(
            "organisation/account.html",
            page=AccountPage(account.username, account.one_time_password or "", url_for(f"{self.endpoint}.list")),
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
    label_columns = forms.LABELS
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
            lazy_gettext("Exactly as the person signs in; the account stays with its home jurisdiction."),
            True,
        ),
        "unit": forms.unit_choice(),
        "post": forms.post_choice(),
        "roles": forms.role_choice(),
        "note": forms.note_field(),
    }
    search_form_extra_fields = {"unit": forms.unit_choice(required=False)}  # noqa: RUF012

    def create(self, values: dict[str, Any]) -> Any:
        return services.add_membership(
            db.session, actor(), username=values["username"], **_membership(values), at=clock.now()
        )

    def change(self, pk: int, values: dict[str, Any]) -> Any:
        return services.change_membership(db.session, actor(), pk, **_membership(values), at=clock.now())

    def remove(self, pk: int) -> Any:
        return services.end_membership(db.session, actor(), pk, at=clock.now())


def _membership(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "unit_id": _id(values["unit"]) or 0,
        "post_id": _id(values["post"]),
        "role_ids": _ids(values["roles"]),
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


class MatrixView(BusinessView):
    """Roles across, capabilities down."""

    route_base = "/roles"

    @expose("/matrix", methods=["GET"])
    @right("role:read")
    def matrix(self) -> Any:
        """Who may do what here."""
        asking, roles = actor(), queries.list_roles(db.session)
        holders = queries.count_holders(db.session, asking.jurisdiction_id)
        rights = {role.id: known(right.right for right in role.rights) for role in roles}
        may_write = asking.may("role:write")
        page = MatrixPage(
            roles=tuple(
                MatrixRole(
                    role.id,
                    role.name,
                    holders.get(role.id, 0),
                    url_for("RoleView.edit", pk=role.id) if may_write else "",
                    locked=not rights[role.id] <= asking.rights,
                )
                for role in roles
            ),
            groups=tuple(
                MatrixGroup(
                    translate(group),
                    tuple(
                        MatrixRow(
                            one.word,
                            translate(one.label),
                            frozenset(role_id for role_id, held in rights.items() if one.word in held),
                            grantable=one.word in asking.rights,
                        )
                        for one in words
                    ),
                )
                for group, words in grouped()
            ),
            action=url_for("MatrixView.save"),
            may_write=may_write,
            add_href=url_for("RoleView.add") if may_write else "",
        )
        return self.render_template("organisation/role_matrix.html", page=page)

    @expose("/matrix", methods=["POST"])
    @right("role:write")
    def save(self) -> Any:
        """Take the ticks over. Only roles that the page showed are touched: one added meanwhile keeps its rights."""
        shown = {number for value in request.form.getlist("shown") if (number := as_id(value)) is not None}
        named = {number for name in request.form if (number := as_id(name)) is not None}
        try:
            changed = services.set_role_rights(
                db.session,
                actor(),
                {number: request.form.getlist(str(number)) for number in shown | named},
                at=clock.now(),
            )
        except NotFound:
            raise
        except HuiyinError as error:
            flash(error.sentence(), "danger")
            return redirect(url_for("MatrixView.matrix"))
        flash(_("Rights saved.") if changed else _("Nothing was different."), "success")
        return redirect(url_for("MatrixView.matrix"))


class OwnPageView(BusinessView):
    """One's own page: what the account says, the password, the language, where one belongs."""

    route_base = "/me"

    @expose("/", methods=["GET"])
    @member
    def me(self) -> Any:
        """The page."""
        return self._page()

    @expose("/", methods=["POST"])
    @member
    def change_data(self) -> Any:
        """Save telephone, mail address and language."""
        form = forms.OwnDataForm()
        if not form.validate():
            return self._page(data=form)
        try:
            person = services.change_own_data(
                db.session,
                actor(),
                phone=form.phone.data,
                email=form.email.data,
                locale=form.locale.data or None,
                at=clock.now(),
            )
        except Invalid as error:
            _put_errors(form, error)
            return self._page(data=form)
        if person.locale:
            session["locale"] = person.locale
        flash(_("Saved."), "success")
        return redirect(url_for("OwnPageView.me"))

    @expose("/password", methods=["POST"])
    @member
    def change_password(self) -> Any:
        """A new password; every other sign-in of this account ends."""
        form = forms.OwnPasswordForm()
        if form.validate() and form.new.data != form.again.data:
            form.again.errors = [*form.again.errors, _("The two new passwords are not the same.")]
        if form.errors:
            return self._page(password=form)
        try:
            person = services.change_own_password(
                db.session, actor(), old=form.old.data, new=form.new.data, method=_method(), at=clock.now()
            )
        except HuiyinError as error:
            if error.code == "old_password_wrong":
                services.note_sign_in(db.session, actor().person_id or 0, succeeded=False, at=clock.now())
            if not isinstance(error, Invalid):
                raise
            _put_errors(form, error)
            return self._page(password=form)
        login_user(person, remember=False)
        flash(_("Your password is changed. Other sign-ins of this account have ended."), "success")
        return redirect(url_for("OwnPageView.me"))

    def _page(self, data: Any = None, password: Any = None) -> Any:
        person = queries.get_person(db.session, actor().person_id)
        return self.render_template(
            "organisation/me.html",
            page=OwnPage(
                name=person.get_full_name(),
                username=person.username,
                places=tuple(
                    Place(one.name, one.unit_name, one.role_names, f"/j/{one.slug}/")
                    for one in queries.list_standings(db.session, person.id, detailed=True)
                ),
                must_change=bool(person.must_change_password),
                data_action=url_for("OwnPageView.change_data"),
                password_action=url_for("OwnPageView.change_password"),
            ),
            data=data
            or forms.OwnDataForm(
                formdata=None,
                data={
                    "phone": person.phone,
                    "email": person.mail_address,
                    "locale": person.locale or session.get("locale"),
                },
            ),
            password=password or forms.OwnPasswordForm(formdata=None),
        )


def _put_errors(form: Any, error: Invalid) -> None:
    sentences = error.field_sentences()
    for name, sentence in sentences.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
    if not any(name in form for name in sentences):
        flash(error.sentence(), "danger")


def register(appbuilder: Any) -> None:
    """Open this room's pages."""
    for view in (UnitView, PostView, PersonView, MembershipView, RoleView, MatrixView, OwnPageView):
        appbuilder.add_view_no_menu(view)


__all__ = ["MembershipView", "OwnPageView", "PersonView", "PostView", "RoleView", "UnitView", "register"]
