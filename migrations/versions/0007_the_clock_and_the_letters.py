"""the clock's last settings, the ladder, and the ways a letter goes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

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


def _what_a_date_reads() -> None:
    """Which days of the calendar decide a date, and the calendars by which the open dates were computed."""
    op.add_column("obligation", sa.Column("consulted_from", sa.Date()))
    op.add_column("obligation", sa.Column("consulted_until", sa.Date()))
    op.create_table(
        "known_calendar",
        *owned(),
        sa.Column("version", sa.String(40), nullable=False),
        sa.Column("said", postgresql.JSONB(), nullable=False),
        sa.UniqueConstraint("jurisdiction_id", "version"),
    )
    protect("known_calendar")


def _not_what_a_date_reads() -> None:
    op.drop_table("known_calendar")
    op.drop_column("obligation", "consulted_until")
    op.drop_column("obligation", "consulted_from")


def _channels() -> None:
    """Ways out of the system, each jurisdiction's own. The dispatcher reads all of them; what is secret stays sealed."""
    op.create_table(
        "channel",
        *owned(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("unit_id", sa.BigInteger()),
        sa.Column("enabled", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("when_asked", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("base_url", sa.Text(), nullable=False),
        sa.Column("options", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("secret", sa.Text()),
        sa.Column("last_test_at", sa.DateTime(timezone=True)),
        sa.Column("last_test_code", sa.String(80)),
        sa.UniqueConstraint("jurisdiction_id", "kind", "unit_id", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint("kind in ('email', 'wecom', 'wecom_app', 'dingtalk', 'feishu', 'sms')", name="channel_kind"),
        sa.CheckConstraint("unit_id is null or kind in ('wecom', 'dingtalk', 'feishu')", name="channel_of_a_unit"),
        sa.ForeignKeyConstraint(["jurisdiction_id", "unit_id"], ["unit.jurisdiction_id", "unit.id"]),
    )
    protect("channel")
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'huiyin_dispatcher') THEN "
        "CREATE POLICY dispatcher ON channel FOR SELECT TO huiyin_dispatcher USING (true); END IF; END $$"
    )
    _give("channel:write")


def _no_channels() -> None:
    _take_back("channel:write")
    op.drop_table("channel")


def _the_life_of_letters() -> None:
    """Which way a letter goes and in which message, found per channel; how a house and its people want to be written to."""
    op.add_column("letter", sa.Column("channel_id", sa.BigInteger()))
    op.add_column("letter", sa.Column("message_key", sa.String(60)))
    waiting, dead = "state in ('queued','sending')", "state in ('failed','dropped')"
    op.drop_index("ix_letter_due", table_name="letter")
    op.create_index("ix_letter_due", "letter", ["channel", "next_attempt_at"], postgresql_where=waiting)
    op.create_index(
        "ix_letter_waiting", "letter", ["jurisdiction_id", "recipient_id", "channel"], postgresql_where=waiting
    )
    op.create_index("ix_letter_dead", "letter", ["jurisdiction_id", "created_at"], postgresql_where=dead)
    op.create_table(
        "letter_policy",
        *owned(),
        sa.Column("quiet_from", sa.Time()),
        sa.Column("quiet_until", sa.Time()),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("usual_mode", sa.String(10), nullable=False),
        sa.Column("own_choice", sa.Boolean(), nullable=False),
        sa.Column("urgent_kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("urgent_at_night", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("jurisdiction_id"),
        sa.CheckConstraint("(quiet_from is null) = (quiet_until is null)", name="letter_policy_quiet"),
        sa.CheckConstraint("usual_mode in ('each', 'digest')", name="letter_policy_mode"),
    )
    protect("letter_policy")
    op.create_table(
        "letter_preference",
        *owned(),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.UniqueConstraint("jurisdiction_id", "person_id", "channel"),
        sa.CheckConstraint("mode in ('each', 'digest', 'off')", name="letter_preference_mode"),
    )
    protect("letter_preference")


def _not_the_life_of_letters() -> None:
    op.drop_table("letter_preference")
    op.drop_table("letter_policy")
    for index in ("ix_letter_dead", "ix_letter_waiting", "ix_letter_due"):
        op.drop_index(index, table_name="letter")
    op.create_index("ix_letter_due", "letter", ["next_attempt_at"], postgresql_where="state in ('queued','sending')")
    op.drop_column("letter", "message_key")
    op.drop_column("letter", "channel_id")


def _suggestions() -> None:
    """What the ladder lays before the office, and clocks that are all looked at once by their house's own steps."""
    op.create_table(
        "suggestion",
        *owned(),
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("obligation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("step_key", sa.String(40), nullable=False),
        sa.Column("step_name", sa.String(300)),
        sa.Column("unsigned", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(10)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.BigInteger()),
        sa.Column("note", sa.String(300)),
        sa.UniqueConstraint("jurisdiction_id", "obligation_id", "kind", "due_on"),
        sa.ForeignKeyConstraint(["jurisdiction_id", "matter_id"], ["matter.jurisdiction_id", "matter.id"]),
        sa.ForeignKeyConstraint(["jurisdiction_id", "assignment_id"], ["assignment.jurisdiction_id", "assignment.id"]),
        sa.ForeignKeyConstraint(["jurisdiction_id", "obligation_id"], ["obligation.jurisdiction_id", "obligation.id"]),
        sa.ForeignKeyConstraint(["jurisdiction_id", "settled_by"], ["membership.jurisdiction_id", "membership.id"]),
    )
    waiting = sa.text("settled_at is null")
    op.create_index("ix_suggestion_waiting", "suggestion", ["jurisdiction_id", "kind"], postgresql_where=waiting)
    op.create_index("ix_suggestion_assignment", "suggestion", ["jurisdiction_id", "assignment_id"])
    protect("suggestion")


def _no_suggestions() -> None:
    op.drop_table("suggestion")


def _give(word: str) -> None:
    """A new right for the roles that may give roles, set rights and change the procedure, as the shipped roles have it."""
    op.execute("ALTER TABLE role_right NO FORCE ROW LEVEL SECURITY")
    op.execute(
        f"""INSERT INTO role_right (jurisdiction_id, role_id, "right")
            SELECT jurisdiction_id, role_id, '{word}' FROM role_right
             WHERE "right" IN ('membership:write', 'role:write', 'profile:write')
             GROUP BY jurisdiction_id, role_id HAVING count(*) = 3
            ON CONFLICT (jurisdiction_id, role_id, "right") DO NOTHING"""
    )
    op.execute("ALTER TABLE role_right FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE jurisdiction SET rights_version = rights_version + 1")


def _take_back(word: str) -> None:
    op.execute("ALTER TABLE role_right NO FORCE ROW LEVEL SECURITY")
    op.execute(f"""DELETE FROM role_right WHERE "right" = '{word}'""")
    op.execute("ALTER TABLE role_right FORCE ROW LEVEL SECURITY")


def _what_instructions_say() -> None:
    """The day a leader's instruction names, and what the office makes of one that says only "at once"."""
    op.add_column("matter", sa.Column("instructed_due_on", sa.Date()))
    op.add_column("matter", sa.Column("hurried", sa.Boolean()))


def _not_what_instructions_say() -> None:
    op.drop_column("matter", "hurried")
    op.drop_column("matter", "instructed_due_on")


def _slips_taken_back() -> None:
    """Who took an escalation slip back by hand, when and why."""
    op.add_column("escalation_slip", sa.Column("withdrawn_at", sa.DateTime(timezone=True)))
    op.add_column("escalation_slip", sa.Column("withdrawn_by", sa.BigInteger()))
    op.add_column("escalation_slip", sa.Column("withdrawn_why", sa.Text()))
    op.create_foreign_key(
        "fk_escalation_slip_withdrawn_by",
        "escalation_slip",
        "membership",
        ["jurisdiction_id", "withdrawn_by"],
        ["jurisdiction_id", "id"],
    )


def _no_slips_taken_back() -> None:
    op.drop_constraint("fk_escalation_slip_withdrawn_by", "escalation_slip", type_="foreignkey")
    op.drop_column("escalation_slip", "withdrawn_why")
    op.drop_column("escalation_slip", "withdrawn_by")
    op.drop_column("escalation_slip", "withdrawn_at")


def _dates_by_a_later_version() -> None:
    """Whose rules the dates of a running matter follow, once the office has said so."""
    op.add_column("matter", sa.Column("dates_version_id", sa.BigInteger()))
    op.create_foreign_key(
        "fk_matter_dates_version",
        "matter",
        "profile_version",
        ["jurisdiction_id", "dates_version_id"],
        ["jurisdiction_id", "id"],
    )


def _no_dates_by_a_later_version() -> None:
    op.drop_column("matter", "dates_version_id")


def _runs_of_jobs() -> None:
    """Whose run it was and which fault it met, and how many runs alike a line stands for."""
    op.drop_index("ix_job_run_name", table_name="job_run")
    op.drop_column("job_run", "note")
    op.add_column("job_run", sa.Column("house_id", sa.BigInteger()))
    op.add_column("job_run", sa.Column("fault", sa.String(60)))
    op.add_column("job_run", sa.Column("times", sa.Integer(), server_default="1", nullable=False))
    op.create_index("ix_job_run_name", "job_run", ["name", "house_id", "id"])
    op.create_index("ix_job_run_house", "job_run", ["house_id", "id"])
    op.create_index("ix_job_run_ended", "job_run", ["ended_at"])
    _give("job:read")


def _no_runs_of_jobs() -> None:
    _take_back("job:read")
    for index in ("ix_job_run_ended", "ix_job_run_house", "ix_job_run_name"):
        op.drop_index(index, table_name="job_run")
    for column in ("times", "fault", "house_id"):
        op.drop_column("job_run", column)
    op.add_column("job_run", sa.Column("note", sa.Text()))
    op.create_index("ix_job_run_name", "job_run", ["name", "started_at"])


def _regions_by_two() -> None:
    """A region's days are proposed by one and confirmed by another, as the nation's are."""
    op.add_column("calendar_proposal", sa.Column("region_code", sa.String(4), nullable=False, server_default=""))
    op.drop_index("ux_calendar_proposal_open", "calendar_proposal")
    op.create_index(
        "ux_calendar_proposal_open", "calendar_proposal", ["year", "region_code"], unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip
    op.drop_constraint("calendar_proposal_origin", "calendar_proposal")
    op.create_check_constraint(
        "calendar_proposal_origin", "calendar_proposal", "origin in ('notice','file','package','form')"
    )


def _no_regions_by_two() -> None:
    op.execute("delete from calendar_proposal where region_code <> ''")
    op.drop_constraint("calendar_proposal_origin", "calendar_proposal")
    op.create_check_constraint(
        "calendar_proposal_origin", "calendar_proposal", "origin in ('notice','file','package')"
    )
    op.drop_index("ux_calendar_proposal_open", "calendar_proposal")
    op.drop_column("calendar_proposal", "region_code")
    op.create_index(
        "ux_calendar_proposal_open", "calendar_proposal", ["year"], unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )  # fmt: skip


def upgrade() -> None:
    _regions_by_two()
    _runs_of_jobs()
    _dates_by_a_later_version()
    _what_instructions_say()
    _what_a_date_reads()
    _a_batch_of_urgings()
    _slips_taken_back()
    _channels()
    _the_life_of_letters()
    _suggestions()


def downgrade() -> None:
    _no_regions_by_two()
    _no_runs_of_jobs()
    _no_dates_by_a_later_version()
    _no_suggestions()
    _not_what_instructions_say()
    _not_the_life_of_letters()
    _no_channels()
    _not_what_a_date_reads()
    _no_slips_taken_back()
    _no_batch_of_urgings()
