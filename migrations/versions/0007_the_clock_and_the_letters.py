"""the clock's last settings, the ladder, and the ways a letter goes"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
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


def _a_batch_of_urgings() -> None:
    """Urgings that were sent together from the ledger."""
    op.add_column("urging", sa.Column("batch", sa.String(40)))


def _no_batch_of_urgings() -> None:
    op.drop_column("urging", "batch")


def upgrade() -> None:
    _a_batch_of_urgings()


def downgrade() -> None:
    _no_batch_of_urgings()
