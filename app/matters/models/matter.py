"""The matter itself, where it comes from, the plan it stands in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.kernel.db import JSONB, Instant, Model, Owned, owned_fk
from app.organisation.models import Membership, Unit


class MatterSource(Owned, Model):
    """Where matters come from, in the regulation's own order (华容区 art. 4, 淮安市 art. 3)."""

    __tablename__ = "matter_source"

    key: Mapped[str] = mapped_column(String(40), nullable=False)
    name: Mapped[str] = mapped_column(String(200), nullable=False)
    short_name: Mapped[str] = mapped_column(String(40), nullable=False)
    category: Mapped[str] = mapped_column(String(20), nullable=False)
    article: Mapped[str | None] = mapped_column(String(60))
    origin_level: Mapped[str] = mapped_column(String(12), nullable=False)  # superior, own
    is_proposal: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    is_petition: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    position: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="true")

    __table_args__ = (UniqueConstraint("jurisdiction_id", "key"),)

    def __repr__(self) -> str:
        return self.short_name


class SupervisionPlan(Owned, Model):
    """A plan 督查计划 that several matters stand in (淮安市 art. 4(1))."""

    __tablename__ = "supervision_plan"

    title: Mapped[str] = mapped_column(String(200), nullable=False)
    year: Mapped[int] = mapped_column(Integer, nullable=False)
    text: Mapped[str] = mapped_column(Text, nullable=False, server_default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)

    __table_args__ = (UniqueConstraint("jurisdiction_id", "title"),)

    def __repr__(self) -> str:
        return self.title


class Matter(Owned, Model):
    """A supervision matter 督查事项. ``version`` is the row's own: acts name the one they were decided on."""

    __tablename__ = "matter"

    version: Mapped[int] = mapped_column(Integer, nullable=False)
    profile_version_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    # whose rules its dates run by, once the office has said so; null are those it was listed under
    dates_version_id: Mapped[int | None] = mapped_column(BigInteger)
    step_key: Mapped[str] = mapped_column(String(40), nullable=False)
    state: Mapped[str] = mapped_column(String(20), nullable=False)
    state_before: Mapped[str | None] = mapped_column(String(20))  # what a suspended or cancelled matter returns to

    title: Mapped[str] = mapped_column(String(300), nullable=False)
    content: Mapped[str] = mapped_column(Text, nullable=False, server_default="")
    source_id: Mapped[int] = mapped_column(BigInteger, nullable=False)
    source_document_no: Mapped[str | None] = mapped_column(String(80))
    urgency: Mapped[str] = mapped_column(
        String(12), nullable=False, server_default="normal"
    )  # normal, urgent, critical
    origin_level: Mapped[str] = mapped_column(String(12), nullable=False)
    handling_mode: Mapped[str] = mapped_column(String(16), nullable=False, server_default="transferred")
    session: Mapped[str | None] = mapped_column(String(20))  # in_session, between_sessions: of a deputies' suggestion
    scope_key: Mapped[str | None] = mapped_column(String(40))  # which of the profile's contents (条例 art. 4)
    kind_key: Mapped[str | None] = mapped_column(
        String(40)
    )  # which of the profile's kinds of supervision (条例 art. 14)
    is_major: Mapped[bool] = mapped_column(Boolean, nullable=False, server_default="false")
    secrecy_level: Mapped[str] = mapped_column(String(12), nullable=False, server_default="internal")
    custodian_id: Mapped[int | None] = mapped_column(BigInteger)

    handling_proposal: Mapped[str | None] = mapped_column(Text)
    instruction_leader_id: Mapped[int | None] = mapped_column(BigInteger)  # membership
    instruction_by: Mapped[str | None] = mapped_column(String(60))  # who gave it, once a successor has taken it over
    instruction_text: Mapped[str | None] = mapped_column(Text)
    instruction_on: Mapped[dt.date | None] = mapped_column(Date)
    meeting_on: Mapped[dt.date | None] = mapped_column(Date)
    exposed_on: Mapped[dt.date | None] = mapped_column(Date)
    stated_due_on: Mapped[dt.date | None] = mapped_column(Date)
    feedback_due_on: Mapped[dt.date | None] = mapped_column(Date)  # when the meeting wants to hear of it
    instructed_due_on: Mapped[dt.date | None] = mapped_column(Date)  # the day the leader's instruction names
    # the instruction says only "at once" (尽快, 立即): what the office makes of it; null is nothing yet
    hurried: Mapped[bool | None] = mapped_column(Boolean)
    stated_due_words: Mapped[str | None] = mapped_column(String(120))
    document_type: Mapped[str | None] = mapped_column(String(40))
    plan_id: Mapped[int | None] = mapped_column(BigInteger)
    scheme: Mapped[str | None] = mapped_column(Text)
    responsible_division_id: Mapped[int | None] = mapped_column(BigInteger)
    supervising_unit_id: Mapped[int | None] = mapped_column(BigInteger)
    lead_unit_id: Mapped[int | None] = mapped_column(BigInteger)
    named_units: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # a ledger's unit names this jurisdiction lacks
    import_key: Mapped[str | None] = mapped_column(String(64))  # what an imported row is recognised by

    register_no: Mapped[str | None] = mapped_column(String(60))
    registered_by: Mapped[int | None] = mapped_column(BigInteger)  # membership: who drew it up, or has taken it over
    drawn_up_by: Mapped[str | None] = mapped_column(String(60))  # who drew it up, once a successor has taken it over
    created_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant, nullable=False)
    listed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    registered_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    dispatched_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    completed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    closed_out_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    archived_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    result: Mapped[str | None] = mapped_column(Text)
    archive_no: Mapped[str | None] = mapped_column(String(80))
    grade: Mapped[str | None] = mapped_column(String(40))  # one of the profile's grades
    return_count: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")

    source: Mapped[MatterSource] = relationship(primaryjoin=lambda: foreign(Matter.source_id) == MatterSource.id)
    plan: Mapped[SupervisionPlan | None] = relationship(
        primaryjoin=lambda: foreign(Matter.plan_id) == SupervisionPlan.id
    )
    lead_unit: Mapped[Unit | None] = relationship(primaryjoin=lambda: foreign(Matter.lead_unit_id) == Unit.id)
    responsible_division: Mapped[Unit | None] = relationship(
        primaryjoin=lambda: foreign(Matter.responsible_division_id) == Unit.id
    )
    supervising_unit: Mapped[Unit | None] = relationship(
        primaryjoin=lambda: foreign(Matter.supervising_unit_id) == Unit.id
    )
    instruction_leader: Mapped[Membership | None] = relationship(
        primaryjoin=lambda: foreign(Matter.instruction_leader_id) == Membership.id
    )

    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}  # noqa: RUF012
    __table_args__ = (
        UniqueConstraint("jurisdiction_id", "register_no"),
        UniqueConstraint("jurisdiction_id", "import_key"),
        owned_fk("profile_version_id", "profile_version"),
        owned_fk("dates_version_id", "profile_version"),
        owned_fk("source_id", "matter_source"),
        owned_fk("plan_id", "supervision_plan"),
        owned_fk("lead_unit_id", "unit"),
        owned_fk("responsible_division_id", "unit"),
        owned_fk("supervising_unit_id", "unit"),
        owned_fk("instruction_leader_id", "membership"),
        owned_fk("registered_by", "membership"),
        owned_fk("custodian_id", "membership"),
        Index("ix_matter_state", "jurisdiction_id", "state", "created_at"),
        Index("ix_matter_created", "jurisdiction_id", "created_at"),
    )
