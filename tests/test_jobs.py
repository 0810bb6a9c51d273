"""The job board: what the clock did, what waits and what failed; each number is its list, and no business text is told."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import re
from typing import Any

import pytest
from click.testing import CliRunner

import run
from app import create_app
from app.jurisdictions.models import Jurisdiction
from app.kernel import clock
from app.kernel.actor import Actor
from app.kernel.celery_app import RINGS, celery
from app.kernel.dispatcher import dispatcher
from app.kernel.events import Event
from app.kernel.jobs import JobRun, database_now, record_run
from app.kernel.outbox import Letter, write_letter
from app.kernel.tenancy import scope
from app.organisation.models import Person
from app.organisation.services import create_platform_admin
from app.platform import cli_jobs, queries, services
from app.platform.rules.jobs import BY_KEY, INSIDE, JOBS, State, judge
from app.platform.services.jobs import KEPT
from app.platform.views import ringing
from app.urging import tasks
from app.urging.services import claim_due_jurisdictions
from config import Settings
from tests.small_house import Browser, House, build
from tests.stack import Stack

MINUTE = dt.timedelta(minutes=1)
TITLE = "不可外传的事项标题"


@pytest.fixture
def houses(session: Any) -> tuple[House, House]:
    return build(session), build(session, "huaian", "320800")


@pytest.fixture
def superadmin(app: Any, session: Any, houses: tuple[House, House]) -> Any:
    account = create_platform_admin(
        session, Actor.system(None), name="平台", username="platform", password="Huiyin-2026!",
        method="pbkdf2:sha256:1000", at=clock.now(),
    )  # fmt: skip
    session.get(Person, account.person_id).must_change_password = False
    session.commit()
    houses[0].people["platform"] = account.person_id
    return houses[0].client(app, "platform")


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What was rung by hand, instead of ringing."""
    found: list[tuple[str, Any]] = []
    monkeypatch.setattr(ringing.celery, "send_task", lambda name, args=(), **_: found.append((name, args)))
    return found


def failed(house: House, fault: str = "OperationalError", name: str = "urging.sweep") -> None:
    record_run(
        house.session, name, started_at=database_now(house.session), count=0, failures=1, jurisdiction_id=house.id,
        fault=fault,
    )  # fmt: skip
    house.session.commit()


def mail(house: House, state: str, *, due: dt.datetime | None = None, key: str = "k") -> None:
    with scope(house.id, house.session):
        write_letter(
            house.session, recipient_id=house.people["liaison"], kind="obligation.due_soon", dedupe_key=key,
            subject_type="matter", subject_id=7, facts={"title": TITLE}, at=clock.now(),
        )  # fmt: skip
        row = house.session.query(Letter).filter_by(channel="email", dedupe_key=key).one()
        row.state, row.next_attempt_at = state, due
        house.session.commit()


def links(page: str, label: str) -> list[tuple[str, int]]:
    """The numbers in the cells of that label, with where they lead."""
    cells = re.findall(rf'data-label="{label}">\s*<a href="([^"]+)">(\d+)</a>', page)
    return [(href.replace("&amp;", "&"), int(number)) for href, number in cells]


def test_every_ring_of_the_clock_is_on_the_board_and_in_words(app: Any) -> None:
    assert {job.key: job.every.total_seconds() for job in JOBS} == {key: every for key, (every, _) in RINGS.items()}
    celery.loader.import_default_modules()
    assert set(BY_KEY) | set(INSIDE) <= set(celery.tasks)
    from app.platform.views.job_words import TITLES

    assert set(TITLES) == set(BY_KEY) | set(INSIDE)


def test_runs_alike_are_one_line_and_a_run_that_did_something_is_its_own(session: Any) -> None:
    def ran(count: int, fault: str | None = None) -> None:
        record_run(session, "urging.tick", started_at=database_now(session), count=count, fault=fault)

    for count, fault in (
        (0, None),
        (0, None),
        (3, None),
        (4, None),
        (0, None),
        (0, "TimeoutError"),
        (0, "TimeoutError"),
    ):
        ran(count, fault)
    session.commit()
    lines = [(run.count, run.fault, run.times) for run in session.query(JobRun).order_by(JobRun.id)]
    assert lines == [(0, None, 2), (3, None, 1), (4, None, 1), (0, None, 1), (0, "TimeoutError", 2)]


def test_a_task_that_fails_leaves_its_kind_of_fault_and_no_text(houses: Any, session: Any, monkeypatch: Any) -> None:
    def fails(*_: Any) -> int:
        raise ValueError(TITLE)

    monkeypatch.setattr(tasks.services, "sweep_jurisdiction", fails)
    with pytest.raises(ValueError, match=TITLE):
        tasks.sweep(houses[0].id, clock.now().isoformat())
    claim_due_jurisdictions(session, database_now(session))
    assert tasks.tick() == 0
    runs = session.query(JobRun).order_by(JobRun.id).all()
    assert [(run.name, run.house_id, run.count, run.fault) for run in runs] == [
        ("urging.sweep", houses[0].id, 0, "ValueError"),
        ("urging.tick", None, 0, None),
    ]


@pytest.mark.parametrize(
    ("last", "waited", "fault", "state"),
    [
        (0, 0, None, State.FINE),
        (3, 20, None, State.FINE),
        (3, 21, None, State.LATE),
        (4, 0, None, State.SILENT),
        (4, 21, "x", State.SILENT),
        (1, 0, "TimeoutError", State.FAILING),
    ],
)
def test_when_somebody_must_look(last: int, waited: int, fault: str | None, state: State) -> None:
    at = clock.now()
    job = BY_KEY["urging.tick"]
    assert judge(job, at=at, last_at=at - last * MINUTE, since=at - waited * MINUTE, fault=fault) is state
    assert judge(job, at=at, last_at=None, since=None, fault=None) is State.SILENT


def test_the_lag_is_what_the_claims_see(houses: tuple[House, House], session: Any, stack: Stack) -> None:
    at = database_now(session)
    for house, next_sweep_at in zip(houses, (at - 30 * MINUTE, at + 30 * MINUTE), strict=True):
        session.get(Jurisdiction, house.id).next_sweep_at = next_sweep_at
    session.commit()
    mail(houses[0], "queued", due=at - 20 * MINUTE, key="due")
    mail(houses[1], "queued", due=at + 20 * MINUTE, key="later")
    mail(houses[1], "failed", key="dead")
    with dispatcher(stack.dispatcher_url).connect() as connection:
        board = queries.read_board(session, connection, at)
    jobs = {one.job.key: one for one in board.jobs}
    assert (jobs["urging.tick"].waiting, jobs["urging.tick"].lag(at)) == (1, 30 * MINUTE)
    assert [one.house_id for one in queries.waiting_for(session, "urging.tick", at)] == [houses[0].id]
    assert (jobs["notifications.deliver"].waiting, jobs["notifications.deliver"].lag(at)) == (2, 20 * MINUTE)
    assert (board.letters_in("queued"), board.letters_in("failed"), board.letters_in("sending")) == (2, 1, 0)


def test_every_number_of_the_board_is_its_list(superadmin: Any, houses: tuple[House, House], session: Any) -> None:
    for house, fault in ((houses[0], "ValueError"), (houses[0], "TimeoutError"), (houses[1], "ValueError")):
        failed(house, fault)
    record_run(session, "urging.sweep", started_at=clock.now(), count=5, jurisdiction_id=houses[1].id)
    record_run(session, "urging.tick", started_at=clock.now(), count=2)
    session.commit()
    mail(houses[0], "queued", due=clock.now())
    mail(houses[1], "failed")
    page = superadmin.get("/platform/jobs/").text
    shown = {label: links(page, label)[0] for label in ("等待", "已办", "问题", "失败的辖区")}
    assert {label: number for label, (_, number) in shown.items()} == {"等待": 2, "已办": 7, "问题": 3, "失败的辖区": 2}
    assert "3 行，共完成 0 项" in superadmin.get(shown["问题"][0]).text
    assert "2 行，共完成 7 项" in superadmin.get(shown["已办"][0]).text
    assert "共 2 条" in superadmin.get(shown["等待"][0]).text
    faults = superadmin.get(shown["失败的辖区"][0]).text
    assert "共 2 条" in faults and "TimeoutError" in faults and "huaian" in faults
    for state in ("queued", "failed"):
        assert f'href="/platform/jobs/letters?state={state}"' in page
        assert "共 1 条" in superadmin.get(f"/platform/jobs/letters?state={state}").text
    for address in ("/", "/runs?job=urging.tick&span=all", "/faults?job=urging.tick", "/letters?state=failed"):
        assert TITLE not in superadmin.get(f"/platform/jobs{address}").text
    for odd in ("/runs", "/runs?job=nonsense", "/letters?state=x", "/waiting?job=%00", "/faults?job=urging.sweep"):
        assert superadmin.get(f"/platform/jobs{odd}").status_code == 404, odd
    assert superadmin.get("/platform/jobs/runs?job=urging.tick&page=x&only=y&span=z").status_code == 200


def test_a_silent_clock_is_the_first_thing_the_superadmin_sees(superadmin: Any, session: Any) -> None:
    assert "从未运行" in superadmin.get("/platform/jurisdictions/").text
    for job in JOBS:
        record_run(session, job.key, started_at=clock.now(), count=0)
    session.commit()
    assert "从未运行" not in superadmin.get("/platform/jurisdictions/").text
    assert "正常" in superadmin.get("/platform/jobs/").text


def test_a_job_is_started_again_by_hand_and_that_is_written_down(
    superadmin: Any, houses: tuple[House, House], session: Any, rung: list[tuple[str, Any]]
) -> None:
    token = {"csrf_token": superadmin.csrf_token("/platform/jobs/")}
    assert superadmin.post("/platform/jobs/again", data=token | {"job": "urging.tick"}).status_code == 302
    again = {"job": "urging.sweep", "code": "320800", "back": "https://elsewhere.example/"}
    answer = superadmin.post("/platform/jobs/again", data=token | again)
    assert answer.location.endswith("/platform/jobs/")
    broken = {"job": "urging.tick", "back": "/platform/jobs/\r\nX-Own: 1"}
    assert superadmin.post("/platform/jobs/again", data=token | broken).status_code == 302
    assert [(name, args[:1]) for name, args in rung] == [
        ("urging.tick", ()), ("urging.sweep", (houses[1].id,)), ("urging.tick", ())
    ]  # fmt: skip
    for wrong in ({"job": "urging.sweep"}, {"job": "os.system"}, {"job": "urging.tick", "code": "320800"}, {}):
        assert superadmin.post("/platform/jobs/again", data=token | wrong).status_code == 404
    assert superadmin.post("/platform/jobs/again", data={"job": "urging.tick"}).status_code in (400, 403)
    session.rollback()
    with scope(0, session):
        assert session.query(Event).filter_by(jurisdiction_id=0, kind="job.rung").count() == 3


def test_without_a_broker_starting_again_is_refused_in_words(superadmin: Any, monkeypatch: Any) -> None:
    def no_broker(*_: Any, **__: Any) -> None:
        raise ringing.OperationalError("down")

    monkeypatch.setattr(ringing.celery, "send_task", no_broker)
    token = {"csrf_token": superadmin.csrf_token("/platform/jobs/")}
    answer = superadmin.post("/platform/jobs/again", data=token | {"job": "urging.tick"}, follow_redirects=True)
    assert "消息队列没有应答" in answer.text


def test_an_administrator_sees_his_own_part_and_no_other(
    app: Any, houses: tuple[House, House], session: Any, rung: list[tuple[str, Any]]
) -> None:
    mine, other = houses
    with scope(mine.id, session):
        mine.grant("inspector", "job:read", "channel:write")
        session.commit()
    failed(mine, "ValueError")
    failed(other, "KeyError")
    mail(mine, "failed")
    browser = mine.client(app, "inspector")
    page = browser.get("/j/huarong/settings/jobs/").text
    assert "ValueError" in page
    assert "KeyError" not in page
    assert "1 行，共完成 0 项" in page
    assert 'href="/j/huarong/settings/letters/stuck?state=failed"' in page
    token = {"csrf_token": browser.csrf_token("/j/huarong/settings/jobs/")}
    assert browser.post("/j/huarong/settings/jobs/again", data=token).status_code == 302
    assert [(name, args[0]) for name, args in rung] == [("urging.sweep", mine.id)]
    assert browser.get("/platform/jobs/").status_code == 403
    assert browser.get("/j/huarong/platform/jobs/").status_code == 403
    assert browser.get("/j/huaian/settings/jobs/").status_code == 404
    assert mine.client(app, "liaison").get("/j/huarong/settings/jobs/").status_code == 403


def test_old_runs_are_forgotten(session: Any) -> None:
    at = database_now(session)
    record_run(session, "urging.tick", started_at=at, count=1)
    session.commit()
    assert services.forget_runs(session, at=at + KEPT) == 0
    assert services.forget_runs(session, at=at + KEPT + MINUTE) == 1
    assert session.query(JobRun).count() == 0


def test_the_terminal_says_it_to_a_monitor(houses: Any, session: Any, app: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(cli_jobs, "application", lambda: contextlib.nullcontext(app))
    silent = CliRunner().invoke(run.main, ["jobs"])
    assert (silent.exit_code, "silent" in silent.output) == (1, True)
    for job in JOBS:
        record_run(session, job.key, started_at=clock.now(), count=1)
    for house in houses:
        session.get(Jurisdiction, house.id).next_sweep_at = clock.now() - MINUTE
    session.commit()
    well = CliRunner().invoke(run.main, ["jobs", "--json"])
    told = json.loads(well.output)
    assert (well.exit_code, told["jobs"]["urging.tick"]["waiting"], told["letters"]["failed"]) == (0, 2, 0)


def test_a_monitor_reads_numbers_with_the_token_only(houses: Any, session: Any, settings: Settings) -> None:
    failed(houses[0], "ValueError")
    secret = "a-monitors-own-token"
    given = ("monitor", secret)
    closed = create_app(settings)
    assert Browser(closed, closed.response_class).get("/metrics", auth=given).status_code == 404
    opened = create_app(dataclasses.replace(settings, metrics_token=secret))
    browser = Browser(opened, opened.response_class)
    for wrong in ({}, {"auth": ("monitor", "")}, {"auth": (secret, "é")}, {"headers": {"Authorization": secret}}):
        assert browser.get("/metrics", **wrong).status_code == 404
    told = browser.get("/metrics", auth=given)
    assert told.content_type.startswith("text/plain")
    for line in (
        'huiyin_job_alarm{job="urging.tick"} 1',
        'huiyin_job_waiting{job="urging.tick"} 2',
        'huiyin_job_faults_day{job="urging.tick"} 1',
        'huiyin_letters{state="queued"} 0',
        'huiyin_jurisdictions{state="active"} 2',
    ):
        assert line in told.text.splitlines()
    assert "huarong" not in told.text
