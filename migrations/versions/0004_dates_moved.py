"""dates move with the calendar"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("obligation", sa.Column("earlier_due_on", sa.Date()))
    op.create_index(
        "ix_obligation_earlier",
        "obligation",
        ["jurisdiction_id"],
        postgresql_where=sa.text("earlier_due_on is not null"),
    )
    op.add_column("jurisdiction", sa.Column("dates_as_of", sa.String(64)))
    op.add_column("jurisdiction", sa.Column("dates_due_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("jurisdiction", "dates_due_at")
    op.drop_column("jurisdiction", "dates_as_of")
    op.drop_index("ix_obligation_earlier", "obligation")
    op.drop_column("obligation", "earlier_due_on")
