"""The role matrix: roles across, capabilities down."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, NotFound
from app.kernel.i18n import _, translate
from app.kernel.web import BusinessView, actor, as_id, expose, right
from app.organisation import queries, services
from app.organisation.pages import MatrixGroup, MatrixPage, MatrixRole, MatrixRow
from app.organisation.permissions import grouped, known


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
