"""Who acts: a person in one jurisdiction, or the system."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Actor:
    """One person's standing in one jurisdiction, taken once per request and handed to every service.

    ``roles`` are keys of the jurisdiction's roles (who a step may name), ``rights`` are ``resource:action`` words.
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

    def may(self, right: str) -> bool:
        """Whether this person's roles carry the right here; the system may everything."""
        return self.is_system or right in self.rights

    @classmethod
    def system(cls, jurisdiction_id: int | None) -> Actor:
        """The clock and the command line, acting for nobody in particular."""
        return cls(None, "system", jurisdiction_id, is_system=True)
