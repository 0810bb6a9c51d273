"""the rights that are new reach the administrators who are there, and the one that is gone leaves every role"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_GIVE = """
INSERT INTO role_right (jurisdiction_id, role_id, "right")
SELECT r.jurisdiction_id, r.role_id, given.word
FROM role_right r CROSS JOIN (VALUES ('membership:appoint'), ('jurisdiction:export')) AS given (word)
WHERE r."right" IN ('membership:write', 'role:write', 'profile:write')
GROUP BY r.jurisdiction_id, r.role_id, given.word HAVING count(*) = 3
ON CONFLICT (jurisdiction_id, role_id, "right") DO NOTHING
"""


def upgrade() -> None:
    # Nobody gives a right he does not hold: without this no jurisdiction that is there could ever give the new ones. They
    # go to the roles that may give roles, set rights and change the procedure, as the shipped roles have it.
    _walls(up=False)
    op.execute("""DELETE FROM role_right WHERE "right" = 'source:write'""")
    op.execute(_GIVE)
    _walls(up=True)
    op.execute("UPDATE jurisdiction SET rights_version = rights_version + 1")


def downgrade() -> None:
    _walls(up=False)
    op.execute("""DELETE FROM role_right WHERE "right" IN ('membership:appoint', 'jurisdiction:export')""")
    _walls(up=True)


def _walls(*, up: bool) -> None:
    """The owner writes past the walls between jurisdictions, for these statements only."""
    op.execute(f"ALTER TABLE role_right {'FORCE' if up else 'NO FORCE'} ROW LEVEL SECURITY")
