"""a jurisdiction configures itself"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MINE = "jurisdiction_id = (select nullif(current_setting('app.jurisdiction_id', true), '')::bigint)"


def protect(table: str) -> None:
    """Row-level security on a jurisdiction's table, forced for the owner too."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_jurisdiction ON {table} USING ({_MINE}) WITH CHECK ({_MINE})")


def owned() -> list[sa.schema.SchemaItem]:
    """What every table of a jurisdiction has: whose row it is, and its key."""
    return [
        sa.Column("jurisdiction_id", sa.BigInteger(), sa.ForeignKey("jurisdiction.id"), nullable=False),
        sa.Column("id", sa.BigInteger(), server_default=sa.text("nextval('entity_id_seq')"), nullable=False),
        sa.PrimaryKeyConstraint("jurisdiction_id", "id"),
    ]


def _facts_of_a_matter() -> None:
    """What the rules of other regulations ask of a matter."""
    op.add_column("matter", sa.Column("session", sa.String(20)))
    op.add_column("matter", sa.Column("scope_key", sa.String(40)))
    op.add_column("matter", sa.Column("kind_key", sa.String(40)))


def _completion() -> None:
    """Grades, and whether the reply satisfies those who raised the matter."""
    op.add_column("matter", sa.Column("grade", sa.String(40)))
    op.create_table(
        "satisfaction_answer",
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("opinion", sa.Text()),
        sa.Column("sends_back", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger()),
        *owned(),
        sa.UniqueConstraint("jurisdiction_id", "matter_id", "round"),
        sa.ForeignKeyConstraint(["jurisdiction_id", "matter_id"], ["matter.jurisdiction_id", "matter.id"]),
        sa.ForeignKeyConstraint(["jurisdiction_id", "recorded_by"], ["membership.jurisdiction_id", "membership.id"]),
    )
    protect("satisfaction_answer")


def _versions_of_a_profile() -> None:
    """Drafts, versions still to come and withdrawn ones; what was published never changes."""
    instant = sa.DateTime(timezone=True)
    op.add_column("jurisdiction", sa.Column("preset_digest", sa.String(64)))
    op.add_column("profile_version", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.add_column("profile_version", sa.Column("base_number", sa.Integer()))
    op.add_column("profile_version", sa.Column("started_at", instant))
    op.add_column("profile_version", sa.Column("started_by", sa.BigInteger()))
    op.add_column("profile_version", sa.Column("took_effect_at", instant))
    op.add_column("profile_version", sa.Column("withdrawn_at", instant))
    op.add_column("profile_version", sa.Column("withdrawn_by", sa.BigInteger()))
    op.add_column("profile_version", sa.Column("withdrawn_reason", sa.Text()))
    # before this revision what was published was in force at once, and its roles and sources were brought in line
    op.execute("ALTER TABLE profile_version NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE profile_version SET took_effect_at = published_at WHERE status = 'published'")
    op.execute("ALTER TABLE profile_version FORCE ROW LEVEL SECURITY")
    op.create_check_constraint(
        "profile_version_status", "profile_version", "status in ('draft','published','withdrawn')"
    )
    op.create_index(
        "ux_profile_version_draft",
        "profile_version",
        ["jurisdiction_id"],
        unique=True,
        postgresql_where=sa.text("status = 'draft'"),
    )
    op.execute(
        "CREATE FUNCTION keep_published_profile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF OLD.status = 'draft' THEN RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; END IF; "
        "IF TG_OP = 'UPDATE' AND NEW.status IN (OLD.status, 'withdrawn') AND "
        "(NEW.number, NEW.document, NEW.digest, NEW.effective_on, NEW.published_at, NEW.published_by, NEW.note) "
        "IS NOT DISTINCT FROM "
        "(OLD.number, OLD.document, OLD.digest, OLD.effective_on, OLD.published_at, OLD.published_by, OLD.note) "
        "THEN RETURN NEW; END IF; "
        "RAISE EXCEPTION 'a published profile version never changes'; END $$"
    )
    op.execute(
        "CREATE TRIGGER profile_version_kept BEFORE UPDATE OR DELETE ON profile_version "
        "FOR EACH ROW EXECUTE FUNCTION keep_published_profile()"
    )


def _back_to_one_version_at_a_time() -> None:
    op.execute("DROP TRIGGER profile_version_kept ON profile_version")
    op.execute("DROP FUNCTION keep_published_profile()")
    op.drop_index("ux_profile_version_draft", "profile_version")
    op.drop_constraint("profile_version_status", "profile_version")
    for column in (
        "withdrawn_reason", "withdrawn_by", "withdrawn_at", "took_effect_at", "started_by", "started_at", "base_number",
        "revision",
    ):  # fmt: skip
        op.drop_column("profile_version", column)
    op.drop_column("jurisdiction", "preset_digest")


def _approvals_and_extensions() -> None:
    """Approvals of things that are no step, extensions, and a declining that waits for the unit's leader."""
    for column in (
        sa.Column("purpose", sa.String(20), server_default="step", nullable=False),
        sa.Column("subject_id", sa.BigInteger()),
        sa.Column("mode", sa.String(12)),
        sa.Column("roles", JSONB()),
        sa.Column("deputies", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("asked_by", sa.BigInteger()),
        sa.Column("reason", sa.Text()),
        sa.Column("facts", JSONB()),
        sa.Column("obligation_id", sa.BigInteger()),
    ):
        op.add_column("approval", column)
    op.alter_column("approval", "step_key", nullable=True)
    for column, table in (("asked_by", "membership"), ("obligation_id", "obligation")):
        op.create_foreign_key(
            f"approval_{column}_fkey", "approval", table, ["jurisdiction_id", column], ["jurisdiction_id", "id"]
        )
    op.create_index(
        "ix_approval_obligation", "approval", ["jurisdiction_id", "obligation_id"],
        postgresql_where=sa.text("obligation_id is not null"),
    )
    op.create_index(
        "uq_approval_subject", "approval", ["jurisdiction_id", "purpose", "subject_id"], unique=True,
        postgresql_where=sa.text("state = 'pending' and subject_id is not null"),
    )
    op.add_column("obligation", sa.Column("extended_due_on", sa.Date()))
    op.add_column("obligation", sa.Column("extension_asked", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("assignment", sa.Column("decline_proposed_at", sa.DateTime(timezone=True)))
    op.create_table(
        "extension",
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("obligation_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.BigInteger()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("base_due_on", sa.Date(), nullable=False),
        sa.Column("proposed_due_on", sa.Date(), nullable=False),
        sa.Column("granted_due_on", sa.Date()),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("article", sa.String(60)),
        *owned(),
        *(
            sa.ForeignKeyConstraint(["jurisdiction_id", column], [f"{table}.jurisdiction_id", f"{table}.id"])
            for column, table in (
                ("matter_id", "matter"), ("assignment_id", "assignment"), ("obligation_id", "obligation"),
                ("asked_by", "membership"),
            )
        ),
    )
    op.create_index("ix_extension_matter", "extension", ["jurisdiction_id", "matter_id"])
    op.create_index("ix_extension_obligation", "extension", ["jurisdiction_id", "obligation_id"])
    protect("extension")


def _no_approvals_and_extensions() -> None:
    """Approvals are steps again; those that are none go."""
    op.drop_table("extension")
    op.drop_column("assignment", "decline_proposed_at")
    op.drop_column("obligation", "extension_asked")
    op.drop_column("obligation", "extended_due_on")
    op.drop_index("uq_approval_subject", "approval")
    op.drop_index("ix_approval_obligation", "approval")
    op.execute("ALTER TABLE approval NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE approval_vote NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "DELETE FROM approval_vote v USING approval a"
        " WHERE a.jurisdiction_id = v.jurisdiction_id AND a.id = v.approval_id AND a.purpose <> 'step'"
    )
    op.execute("DELETE FROM approval WHERE purpose <> 'step'")
    op.execute("ALTER TABLE approval_vote FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE approval FORCE ROW LEVEL SECURITY")
    op.alter_column("approval", "step_key", nullable=False)
    for column in ("obligation_id", "facts", "reason", "asked_by", "deputies", "roles", "mode", "subject_id", "purpose"):
        op.drop_column("approval", column)


def upgrade() -> None:
    """What a jurisdiction needs to configure itself, room by room."""
    _facts_of_a_matter()
    _completion()
    _versions_of_a_profile()
    _approvals_and_extensions()


def downgrade() -> None:
    """The last first."""
    _no_approvals_and_extensions()
    _back_to_one_version_at_a_time()
    op.drop_table("satisfaction_answer")
    op.drop_column("matter", "grade")
    for column in ("kind_key", "scope_key", "session"):
        op.drop_column("matter", column)
