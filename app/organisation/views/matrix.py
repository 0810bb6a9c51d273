"""The role matrix: roles across, capabilities down."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import HuiyinError, Invalid, NotFound
from app.kernel.i18n import _, translate
from app.kernel.web import BusinessView, actor, as_id, expose, right
from app.organisation import queries, services
from app.organisation.pages import MatrixGroup, MatrixPage, MatrixRole, MatrixRow, TemplateCard
from app.organisation.permissions import RIGHTS, grouped, known
from app.organisation.role_templates import TEMPLATES


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

        def beyond(role_id: int) -> str:
            return "、".join(
                translate(RIGHTS[word].label) for word in RIGHTS if word in rights[role_id] - asking.rights
            )

        page = MatrixPage(
            roles=tuple(
                MatrixRole(
                    role.id,
                    role.name,
                    holders.get(role.id, 0),
                    url_for("RoleView.edit", pk=role.id) if may_write else "",
                    locked=not rights[role.id] <= asking.rights,
                    beyond=beyond(role.id),
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
                    f"group-{number}",
                )
                for number, (group, words) in enumerate(grouped())
            ),
            action=url_for("MatrixView.save"),
            may_write=may_write,
            add_href=url_for("RoleView.add") if may_write else "",
            template_href=url_for("MatrixView.templates") if may_write else "",
        )
        return self.render_template("organisation/role_matrix.html", page=page)

    @expose("/new", methods=["GET"])
    @right("role:write")
    def templates(self) -> Any:
        """Usual roles to begin a role from, with what would be left out."""
        return self._templates()

    @expose("/new", methods=["POST"])
    @right("role:write")
    def add_from_template(self) -> Any:
        """A role of one's own, begun from a usual one."""
        key, name = request.form.get("template", ""), request.form.get("name", "")
        try:
            role = services.add_role_from_template(db.session, actor(), key, name=name, at=clock.now())
        except NotFound:
            raise
        except HuiyinError as error:
            sentences = error.field_sentences() if isinstance(error, Invalid) else {}
            return self._templates(key, name, sentences.get("name") or error.sentence()), error.status
        flash(
            _("The role “%(name)s” is made. Look at what it may do, then give it to people.", name=role.name), "success"
        )
        return redirect(url_for("MatrixView.matrix"))

    def _templates(self, key: str = "", name: str = "", fault: str = "") -> Any:
        held = actor().rights
        cards = [
            TemplateCard(
                key=one.key,
                name=translate(one.name),
                purpose=translate(one.purpose),
                articles=one.articles,
                capabilities=tuple(
                    (translate(group), "、".join(translate(right.label) for right in words if right.word in one.rights))
                    for group, words in grouped()
                    if any(right.word in one.rights for right in words)
                ),
                left_out=tuple(translate(RIGHTS[word].label) for word in one.rights if word not in held),
                value=name if one.key == key else translate(one.name),
                error=fault if one.key == key else "",
            )
            for one in TEMPLATES
        ]
        return self.render_template("organisation/role_templates.html", cards=cards, back=url_for("MatrixView.matrix"))

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
