"""What a profile must hold together to be published: no dead ends, no strangers, nobody missing."""

from __future__ import annotations

from collections.abc import Iterable

from app.jurisdictions.rules.checking.concluding import conclusions, contents
from app.jurisdictions.rules.checking.escalating import points, slips
from app.jurisdictions.rules.checking.naming import doubled, words
from app.jurisdictions.rules.checking.reminding import reminding
from app.jurisdictions.rules.checking.saying import articles, deadlines, numbers
from app.jurisdictions.rules.checking.signing import signing
from app.jurisdictions.rules.checking.steps import paths, people, shape
from app.jurisdictions.rules.checking.urging import urging_texts
from app.jurisdictions.rules.compiling import compile_procedure
from app.jurisdictions.rules.profile import Profile
from app.jurisdictions.rules.sentences import Fault


def faults(profile: Profile, known_rights: Iterable[str] | None = None) -> list[Fault]:
    """Everything that keeps a profile from being published, each with its place.

    ``known_rights`` is the one list of rights; without it the words of roles' rights are not looked at.
    """
    procedure = compile_procedure(profile)
    found = [
        *doubled(profile),
        *words(profile, frozenset(known_rights) if known_rights is not None else None),
        *shape(procedure),
        *people(profile, procedure),
        *paths(profile, procedure),
        *numbers(profile),
        *deadlines(profile),
        *reminding(profile),
        *signing(profile),
        *contents(profile),
        *conclusions(profile),
        *slips(profile),
        *points(profile),
        *urging_texts(profile),
        *articles(profile),
    ]
    return list(dict.fromkeys(found))
