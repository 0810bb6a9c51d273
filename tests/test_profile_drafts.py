"""A profile is changed in a draft: section by section, checked, published with a day, or given up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.jurisdictions import services
from app.jurisdictions.models import ProfileVersion
from app.jurisdictions.queries import find_draft, find_version_in_force, get_version_in_force, profile_of
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import Event
from app.organisation.permissions import RIGHTS
from tests.conftest import MORNING
from tests.test_profile_faults import document
from tests.world import Place, World, folder

TODAY = MORNING.date()


def admin(place: Place) -> Actor:
    """Who may change the profile."""
    return place.actor("administrator")


def started(place: Place, **sections: Any) -> ProfileVersion:
    """A draft with sections exchanged. Inside the place."""
    draft = services.start_draft(place.session, admin(place), at=MORNING)
    for name, data in sections.items():
        draft = services.save_section(
            place.session, admin(place), name, data, expected_revision=draft.revision, at=MORNING
        )
    return draft


def published(place: Place, *, on: dt.date = TODAY, at: dt.datetime = MORNING, **sections: Any) -> ProfileVersion:
    """A draft with sections exchanged, published. Inside the place."""
    draft = started(place, **sections)
    return services.publish_draft(
        place.session,
        admin(place),
        known_rights=RIGHTS,
        effective_on=on,
        note="领导要求",
        expected_revision=draft.revision,
        at=at,
    )


def test_a_draft_begins_with_what_is_in_force_and_changes_nothing_for_anybody(session: Any, world: World) -> None:
    for place in (world.huarong, world.huaian):
        with place.inside():
            before = get_version_in_force(session, MORNING).id
            draft = started(place, attendance=["工作例会"])
            assert (draft.base_number, draft.revision, draft.status) == (1, 2, "draft")
            assert profile_of(session, draft.id).attendance == ("工作例会",)
            assert get_version_in_force(session, MORNING).id == before
            assert profile_of(session, before) == folder(place.slug).profile
            kinds = {event.kind for event in session.scalars(select(Event).where(Event.subject_id == draft.id))}
            assert "profile.draft_started" in kinds


def test_there_is_one_draft_and_it_is_this_jurisdictions(session: Any, world: World) -> None:
    with world.huarong.inside():
        started(world.huarong)
        with pytest.raises(Conflict) as refused:
            started(world.huarong)
        assert refused.value.code == "draft_there"
    with world.huaian.inside():
        assert find_draft(session) is None
        started(world.huaian)


def test_two_people_do_not_overwrite_each_other(session: Any, world: World) -> None:
    with world.huarong.inside():
        draft = started(world.huarong)
        services.save_section(
            session, admin(world.huarong), "attendance", ["工作例会"], expected_revision=1, at=MORNING
        )
        with pytest.raises(Conflict) as refused:
            services.save_section(session, admin(world.huarong), "attendance", ["x"], expected_revision=1, at=MORNING)
        assert refused.value.code == "draft_changed"
        with pytest.raises(Conflict):
            services.discard_draft(session, admin(world.huarong), expected_revision=1, at=MORNING)
        assert find_draft(session).revision == 2  # type: ignore[union-attr]
        assert draft.document["attendance"] == ["工作例会"]


def test_what_is_no_section_is_refused_place_by_place_and_nothing_is_kept(session: Any, world: World) -> None:
    spoiled = document()["procedure"]
    del spoiled["steps"][2]["name"]
    spoiled["steps"][0]["colour"] = "red"
    with world.huarong.inside():
        started(world.huarong)
        with pytest.raises(services.FaultyProfile) as refused:
            services.save_section(session, admin(world.huarong), "procedure", spoiled, expected_revision=1, at=MORNING)
        assert set(refused.value.fields) == {"steps[2].name", "steps[0].colour"}
        assert "steps[2].name" in refused.value.field_sentences()["steps[2].name"]
        with pytest.raises(NotFound):
            services.save_section(session, admin(world.huarong), "colour", 1, expected_revision=1, at=MORNING)
        with pytest.raises(services.FaultyProfile) as emptied:
            services.save_section(session, admin(world.huarong), "matter_sources", [], expected_revision=1, at=MORNING)
        assert set(emptied.value.fields) == {""}
        assert find_draft(session).revision == 1  # type: ignore[union-attr]


def test_a_draft_may_have_faults_but_is_not_published_with_them(session: Any, world: World) -> None:
    spoiled = document()["procedure"]
    spoiled["steps"][1]["returns_to"] = "archiving"
    with world.huarong.inside():
        with pytest.raises(services.FaultyProfile) as refused:
            published(world.huarong, procedure=spoiled)
        assert "procedure.steps[1].returns_to" in refused.value.fields
        assert find_draft(session) is not None
        assert get_version_in_force(session, MORNING).number == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"note": "  "}, "reason_missing"),
        ({"note": "x" * 501}, "too_long"),
        ({"effective_on": TODAY - dt.timedelta(days=1)}, "day_passed"),
        ({"expected_revision": 7}, "draft_changed"),
    ],
)
def test_publishing_asks_for_a_reason_a_day_and_the_draft_one_has_read(
    session: Any, world: World, changes: dict[str, Any], code: str
) -> None:
    wanted = {"effective_on": TODAY, "note": "领导要求", "expected_revision": 2} | changes
    with world.huarong.inside():
        started(world.huarong, attendance=["工作例会"])
        with pytest.raises((Invalid, Conflict)) as refused:
            services.publish_draft(session, admin(world.huarong), known_rights=RIGHTS, at=MORNING, **wanted)
        assert refused.value.code == code
        assert get_version_in_force(session, MORNING).number == 1


def test_a_draft_that_changes_nothing_is_not_a_version(session: Any, world: World) -> None:
    with world.huarong.inside(), pytest.raises(Conflict) as refused:
        published(world.huarong)
    assert refused.value.code == "nothing_changed"


def test_whoever_may_not_change_the_profile_changes_no_draft(session: Any, world: World) -> None:
    inspector = world.huarong.actor("inspector")
    with world.huarong.inside():
        with pytest.raises(Refused):
            services.start_draft(session, inspector, at=MORNING)
        started(world.huarong)
        with pytest.raises(Refused):
            services.save_section(session, inspector, "attendance", [], expected_revision=1, at=MORNING)
        with pytest.raises(Refused):
            services.discard_draft(session, inspector, expected_revision=1, at=MORNING)
        with pytest.raises(Refused):
            services.publish_draft(
                session, inspector, known_rights=RIGHTS, effective_on=TODAY, note="x", expected_revision=1, at=MORNING
            )


def test_a_discarded_draft_is_gone_and_the_log_knows_of_it(session: Any, world: World) -> None:
    with world.huarong.inside():
        draft_id = started(world.huarong, attendance=["工作例会"]).id
        services.discard_draft(session, admin(world.huarong), expected_revision=2, at=MORNING)
        assert find_draft(session) is None
        kinds = [event.kind for event in session.scalars(select(Event).where(Event.subject_id == draft_id))]
        assert "profile.draft_discarded" in kinds
        assert find_version_in_force(session, MORNING).number == 1  # type: ignore[union-attr]


def test_the_database_itself_keeps_what_was_published(session: Any, world: World) -> None:
    with world.huarong.inside():
        version = get_version_in_force(session, MORNING)
        version.document = {**version.document, "attendance": ["工作例会"]}
        with pytest.raises(DBAPIError):
            session.flush()
        session.rollback()
        session.delete(get_version_in_force(session, MORNING))
        with pytest.raises(DBAPIError):
            session.flush()
        session.rollback()
        assert profile_of(session, get_version_in_force(session, MORNING).id) == folder("huarong").profile
