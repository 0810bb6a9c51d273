"""Reading jurisdictions and their profiles. A published version never changes, so it is compiled once per process."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, func, or_, select

from app.jurisdictions.models import Jurisdiction, ProfileVersion
from app.jurisdictions.rules import Procedure, Profile, compile_procedure, local_day, parse_profile
from app.kernel.errors import NotFound
from app.kernel.events import Event
from app.kernel.i18n import N_
from app.kernel.tenancy import current_scope

_PUBLISHED: dict[tuple[int, int], tuple[Profile, Procedure]] = {}


def find_by_slug(session: Any, slug: str) -> Jurisdiction | None:
    """The jurisdiction of that name in the URL, open or not."""
    return session.scalars(select(Jurisdiction).where(Jurisdiction.slug == slug)).first()


def find_by_code(session: Any, code: str) -> Jurisdiction | None:
    """The jurisdiction of that GB/T 2260 code."""
    return session.scalars(select(Jurisdiction).where(Jurisdiction.code == code)).first()


def list_jurisdictions(session: Any) -> list[Jurisdiction]:
    """All jurisdictions, by code, so that counties stand below their city."""
    return list(session.scalars(select(Jurisdiction).order_by(Jurisdiction.code)))


def find_version_in_force(session: Any, at: dt.datetime) -> ProfileVersion | None:
    """The profile version of the jurisdiction in scope that new matters are listed under at that instant.

    A published version is in force from its day on, at midnight in China; until then the former one is. The first
    published is in force at once, whatever its day. None while nothing has been published.
    """
    published = select(ProfileVersion).where(ProfileVersion.status == "published").limit(1)
    begun = published.where(ProfileVersion.effective_on <= local_day(at)).order_by(ProfileVersion.number.desc())
    return session.scalars(begun).first() or session.scalars(published.order_by(ProfileVersion.number)).first()


def find_profile_in_force(session: Any, at: dt.datetime) -> Profile | None:
    """The profile of ``find_version_in_force``, without reading its document again when this process knows it."""
    version_id = session.scalar(select(id_in_force(local_day(at))))
    return profile_of(session, version_id) if version_id is not None else None


def id_in_force(
    on: dt.date | BindParameter[dt.date], here: BindParameter[int] | None = None
) -> ColumnElement[int | None]:
    """The id of ``find_version_in_force`` on a local date, in the scope, to be asked for beside other things.

    A statement that is put together once and asked often gives both as parameters.
    """
    whose = current_scope().jurisdiction_id if here is None else here
    published = select(ProfileVersion.id).where(
        ProfileVersion.jurisdiction_id == whose, ProfileVersion.status == "published"
    )
    begun = published.where(ProfileVersion.effective_on <= on).order_by(ProfileVersion.number.desc())
    first = published.order_by(ProfileVersion.number)
    return func.coalesce(begun.limit(1).scalar_subquery(), first.limit(1).scalar_subquery())


def get_version_in_force(session: Any, at: dt.datetime) -> ProfileVersion:
    """As ``find_version_in_force``; NotFound when nothing has been published yet."""
    version = find_version_in_force(session, at)
    if version is None:
        raise NotFound("no_profile", N_("No procedure has been published here yet."))
    return version


def find_newest_version(session: Any) -> ProfileVersion | None:
    """The newest published version, be it in force or still to come."""
    published = select(ProfileVersion).where(ProfileVersion.status == "published")
    return session.scalars(published.order_by(ProfileVersion.number.desc()).limit(1)).first()


def due_jurisdictions(session: Any, at: dt.datetime) -> list[int]:
    """The jurisdictions in which a version is to come into force that day or earlier, by their numbers."""
    due = select(Jurisdiction.id).where(Jurisdiction.next_profile_on <= local_day(at), Jurisdiction.status != "closed")
    return list(session.scalars(due.order_by(Jurisdiction.id)))


def list_versions(session: Any) -> list[ProfileVersion]:
    """The published and withdrawn versions of the jurisdiction in scope, newest first."""
    statement = select(ProfileVersion).where(ProfileVersion.status != "draft")
    return list(session.scalars(statement.order_by(ProfileVersion.number.desc())))


def get_version(session: Any, version_id: int) -> ProfileVersion:
    """A version of the jurisdiction in scope, the draft included. Raises NotFound."""
    return _get_version(session, version_id)


def get_numbered(session: Any, number: int) -> ProfileVersion:
    """The published or withdrawn version of that number. Raises NotFound."""
    statement = select(ProfileVersion).where(ProfileVersion.number == number, ProfileVersion.status != "draft")
    found = session.scalars(statement).first() if 0 < number < 2**31 else None
    if found is None:
        raise NotFound()
    version: ProfileVersion = found
    return version


def list_acts(session: Any, draft_id: int | None = None) -> list[Event]:
    """Who published and withdrew the versions here, and what was done to the draft, newest first."""
    told = Event.kind.in_(("profile.published", "profile.withdrawn"))
    statement = select(Event).where(
        Event.subject_type == "profile_version", or_(told, Event.subject_id == (draft_id or 0))
    )
    return list(session.scalars(statement.order_by(Event.seq.desc())))


def find_draft(session: Any, *, lock: bool = False) -> ProfileVersion | None:
    """The draft of the jurisdiction in scope; there is one at most. ``lock`` keeps others from changing it meanwhile."""
    statement = select(ProfileVersion).where(ProfileVersion.status == "draft")
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).first()


def profile_of(session: Any, profile_version_id: int) -> Profile:
    """The profile of a version of the jurisdiction in scope. Raises NotFound."""
    return _known(session, profile_version_id)[0]


def procedure_of(session: Any, profile_version_id: int) -> Procedure:
    """The procedure of a version of the jurisdiction in scope. Raises NotFound."""
    return _known(session, profile_version_id)[1]


def _known(session: Any, profile_version_id: int) -> tuple[Profile, Procedure]:
    """A published version is asked of the database once per process and jurisdiction: it never changes."""
    here = current_scope().jurisdiction_id
    found = _PUBLISHED.get((here, profile_version_id)) if here is not None else None
    if found is not None:
        return found
    version = _get_version(session, profile_version_id)
    compiled = _compiled(version)
    if here is not None and version.status != "draft":
        _PUBLISHED[here, profile_version_id] = compiled
    return compiled


def _get_version(session: Any, profile_version_id: int) -> ProfileVersion:
    version: ProfileVersion | None = session.get(ProfileVersion, profile_version_id)
    if version is None:
        raise NotFound()
    return version


def _compiled(version: ProfileVersion) -> tuple[Profile, Procedure]:
    if version.status == "draft":
        profile = parse_profile(version.document)
        return profile, compile_procedure(profile)
    return _published(version.id, _Document(version.digest, version.document))


class _Document:
    """A document known by its digest, so that the cache compares digests and not documents."""

    def __init__(self, digest: str, document: Any) -> None:
        self.digest, self.document = digest, document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Document) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=8192)
def _published(_version_id: int, document: _Document) -> tuple[Profile, Procedure]:
    profile = parse_profile(document.document)
    return profile, compile_procedure(profile)
