"""The fields of this room's forms. Choices are asked for when a form is made, under the scope of the request."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.kernel import clock
from app.kernel.db import db
from app.kernel.i18n import _, lazy_gettext, translate
from app.kernel.web.fields import ChooseMany, ChooseOne, PasswordBox, TextArea, TextBox
from app.organisation import queries
from app.organisation.models import Membership, Post, Unit
from app.organisation.rules import MAX_PASSWORD, POST_KINDS, UNIT_KINDS
from app.organisation.services import unit_kinds

LABELS: dict[str, Any] = {
    "name": lazy_gettext("Name"),
    "short_name": lazy_gettext("Short name"),
    "code": lazy_gettext("Code"),
    "kind": lazy_gettext("Kind"),
    "parent": lazy_gettext("Stands below"),
    "functional_line": lazy_gettext("Functional line"),
    "first_responsible_person": lazy_gettext("First responsible person"),
    "leader_in_charge": lazy_gettext("Leader in charge"),
    "phone": lazy_gettext("Telephone"),
    "initials": lazy_gettext("Pinyin initials"),
    "position": lazy_gettext("Order"),
    "active": lazy_gettext("In use"),
    "unit": lazy_gettext("Unit"),
    "post": lazy_gettext("Post"),
    "supervising_unit": lazy_gettext("Supervision group"),
    "portfolio": lazy_gettext("Portfolio"),
    "username": lazy_gettext("Sign-in name"),
    "password": lazy_gettext("First password"),
    "email": lazy_gettext("Mail address"),
    "mail_address": lazy_gettext("Mail address"),
    "person": lazy_gettext("Person"),
    "roles": lazy_gettext("Roles"),
    "note": lazy_gettext("Note"),
    "since_on": lazy_gettext("Since"),
    "article": lazy_gettext("Article"),
    "last_login": lazy_gettext("Last sign-in"),
}


FULL_NAME = lazy_gettext("Full name")


def unit_words(unit: Unit) -> str:
    """A unit in a list of choices."""
    return unit.name if unit.active else _("%(name)s (closed)", name=unit.name)


def post_words(post: Post) -> str:
    """A post in a list of choices: posts of one name are many."""
    return f"{post.unit.name} · {post.name}"


def _kinds() -> list[tuple[str, str]]:
    words = [(kind, translate(UNIT_KINDS.get(kind, kind))) for kind in unit_kinds(db.session, clock.now())]
    return [("", _("Choose…")), *words]


def name_field(longest: int, label: Any = LABELS["name"]) -> Any:
    """A name that must be there."""
    return StringField(label, [InputRequired(), Length(max=longest)], widget=TextBox())


def text_field(column: str, longest: int, hint: Any = "", required: bool = False) -> Any:
    """A short text."""
    rules = [InputRequired() if required else Optional(), Length(max=longest)]
    return StringField(LABELS[column], rules, description=hint, widget=TextBox())


def position_field() -> Any:
    """Where a row stands in its list."""
    return IntegerField(
        LABELS["position"],
        [Optional(), NumberRange(0, 1_000_000)],
        description=lazy_gettext("Small numbers come first."),
        widget=TextBox(),
    )


def password_field(name: Any, hint: Any = "", required: bool = True) -> Any:
    """A password; never written back into the page."""
    return PasswordField(
        name,
        [InputRequired() if required else Optional(), Length(max=MAX_PASSWORD)],
        description=hint,
        widget=PasswordBox(),
        render_kw={"autocomplete": "new-password"},
    )


def kind_of_unit() -> Any:
    """One of the kinds that the jurisdiction's procedure knows."""
    return SelectField(LABELS["kind"], [InputRequired()], choices=_kinds, render_kw={"class": "form-control"})


def kind_of_post() -> Any:
    """What sort of post it is."""
    words = [(kind, lazy_gettext(msgid)) for kind, msgid in POST_KINDS.items()]
    return SelectField(LABELS["kind"], [InputRequired()], choices=words, render_kw={"class": "form-control"})


def unit_choice(column: str = "unit", *, required: bool = True, hint: Any = "") -> Any:
    """A unit of this jurisdiction."""
    return ChooseOne(
        LABELS[column],
        [InputRequired() if required else Optional()],
        rows=lambda: queries.list_units(db.session, only_active=False),
        get_label=unit_words,
        description=hint,
    )


def post_choice() -> Any:
    """A post of this jurisdiction, or none."""
    return ChooseOne(
        LABELS["post"],
        [Optional()],
        rows=lambda: queries.list_posts(db.session),
        get_label=post_words,
        description=lazy_gettext("A post of the same unit. Duties stay with the post when people change."),
    )


def role_choice() -> Any:
    """Roles of this jurisdiction."""
    return ChooseMany(
        LABELS["roles"],
        [Optional()],
        rows=lambda: queries.list_roles(db.session),
        description=lazy_gettext(
            "Roles within your own rights; wider roles of the procedure only if you may appoint, and never to yourself."
        ),
    )


def note_field() -> Any:
    """Words for colleagues."""
    return TextAreaField(LABELS["note"], [Optional(), Length(max=2000)], widget=TextArea())


def member_words(membership: Membership) -> str:
    """Somebody in a list of choices."""
    return f"{membership.person.get_full_name()} · {membership.unit.short_name}"


def _member(label: Any, hint: Any = "", *, required: bool = False) -> Any:
    return ChooseOne(
        label,
        [InputRequired() if required else Optional()],
        rows=lambda: queries.list_memberships(db.session),
        get_label=member_words,
        description=hint,
    )


class AbsenceForm(FlaskForm):
    """From when until when somebody is away, and who decides meanwhile."""

    from_on = DateField(lazy_gettext("From"), [Optional()])
    until_on = DateField(lazy_gettext("Until"), [Optional()], description=lazy_gettext("Both days count."))
    deputy = _member(
        lazy_gettext("Deputy"),
        lazy_gettext("Approves and returns in the absent person's roles; sensitive matters are not passed on."),
    )
    reason = StringField(lazy_gettext("Reason"), [Optional(), Length(max=200)])


class AbsenceOfForm(AbsenceForm):
    """The same, for somebody else."""

    person = _member(lazy_gettext("Who is away"), required=True)


class OwnDataForm(FlaskForm):
    """What one may change of one's own account."""

    phone = StringField(LABELS["phone"], [Optional(), Length(max=40)])
    email = StringField(
        LABELS["email"],
        [Optional(), Length(max=320)],
        description=lazy_gettext("Letters are also sent there. Without one they are read here."),
    )
    locale = SelectField(lazy_gettext("Language"), [Optional()], choices=[("zh", "简体中文"), ("en", "English")])


class OwnPasswordForm(FlaskForm):
    """A new password for the old one."""

    old = PasswordField(
        lazy_gettext("Old password"),
        [InputRequired(), Length(max=MAX_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        lazy_gettext("New password"),
        [InputRequired(), Length(max=MAX_PASSWORD)],
        description=lazy_gettext(
            "At least ten characters, three of: small letters, capital letters, digits, other signs."
        ),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        lazy_gettext("New password again"),
        [InputRequired(), Length(max=MAX_PASSWORD)],
        render_kw={"autocomplete": "new-password"},
    )


class FirstPasswordForm(FlaskForm):
    """A first password, typed twice."""

    new = PasswordField(
        lazy_gettext("Password"),
        [InputRequired(), Length(max=MAX_PASSWORD)],
        description=lazy_gettext(
            "At least ten characters, three of: small letters, capital letters, digits, other signs."
        ),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        lazy_gettext("Password again"),
        [InputRequired(), Length(max=MAX_PASSWORD)],
        render_kw={"autocomplete": "new-password"},
    )
