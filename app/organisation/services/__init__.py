"""Commands on the organisation: sign-ins, accounts, units, posts, memberships, roles.

Nobody gives what he does not hold, nobody gives himself anything, and another jurisdiction's id is as if it were not there.
"""

from app.organisation.services.absences import end_absence, may_pass_on, set_absence
from app.organisation.services.accounts import (
    PLATFORM_ROLE,
    Account,
    change_own_data,
    change_own_password,
    change_person,
    create_platform_admin,
    reset_password,
)
from app.organisation.services.activation import (
    OPENS_NOTHING,
    VALID_FOR,
    MadeLink,
    activate_account,
    find_to_activate,
    make_activation,
    make_activations,
)
from app.organisation.services.feeds import make_feed, revoke_feed
from app.organisation.services.invitations import answer_invitation, invite, withdraw_invitation
from app.organisation.services.memberships import add_membership, add_person, change_membership, end_membership
from app.organisation.services.profile_roles import sync_roles
from app.organisation.services.roles import add_role, add_role_from_template, change_role, remove_role, set_role_rights
from app.organisation.services.signing_in import (
    LOCK_AFTER,
    LOCK_FOR,
    note_session_seen,
    note_sign_in,
    open_user_session,
    revoke_user_session,
)
from app.organisation.services.units import (
    add_post,
    add_unit,
    change_post,
    change_unit,
    remove_post,
    remove_unit,
    unit_kinds,
)

__all__ = [
    "LOCK_AFTER",
    "LOCK_FOR",
    "OPENS_NOTHING",
    "PLATFORM_ROLE",
    "VALID_FOR",
    "Account",
    "MadeLink",
    "activate_account",
    "add_membership",
    "add_person",
    "add_post",
    "add_role",
    "add_role_from_template",
    "add_unit",
    "answer_invitation",
    "change_membership",
    "change_own_data",
    "change_own_password",
    "change_person",
    "change_post",
    "change_role",
    "change_unit",
    "create_platform_admin",
    "end_absence",
    "end_membership",
    "find_to_activate",
    "invite",
    "make_activation",
    "make_activations",
    "make_feed",
    "may_pass_on",
    "note_session_seen",
    "note_sign_in",
    "open_user_session",
    "remove_post",
    "remove_role",
    "remove_unit",
    "reset_password",
    "revoke_feed",
    "revoke_user_session",
    "set_absence",
    "set_role_rights",
    "sync_roles",
    "unit_kinds",
    "withdraw_invitation",
]
