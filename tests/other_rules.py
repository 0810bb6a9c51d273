"""A shipped jurisdiction of the tests' world under rules of another regulation: its profile with some sections exchanged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.jurisdictions.queries import get_version_in_force, profile_of
from app.jurisdictions.rules import Profile, parse_profile
from app.jurisdictions.rules.profile import dump_profile
from app.jurisdictions.services import publish_profile
from app.kernel.actor import Actor
from app.organisation.permissions import RIGHTS
from tests.conftest import MORNING
from tests.world import Place


def profile_in_force(place: Place, at: dt.datetime = MORNING) -> Profile:
    """The profile new matters are listed under. Inside the place."""
    return profile_of(place.session, get_version_in_force(place.session, at).id)


def changed(profile: Profile, **sections: Any) -> Profile:
    """A profile with sections given as plain data; None takes an optional section away."""
    data = {**dump_profile(profile), **sections}
    return parse_profile({name: value for name, value in data.items() if value is not None})


def publish(place: Place, *, at: dt.datetime = MORNING, **sections: Any) -> Profile:
    """Publish the place's profile with other sections; refuses a profile with faults. Inside the place."""
    profile = changed(profile_in_force(place, at), **sections)
    publish_profile(
        place.session,
        Actor.system(place.id),
        profile,
        known_rights=RIGHTS,
        effective_on=at.date(),
        note="another regulation",
        at=at,
    )
    place.session.commit()
    return profile
