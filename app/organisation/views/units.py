"""Tables of units and posts."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.kernel import clock
from app.kernel.db import db
from app.kernel.i18n import lazy_gettext, translate
from app.kernel.web import BusinessView, OwnedInterface, TableView, actor, expose, right
from app.organisation import forms, queries, services
from app.organisation.models import Post, Unit
from app.organisation.pages import UncoveredUnit
from app.organisation.rules import POST_KINDS, UNIT_KINDS
from app.organisation.views.values import id_of


def _kind_of_unit(value: str) -> str:
    return translate(UNIT_KINDS.get(value, value))


def _kind_of_post(value: str) -> str:
    return translate(POST_KINDS.get(value, value))


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
    return found | {"parent_id": id_of(values.get("parent")), "position": values.get("position") or 0}


class UncoveredView(BusinessView):
    """Units in which nobody could sign for receipt."""

    route_base = "/uncovered"

    @expose("/")
    @right("unit:read")
    def list(self) -> Any:
        """The units, with whom to call and where to add somebody."""
        asking = actor()
        units = queries.list_uncovered(db.session, asking.jurisdiction_id)
        return self.render_template(
            "organisation/uncovered.html",
            units=[
                UncoveredUnit(unit.name, _kind_of_unit(unit.kind), unit.leader_in_charge or "", unit.phone or "")
                for unit in units
            ],
            add_href=url_for("PersonView.add") if asking.may("person:write") else "",
            invite_href=url_for("InvitationView.list") if asking.may("membership:write") else "",
        )


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
    list_columns = show_columns = [  # noqa: RUF012
        "name",
        "unit",
        "kind",
        "supervising_unit",
        "portfolio",
        "position",
        "active",
    ]
    add_columns = ["unit", "name", "kind", "supervising_unit", "portfolio", "position"]  # noqa: RUF012
    edit_columns = ["name", "kind", "supervising_unit", "portfolio", "position", "active"]  # noqa: RUF012
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
        "portfolio": forms.text_field(
            "portfolio",
            300,
            lazy_gettext(
                "The functional lines this leader is in charge of, as the units name theirs, with 、 between."
            ),
        ),
        "position": forms.position_field(),
    }
    search_form_extra_fields = {"unit": forms.unit_choice(required=False)}  # noqa: RUF012

    def create(self, values: dict[str, Any]) -> Any:
        return services.add_post(
            db.session, actor(), unit_id=id_of(values["unit"]) or 0, **_post(values), at=clock.now()
        )

    def change(self, pk: int, values: dict[str, Any]) -> Any:
        return services.change_post(db.session, actor(), pk, active=values["active"], **_post(values), at=clock.now())

    def remove(self, pk: int) -> Any:
        return services.remove_post(db.session, actor(), pk, at=clock.now())


def _post(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": values["name"],
        "kind": values["kind"],
        "supervising_unit_id": id_of(values.get("supervising_unit")),
        "portfolio": values.get("portfolio"),
        "position": values.get("position") or 0,
    }
