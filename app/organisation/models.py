"""People, units, posts, memberships, roles.

A person signs in once; a membership says what the person is in one jurisdiction: in which unit, at which post, with which
roles. Duties are bound to the post, so a successor inherits them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_appbuilder.security.sqla.models import Role as PlatformRole
from flask_appbuilder.security.sqla.models import User as FabUser
from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy import Column as Col
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from app.kernel.db import JSONB, Instant, Model, Owned, owned_fk

__all__ = [
    "Absence",
    "Activation",
    "CalendarFeed",
    "Invitation",
    "JurisdictionRole",
    "Membership",
    "Person",
    "PlatformRole",
    "Post",
    "RoleRight",
    "Unit",
    "UserSession",
    "membership_role",
]


class Person(FabUser):
    """Somebody who can sign in. One name, as it is said; the account belongs to a home jurisdiction's administrator."""

    __tablename__ = "ab_user"
    __table_args__ = {"extend_existing": True}  # noqa: RUF012

    name = Col(String(60), nullable=False, server_default="")
    initials = Col(String(60), nullable=False, server_default="")
    phone = Col(String(40))
    auth_version = Col(Integer, nullable=False, server_default="1")
    recent_failures = Col(Integer, nullable=False, server_default="0")
    locked_until = Col(Instant)
    must_change_password = Col(Boolean, nullable=False, server_default="false")
    home_jurisdiction_id = Col(BigInteger, ForeignKey("jurisdiction.id"))
    locale = Col(String(5))

    def get_full_name(self) -> str:
        """The name as it is said in Chinese: undivided."""
        return str(self.name or self.username)

    def __repr__(self) -> str:
        return self.get_full_name()

    @property
    def mail_address(self) -> str | None:
        """Where letters go, or None: FAB demands an address of everybody, so people without one carry a placeholder."""
        return None if not self.email or self.email.endswith(".invalid") else self.email


class UserSession(Model):
    """A sign-in that can be ended: signing out, a new password or an administrator revokes it for good."""

    __tablename__ = "user_session"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False)
    auth_version: Mapped[int] = mapped_column(Integer, nullable=False)
    address: Mapped[str | None] = mapped_column(String(45))
    created_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    seen_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class Activation(Model):
    """A link with which a person sets a first password: only its hash is kept, it works once and for a while."""

    __tablename__ = "activation"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False, index=True)
    made_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    used_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class Unit(Owned, Model):
    """A body that handles matters or supervises them: office, supervision office or group, department, township, county."""

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(String(40), nullable=False)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    short_name: Mapped[str] = mapped_column(String(40), nullable=False)
    kind: Mapped[str] = mapped_column(String(40), nullable=False)
    functional_line: Mapped[str | None] = mapped_column(String(60))
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    first_responsible_person: Mapped[str | None] = mapped_column(String(60))
    leader_in_charge: Mapped[str | None] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(String(40))
    initials: Mapped[str] = mapped_column(String(80), nullable=False, server_default="")
    sort_key: Mapped[str] = mapped_column(String(160), nullable=False, server_default="")
    position: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="true")

    parent: Mapped[Unit | None] = relationship(primaryjoin=lambda: foreign(Unit.parent_id) == remote(Unit.id))

    __table_args__ = (UniqueConstraint("jurisdiction_id", "code"), owned_fk("parent_id", "unit"))

    def __repr__(self) -> str:
        return self.name


class Post(Owned, Model):
    """A post in a unit. A 督查组's portfolio is the post of the leader it works for."""

    __tablename__ = "post"

    unit_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    name: Mapped[str] = mapped_column(String(80), nullable=False)
    kind: Mapped[str] = mapped_column(String(40), nullable=False, server_default="staff")
    supervising_unit_id: Mapped[int | None] = mapped_column(BigInteger)  # the 督查组 that carries this leader's matters
    portfolio: Mapped[str | None] = mapped_column(
        String(300)
    )  # functional lines this leader is in charge of, 、 between
    position: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="true")

    unit: Mapped[Unit] = relationship(primaryjoin=lambda: foreign(Post.unit_id) == Unit.id)
    supervising_unit: Mapped[Unit | None] = relationship(
        primaryjoin=lambda: foreign(Post.supervising_unit_id) == Unit.id, viewonly=True
    )

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "unit_id", "name"),
        owned_fk("unit_id", "unit"),
        owned_fk("supervising_unit_id", "unit"),
    )

    def __repr__(self) -> str:
        return self.name


membership_role = Table(
    "membership_role",
    Model.metadata,
    Col("jurisdiction_id", BigInteger, primary_key=True),
    Col("membership_id", BigInteger, primary_key=True),
    Col("role_id", BigInteger, primary_key=True),
    owned_fk("membership_id", "membership", ondelete="CASCADE"),
    owned_fk("role_id", "role"),
)


class JurisdictionRole(Owned, Model):
    """A jurisdiction's own role. ``key`` is the word the procedure names it by; the name is the jurisdiction's."""

    __tablename__ = "role"

    key: Mapped[str] = mapped_column(String(40), nullable=False)
    name: Mapped[str] = mapped_column(String(60), nullable=False)
    article: Mapped[str | None] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")

    rights: Mapped[list[RoleRight]] = relationship(
        primaryjoin=lambda: JurisdictionRole.id == foreign(RoleRight.role_id),
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    __table_args__ = (UniqueConstraint("jurisdiction_id", "key"), UniqueConstraint("jurisdiction_id", "name"))

    def __repr__(self) -> str:
        return self.name


class RoleRight(Owned, Model):
    """One right held by a role: a word from the one list in ``permissions.py``; other words give nothing."""

    __tablename__ = "role_right"

    role_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    right: Mapped[str] = mapped_column(String(60), nullable=False)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "role_id", "right"),
        owned_fk("role_id", "role", ondelete="CASCADE"),
    )


class Membership(Owned, Model):
    """A person in a jurisdiction."""

    __tablename__ = "membership"

    person_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    unit_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    post_id: Mapped[int | None] = mapped_column(BigInteger)
    former_post_id: Mapped[int | None] = mapped_column(BigInteger)  # left, and its open work not yet handed over
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="true")
    since_on: Mapped[dt.date | None] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)

    person: Mapped[Person] = relationship(lazy="joined")
    unit: Mapped[Unit] = relationship(primaryjoin=lambda: foreign(Membership.unit_id) == Unit.id)
    post: Mapped[Post | None] = relationship(primaryjoin=lambda: foreign(Membership.post_id) == Post.id)
    roles: Mapped[list[JurisdictionRole]] = relationship(
        secondary=membership_role,
        primaryjoin=lambda: Membership.id == membership_role.c.membership_id,
        secondaryjoin=lambda: JurisdictionRole.id == membership_role.c.role_id,
        viewonly=True,
        order_by=lambda: JurisdictionRole.position,
    )

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "person_id"),
        owned_fk("unit_id", "unit"),
        owned_fk("post_id", "post"),
        owned_fk("former_post_id", "post"),
        Index("ix_membership_person", "person_id"),
    )

    def __repr__(self) -> str:
        return f"{self.person} · {self.unit}"


class Invitation(Owned, Model):
    """Somebody with an account elsewhere is asked to join; nothing of him is shown here until he accepts on his own page.

    ``state`` is open, accepted, refused or withdrawn.
    """

    __tablename__ = "invitation"

    person_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), nullable=False)
    unit_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    post_id: Mapped[int | None] = mapped_column(BigInteger)
    role_ids: Mapped[list[int]] = mapped_column(JSONB, nullable=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)  # words as they stood when it was made
    note: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), nullable=False)
    invited_by: Mapped[int | None] = mapped_column(BigInteger)  # membership
    invited_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship(primaryjoin=lambda: foreign(Invitation.unit_id) == Unit.id)

    __table_args__ = (
        owned_fk("unit_id", "unit"),
        owned_fk("post_id", "post"),
        owned_fk("invited_by", "membership"),
        Index("uq_invitation_open", "jurisdiction_id", "person_id", unique=True, postgresql_where="state = 'open'"),
        Index("ix_invitation_person", "person_id"),
    )


class Absence(Owned, Model):
    """Somebody is away for some days, and a deputy (AB角) decides for him meanwhile. Both days count.

    ``ended_on`` is the day from which the person is back earlier than ``until_on`` said.
    """

    __tablename__ = "absence"

    membership_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    deputy_id: Mapped[int | None] = mapped_column(BigInteger)  # membership
    from_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    until_on: Mapped[dt.date] = mapped_column(Date, nullable=False)
    ended_on: Mapped[dt.date | None] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(String(200))
    set_by: Mapped[int | None] = mapped_column(BigInteger)  # membership
    set_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)

    membership: Mapped[Membership] = relationship(primaryjoin=lambda: foreign(Absence.membership_id) == Membership.id)
    deputy: Mapped[Membership | None] = relationship(primaryjoin=lambda: foreign(Absence.deputy_id) == Membership.id)

    __table_args__ = (
        owned_fk("membership_id", "membership"),
        owned_fk("deputy_id", "membership"),
        owned_fk("set_by", "membership"),
        Index("ix_absence_deputy", "jurisdiction_id", "deputy_id", "until_on"),
        Index("ix_absence_membership", "jurisdiction_id", "membership_id", "until_on"),
    )


class CalendarFeed(Owned, Model):
    """The address under which somebody's calendar program reads what is due: one each, kept only as its token's hash."""

    __tablename__ = "calendar_feed"

    membership_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    token_hash: Mapped[str] = mapped_column(String(64), nullable=False)
    made_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)

    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "membership_id"),
        UniqueConstraint("jurisdiction_id", "token_hash"),
        owned_fk("membership_id", "membership", ondelete="CASCADE"),
    )
