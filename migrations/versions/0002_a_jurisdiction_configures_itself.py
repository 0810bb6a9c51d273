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


def _facts_of_a_matter() -> None:
    """What the rules of other regulations ask of a matter."""
    op.add_column("matter", sa.Column("session", sa.String(20)))
    op.add_column("matter", sa.Column("scope_key", sa.String(40)))
    op.add_column("matter", sa.Column("kind_key", sa.String(40)))


def upgrade() -> None:
    """What a jurisdiction needs to configure itself, room by room."""
    _facts_of_a_matter()


def downgrade() -> None:
    """The last first."""
    for column in ("kind_key", "scope_key", "session"):
        op.drop_column("matter", column)
