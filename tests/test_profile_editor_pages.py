"""The editors of the profile in the browser, as an administrator without script works in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.jurisdictions.queries import find_draft, get_version_in_force
from app.jurisdictions.rules.profile.wording import PAGES
from app.kernel.clock import now
from tests.matter_life import draw_up, huaian_draft, huarong_draft
from tests.other_rules import publish
from tests.plain_form import PlainForm, form_of
from tests.small_house import Browser
from tests.world import PASSWORD, Place, World

SignIn = Callable[..., Browser]
FORM = "hy-editor-form"


@pytest.fixture
def sign_in(world: World, app: Any) -> SignIn:
    """Browsers in which somebody of the world has signed in."""

    def enter(place: Place, role: str = "administrator") -> Browser:
        browser = Browser(app, app.response_class)
        form = {
            "username": place.username(role),
            "password": PASSWORD,
            "csrf_token": browser.csrf_token("/login/"),
        }
        assert browser.post("/login/", data=form).status_code == 302
        return browser

    return enter


def address(place: Place, page: str) -> str:
    return f"/j/{place.slug}/settings/profile/edit/{page}"


def opened(browser: Browser, place: Place, page: str) -> PlainForm:
    answer = browser.get(address(place, page))
    assert answer.status_code == 200
    return form_of(answer.text, FORM)


def draft_of(place: Place) -> dict[str, Any] | None:
    with place.inside():
        place.session.expire_all()
        draft = find_draft(place.session)
        return dict(draft.document) if draft else None


def in_force(place: Place) -> dict[str, Any]:
    with place.inside():
        return dict(get_version_in_force(place.session, now()).document)


@pytest.mark.parametrize("slug", ["huarong", "huaian"])
def test_every_page_is_drawn_and_saving_it_untouched_begins_no_draft(world: World, sign_in: SignIn, slug: str) -> None:
    place = getattr(world, slug)
    admin = sign_in(place)
    for page in PAGES:
        form = opened(admin, place, page.key)
        assert admin.post(address(place, page.key), data=form.data("save")).status_code == 302
        assert draft_of(place) is None, page.key


def test_a_change_is_kept_in_a_draft_and_nothing_holds_yet(world: World, sign_in: SignIn) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    before = in_force(place)
    form = opened(admin, place, "procedure")
    answer = admin.post(address(place, "procedure"), data=form.data("next", **{"procedure-steps-1-limit-amount": "３"}))
    assert (answer.status_code, answer.location) == (302, address(place, "papers"))
    draft = draft_of(place)
    assert draft is not None
    assert draft["procedure"]["steps"][1]["limit"]["amount"] == 3
    assert in_force(place) == before
    page = admin.get(address(place, "procedure")).text
    assert "3 个工作日" in page
    assert "hy-editor-changed" in page


def test_what_cannot_be_kept_is_said_beside_the_field_and_what_was_typed_stays(world: World, sign_in: SignIn) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    form = opened(admin, place, "deadlines")
    typed = {"deadline_rules-0-amount": "三天", "deadline_rules-1-note": "新的说明"}
    answer = admin.post(address(place, "deadlines"), data=form.data("save", **typed))
    assert answer.status_code == 422
    again = form_of(answer.text, FORM)
    assert again.fields["deadline_rules-0-amount"] == ["三天"]
    assert again.fields["deadline_rules-1-note"] == ["新的说明"]
    assert re.search(r'id="f-deadline_rules-0-amount-error">[^<]*整数', answer.text)
    assert re.search(r'id="f-deadline_rules-0"\s+open', answer.text)
    assert draft_of(place) is None


def test_rows_come_go_and_move_without_script_and_nothing_is_kept_by_it(world: World, sign_in: SignIn) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    form = opened(admin, place, "procedure")
    path = address(place, "procedure")
    count = len(in_force(place)["procedure"]["steps"])
    row = f"procedure-steps-{count}"
    form = form_of(admin.post(path, data=form.data("add:procedure-steps", **{"intake-article": ["第六条"]})).text, FORM)
    assert form.fields["intake-article"] == ["第六条"]
    filled = {f"{row}-name": "会商", f"{row}-kind": "approval", f"{row}-article": ["本级设定"]}
    filled |= {
        f"{row}-approval-on": "1",
        f"{row}-approval-mode": "any_of",
        f"{row}-approval-roles": ["office_leader", ""],
    }
    form = form_of(admin.post(path, data=form.data(f"up:{row}", **filled)).text, FORM)
    assert form.fields[f"procedure-steps-{count - 1}-name"] == ["会商"]
    assert form.fields[f"procedure-steps-{count - 1}-key"] == ["hs"]
    assert ("hs", "会商") in form.choices["procedure-steps-0-returns_to"]
    assert draft_of(place) is None
    form = form_of(admin.post(path, data=form.data("remove:procedure-steps-0")).text, FORM)
    assert admin.post(path, data=form.data("save")).status_code == 302
    draft = draft_of(place)
    assert draft is not None
    assert [step["name"] for step in draft["procedure"]["steps"]][-2:] == ["会商", "归档"]
    page = admin.get(path).text
    assert "督查程序以拟办" in page or "hy-editor-faults" in page


def test_a_regulation_is_pasted_whole_and_looked_through_before_it_is_kept(world: World, sign_in: SignIn) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    path = address(place, "regulation")
    form = opened(admin, place, "regulation")
    answer = admin.post(path, data=form.data("articles:replace", pasted="第一条　总则。\n第二条　范围："))
    assert "拆分出 2 条" in answer.text
    again = form_of(answer.text, FORM)
    assert again.fields["regulation-articles-0-text"] == ["总则。"]
    assert "regulation-articles-2-text" not in again.fields
    nothing = admin.post(path, data=form.data("articles:replace", pasted="没有条文"))
    assert "没有找到条文" in nothing.text
    assert form_of(nothing.text, FORM).fields | {"csrf_token": []} == form.fields | {"csrf_token": []}
    assert draft_of(place) is None


def test_a_part_that_is_switched_off_keeps_its_rows(world: World, sign_in: SignIn) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    path = address(place, "slips")
    form = form_of(admin.post(path, data=opened(admin, place, "slips").data("add:slips-items")).text, FORM)
    filled = {"slips-items-0-name": "黄色督办单"}
    again = form_of(admin.post(path, data=form.data("add:slips-items", **filled)).text, FORM)
    assert again.fields["slips-items-0-name"] == ["黄色督办单"]
    assert "slips-items-1-name" in again.fields
    assert admin.post(path, data=again.data("save")).status_code == 302
    assert draft_of(place) is None


def test_faults_are_listed_with_the_way_to_their_place(world: World, sign_in: SignIn) -> None:
    """A role that is taken out is missing where it was named: told in words, and nothing breaks."""
    place, admin = world.huarong, sign_in(world.huarong)
    path = address(place, "roles")
    form = form_of(admin.post(path, data=opened(admin, place, "roles").data("remove:roles-1")).text, FORM)
    assert admin.post(path, data=form.data("save")).status_code == 302
    page = admin.get(address(place, "procedure"))
    assert page.status_code == 200
    assert "区政府办公室主管领导（已不存在）" in page.text
    link = re.search(r'href="([^"]*#f-procedure-steps-1-approval-roles)">([^<]*)</a><span>([^<]*)', page.text)
    assert link, "the list of faults leads to the place"
    assert "督查程序 › 环节 › “审批”" in link[2]
    assert link[3].startswith("没有名为“区政府办公室主管领导”的角色")
    assert 'id="f-procedure-steps-1-approval-roles"' in page.text
    landed = admin.get(link[1].replace("&amp;", "&").partition("#")[0])
    assert re.search(r'id="f-procedure-steps-1"\s+open', landed.text)


def test_a_new_role_begins_with_the_rights_of_another_and_known_ones_keep_theirs(world: World, sign_in: SignIn) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    path = address(place, "roles")
    before = in_force(place)["roles"]
    form = form_of(admin.post(path, data=opened(admin, place, "roles").data("add:roles")).text, FORM)
    row = f"roles-{len(before)}"
    assert (f"{row}-rights-like") in form.choices
    assert form.fields["roles-0-rights-like"] == [""]
    sent = form.data(
        "save",
        **{
            f"{row}-name": "督查专员",
            f"{row}-rights-like": "inspector",
            "roles-0-name": "督办员",
            "roles-0-rights-like": "administrator",
        },
    )
    assert admin.post(path, data=sent).status_code == 302
    roles = {role["name"]: role for role in (draft_of(place) or {})["roles"]}
    assert roles["督查专员"]["key"] == "dczy"
    assert sorted(roles["督查专员"]["rights"]) == sorted(before[0]["rights"])
    assert (roles["督办员"]["key"], roles["督办员"]["rights"]) == ("inspector", before[0]["rights"])


def test_two_administrators_on_one_page_are_told_and_nothing_typed_is_lost(world: World, sign_in: SignIn) -> None:
    place = world.huarong
    first, second = sign_in(place), sign_in(place)
    path = address(place, "reminders")
    mine, other = opened(first, place, "reminders"), opened(second, place, "reminders")
    elsewhere = opened(second, place, "secrecy")
    assert first.post(path, data=mine.data("save", **{"reminders-hour": "8"})).status_code == 302
    answer = second.post(path, data=other.data("save", **{"reminders-hour": "10"}))
    assert answer.status_code == 409
    again = form_of(answer.text, FORM)
    assert again.fields["reminders-hour"] == ["10"]
    assert (draft_of(place) or {})["reminders"]["hour"] == 8
    # on another page nobody stands in the other's way
    kept = second.post(address(place, "secrecy"), data=elsewhere.data("save", **{"secrecy-custodian_required": "1"}))
    assert kept.status_code == 302
    # who has read the warning may save over it
    assert second.post(path, data=again.data("save")).status_code == 302
    assert (draft_of(place) or {})["reminders"]["hour"] == 10


def test_a_draft_is_given_up_on_every_page_at_once(world: World, sign_in: SignIn) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    path = address(place, "reminders")
    form = opened(admin, place, "reminders")
    admin.post(path, data=form.data("save", **{"reminders-hour": "8"}))
    page = admin.get(path).text
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    stale = {"do": "discard", "revision": str(int(revision[1]) - 1), "csrf_token": form.fields["csrf_token"]}
    assert admin.post(path, data=stale).status_code == 409
    assert draft_of(place) is not None
    assert admin.post(path, data=stale | {"revision": revision[1]}).status_code == 302
    assert draft_of(place) is None


def test_the_draft_of_another_jurisdiction_is_never_seen(world: World, sign_in: SignIn) -> None:
    here, there = world.huarong, world.huaian
    admin = sign_in(here)
    form = opened(admin, here, "regulation")
    admin.post(address(here, "regulation"), data=form.data("save", **{"regulation-title": "只属于华容的草稿"}))
    stranger = sign_in(there)
    assert "只属于华容的草稿" not in stranger.get(address(there, "regulation")).text
    assert draft_of(there) is None
    assert stranger.get(address(here, "regulation")).status_code in (302, 403, 404)
    assert admin.get(address(here, "nothing")).status_code == 404


def test_who_may_only_look_sees_the_page_and_cannot_change_it(world: World, sign_in: SignIn) -> None:
    place, inspector = world.huarong, sign_in(world.huarong, "inspector")
    page = inspector.get(address(place, "procedure"))
    assert page.status_code == 200
    assert "您可以查看这些设置，不能修改。" in page.text
    assert re.search(r'<fieldset class="hy-editor-all"[^>]* disabled', page.text)
    token = inspector.csrf_token(address(place, "procedure"))
    assert inspector.post(address(place, "procedure"), data={"csrf_token": token, "do": "save"}).status_code == 403
    assert draft_of(place) is None


def test_the_picture_follows_the_unsaved_form_whatever_is_in_it(world: World, sign_in: SignIn) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    form = opened(admin, place, "procedure")
    sent = form.data(
        "save",
        **{"procedure-steps-5-returns_to": "draft", "procedure-steps-2-name": "", "procedure-steps-3-kind": "junk"},
    )
    answer = admin.post(f"/j/{place.slug}/settings/profile/diagram", data=sent)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<svg")
    assert "从办结审核退回拟办" in answer.text or "办结审核" in answer.text
    assert draft_of(place) is None


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"procedure-steps-0-colour": "red"}, 422),
        ({"x" * 200: "y"}, 422),
        ({"deadline_rules-0-note": "很长" * 2_000_000}, 413),
    ],
)
def test_strange_and_huge_forms_are_refused_with_a_sentence(
    world: World, sign_in: SignIn, sent: dict[str, str], status: int
) -> None:
    place, admin = world.huarong, sign_in(world.huarong)
    token = admin.csrf_token(address(place, "procedure"))
    answer = admin.post(
        address(place, "procedure"),
        data={"csrf_token": token, "do": "save", **sent},
        content_type="multipart/form-data",
    )
    assert answer.status_code == status
    assert re.search("[\u4e00-\u9fff]{6}", answer.text)
    assert draft_of(place) is None


def test_the_words_of_the_place_stand_in_its_ledger_and_in_no_other(world: World, sign_in: SignIn) -> None:
    place, other = world.huarong, world.huaian
    with place.inside():
        matter_id = draw_up(place, huarong_draft(place)).matter_id
        publish(place, words={"draft": "起草中"})
    with other.inside():
        draw_up(other, huaian_draft(other))
    assert "起草中" in sign_in(place).get(f"/j/{place.slug}/matters/").text
    assert "起草中" not in sign_in(other).get(f"/j/{other.slug}/matters/").text
    # a matter that runs keeps the words of the version it was listed under
    assert "起草中" not in sign_in(place).get(f"/j/{place.slug}/matters/{matter_id}").text
