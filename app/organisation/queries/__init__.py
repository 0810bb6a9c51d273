"""Reading the organisation."""

from app.organisation.queries.absences import Deputy, absent_on, list_absences, list_deputies
from app.organisation.queries.feeds import find_feed, find_feed_person
from app.organisation.queries.invitations import Invited, find_invitation_place, list_invited, list_open_invitations
from app.organisation.queries.members import (
    DirectoryLine,
    find_in_post,
    get_member,
    list_directory,
    list_from_elsewhere,
    list_members_with_right,
    list_members_with_role,
    list_memberships,
    list_without_password,
    narrowed_to_members,
)
from app.organisation.queries.roles import count_holders, get_roles_by_key, list_roles, role_keys_of_profiles
from app.organisation.queries.standing import (
    Standing,
    find_actor,
    find_jurisdiction,
    find_membership,
    find_person_by_sign_in,
    find_signed_in,
    get_person,
    list_standings,
)
from app.organisation.queries.units import (
    get_unit,
    get_unit_by_code,
    list_posts,
    list_uncovered,
    list_units,
    list_units_without,
)

__all__ = [
    "Deputy",
    "DirectoryLine",
    "Invited",
    "Standing",
    "absent_on",
    "count_holders",
    "find_actor",
    "find_feed",
    "find_feed_person",
    "find_in_post",
    "find_invitation_place",
    "find_jurisdiction",
    "find_membership",
    "find_person_by_sign_in",
    "find_signed_in",
    "get_member",
    "get_person",
    "get_roles_by_key",
    "get_unit",
    "get_unit_by_code",
    "list_absences",
    "list_deputies",
    "list_directory",
    "list_from_elsewhere",
    "list_invited",
    "list_members_with_right",
    "list_members_with_role",
    "list_memberships",
    "list_open_invitations",
    "list_posts",
    "list_roles",
    "list_standings",
    "list_uncovered",
    "list_units",
    "list_units_without",
    "list_without_password",
    "narrowed_to_members",
    "role_keys_of_profiles",
]
