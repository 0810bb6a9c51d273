"""the feed of due dates"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MINE = "jurisdiction_id = (select nullif(current_setting('app.jurisdiction_id', true), '')::bigint)"


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("jurisdiction_id", sa.BigInteger(), sa.ForeignKey("jurisdiction.id"), nullable=False),
        sa.Column("id", sa.BigInteger(), server_default=sa.text("nextval('entity_id_seq')"), nullable=False),
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("jurisdiction_id", "id"),
        sa.UniqueConstraint("jurisdiction_id", "membership_id"),
        sa.UniqueConstraint("jurisdiction_id", "token_hash"),
        sa.ForeignKeyConstraint(
            ["jurisdiction_id", "membership_id"],
            ["membership.jurisdiction_id", "membership.id"],
            ondelete="CASCADE",
        ),
    )
    op.execute("ALTER TABLE calendar_feed ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE calendar_feed FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_jurisdiction ON calendar_feed USING ({_MINE}) WITH CHECK ({_MINE})")


def downgrade() -> None:
    op.drop_table("calendar_feed")
