"""The demonstration: what a new user sees first must be true, whole, and there once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app.deadlines.models import NationalCalendarYear
from app.documents.models import Attachment, Document
from app.documents.storage import FileStore
from app.jurisdictions.queries import list_jurisdictions
from app.kernel import clock
from app.kernel.events import count_events, verify_chain
from app.kernel.outbox import Letter
from app.kernel.tenancy import scope
from app.matters.models import Assignment, Matter, Obligation
from app.matters.rules import MatterState
from app.organisation.models import JurisdictionRole, Membership
from app.platform import cli, demo
from app.platform.demo.papers import pdf
from app.urging.models import Urging
from tests.small_house import Browser

REMINDERS = {f"obligation.{one}" for one in ("unacknowledged", "under_way", "due_soon", "due_today", "overdue")}
HOME = {"huaian": 18, "huarong": 30, "lianshui": 12}


@pytest.fixture
def runner(app: Any, session: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line on the suite's application."""

    class Running:
        def __enter__(self) -> Any:
            return app

        def __exit__(self, *_: object) -> None:
            session.rollback()

    monkeypatch.setattr(cli, "application", Running)
    return CliRunner()


@pytest.fixture
def told(app: Any, session: Any, settings: Any) -> list[demo.Told]:
    """The demonstration, told once."""
    method = app.config["FAB_PASSWORD_HASH_METHOD"]
    return demo.seed(session, at=clock.now(), store=FileStore(settings.files_dir), method=method)


def _inside(session: Any) -> Iterator[str]:
    for jurisdiction_id, slug in [(one.id, one.slug) for one in list_jurisdictions(session)]:
        with scope(jurisdiction_id, session):
            yield slug


def test_the_demonstration_is_true_and_whole(
    app: Any, session: Any, settings: Any, told: list[demo.Told], runner: Any
) -> None:
    states: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    events = 0
    today = clock.today()
    lights = {"overdue": 0, "today": 0, "soon": 0}
    letters: set[str] = set()
    for slug in _inside(session):
        assert verify_chain(session) == []
        events += count_events(session)
        matters = session.scalars(select(Matter)).all()
        assert len(matters) >= HOME[slug]
        assert all(one.created_at <= one.changed_at <= clock.now() for one in matters)
        states.update(one.state for one in matters)
        parts.update(session.scalars(select(Assignment.state)))
        held = set(session.scalars(select(JurisdictionRole.key).join(Membership.roles)))
        assert held == set(session.scalars(select(JurisdictionRole.key))), "somebody holds every role"
        for due_on, yellow_on in session.execute(
            select(Obligation.due_on, Obligation.yellow_on).where(
                Obligation.state == "open", Obligation.assignment_id.is_not(None)
            )
        ):
            lights["overdue"] += due_on < today
            lights["today"] += due_on == today
            lights["soon"] += yellow_on <= today < due_on
        issued = session.scalars(select(Document).order_by(Document.issued_at, Document.id)).all()
        by_series: dict[str, list[int]] = {}
        for document in issued:
            number = int(document.document_no.split("〕")[1].strip("第期号"))
            by_series.setdefault(document.document_no.split("〕")[0], []).append(number)
        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_series.values()), "no gap, in order"
        assert session.scalars(select(Urging)).first() is not None
        letters.update(session.scalars(select(Letter.kind).distinct()))
        files = session.scalars(select(Attachment)).all()
        store = FileStore(settings.files_dir)
        assert {one.kind for one in files} >= {"copy", "report"}
        assert all(store.read(one.jurisdiction_id, one.sha256).startswith(b"%PDF-1.4") for one in files)
    assert sum(states.values()) >= 60
    assert set(states) == set(MatterState), "a matter in every state"
    assert {"declined", "returned", "reported", "accepted", "notified", "acknowledged", "in_progress"} <= set(parts)
    assert all(lights.values()), lights
    assert letters >= REMINDERS | {"matter.urged", "matter.slip_issued", "matter.extension_granted", "matter.resumed"}

    for one in told:
        for account in one.accounts:
            _signs_in(app, account.username, f"/j/{one.slug}/")
    _signs_in(app, demo.ADMIN, "/platform/jurisdictions/")

    again = runner.invoke(cli.demo, ["seed", "--once"])
    assert again.exit_code == 0
    assert "already" in again.output
    assert runner.invoke(cli.demo, ["seed"]).exit_code == 1
    assert events == sum(count_events(session) for _slug in _inside(session))

    verified = runner.invoke(cli.audit, ["verify"])
    assert verified.exit_code == 0, verified.output
    assert {line.split(":")[0] for line in verified.output.splitlines()} == {"platform", *HOME}


def _signs_in(app: Any, username: str, page: str) -> None:
    browser = Browser(app, app.response_class)
    form = {"username": username, "password": demo.PASSWORD, "csrf_token": browser.csrf_token("/login/")}
    answer = browser.post("/login/", data=form)
    assert answer.status_code == 302, username
    assert browser.get(page).status_code == 200, (username, page)


def test_a_broken_chain_is_said_with_its_place(stack: Any, session: Any, runner: Any) -> None:
    from app.kernel.actor import Actor
    from app.kernel.commands import command
    from app.kernel.events import record
    from app.kernel.runtime.roles import connect

    @command
    def happen(session: Any, actor: Actor) -> None:
        record(session, actor, "jurisdiction.opened", "jurisdiction", 1, clock.now(), name="甲")

    happen(session, Actor.system(None))
    assert runner.invoke(cli.audit, ["verify"]).exit_code == 0
    with connect(stack.owner_url) as connection:
        connection.execute("alter table event disable trigger user")
        connection.execute("select set_config('app.jurisdiction_id', '0', false)")
        changed = connection.execute("""update event set facts = '{"name": "乙"}'""")
        assert changed.rowcount == 1
        connection.execute("alter table event enable always trigger event_append_only")
        connection.execute("alter table event enable always trigger event_no_truncate")
    found = runner.invoke(cli.audit, ["verify"])
    assert found.exit_code == 1
    assert "platform: 1 events, BROKEN" in found.output
    assert "event 1: hash" in found.output


def test_nothing_is_told_over_a_real_jurisdiction(session: Any, world: Any, runner: Any) -> None:
    refused = runner.invoke(cli.demo, ["seed"])
    assert refused.exit_code == 1
    assert "already" in refused.output
    assert session.scalars(select(NationalCalendarYear)).first() is not None


def test_a_paper_is_the_same_file_for_the_same_words() -> None:
    paper = pdf("区政府办公室文件", ["关于老旧小区改造的通知" * 5])
    assert paper == pdf("区政府办公室文件", ["关于老旧小区改造的通知" * 5])
    table = int(paper.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert paper[table : table + 4] == b"xref"
    assert paper.endswith(b"%%EOF\n")
