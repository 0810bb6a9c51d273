"""What a profile is recognised by, and on which day something happens."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping

from app.jurisdictions.rules.profile import Profile, dump_profile

_CHINA = dt.timezone(dt.timedelta(hours=8))


def digest_of(profile: Profile) -> str:
    """What a profile is recognised by: two that say the same have the same."""
    text = json.dumps(dump_profile(profile), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def local_day(instant: dt.datetime) -> dt.date:
    """The local date on which an instant falls: a version comes into force at midnight in China."""
    return instant.astimezone(_CHINA).date()


def with_live_rights(profile: Profile, live: Mapping[str, Collection[str]]) -> Profile:
    """The profile with the rights its roles have now; a role that is not there yet keeps its own.

    The matrix is the one place for the rights of roles that exist: publishing never takes back what was changed there.
    """
    roles = tuple(
        role.model_copy(update={"rights": tuple(_in_order(role.rights, live[role.key]))}) if role.key in live else role
        for role in profile.roles
    )
    return profile.model_copy(update={"roles": roles})


def _in_order(before: tuple[str, ...], now: Collection[str]) -> list[str]:
    return [word for word in before if word in now] + sorted(set(now) - set(before))
