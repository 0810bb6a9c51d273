"""The checklist by page: what the superadmin types, what the administrator and a stranger see."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.deadlines.services import seed_national_calendar
from app.documents.storage import FileStore
from app.jurisdictions.queries import find_by_code
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.db import db
from app.kernel.tenancy import scope
from app.organisation.models import Person, Unit
from app.organisation.services import create_platform_admin
from app.platform import services
from tests.onboarding_house import CODE, PASSWORD, SLUG, STAFF, UNIT_ROWS, bring_on, card, workbook
from tests.small_house import Browser
from tests.world import World

METHOD = "pbkdf2:sha256:1000"
HOUSE = f"/platform/jurisdictions/{CODE}"


def _browser(app: Any) -> Browser:
    return Browser(app, app.response_class)


def _sign_in(app: Any, username: str, password: str = PASSWORD) -> Browser:
    browser = _browser(app)
    form = {"username": username, "password": password, "csrf_token": browser.csrf_token("/login/")}
    assert browser.post("/login/", data=form).status_code == 302, username
    return browser


@pytest.fixture
def superadmin(app: Any, session: Any) -> Browser:
    """A browser in which the platform's superadmin has signed in."""
    seed_national_calendar(session)
    session.commit()
    account = create_platform_admin(
        session, Actor.system(None), name="平台管理员", username="platform", password=PASSWORD, method=METHOD,
        at=clock.now(),
    )  # fmt: skip
    session.get(Person, account.person_id).must_change_password = False
    session.commit()
    return _sign_in(app, "platform")


def _post(browser: Browser, address: str, token_from: str = "", **data: Any) -> Any:
    return browser.post(address, data=data | {"csrf_token": browser.csrf_token(token_from or address)})


def _form(**changes: str) -> dict[str, str]:
    given = card()
    return {name: getattr(given, name) for name in given.__dataclass_fields__} | changes


def test_a_jurisdiction_is_brought_on_page_by_page(app: Any, session: Any, superadmin: Browser) -> None:
    new = "/platform/jurisdictions/new"
    assert "鄂城区" in superadmin.get("/platform/jurisdictions/codes?q=鄂城").text
    proposed = superadmin.get(f"{new}?code={CODE}").text
    assert f'value="{CODE}"' in proposed
    assert f'value="{SLUG}"' in proposed
    wrong = _post(superadmin, new, **_form(slug="Not An Address", name="鄂城新名"))
    assert wrong.status_code == 200
    assert "鄂城新名" in wrong.text, "what was typed is kept"
    assert _post(superadmin, new, **_form()).location == f"{HOUSE}/"
    assert "此代码的辖区已存在" in _post(superadmin, new, **_form(slug="other")).text
    page = superadmin.get(f"{HOUSE}/")
    assert page.status_code == 200
    assert "None" not in page.text
    assert superadmin.get(f"{HOUSE}/people").status_code == 200
    early = _post(superadmin, f"{HOUSE}/activate", f"{HOUSE}/")
    assert early.status_code == 409

    assert _post(superadmin, f"{HOUSE}/preset", preset="district").location == f"{HOUSE}/"
    template = superadmin.get(f"{HOUSE}/people.xlsx")
    assert template.data[:2] == b"PK"
    upload = {"file": (io.BytesIO(workbook([*UNIT_ROWS, ("ZJJ", "重", "", "部门", "", "")])), "a.xlsx")}
    faulty = _post(superadmin, f"{HOUSE}/people", **upload)
    assert "单位代码" in faulty.text
    assert 'name="kept"' not in faulty.text
    seen = _post(superadmin, f"{HOUSE}/people", file=(io.BytesIO(workbook()), "a.xlsx")).text
    house_id = find_by_code(session, CODE).id
    with scope(house_id, session):
        assert session.scalar(select(func.count()).select_from(Unit)) == 0, "a look stores nothing"
    kept = re.search(r'name="kept" value="([^"]+)"', seen)
    assert kept
    assert _post(superadmin, f"{HOUSE}/people", kept="bm9wZQ==").status_code == 200
    assert _post(superadmin, f"{HOUSE}/people", kept=kept.group(1)).location == f"{HOUSE}/"

    named = _post(superadmin, f"{HOUSE}/administrator", name="陈管理", username="EC.admin", phone="", unit="OFFICE")
    link = re.search(r'id="activation-link"[^>]*>http://[^/]+(/activate/[^<]+)<', named.text)
    assert link
    assert link.group(1) not in superadmin.get(f"{HOUSE}/administrator").text, "shown once"

    stranger = _browser(app)
    welcome = stranger.get(link.group(1))
    assert "ec.admin" in welcome.text
    for new_password, again in (("short", "short"), (PASSWORD, PASSWORD + "x")):
        refused = _post(stranger, link.group(1), new=new_password, again=again)
        assert "hy-error" in refused.text, "a weak password and a typing error cost nothing"
    done = _post(stranger, link.group(1), new=PASSWORD, again=PASSWORD)
    assert done.status_code == 200
    used, never = stranger.get(link.group(1)), stranger.get("/activate/never-was")
    assert used.status_code == never.status_code == 404
    plain = [
        re.sub(r"[0-9a-f]{12}|nonce=\"[^\"]*\"|\"X-CSRFToken\": \"[^\"]*\"", "", one.text) for one in (used, never)
    ]
    assert _sentences(plain[0]) == _sentences(plain[1])

    again = _post(superadmin, f"{HOUSE}/administrator", name="陈管理", username="ec.admin", phone="", unit="")
    assert "activation-link" not in again.text, "who has been in gets no link from outside"
    assert 'value="ec.admin"' in again.text
    administrator = _sign_in(app, "ec.admin")
    assert administrator.get(f"/j/{SLUG}/settings/").status_code == 200, "the administrator prepares"
    assert _post(superadmin, f"{HOUSE}/activate", f"{HOUSE}/").location == f"{HOUSE}/"
    assert administrator.get(f"/j/{SLUG}/").status_code == 200
    assert superadmin.get(f"/j/{SLUG}/").status_code == 404
    assert _post(superadmin, f"{HOUSE}/preset", f"{HOUSE}/", preset="city").status_code == 409


def _sentences(page: str) -> list[str]:
    return re.findall(r"<h1>[^<]*</h1>\s*<p>[^<]*</p>", page)


def test_before_it_runs_only_its_administrator_is_inside(app: Any, session: Any, superadmin: Browser) -> None:
    bring_on(session, until="administrator")
    for username in ("ec.admin", "ec.ducha"):
        person = session.scalars(select(Person).where(Person.username == username)).one()
        person.password = session.scalars(select(Person.password).where(Person.username == "platform")).one()
    session.commit()
    assert _sign_in(app, "ec.admin").get(f"/j/{SLUG}/unitview/list/").status_code == 200
    inspector = _sign_in(app, "ec.ducha")
    for path in ("/", "/matters/", "/matters/register"):
        refused = inspector.get(f"/j/{SLUG}{path}")
        assert refused.status_code == 403
        assert "鄂城区" in refused.text
    assert inspector.get("/").status_code == 302


def test_halting_exporting_and_closing_by_page(
    app: Any, session: Any, superadmin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_on(session)
    person = session.scalars(select(Person).where(Person.username == "ec.admin")).one()
    person.password = session.scalars(select(Person.password).where(Person.username == "platform")).one()
    session.commit()
    administrator = _sign_in(app, "ec.admin")
    assert _post(superadmin, f"{HOUSE}/suspend", f"{HOUSE}/", reason="").status_code == 422
    assert _post(superadmin, f"{HOUSE}/suspend", f"{HOUSE}/", reason="机构调整").status_code == 302
    assert "机构调整" in administrator.get(f"/j/{SLUG}/").text
    assert _post(superadmin, f"{HOUSE}/close", f"{HOUSE}/", reason="并入").status_code == 422
    export = f"/j/{SLUG}/settings/export/"
    assert administrator.get(export).status_code == 200
    assert _post(administrator, export).status_code == 302
    store = FileStore(app.extensions["huiyin.settings"].files_dir)
    house_id = find_by_code(session, CODE).id
    session.rollback()
    assert services.make_export(session, db.engine, store, house_id, at=clock.now())
    digest = re.search(r"<code[^>]*>([0-9a-f]{16})<", superadmin.get(f"{HOUSE}/").text)
    assert digest, "the superadmin reads the digest"
    assert _post(superadmin, f"{HOUSE}/close", f"{HOUSE}/", reason="并入").status_code == 302
    for path in ("/", "/matters/", "/settings/"):
        assert administrator.get(f"/j/{SLUG}{path}").status_code == 410
    link = re.search(rf'href="({export}\d+\.zip)"', administrator.get(export).text)
    assert link
    content = administrator.get(link.group(1))
    assert content.data[:2] == b"PK"
    assert superadmin.get(link.group(1)).status_code == 404
    assert superadmin.get(f"/j/{SLUG}/").status_code == 404


def test_only_the_platform_finds_these_pages(app: Any, session: Any, world: World) -> None:
    services.create_jurisdiction(session, STAFF, card(), at=clock.now())
    session.rollback()
    browser = _sign_in(app, world.huarong.username("administrator"))
    for path in ("/new", "/codes?q=x", f"/{CODE}/", f"/{CODE}/preset", f"/{CODE}/people", f"/{CODE}/people.xlsx"):
        assert browser.get(f"/platform/jurisdictions{path}").status_code == 403, path
        assert browser.get(f"/j/huarong/platform/jurisdictions{path}").status_code == 403, path
    assert _browser(app).get(f"/platform/jurisdictions/{CODE}/").status_code == 302


def test_what_is_not_there_and_what_is_too_large(session: Any, superadmin: Browser, tmp_path: Path) -> None:
    for path in ("", "card", "preset", "people", "people.xlsx", "administrator", "channels"):
        assert superadmin.get(f"/platform/jurisdictions/999999/{path}").status_code == 404, path
    bring_on(session, until="preset")
    session.rollback()
    large = _post(superadmin, f"{HOUSE}/people", file=(io.BytesIO(b"PK\x03\x04" + b"0" * (10 << 20)), "a.xlsx"))
    assert large.status_code == 200
    assert "4 MB" in large.text
    assert superadmin.get(f"{HOUSE}/channels").status_code == 200
    assert _post(superadmin, f"{HOUSE}/preset", preset="../../etc").status_code == 422
    assert _post(superadmin, f"{HOUSE}/administrator", name="", username="x", unit="").status_code == 200
    taken = _post(superadmin, f"{HOUSE}/administrator", name="某", username="platform", phone="", unit="")
    assert 'value="platform"' in taken.text
