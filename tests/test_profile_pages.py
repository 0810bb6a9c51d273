"""The profile's front page, the comparison, export and upload, as an administrator meets them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

import pytest

from app.jurisdictions import services
from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import find_draft, find_newest_version, get_version_in_force, profile_of
from app.jurisdictions.rules import digest_of
from app.jurisdictions.rules.archive import write_archive
from app.jurisdictions.rules.folder import profile_files
from app.jurisdictions.rules.presets import find_preset
from app.kernel import clock
from app.organisation.permissions import RIGHTS
from tests.small_house import Browser
from tests.test_profile_drafts import admin
from tests.test_profile_faults import document
from tests.world import PASSWORD, Place, World, folder

HOME = "/j/huarong/settings/profile/"


def sign_in(app: Any, place: Place, role: str = "administrator", unit: str | None = None) -> Browser:
    """A browser in which somebody has signed in."""
    browser = Browser(app, app.response_class)
    form = {
        "username": place.username(role, unit),
        "password": PASSWORD,
        "csrf_token": browser.csrf_token("/login/"),
    }
    assert browser.post("/login/", data=form).status_code == 302
    return browser


@pytest.fixture
def browser(app: Any, world: World) -> Browser:
    """The administrator of 华容区."""
    return sign_in(app, world.huarong)


def send(browser: Browser, act: str, **data: Any) -> Any:
    """A form of the front page, sent."""
    return browser.post(f"{HOME}{act}", data=data | {"csrf_token": browser.csrf_token(HOME)})


def draft_of(world: World, **sections: Any) -> int:
    """A draft with sections exchanged; its revision."""
    place = world.huarong
    with place.inside():
        draft = services.start_draft(place.session, admin(place), at=clock.now())
        for name, data in sections.items():
            draft = services.save_section(
                place.session, admin(place), name, data, expected_revision=draft.revision, at=clock.now()
            )
        return int(draft.revision)


def test_a_draft_is_begun_checked_and_published_with_a_day_and_a_reason(browser: Browser, world: World) -> None:
    assert send(browser, "start", origin="current", note="按新规定修改").status_code == 302
    page = browser.get(HOME).text
    assert "按新规定修改" in page
    with world.huarong.inside():
        draft = find_draft(world.huarong.session)
        assert draft is not None
        services.save_section(
            world.huarong.session, admin(world.huarong), "attendance", ["例会"], expected_revision=1, at=clock.now()
        )
    day = clock.today() + dt.timedelta(days=3)
    refused = send(browser, "publish", revision="2", effective_on=day.isoformat(), note="")
    assert refused.status_code == 422
    assert day.isoformat() in refused.text
    refused = send(browser, "publish", revision="2", effective_on="2020-01-01", note="旧日期")
    assert refused.status_code == 422
    assert "旧日期" in refused.text
    refused = send(browser, "publish", revision="1", effective_on=day.isoformat(), note="他人已改")
    assert refused.status_code == 409
    assert (
        send(browser, "publish", revision="2", effective_on=day.isoformat(), note="区政府常务会议决定").status_code
        == 302
    )
    page = browser.get(HOME).text
    for words in (day.isoformat(), "区政府常务会议决定"):
        assert words in page
    with world.huarong.inside():
        assert get_version_in_force(world.huarong.session, clock.now()).number == 1
    assert send(browser, "withdraw", number="2", note="").status_code == 422
    assert send(browser, "withdraw", number="1", note="不行").status_code == 409
    assert send(browser, "withdraw", number="9", note="没有").status_code == 404
    assert send(browser, "withdraw", number="2", note="日期有误").status_code == 302
    assert "日期有误" in browser.get(HOME).text


def test_a_faulty_draft_names_every_place_with_a_link(browser: Browser, world: World) -> None:
    spoiled = document()["procedure"]
    spoiled["steps"][1]["returns_to"] = "archiving"
    revision = draft_of(world, procedure=spoiled)
    page = browser.get(HOME).text
    assert "/j/huarong/settings/profile/edit/procedure?at=procedure-steps-1-returns_to" in page
    refused = send(browser, "publish", revision=str(revision), effective_on=clock.today().isoformat(), note="理由")
    assert refused.status_code == 422
    with world.huarong.inside():
        assert get_version_in_force(world.huarong.session, clock.now()).number == 1


def test_a_draft_is_discarded_by_whoever_has_read_it(browser: Browser, world: World) -> None:
    revision = draft_of(world, attendance=["例会"])
    assert send(browser, "discard", revision="1").status_code == 409
    assert send(browser, "discard", revision=str(revision)).status_code == 302
    with world.huarong.inside():
        assert find_draft(world.huarong.session) is None


def test_who_may_only_read_changes_nothing_and_who_may_not_read_sees_nothing(app: Any, world: World) -> None:
    liaison = sign_in(app, world.huarong, "unit_liaison", "ZJJ")
    for path in ("", "compare", "export", "impact"):
        assert liaison.get(f"{HOME}{path}").status_code == 403
    stranger = sign_in(app, world.huaian)
    assert stranger.get(HOME).status_code == 404
    for act in ("start", "discard", "publish", "withdraw", "upload", "compare/take", "preset/settle"):
        assert liaison.post(f"{HOME}{act}", data={"csrf_token": liaison.csrf_token("/j/huarong/")}).status_code == 403


@pytest.mark.parametrize("word", ["99", "preset:nothing", "draft", "x", "-1", "9999999999", "%00", "²"])
def test_what_is_no_side_is_not_there(browser: Browser, word: str) -> None:
    assert browser.get(f"{HOME}compare?left=1&right={word}").status_code == 404
    assert browser.get(f"{HOME}export?version={word}").status_code == 404


def test_a_preset_is_compared_and_single_differences_are_taken_over(browser: Browser, world: World) -> None:
    page = browser.get(f"{HOME}compare?left=1&right=preset:city")
    assert page.status_code == 200
    name = "changed:procedure.steps[approval].name"
    assert name in page.text
    taken = send(browser, "compare/take", right="preset:city", take=[name], revision="0")
    assert taken.status_code == 302
    with world.huarong.inside():
        draft = find_draft(world.huarong.session)
        assert draft is not None
        steps = {one.key: one.name for one in profile_of(world.huarong.session, draft.id).procedure.steps}
        assert steps["approval"] == "审定"
        assert "draft" in steps
    other = "changed:extension.mode"
    assert send(browser, "compare/take", right="preset:city", take=[other], revision="7").status_code == 302
    with world.huarong.inside():
        assert find_draft(world.huarong.session).revision == 1  # type: ignore[union-attr]
    assert send(browser, "compare/take", right="preset:city", take=[other], revision="1").status_code == 302
    with world.huarong.inside():
        assert find_draft(world.huarong.session).revision == 2  # type: ignore[union-attr]


def test_a_changed_preset_is_offered_until_it_was_looked_at_and_never_imposed(browser: Browser, world: World) -> None:
    session = world.huarong.session
    preset = find_preset("district", frozenset(RIGHTS))
    assert preset is not None
    house = session.get(Jurisdiction, world.huarong.id)
    house.preset, house.preset_digest = "district", "0" * 64
    session.commit()
    page = browser.get(HOME).text
    assert f"{HOME}compare?left=1&amp;right=preset:district" in page
    with world.huarong.inside():
        assert find_newest_version(session).number == 1  # type: ignore[union-attr]
    assert send(browser, "preset/settle", digest="nonsense").status_code == 404
    assert send(browser, "preset/settle", digest=digest_of(preset.profile)).status_code == 302
    assert f"{HOME}compare?left=1&amp;right=preset:district" not in browser.get(HOME).text


def test_a_jurisdiction_remembers_the_preset_it_began_with_once_that_is_published(
    browser: Browser, world: World
) -> None:
    session = world.huarong.session
    assert send(browser, "start", origin="preset:city", note="").status_code == 302
    session.expire_all()
    assert session.get(Jurisdiction, world.huarong.id).preset is None
    day = clock.today().isoformat()
    answer = send(browser, "publish", revision="1", effective_on=day, note="改用城市范本")
    assert answer.status_code in (302, 403)  # refused where the preset's new roles may do more than the administrator
    session.expire_all()
    house = session.get(Jurisdiction, world.huarong.id)
    preset = find_preset("city", frozenset(RIGHTS))
    assert preset is not None
    published = ("city", digest_of(preset.profile)) if answer.status_code == 302 else (None, None)
    assert (house.preset, house.preset_digest) == published


def upload(browser: Browser, data: bytes, revision: str = "1") -> Any:
    """A file sent with the form of the front page."""
    return send(browser, "upload", revision=revision, file=(io.BytesIO(data), "profile.zip"))


def test_a_profile_goes_out_as_a_folder_and_comes_back_into_the_draft(browser: Browser, world: World) -> None:
    out = browser.get(f"{HOME}export")
    assert out.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(out.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert files == profile_files(folder("huarong").profile)
    draft_of(world)
    assert upload(browser, write_archive(folder("huaian").profile)).status_code == 302
    with world.huarong.inside():
        draft = find_draft(world.huarong.session)
        assert draft is not None
        assert profile_of(world.huarong.session, draft.id) == folder("huaian").profile


def zipped(**files: bytes) -> bytes:
    """A zip with the shipped profile's files, some exchanged; ``__`` stands for a slash, ``_y`` for the ending."""
    known = dict(profile_files(folder("huarong").profile))
    for name, data in files.items():
        known[name.replace("__", "/").replace("_y", ".yaml")] = data
    return packed(known)


def packed(files: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


HOSTILE: dict[str, tuple[bytes, str]] = {
    "no zip": (b"PK nonsense", "zip"),
    "half a zip": (zipped()[:2000], "zip"),
    "a bomb": (zipped(profile__words_y=b"words: " + b"x" * 50_000_000), "profile/words.yaml"),
    "an alias": (zipped(profile__words_y=b"words: &a {}\nx: *a\n"), "profile/words.yaml:1"),
    "a tag": (zipped(profile__words_y=b"words: !!python/object/apply:os.system [id]\n"), "profile/words.yaml:1"),
    "a way out": (packed({"../../etc/passwd": b"x"}), "../../etc/passwd"),
    "a root": (packed({"/etc/passwd": b"x"}), "/etc/passwd"),
    "a stranger": (zipped(profile__newer_y=b"x: 1\n"), "profile/newer.yaml"),
    "a word of a newer release": (zipped(profile__words_y=b"words: {}\nmagic: 1\n"), "magic"),
    "a missing file": (packed({"profile/words.yaml": b"words: {}\n"}), "profile/regulation.yaml"),
    "too many": (packed({f"profile/{n}.yaml": b"" for n in range(200)}), "zip"),
    "too large": (b"x" * 10_000_000, "2 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_upload_is_refused_by_name_and_nothing_is_kept(browser: Browser, world: World, name: str) -> None:
    data, place = HOSTILE[name]
    draft_of(world)
    refused = upload(browser, data)
    assert refused.status_code in (413, 422)
    assert place in refused.text
    assert "Traceback" not in refused.text
    with world.huarong.inside():
        assert find_draft(world.huarong.session).revision == 1  # type: ignore[union-attr]
        assert get_version_in_force(world.huarong.session, clock.now()).number == 1


def test_an_upload_with_faults_is_kept_in_the_draft_which_says_them(browser: Browser, world: World) -> None:
    sound = profile_files(folder("huarong").profile)["profile/procedure.yaml"]
    spoiled = sound.replace(b"returns_to: draft", b"returns_to: archiving")
    draft_of(world)
    assert (
        upload(
            browser, zipped(profile__procedure_y=spoiled.replace(b"returns_to: draft", b"returns_to: archiving"))
        ).status_code
        == 302
    )
    page = browser.get(HOME).text
    assert "procedure-steps-1-returns_to" in page
    assert (
        send(browser, "publish", revision="2", effective_on=clock.today().isoformat(), note="理由").status_code == 422
    )


def test_an_upload_without_a_file_or_over_somebody_elses_change_is_refused(browser: Browser, world: World) -> None:
    draft_of(world, attendance=["例会"])
    assert send(browser, "upload", revision="2").status_code == 422
    assert upload(browser, zipped(), revision="1").status_code == 409


def test_the_list_of_matters_under_a_version_is_the_number_said(browser: Browser, world: World) -> None:
    from tests.matter_life import to_handling

    with world.huarong.inside():
        to_handling(world.huarong)
    page = browser.get(HOME).text
    reads = "/j/huarong/matters/?open=1&amp;rules=1" in page
    assert reads is world.huarong.actor("administrator").may("matter:read_all")


def test_what_would_change_is_told_before_publishing(browser: Browser, world: World) -> None:
    assert browser.get(f"{HOME}impact").status_code == 404
    procedure = document()["procedure"]
    next(one for one in procedure["steps"] if one["key"] == "approval")["limit"]["amount"] = 1
    draft_of(world, procedure=procedure)
    page = browser.get(f"{HOME}impact").text
    assert "全部事项" in page
    assert "审批 · " in page
    assert browser.get(f"{HOME}impact?version=1").status_code == 200
    assert browser.get(f"{HOME}impact?version=7").status_code == 404


def test_the_articles_of_a_preset_give_way_to_ones_own_all_at_once(browser: Browser, world: World) -> None:
    regulation = {
        "title": "青禾县人民政府督查工作办法",
        "level": "district",
        "status": "in_force",
        "articles": [{"article": "第一条", "text": "为规范督查工作，制定本办法。"}],
    }
    revision = draft_of(world, regulation=regulation)
    assert "统一更换" in browser.get(HOME).text
    page = browser.get(f"{HOME}articles/").text
    assert "第九条（一）" in page
    open_ones = page.count("改引，替换")
    form = {"revision": str(revision), "csrf_token": browser.csrf_token(f"{HOME}articles/")}
    form |= {f"a{number}": "第一条" for number in range(open_ones - 1)} | {f"a{open_ones - 1}": "第九十九条"}
    answer = browser.post(f"{HOME}articles/", data=form)
    assert answer.status_code == 302 and answer.location.endswith("/articles/")
    assert browser.get(f"{HOME}articles/").text.count("改引，替换") == 1
    stale = browser.post(f"{HOME}articles/", data=form | {"a0": "本级设定"})
    assert stale.status_code == 409
    form["revision"] = str(revision + 1)
    assert browser.post(f"{HOME}articles/", data=form | {"a0": "本级设定"}).status_code == 302
    with world.huarong.inside():
        draft = find_draft(world.huarong.session)
        assert draft is not None
        cited = {step["article"] for step in draft.document["procedure"]["steps"]}
    assert cited <= {"第一条", "本级设定"}
    with world.lianshui.inside():
        assert find_draft(world.lianshui.session) is None


def test_only_who_may_change_the_rules_replaces_articles(app: Any, world: World) -> None:
    draft_of(world)
    inspector = sign_in(app, world.huarong, "inspector")
    assert inspector.get(f"{HOME}articles/").status_code in (403, 404)
    assert sign_in(app, world.huarong).get(f"{HOME}articles/").status_code == 200
