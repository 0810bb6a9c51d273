"""Units, posts, people, memberships, roles, rights and sign-in."""
