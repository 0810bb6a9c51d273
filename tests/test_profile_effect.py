"""A published version comes into force on its day: until then the former one is, and then roles and sources follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.jurisdictions import services
from app.jurisdictions.queries import due_jurisdictions, find_draft, get_version_in_force, profile_of
from app.jurisdictions.tasks import bring_into_force
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import Event
from app.matters.models import MatterSource
from app.matters.rules import Draft
from app.matters.services import draw_up
from app.organisation.models import JurisdictionRole
from app.organisation.permissions import RIGHTS
from app.organisation.services import set_role_rights
from tests.conftest import MORNING
from tests.test_profile_drafts import admin, published
from tests.test_profile_faults import document
from tests.world import Place, World

FRIDAY = dt.date(2026, 3, 6)
THURSDAY_NIGHT = dt.datetime(2026, 3, 5, 15, 59, 59, tzinfo=dt.UTC)  # 23:59:59 in China
FRIDAY_MIDNIGHT = dt.datetime(2026, 3, 5, 16, 0, tzinfo=dt.UTC)  # 00:00 in China


def with_one_more(place: Place) -> dict[str, Any]:
    """Sections with a role and a source more, another name for a role, and fewer rights in the text."""
    data = document(place.slug)
    data["roles"][0]["name"] = "督查员甲"
    data["roles"][0]["rights"].remove("matter:export")
    data["roles"].append({"key": "observer", "name": "观察员", "rights": ["unit:read"]})
    data["matter_sources"].append(data["matter_sources"][0] | {"key": "hotline", "name": "热线", "short_name": "热线"})
    return {"roles": data["roles"], "matter_sources": data["matter_sources"]}


def live_rights(session: Any) -> dict[str, list[str]]:
    """The rights of the roles as they are, by key."""
    return {role.key: [right.right for right in role.rights] for role in session.scalars(select(JurisdictionRole))}


def tick(place: Place, at: dt.datetime) -> None:
    """What the clock does: ring for whoever is due."""
    assert due_jurisdictions(place.session, at) == [place.id]
    bring_into_force.run(place.id, at.isoformat())
    assert due_jurisdictions(place.session, at) == []


def test_until_its_day_the_former_version_is_in_force_and_then_it_is_at_midnight(session: Any, world: World) -> None:
    with world.huarong.inside():
        published(world.huarong, on=FRIDAY, attendance=["工作例会"])
        assert get_version_in_force(session, MORNING).number == 1
        assert get_version_in_force(session, THURSDAY_NIGHT).number == 1
        assert get_version_in_force(session, FRIDAY_MIDNIGHT).number == 2
    with world.huaian.inside():
        assert get_version_in_force(session, FRIDAY_MIDNIGHT).number == 1


def test_the_first_version_is_in_force_at_once_whatever_its_day(session: Any, world: World) -> None:
    with world.huarong.inside():
        first = get_version_in_force(session, MORNING)
        assert first.effective_on == MORNING.date()
        assert get_version_in_force(session, MORNING - dt.timedelta(days=400)).id == first.id


def test_roles_and_sources_follow_when_the_day_has_come_and_not_before(session: Any, world: World) -> None:
    place = world.huarong
    with place.inside():
        before = live_rights(session)
        published(place, on=FRIDAY, **with_one_more(place))
        assert live_rights(session) == before
        assert due_jurisdictions(session, THURSDAY_NIGHT) == []
    tick(place, FRIDAY_MIDNIGHT)
    with place.inside():
        after = live_rights(session)
        assert after.pop("observer") == ["unit:read"]
        assert {key: sorted(words) for key, words in after.items()} == {
            key: sorted(words) for key, words in before.items()
        }
        names = {role.key: role.name for role in session.scalars(select(JurisdictionRole))}
        assert "督查员甲" in names.values()
        assert session.scalars(select(MatterSource.active).where(MatterSource.key == "hotline")).all() == [True]
        count = len(session.scalars(select(Event).where(Event.kind == "profile.took_effect")).all())
    bring_into_force.run(place.id, FRIDAY_MIDNIGHT.isoformat())
    with place.inside():
        assert len(session.scalars(select(Event).where(Event.kind == "profile.took_effect")).all()) == count == 2


def test_a_version_of_today_is_followed_at_once(session: Any, world: World) -> None:
    with world.huaian.inside():
        published(world.huaian, **with_one_more(world.huaian))
        assert "observer" in live_rights(session)
        assert due_jurisdictions(session, FRIDAY_MIDNIGHT) == []


def test_a_draft_is_checked_and_published_with_the_rights_the_roles_have_now(session: Any, world: World) -> None:
    place = world.huarong
    with place.inside():
        leader = session.scalars(select(JurisdictionRole).where(JurisdictionRole.key == "office_leader")).first()
        role = leader or session.scalars(select(JurisdictionRole)).first()
        fewer = [right.right for right in role.rights][1:]
        set_role_rights(session, Actor.system(place.id), {role.id: fewer}, at=MORNING)
        draft = services.start_draft(session, admin(place), at=MORNING)
        draft = services.save_section(
            session, admin(place), "attendance", ["工作例会"], expected_revision=draft.revision, at=MORNING
        )
        wanted: dict[str, Any] = {
            "known_rights": RIGHTS,
            "effective_on": MORNING.date(),
            "note": "试行",
            "expected_revision": 2,
            "at": MORNING,
        }
        with pytest.raises(services.FaultyProfile) as refused:
            services.publish_draft(
                session, admin(place), **wanted, live_rights={key: [] for key in live_rights(session)}
            )
        assert {fault.code for fault in refused.value.faults} == {"role_without_right"}
        live = live_rights(session)
        live[role.key] = live[role.key] or ["unit:read"]
        version = services.publish_draft(session, admin(place), **wanted, live_rights=live)
        kept = {one.key: set(one.rights) for one in profile_of(session, version.id).roles}
        assert kept[role.key] == set(fewer)


def test_a_running_matter_keeps_its_version_and_a_new_one_takes_the_new(session: Any, world: World) -> None:
    place = world.huarong
    registrar = next(actor for actor in place.people.values() if actor.may("matter:register"))
    with place.inside():
        source = session.scalars(select(MatterSource.id)).first()
        words = Draft(title="老街改造", source_id=source, content="", lead_unit_id=None)
        old = draw_up(session, registrar, words, at=MORNING).id
        published(place, on=FRIDAY, attendance=["工作例会"])
        waiting = draw_up(session, registrar, words, at=THURSDAY_NIGHT)
        new = draw_up(session, registrar, words, at=FRIDAY_MIDNIGHT)
        assert waiting.profile_version_id != new.profile_version_id
        kept = type(new)
        assert session.get(kept, old).profile_version_id == waiting.profile_version_id


def test_what_is_still_to_come_can_be_withdrawn_with_a_reason(session: Any, world: World) -> None:
    place = world.huarong
    with place.inside():
        coming = published(place, on=FRIDAY, attendance=["工作例会"]).id
        with pytest.raises(Invalid):
            services.withdraw_version(session, admin(place), coming, note=" ", at=MORNING)
        with pytest.raises(Refused):
            services.withdraw_version(session, place.actor("inspector"), coming, note="有误", at=MORNING)
        services.withdraw_version(session, admin(place), coming, note="有误", at=MORNING)
        assert get_version_in_force(session, FRIDAY_MIDNIGHT).number == 1
        with pytest.raises(Conflict):
            services.withdraw_version(session, admin(place), coming, note="有误", at=MORNING)
        again = published(place, on=FRIDAY, attendance=["工作例会"])
        assert again.number == 3
    with world.huaian.inside(), pytest.raises(NotFound):
        services.withdraw_version(session, admin(world.huaian), coming, note="有误", at=MORNING)


def test_what_is_or_was_in_force_is_not_withdrawn(session: Any, world: World) -> None:
    place = world.huarong
    with place.inside():
        first = get_version_in_force(session, MORNING).id
        second = published(place, on=FRIDAY, attendance=["工作例会"]).id
        for version_id, at in ((first, MORNING), (second, FRIDAY_MIDNIGHT), (first, FRIDAY_MIDNIGHT)):
            with pytest.raises(Conflict) as refused:
                services.withdraw_version(session, admin(place), version_id, note="有误", at=at)
            assert refused.value.code == "in_force"
        draft = services.start_draft(session, admin(place), at=MORNING).id
        with pytest.raises(NotFound):
            services.withdraw_version(session, admin(place), draft, note="有误", at=MORNING)


def test_no_version_is_passed_over_by_one_that_comes_earlier(session: Any, world: World) -> None:
    place = world.huarong
    with place.inside():
        published(place, on=FRIDAY, attendance=["工作例会"])
        with pytest.raises(Invalid) as refused:
            published(place, on=FRIDAY - dt.timedelta(days=1), attendance=["月度例会"])
        assert refused.value.code == "before_the_coming"
        assert "2026-03-06" in str(refused.value)
        draft = find_draft(session)
        assert draft is not None
        services.publish_draft(
            session,
            admin(place),
            known_rights=RIGHTS,
            effective_on=FRIDAY,
            note="同日",
            expected_revision=draft.revision,
            at=MORNING,
        )
        assert get_version_in_force(session, clock.at_local(FRIDAY)).number == 3
