"""Who acts: a person in one jurisdiction, or the system."""

from __future__ import annotations

from dataclasses import dataclass, field

LENT = frozenset({"matter:approve"})
"""What a deputy may do for somebody absent: decide, in that person's roles. Nothing else goes over to him."""


@dataclass(frozen=True)
class StandIn:
    """Somebody absent for whom a deputy (AB角) decides: the membership, the person's name, the unit, the roles."""

    membership_id: int
    name: str
    unit_id: int | None
    roles: frozenset[str]


@dataclass(frozen=True)
class Actor:
    """One person's standing in one jurisdiction, taken once per request and handed to every service.

    ``roles`` are keys of the jurisdiction's roles (who a step may name), ``rights`` are ``resource:action`` words. Both are
    the person's own: what is lent to a deputy is in ``stands_in_for`` and can be neither given on nor used to see more.
    """

    person_id: int | None
    name: str
    jurisdiction_id: int | None
    membership_id: int | None = None
    unit_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    rights: frozenset[str] = field(default_factory=frozenset)
    role_names: tuple[str, ...] = ()  # as the jurisdiction calls them, for the frame of the page
    is_system: bool = False
    stands_in_for: tuple[StandIn, ...] = ()
    rules_id: int | None = None  # the rules in force as the person came in, read together with the standing

    def may(self, right: str) -> bool:
        """Whether this person may, by his own roles or as a deputy; the system may everything."""
        return self.is_system or right in self.rights or (bool(self.stands_in_for) and right in LENT)

    @classmethod
    def system(cls, jurisdiction_id: int | None) -> Actor:
        """The clock and the command line, acting for nobody in particular."""
        return cls(None, "system", jurisdiction_id, is_system=True)
