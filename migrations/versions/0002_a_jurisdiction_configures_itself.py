"""a jurisdiction configures itself"""

import sqlalchemy as sa
from alembic import op

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


def upgrade() -> None:
    """What a jurisdiction needs to configure itself, room by room."""
    _facts_of_a_matter()
    _completion()


def downgrade() -> None:
    """The last first."""
    op.drop_table("satisfaction_answer")
    op.drop_column("matter", "grade")
    for column in ("kind_key", "scope_key", "session"):
        op.drop_column("matter", column)
