"""the calendar"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regional_calendar_day",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("region_code", sa.String(4), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("notice", sa.String(80)),
        sa.UniqueConstraint("region_code", "on"),
        sa.CheckConstraint("kind in ('off','work')", name="regional_day_kind"),
        sa.CheckConstraint("region_code ~ '^([0-9]{2}|[0-9]{4})$'", name="regional_day_code"),
    )
    op.create_table(
        "calendar_proposal",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("rows", JSONB(), nullable=False),
        sa.Column("document_no", sa.String(80), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("source_text", sa.Text()),
        sa.Column("state", sa.String(10), nullable=False, server_default="proposed"),
        sa.Column("proposed_by", sa.BigInteger()),
        sa.Column("proposed_by_name", sa.String(100), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger()),
        sa.Column("decided_by_name", sa.String(100)),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.String(300)),
        sa.CheckConstraint("origin in ('notice','file','package')", name="calendar_proposal_origin"),
        sa.CheckConstraint("state in ('proposed','confirmed','rejected','withdrawn')", name="calendar_proposal_state"),
    )
    op.create_index(
        "ux_calendar_proposal_open", "calendar_proposal", ["year"], unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )


def downgrade() -> None:
    op.drop_table("calendar_proposal")
    op.drop_table("regional_calendar_day")
