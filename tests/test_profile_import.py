"""Folders going in: in order, again, changed, over what was changed on the pages; and what runs keeps its version."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sqlalchemy import select

from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import find_by_slug, get_version_in_force, procedure_of, profile_of
from app.jurisdictions.rules.folder import LoadedFolder
from app.jurisdictions.rules.profile import parse_profile
from app.kernel.actor import Actor
from app.kernel.errors import Invalid, NotFound
from app.kernel.events import Event
from app.matters.models import MatterSource
from app.organisation.models import JurisdictionRole, Unit
from app.platform.services import Imported, exported_folder, import_folder
from tests.conftest import MORNING
from tests.test_profile_faults import document
from tests.world import World, folder


def take(session: Any, loaded: LoadedFolder) -> Imported:
    """Import a folder."""
    return import_folder(session, Actor.system(None), loaded, at=MORNING, today=MORNING.date())


def with_profile(slug: str, **changes: Any) -> LoadedFolder:
    """A shipped folder with parts of its profile changed."""
    return dataclasses.replace(folder(slug), profile=parse_profile(document(slug) | changes))


def test_a_county_waits_for_its_city(session: Any) -> None:
    with pytest.raises(Invalid) as refused:
        take(session, folder("lianshui"))
    assert "320800" in str(refused.value)
    assert session.scalars(select(Jurisdiction)).all() == []


def test_a_second_import_changes_nothing_and_says_nothing(session: Any, world: World) -> None:
    for place in (world.huaian, world.huarong, world.lianshui):
        with place.inside():
            before = len(list(session.scalars(select(Event))))
        done = take(session, folder(place.slug))
        assert (done.published, done.version) == (False, 1)
        assert not (done.roles or done.sources or done.units or done.templates)
        with place.inside():
            assert len(list(session.scalars(select(Event)))) == before


def test_a_changed_profile_is_a_new_version_and_the_old_one_stays(session: Any, world: World) -> None:
    changed = document()["procedure"]
    changed["steps"] = [step for step in changed["steps"] if step["key"] != "closing"]
    with world.huarong.inside():
        old = get_version_in_force(session, MORNING).id
    done = take(session, with_profile("huarong", procedure=changed))
    assert (done.published, done.version) == (True, 2)
    with world.huarong.inside():
        new = get_version_in_force(session, MORNING).id
        assert new != old
        assert [step.key for step in procedure_of(session, old).steps][-2:] == ["closing", "archiving"]
        assert [step.key for step in procedure_of(session, new).steps][-2:] == ["review", "archiving"]


def test_a_profile_is_seen_only_from_inside(session: Any, world: World) -> None:
    with world.huarong.inside():
        version_id = get_version_in_force(session, MORNING).id
        assert profile_of(session, version_id) == folder("huarong").profile
    with world.huaian.inside(), pytest.raises(NotFound):
        profile_of(session, version_id)


def test_an_unsound_profile_is_not_published(session: Any, world: World) -> None:
    spoiled = document()["procedure"]
    spoiled["steps"][1]["returns_to"] = "archiving"
    with pytest.raises(Invalid) as refused:
        take(session, with_profile("huarong", procedure=spoiled))
    assert "procedure.steps[1].returns_to" in str(refused.value)
    with world.huarong.inside():
        assert get_version_in_force(session, MORNING).number == 1


def test_what_was_changed_on_the_pages_goes_out_and_an_import_puts_it_right(session: Any, world: World) -> None:
    with world.huarong.inside():
        role = session.scalars(select(JurisdictionRole).where(JurisdictionRole.key == "archivist")).one()
        role.rights.remove(next(right for right in role.rights if right.right == "attachment:write"))
        session.add(JurisdictionRole(key="observer", name="观察员", position=99))
        session.add(Unit(code="NEW", name="区统计局", short_name="统计局", kind="department", position=99))
        session.commit()
    out = exported_folder(session, "huarong", at=MORNING)
    roles = {one.key: one for one in out.profile.roles}
    assert "attachment:write" not in roles["archivist"].rights
    assert roles["observer"].name == "观察员"
    assert out.units[-1].code == "NEW"

    done = take(session, folder("huarong"))
    assert (done.published, done.roles.changed, done.sources.changed, done.units.changed) == (False, 1, 0, 0)
    again = exported_folder(session, "huarong", at=MORNING)
    assert "attachment:write" in {one.key: one for one in again.profile.roles}["archivist"].rights
    assert "observer" in again.profile.role_keys()


def test_a_source_that_is_no_longer_named_is_closed_and_kept(session: Any, world: World) -> None:
    fewer = document()["matter_sources"][:-1]
    done = take(session, with_profile("huarong", matter_sources=fewer))
    assert done.sources.closed == 1
    with world.huarong.inside():
        assert not session.scalars(select(MatterSource).where(MatterSource.key == "other")).one().active


def test_an_address_belongs_to_one_jurisdiction(session: Any, world: World) -> None:
    loaded = folder("huarong")
    taken = dataclasses.replace(loaded, card=loaded.card.model_copy(update={"slug": "huaian"}))
    with pytest.raises(Invalid):
        take(session, taken)
    assert find_by_slug(session, "huarong") is not None


def test_no_jurisdiction_stands_below_itself(session: Any, world: World) -> None:
    loaded = folder("huaian")
    circle = dataclasses.replace(loaded, card=loaded.card.model_copy(update={"parent": "320826"}))
    with pytest.raises(Invalid) as refused:
        take(session, circle)
    assert "below itself" in str(refused.value)


def test_a_jurisdiction_nobody_knows_is_named(session: Any) -> None:
    with pytest.raises(NotFound) as refused:
        exported_folder(session, "atlantis", at=MORNING)
    assert "atlantis" in str(refused.value)
