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
    op.add_column("jurisdiction", sa.Column("next_profile_on", sa.Date()))
    op.add_column("profile_version", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.add_column("profile_version", sa.Column("preset", sa.String(40)))
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
        "preset", "revision",
    ):  # fmt: skip
        op.drop_column("profile_version", column)
    op.drop_column("jurisdiction", "next_profile_on")
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


# Numbers of several jurisdictions in one statement: each is counted under its own scope, so that row-level security
# answers as it always does, and the scope of the caller is put back.
_HOUSES = """
CREATE FUNCTION house_facts(ids bigint[]) RETURNS TABLE (
    jurisdiction_id bigint, units bigint, people bigint, open_matters bigint, matters bigint, regulation text,
    version integer, handling_units bigint, units_without_liaison bigint, roles bigint, roles_unheld bigint,
    administrators bigint, administrators_in bigint, templates bigint, events bigint
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    before text := current_setting('app.jurisdiction_id', true);
    here bigint;
BEGIN
    FOREACH here IN ARRAY ids LOOP
        PERFORM set_config('app.jurisdiction_id', here::text, true);
        RETURN QUERY
        WITH held AS (
            SELECT m.id AS membership_id, m.unit_id, mr.role_id, u.password IS NOT NULL AS been_in
            FROM membership m
            JOIN ab_user u ON u.id = m.person_id AND u.active
            JOIN membership_role mr ON mr.jurisdiction_id = here AND mr.membership_id = m.id
            WHERE m.jurisdiction_id = here AND m.active
        ), newest AS (
            SELECT p.number, p.document -> 'regulation' ->> 'title' AS title
            FROM profile_version p
            WHERE p.jurisdiction_id = here AND p.status = 'published'
            ORDER BY p.number DESC LIMIT 1
        ), handling AS (
            SELECT t.id FROM unit t
            WHERE t.jurisdiction_id = here AND t.active AND t.kind IN ('department', 'township', 'county', 'enterprise')
        ), chief AS (
            SELECT DISTINCT h.membership_id, h.been_in FROM held h
            JOIN role_right r ON r.jurisdiction_id = here AND r.role_id = h.role_id AND r."right" = 'membership:write'
        )
        SELECT here,
            (SELECT count(*) FROM unit t WHERE t.jurisdiction_id = here AND t.active),
            (SELECT count(*) FROM membership m WHERE m.jurisdiction_id = here AND m.active),
            (SELECT count(*) FROM matter x WHERE x.jurisdiction_id = here
                AND x.state NOT IN ('closed_out', 'archived', 'cancelled')),
            (SELECT count(*) FROM matter x WHERE x.jurisdiction_id = here),
            (SELECT n.title FROM newest n), (SELECT n.number FROM newest n),
            (SELECT count(*) FROM handling),
            (SELECT count(*) FROM handling g WHERE NOT EXISTS (
                SELECT 1 FROM held h JOIN role_right r ON r.jurisdiction_id = here AND r.role_id = h.role_id
                WHERE h.unit_id = g.id AND r."right" = 'matter:acknowledge')),
            (SELECT count(*) FROM role o WHERE o.jurisdiction_id = here),
            (SELECT count(*) FROM role o WHERE o.jurisdiction_id = here
                AND NOT EXISTS (SELECT 1 FROM held h WHERE h.role_id = o.id)),
            (SELECT count(*) FROM chief), (SELECT count(*) FROM chief c WHERE c.been_in),
            (SELECT count(*) FROM document_template d WHERE d.jurisdiction_id = here AND d.active),
            (SELECT coalesce(max(e.seq), 0) FROM event_head e WHERE e.jurisdiction_id = here);
    END LOOP;
    PERFORM set_config('app.jurisdiction_id', coalesce(before, ''), true);
END $$
"""


def _onboarding() -> None:
    """Bringing a jurisdiction on, halting and closing it: first sign-ins, exports, numbers for the platform's list."""
    op.add_column("jurisdiction", sa.Column("status_reason", sa.String(300)))
    op.add_column("jurisdiction", sa.Column("status_at", sa.DateTime(timezone=True)))
    op.add_column("jurisdiction", sa.Column("export_asked_at", sa.DateTime(timezone=True)))
    op.create_table(
        "activation",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("ab_user.id", ondelete="CASCADE"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_activation_person_id", "activation", ["person_id"])
    op.create_table(
        "jurisdiction_export",
        sa.Column("asked_by", sa.BigInteger()),
        sa.Column("asked_by_name", sa.String(100), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, server_default="asked"),
        sa.Column("made_at", sa.DateTime(timezone=True)),
        sa.Column("event_seq", sa.BigInteger()),
        sa.Column("row_count", sa.BigInteger()),
        sa.Column("size", sa.BigInteger()),
        sa.Column("sha256", sa.String(64)),
        sa.Column("fault", sa.String(60)),
        *owned(),
        sa.CheckConstraint("state in ('asked','made','failed')", name="jurisdiction_export_state"),
    )
    protect("jurisdiction_export")
    op.execute(_HOUSES)


def _key_within(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A foreign key inside one jurisdiction."""
    return sa.ForeignKeyConstraint(["jurisdiction_id", column], [f"{table}.jurisdiction_id", f"{table}.id"])


def _slips_and_points() -> None:
    """Escalation slips, and the letters a unit gets for its points; these belong to no matter."""
    instant = sa.DateTime(timezone=True)
    op.alter_column("document", "matter_id", nullable=True)
    op.create_table(
        "escalation_slip",
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("slip_key", sa.String(40), nullable=False),
        sa.Column("colour", sa.String(8), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("asked_at", instant, nullable=False),
        sa.Column("asked_by", sa.BigInteger()),
        sa.Column("document_id", sa.BigInteger()),
        sa.Column("obligation_id", sa.BigInteger()),
        sa.Column("issued_at", instant),
        sa.Column("issued_by", sa.BigInteger()),
        sa.Column("answered_at", instant),
        sa.Column("answered_by", sa.BigInteger()),
        sa.Column("answer", sa.Text()),
        *owned(),
        _key_within("matter_id", "matter"),
        _key_within("assignment_id", "assignment"),
        _key_within("document_id", "document"),
        _key_within("obligation_id", "obligation"),
        _key_within("asked_by", "membership"),
        _key_within("issued_by", "membership"),
        _key_within("answered_by", "membership"),
    )
    op.create_index("ix_escalation_slip_matter", "escalation_slip", ["jurisdiction_id", "matter_id"])
    op.create_index("ix_escalation_slip_issued", "escalation_slip", ["jurisdiction_id", "issued_at"])
    op.create_index(
        "uq_escalation_slip_open",
        "escalation_slip",
        ["jurisdiction_id", "assignment_id", "slip_key"],
        unique=True,
        postgresql_where=sa.text("state in ('asked', 'issued')"),
    )
    protect("escalation_slip")
    op.create_table(
        "points_letter",
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("threshold_key", sa.String(40), nullable=False),
        sa.Column("consequence", sa.String(10), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", instant, nullable=False),
        sa.Column("issued_by", sa.BigInteger()),
        *owned(),
        sa.UniqueConstraint("jurisdiction_id", "unit_id", "period", "threshold_key"),
        _key_within("unit_id", "unit"),
        _key_within("document_id", "document"),
        _key_within("issued_by", "membership"),
    )
    protect("points_letter")


def _no_slips_and_points() -> None:
    """The letters about points go with their documents: a document belongs to a matter again."""
    op.drop_table("points_letter")
    op.drop_table("escalation_slip")
    op.execute("ALTER TABLE document NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM document WHERE matter_id IS NULL")
    op.execute("ALTER TABLE document FORCE ROW LEVEL SECURITY")
    op.alter_column("document", "matter_id", nullable=False)


def _absences_and_deputies() -> None:
    """Who is away and who decides meanwhile; whose decision a deputy's was; invitations to people from elsewhere."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "absence",
        sa.Column("membership_id", sa.BigInteger(), nullable=False),
        sa.Column("deputy_id", sa.BigInteger()),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("reason", sa.String(200)),
        sa.Column("set_by", sa.BigInteger()),
        sa.Column("set_at", instant, nullable=False),
        *owned(),
        _key_within("membership_id", "membership"),
        _key_within("deputy_id", "membership"),
        _key_within("set_by", "membership"),
    )
    op.create_index("ix_absence_deputy", "absence", ["jurisdiction_id", "deputy_id", "until_on"])
    op.create_index("ix_absence_membership", "absence", ["jurisdiction_id", "membership_id", "until_on"])
    protect("absence")
    op.add_column("approval_vote", sa.Column("on_behalf_of", sa.BigInteger()))
    op.create_foreign_key(
        "fk_approval_vote_on_behalf_of",
        "approval_vote",
        "membership",
        ["jurisdiction_id", "on_behalf_of"],
        ["jurisdiction_id", "id"],
    )
    op.add_column("post", sa.Column("portfolio", sa.String(300)))
    op.add_column("matter", sa.Column("instruction_by", sa.String(60)))
    op.add_column("matter", sa.Column("drawn_up_by", sa.String(60)))
    op.add_column("membership", sa.Column("former_post_id", sa.BigInteger()))
    op.create_foreign_key(
        "fk_membership_former_post",
        "membership",
        "post",
        ["jurisdiction_id", "former_post_id"],
        ["jurisdiction_id", "id"],
    )
    op.create_table(
        "invitation",
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("ab_user.id"), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger()),
        sa.Column("role_ids", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("facts", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("invited_by", sa.BigInteger()),
        sa.Column("invited_at", instant, nullable=False),
        sa.Column("answered_at", instant),
        *owned(),
        _key_within("unit_id", "unit"),
        _key_within("post_id", "post"),
        _key_within("invited_by", "membership"),
    )
    op.create_index(
        "uq_invitation_open",
        "invitation",
        ["jurisdiction_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_invitation_person", "invitation", ["person_id"])
    protect("invitation")
    op.execute(
        "CREATE POLICY own_invitations ON invitation FOR SELECT USING "
        "(person_id = (select nullif(current_setting('app.person_id', true), '')::int))"
    )


def _no_absences_and_deputies() -> None:
    """Votes of deputies stay as their own."""
    op.drop_table("invitation")
    op.drop_constraint("fk_membership_former_post", "membership", type_="foreignkey")
    op.drop_column("membership", "former_post_id")
    op.drop_column("matter", "drawn_up_by")
    op.drop_column("matter", "instruction_by")
    op.drop_column("post", "portfolio")
    op.drop_constraint("fk_approval_vote_on_behalf_of", "approval_vote", type_="foreignkey")
    op.drop_column("approval_vote", "on_behalf_of")
    op.drop_table("absence")


def _times_and_reports_that_come_round() -> None:
    """A due date may have its time of the day; a report that comes round is asked for once per occurrence."""
    op.add_column("obligation", sa.Column("due_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ux_obligation_occurrence",
        "obligation",
        ["jurisdiction_id", "assignment_id", "rule_key", "raw_on"],
        unique=True,
        postgresql_where=sa.text("rule = 'periodic'"),
    )


def _conclusions_and_delegations() -> None:
    """The conclusion served on a unit, its objection and the review; a department that supervises in the government's name."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "conclusion",
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("assignment_id", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rectification", sa.Text()),
        sa.Column("rectify_by", sa.Date()),
        sa.Column("served_at", instant, nullable=False),
        sa.Column("served_by", sa.BigInteger()),
        sa.Column("received_at", instant),
        sa.Column("received_by", sa.String(60)),
        sa.Column("logged_by_office", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("objection_until", sa.Date()),
        sa.Column("objection_explanation", sa.dialects.postgresql.JSONB()),
        sa.Column("waived_at", instant),
        sa.Column("waived_by", sa.BigInteger()),
        *owned(),
        _key_within("matter_id", "matter"),
        _key_within("assignment_id", "assignment"),
        _key_within("document_id", "document"),
        _key_within("served_by", "membership"),
        _key_within("waived_by", "membership"),
    )
    op.create_index("ix_conclusion_matter", "conclusion", ["jurisdiction_id", "matter_id"])
    op.create_index("ix_conclusion_assignment", "conclusion", ["jurisdiction_id", "assignment_id"])
    protect("conclusion")
    op.create_table(
        "objection",
        sa.Column("conclusion_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("filed_at", instant, nullable=False),
        sa.Column("filed_by", sa.BigInteger()),
        sa.Column("obligation_id", sa.BigInteger()),
        sa.Column("decision", sa.String(12)),
        sa.Column("decision_text", sa.Text()),
        sa.Column("decided_at", instant),
        sa.Column("decided_by", sa.BigInteger()),
        sa.Column("document_id", sa.BigInteger()),
        *owned(),
        sa.UniqueConstraint("jurisdiction_id", "conclusion_id"),
        _key_within("conclusion_id", "conclusion"),
        _key_within("filed_by", "membership"),
        _key_within("obligation_id", "obligation"),
        _key_within("decided_by", "membership"),
        _key_within("document_id", "document"),
    )
    protect("objection")
    op.create_table(
        "delegation",
        sa.Column("matter_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(80), nullable=False),
        sa.Column("delegated_at", instant, nullable=False),
        sa.Column("delegated_by", sa.BigInteger()),
        sa.Column("ended_at", instant),
        sa.Column("ended_by", sa.BigInteger()),
        sa.Column("end_reason", sa.Text()),
        *owned(),
        sa.CheckConstraint("from_on <= until_on", name="delegation_period"),
        _key_within("matter_id", "matter"),
        _key_within("unit_id", "unit"),
        _key_within("delegated_by", "membership"),
        _key_within("ended_by", "membership"),
    )
    op.create_index("ix_delegation_matter", "delegation", ["jurisdiction_id", "matter_id"])
    op.create_index("ix_delegation_unit", "delegation", ["jurisdiction_id", "unit_id", "until_on"])
    protect("delegation")


def upgrade() -> None:
    """What a jurisdiction needs to configure itself, room by room."""
    _facts_of_a_matter()
    _times_and_reports_that_come_round()
    _completion()
    _versions_of_a_profile()
    _approvals_and_extensions()
    _onboarding()
    _slips_and_points()
    _absences_and_deputies()
    _conclusions_and_delegations()


def downgrade() -> None:
    """The last first."""
    for table in ("delegation", "objection", "conclusion"):
        op.drop_table(table)
    _no_absences_and_deputies()
    _no_slips_and_points()
    op.execute("DROP FUNCTION house_facts(bigint[])")
    op.drop_table("jurisdiction_export")
    op.drop_table("activation")
    op.drop_column("jurisdiction", "export_asked_at")
    op.drop_column("jurisdiction", "status_at")
    op.drop_column("jurisdiction", "status_reason")
    _no_approvals_and_extensions()
    _back_to_one_version_at_a_time()
    op.drop_table("satisfaction_answer")
    op.drop_column("matter", "grade")
    op.drop_index("ux_obligation_occurrence", "obligation")
    op.drop_column("obligation", "due_at")
    for column in ("kind_key", "scope_key", "session"):
        op.drop_column("matter", column)
