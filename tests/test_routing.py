"""Who carries a matter in the office: the operating body or a leader's own group, and whose business a matter looks like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.jurisdictions.rules.folder import check_folder, folder_files, read_folder
from app.kernel.actor import Actor
from app.kernel.errors import Invalid
from app.matters.queries import list_leaders
from app.matters.queries.routing import suggest_leads
from app.matters.rules.routing import Carrier, LeaderFacts, PortfolioFacts, Why, carrier, fit, lines_of
from app.organisation import services
from app.organisation.models import Membership, Post
from app.platform.services import exported_folder, import_folder
from tests.conftest import MORNING, ROOT
from tests.matter_life import MONDAY, draw_up, huaian_draft, huarong_draft
from tests.other_rules import publish
from tests.two_houses import Visitor
from tests.world import PASSWORD, Place, World, folder

OFFICE, GROUP, DRAWER = 1, 2, 3
PORTFOLIOS = [PortfolioFacts(frozenset({"水利", "农业农村"}), GROUP)]


@pytest.mark.parametrize(
    ("leader", "line", "office", "expected"),
    [
        (LeaderFacts(frozenset({"mayor"}), GROUP), "水利", OFFICE, Carrier(OFFICE, Why.PRINCIPAL)),
        (LeaderFacts(frozenset({"vice"}), GROUP), None, OFFICE, Carrier(GROUP, Why.PORTFOLIO)),
        (LeaderFacts(frozenset({"vice"}), None), "水利", OFFICE, Carrier(OFFICE, Why.OFFICE)),
        (None, "水利、河湖", OFFICE, Carrier(GROUP, Why.LINE)),
        (None, "财政", OFFICE, Carrier(OFFICE, Why.OFFICE)),
        (None, None, None, Carrier(DRAWER, Why.DRAWER)),
    ],
)
def test_who_carries_it_follows_from_the_leader_then_from_the_portfolio(
    leader: LeaderFacts | None, line: str | None, office: int | None, expected: Carrier
) -> None:
    found = carrier(
        leader=leader,
        principal_roles=("mayor",),
        portfolios=PORTFOLIOS,
        line=line,
        office_id=office,
        drawer_id=DRAWER,
    )
    assert found == expected


def test_a_line_fits_by_the_words_it_is_made_of() -> None:
    assert lines_of(" 发展改革、财政, 税务 发展改革 ") == ("发展改革", "财政", "税务")
    assert fit("水利、农业农村", "关于加快水利工程建设") == 2
    assert fit("教育", "关于加快水利工程建设") == 0
    assert fit("水利湖泊", "关于加快水利工程建设") == 2
    assert fit(None, "教育") == 0


# -- 淮安市: by the leader ------------------------------------------------------------------------------------------


@pytest.fixture
def huaian(world: World) -> Any:
    with world.huaian.inside():
        yield world.huaian


def seat(place: Place, role: str, post: str) -> Actor:
    """Put a leader on one of the folder's posts."""
    who = place.actor(role)
    row = place.session.get(Membership, who.membership_id)
    row.post_id = place.session.query(Post).filter_by(name=post).one().id
    place.session.commit()
    return who


def carried(place: Place, **changes: Any) -> int | None:
    life = draw_up(place, huaian_draft(place, supervising_unit_id=None) | changes)
    life.office("submit")
    return life.matter.supervising_unit_id


def test_the_mayors_matter_is_the_supervision_offices_a_vice_mayors_his_groups(huaian: Place) -> None:
    mayor = seat(huaian, "principal_leader", "分管农业的副市长")  # whatever post he sits on
    vice = seat(huaian, "vice_mayor", "分管社会事业的副市长")
    water = huaian.units["SLJ"]
    units = huaian.units
    assert carried(huaian, instruction_leader_id=mayor.membership_id, lead_unit_id=water) == units["DCS"]
    assert carried(huaian, instruction_leader_id=vice.membership_id, lead_unit_id=water) == units["DCZ3"]
    # nobody's instruction: the group of the leader in charge of the lead unit's line
    assert carried(huaian, lead_unit_id=water) == units["DCZ2"]
    assert carried(huaian, lead_unit_id=units["FGW"]) == units["DCS"]
    # in principle, and an inspector may choose otherwise
    chosen = carried(huaian, instruction_leader_id=vice.membership_id, supervising_unit_id=units["DCZ1"])
    assert chosen == units["DCZ1"]


def test_where_it_may_not_be_chosen_another_choice_is_refused(huaian: Place) -> None:
    profile = folder("huaian").profile
    routing = {**profile.routing.model_dump(mode="json"), "overridable": False}
    publish(huaian, routing=routing)
    vice, units = seat(huaian, "vice_mayor", "分管社会事业的副市长"), huaian.units
    with pytest.raises(Invalid) as error:
        carried(huaian, instruction_leader_id=vice.membership_id, supervising_unit_id=units["DCZ1"])
    assert "supervising_unit_id" in error.value.fields
    assert carried(huaian, instruction_leader_id=vice.membership_id) == units["DCZ3"]
    named = carried(huaian, instruction_leader_id=vice.membership_id, supervising_unit_id=units["DCZ3"])
    assert named == units["DCZ3"]


def test_only_leaders_of_the_procedure_are_offered_whatever_their_roles_are_called(world: World) -> None:
    for place, wanted in (
        (world.huaian, {"secretary_general", "office_director", "principal_leader", "vice_mayor"}),
        (world.huarong, {"office_leader", "government_leader"}),
    ):
        with place.inside():
            found = list_leaders(place.session, folder(place.slug).profile)
            assert {role.key for one in found for role in one.roles} == wanted


# -- 华容区: by functional line ---------------------------------------------------------------------------------------


def test_units_are_suggested_by_their_line_and_nothing_is_routed_by_leaders(world: World) -> None:
    with world.huarong.inside():
        place = world.huarong
        found = suggest_leads(place.session, None, "关于区水利工程和农村教育的督办事项")
        assert found, "no unit of the folder has a line that fits"
        assert all(fit(one.line, "关于区水利工程和农村教育的督办事项") for one in found)
        assert suggest_leads(place.session, None, "关于甲乙丙丁") == []
        life = draw_up(place, huarong_draft(place))
        life.office("submit")
        assert life.matter.supervising_unit_id is None


def test_the_form_says_who_would_carry_it_and_whose_business_it_looks_like(app: Any, world: World) -> None:
    with world.huaian.inside():
        vice = seat(world.huaian, "vice_mayor", "分管社会事业的副市长")
        source = draw_up(world.huaian, huaian_draft(world.huaian)).matter.source_id
    browser = Visitor(app, app.response_class)
    assert browser.sign_in(world.huaian.username("inspector"), PASSWORD, "/j/huaian").status_code == 302
    page = f"/j/huaian/matters/due-preview?source_id={source}&instruction_leader_id={vice.membership_id}"
    assert "督查三组" in browser.get(page).text
    with world.huarong.inside():
        source = draw_up(world.huarong, huarong_draft(world.huarong)).matter.source_id
    browser = Visitor(app, app.response_class)
    assert browser.sign_in(world.huarong.username("inspector"), PASSWORD, "/j/huarong").status_code == 302
    seen = browser.get("/j/huarong/matters/due-preview", query_string={"source_id": source, "title": "水利工程"}).text
    assert "水利" in seen


# -- portfolios in the folder ---------------------------------------------------------------------------------------


def test_posts_go_into_a_folder_and_come_back_the_same(session: Any, world: World, tmp_path: Path) -> None:
    loaded = folder("huaian")
    assert [post.supervising_unit for post in loaded.posts] == ["DCS", "DCZ1", "DCZ2", "DCZ3"]
    again = import_folder(session, Actor.system(None), loaded, at=MORNING, today=MORNING.date())
    assert not again.posts
    out = exported_folder(session, "huaian", at=MORNING)
    assert out.posts == loaded.posts
    files = folder_files(out)
    assert files["posts.yaml"] == (ROOT / "tenants/320800-huaian/posts.yaml").read_bytes()
    assert "posts.yaml" not in folder_files(exported_folder(session, "huarong", at=MORNING))


def test_a_changed_portfolio_is_taken_over_and_own_posts_stay(session: Any, world: World) -> None:
    loaded, place = folder("huaian"), world.huaian
    with place.inside():
        services.add_post(session, Actor.system(place.id), unit_id=place.units["GOV"], name="市长助理", at=MONDAY)
    changed = loaded.posts[1].model_copy(update={"portfolio": ("水利",)})
    done = import_folder(
        session,
        Actor.system(None),
        replace(loaded, posts=(changed, *loaded.posts[2:])),
        at=MORNING,
        today=MORNING.date(),
    )
    assert (done.posts.added, done.posts.changed >= 1) == (0, True)
    with place.inside():
        posts = {post.name: post.portfolio for post in session.query(Post)}
    assert posts["分管城建的副市长"] == "水利"
    assert "市长助理" in posts


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("posts:\n  - {unit: NOBODY, name: 市长}\n", "posts.yaml: posts[0].unit", "unknown_unit"),
        ("posts:\n  - {unit: GOV, name: 市长, supervising_unit: X9}\n", "posts[0].supervising_unit", "unknown_unit"),
        ("posts:\n  - {unit: GOV, name: 市长}\n  - {unit: GOV, name: 市长}\n", "posts[1].name", "doubled"),
        ("posts:\n  - {unit: GOV, name: 市长, kind: king}\n", "posts.yaml:2", "unknown_word"),
        ("posts:\n  - {unit: GOV, name: 市长, salary: 1}\n", "posts.yaml:2", "unknown_key"),
        ("posts:\n  - {unit: GOV, name: 市长, portfolio: ['发展、财政']}\n", "posts.yaml", ""),
        ("posts: []\n", "posts.yaml", ""),
    ],
)
def test_a_post_that_cannot_be_is_refused_with_its_place(tmp_path: Path, text: str, place: str, code: str) -> None:
    for name, data in folder_files(folder("huaian")).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "posts.yaml").write_text(text, "utf-8")
    loaded, faults = check_folder(tmp_path)
    assert loaded is None
    assert any(place in fault.path and (not code or fault.code == code) for fault in faults), faults
    (tmp_path / "posts.yaml").unlink()
    assert read_folder(tmp_path).posts == ()
