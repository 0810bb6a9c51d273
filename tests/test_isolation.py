"""The walls from outside: every address there is, asked for with another jurisdiction's ids, by somebody who may everything.

Whoever adds a page is swept without doing anything; whoever adds a page with a new kind of id is told to say here which
rows it names. Each request is made twice, with a foreign id and with an own one: an address that answers 404 to both
would prove nothing.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select

from app.deadlines.models import CalendarDay
from app.deadlines.queries import calendar_for
from app.deadlines.rules import ClockRule, RuleKind, compute
from app.documents.models import Attachment, Document
from app.documents.rules import SAMPLE_NOTICE
from app.documents.storage import FileStore
from app.kernel.clock import at_local
from app.kernel.db import Model, db
from app.kernel.outbox import write_letter
from app.kernel.runtime.roles import connect
from app.kernel.tenancy import JurisdictionOwned, set_based
from app.kernel.web import PUBLIC_MARK, TableView
from app.matters.models import Approval, Assignment, Matter, MatterSource, Obligation, SupervisionPlan
from app.matters.queries import list_sources
from app.matters.rules import Act
from app.matters.schemas import PAYLOADS, DraftForm
from app.matters.services.clocks import columns_of
from app.notifications.models import Channel
from app.organisation.models import (
    Absence,
    Invitation,
    JurisdictionRole,
    Membership,
    Person,
    Post,
    RoleRight,
    Unit,
    membership_role,
)
from app.organisation.permissions import RIGHTS
from app.platform.models import JurisdictionExport
from app.reporting.models import SavedView
from tests.conftest import empty_house
from tests.made_files import PDF
from tests.matter_life import MONDAY, Life, draw_up, handling_units
from tests.stack import Stack
from tests.test_house import OPEN
from tests.two_houses import Visitor
from tests.world import PASSWORD, Place, World, _password_hash, build_world

# The row that each argument of an address names. An argument that is not here fails the sweep.
ARGUMENTS = {
    "matter_id": "matter",
    "assignment_id": "assignment",
    "attachment_id": "attachment",
    "document_id": "document",
    "obligation_id": "obligation",
    "letter_id": "letter",
    "view_id": "saved_view",
    "unit_id": "unit",
    "post_id": "post",
    "role_id": "role",
    "person_id": "ab_user",
    "membership_id": "membership",
    "source_id": "matter_source",
    "plan_id": "supervision_plan",
    "export_id": "jurisdiction_export",
    "absence_id": "absence",
    "invitation_id": "invitation",
    "channel_id": "channel",
}
# Arguments that name no row, with a value that exists here.
WORDS = {
    "action": "submit",
    "act": "submit",
    "key": "supervision_notice",
    "locale": "zh",
    "slug": "lianshui",
    "code": "320826",
    "token": "none",
    "kind": "wecom",
    "section": "procedure",
    "year": 2026,
    "proposal": 1,
    "regional_day": 1,
}
# Addresses whose words are the same for everybody.
NO_ROWS = {"static", "appbuilder.static", "LocaleView.index"}
# What an address has to be asked besides, to be more than a question without a subject.
ASKED = {"CaseView.report": "?kind=progress"}
FAR = dt.date(2099, 1, 5)  # a day that is always to come
CANARY = "金丝雀"
FOREIGN, OWN = f"里运河{CANARY}", "高沟云雀"
IDS = re.compile(r"\b[78]0\d{5}\b")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass
class Side:
    """One jurisdiction: a member who may everything, and an id of every kind of row."""

    place: Place
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def username(self) -> str:
        return f"{self.place.slug}.everything"


@dataclass
class Walls:
    """Two jurisdictions, and a browser of the member of each."""

    app: Any
    stack: Stack
    world: World
    foreign: Side
    own: Side

    def browser(self, side: Side | None = None) -> Visitor:
        """A browser; signed in when a side is given."""
        browser = Visitor(self.app, self.app.response_class)
        if side is not None:
            assert browser.sign_in(side.username, PASSWORD, f"/j/{side.place.slug}").status_code == 302
        return browser

    def snapshot(self, side: Side) -> dict[str, list[str]]:
        """Every row of a jurisdiction, as the owner of the database sees it."""
        rows: dict[str, list[str]] = {}
        with connect(self.stack.owner_url) as connection:
            for table in Model.metadata.sorted_tables:
                if "jurisdiction_id" not in table.c:
                    continue
                connection.execute(f'alter table "{table.name}" no force row level security')  # type: ignore[call-overload]
                rows[table.name] = sorted(
                    row[0]
                    for row in connection.execute(
                        f'select t::text from "{table.name}" t where jurisdiction_id = %s',  # type: ignore[call-overload]
                        [side.place.id],
                    )
                )
                connection.execute(f'alter table "{table.name}" force row level security')  # type: ignore[call-overload]
        return rows


@pytest.fixture(scope="module")
def walls(stack: Stack, app: Any) -> Iterator[Walls]:
    """Built once: the sweep changes nothing of the foreign side, and that is checked."""
    empty_house(stack)
    with connect(stack.owner_url) as connection:
        # ids that look like nothing else, so that one which leaks into a page is recognised
        connection.execute("alter sequence entity_id_seq restart with 7000001")
        connection.execute("alter sequence ab_user_id_seq restart with 8000001")
    with app.app_context():
        world = build_world(db.session)
        sides = [_furnish(world.huaian, FOREIGN), _furnish(world.lianshui, OWN)]
        db.session.remove()
    built = Walls(app, stack, world, *sides)
    for side in sides:
        _upload(built, side)
    yield built
    with connect(stack.owner_url) as connection:
        connection.execute("alter sequence entity_id_seq restart with 1")
        connection.execute("alter sequence ab_user_id_seq restart with 1")
    empty_house(stack)


def _furnish(place: Place, name: str) -> Side:
    """A row of every kind, each with the name in it."""
    session, side = place.session, Side(place)
    with place.inside():
        unit = Unit(code="CANARY", name=f"{name}局", short_name=f"{name}局", kind="department")
        role = JurisdictionRole(key="everything", name=f"{name}全能")
        source = MatterSource(
            key="canary", name=f"{name}来源", short_name=f"{name}来源", category="other", origin_level="own"
        )
        plan = SupervisionPlan(title=f"{name}计划", year=2026, created_at=MONDAY)
        day = CalendarDay(on=MONDAY.date(), kind="off", name=f"{name}日")
        person = Person(
            username=side.username,
            first_name="",
            last_name=name,
            name=f"{name}甲",
            email=f"{side.username}@people.invalid",
            password=_password_hash(),
            active=True,
            home_jurisdiction_id=place.id,
        )
        rows: list[Any] = [unit, role, source, plan, day, person]
        session.add_all(rows)
        session.flush()
        post = Post(unit_id=unit.id, name=f"{name}岗位")
        session.add(post)
        session.add_all([RoleRight(role_id=role.id, right=word) for word in RIGHTS])
        session.flush()
        membership = Membership(person_id=person.id, unit_id=unit.id, post_id=post.id, active=True)
        session.add(membership)
        session.flush()
        session.execute(
            set_based(
                membership_role.insert().values(jurisdiction_id=place.id, membership_id=membership.id, role_id=role.id)
            )
        )
        view = SavedView(membership_id=membership.id, name=f"{name}视图", query="open=1", shared=True)
        absence = Absence(membership_id=membership.id, from_on=FAR, until_on=FAR, reason=f"{name}出差", set_at=MONDAY)
        invitation = Invitation(
            person_id=person.id,
            unit_id=unit.id,
            role_ids=[],
            facts={"username": side.username, "unit": f"{name}局", "roles": [], "by": f"{name}甲"},
            state="open",
            invited_at=MONDAY,
        )
        channel = Channel(kind="wecom", name=f"{name}群", base_url="https://chat.example", options={})
        session.add_all([view, absence, invitation, channel])
        session.commit()
        rows += [post, membership, view, absence, invitation, channel]
        side.ids = {row.__tablename__: int(row.id) for row in rows}
        _matter(side, name, person.id)
        session.commit()
    return side


def _matter(side: Side, name: str, person_id: int) -> None:
    """A matter in handling, with a part, a notice and a letter."""
    place, session = side.place, side.place.session
    life = draw_up(place, _draft(side, name, side.ids["unit"]))
    if place.slug == "lianshui":
        _dispatch(life)
    side.ids["matter"] = life.matter_id
    part = session.scalars(select(Assignment).where(Assignment.matter_id == life.matter_id)).one()
    document = Document(
        matter_id=life.matter_id,
        unit_id=side.ids["unit"],
        document_type="supervision_notice",
        title=f"{name}通知",
        series="canary",
        year=2026,
        number=1,
        document_no=f"{name}〔2026〕1号",
        facts=dict(SAMPLE_NOTICE),
        issued_at=MONDAY,
    )
    rule = ClockRule(RuleKind.FIXED, start_event="dispatched", key="canary", stage="result")
    due = compute(rule, MONDAY.date(), calendar_for(session, place.id))
    clock = Obligation(
        matter_id=life.matter_id,
        assignment_id=part.id,
        stage="result",
        created_at=MONDAY,
        **columns_of(due) | {"state": "superseded"},
    )
    question = Approval(
        matter_id=life.matter_id,
        purpose="extension",
        subject_id=part.id,
        round=1,
        state="pending",
        opened_at=MONDAY,
        mode="any_of",
        roles=["everything"],
        reason=f"{name}申请",
    )
    session.add_all([document, clock, question])
    write_letter(
        session,
        recipient_id=person_id,
        kind="matter.dispatched",
        dedupe_key="canary",
        subject_type="matter",
        subject_id=life.matter_id,
        facts={"title": f"{name}事项"},
        at=MONDAY,
    )
    session.commit()
    side.ids |= {"assignment": part.id, "document": document.id, "approval": question.id, "obligation": clock.id}
    side.ids["letter"] = session.execute(
        set_based(select(Model.metadata.tables["letter"].c.id).where(
            Model.metadata.tables["letter"].c.jurisdiction_id == place.id,
            Model.metadata.tables["letter"].c.dedupe_key == "canary",
            Model.metadata.tables["letter"].c.channel == "inbox",
        ))
    ).scalar_one()  # fmt: skip


def _draft(side: Side, name: str, unit_id: int) -> dict[str, Any]:
    return {
        "title": f"{name}事项",
        "source_id": side.ids["matter_source"],
        "content": f"{name}内容",
        "handling_proposal": f"{name}拟办",
        "lead_unit_id": unit_id,
    }


def _upload(walls: Walls, side: Side) -> None:
    """A real file, through the page."""
    file_name = f"{side.place.slug}.pdf"
    browser = walls.browser(side)
    answer = browser.post(
        f"/j/{side.place.slug}/matters/{side.ids['matter']}/attachments",
        data={"file": (io.BytesIO(PDF), file_name), "kind": "original", "csrf_token": _token(browser, side)},
    )
    assert answer.status_code == 302
    with walls.app.app_context(), side.place.inside():
        side.ids["attachment"] = int(
            db.session.scalars(select(Attachment.id).where(Attachment.file_name == file_name)).one()
        )
        side.ids["jurisdiction_export"] = _exported(walls, side)
        db.session.remove()


def _exported(walls: Walls, side: Side) -> int:
    """An export that lies ready, of content with the name in it."""
    store = FileStore(walls.app.extensions["huiyin.settings"].files_dir)
    name = FOREIGN if side is walls.foreign else OWN
    sha256 = store.keep_bytes(side.place.id, f"PK {name}".encode())
    export = JurisdictionExport(asked_by_name=name, asked_at=MONDAY, state="made", made_at=MONDAY, sha256=sha256)
    db.session.add(export)
    db.session.commit()
    return int(export.id)


def _token(browser: Visitor, side: Side) -> str:
    page = browser.get(f"/j/{side.place.slug}/inbox/").text
    found = re.search(r"X-CSRFToken[^:]*: *(?:&#34;|&quot;|\")([^&\"]+)", page)
    assert found, "every page carries the token for what is sent from it"
    return found.group(1)


def _rules(app: Any) -> list[Any]:
    return sorted(app.url_map.iter_rules(), key=str)


def _kind(app: Any, rule: Any, argument: str) -> str | None:
    """The table whose id this argument is, or None for a word."""
    owner = getattr(app.view_functions[rule.endpoint], "__self__", None)
    if argument == "pk" and isinstance(owner, TableView):
        return str(owner.datamodel.obj.__tablename__)
    return ARGUMENTS.get(argument)


def _address(walls: Walls, rule: Any, side: Side, slug: str) -> str:
    values = {
        argument: side.ids[kind] if (kind := _kind(walls.app, rule, argument)) else WORDS[argument]
        for argument in rule.arguments
    }
    path = rule.build(values)[1]
    return f"/j/{slug}{path}{ASKED.get(rule.endpoint, '')}"


def _with_ids(app: Any) -> list[Any]:
    """The rules that name a row."""
    return [
        rule
        for rule in _rules(app)
        if rule.endpoint not in NO_ROWS and any(_kind(app, rule, argument) for argument in rule.arguments)
    ]


def _closed(app: Any, rule: Any) -> bool:
    """Whether an address asks for a sign-in."""
    function = getattr(app.view_functions[rule.endpoint], "__func__", app.view_functions[rule.endpoint])
    return rule.endpoint not in NO_ROWS | OPEN.keys() and not getattr(function, PUBLIC_MARK, False)


def _leaks(answer: Any, side: Side) -> str:
    """What of the other side stands in an answer."""
    text = answer.data.decode("utf-8", "replace")
    foreign_ids = {str(number) for number in side.ids.values()}
    found = [CANARY] if CANARY in text else []
    return ", ".join(found + sorted(foreign_ids & set(IDS.findall(text))))


def _shows(answer: Any, words: str) -> bool:
    return words.encode() in answer.data


def test_every_argument_of_every_address_is_named_here(walls: Walls) -> None:
    """A new page with a new kind of id has to say which rows it names."""
    unknown = [
        f"{rule} ({argument})"
        for rule in _rules(walls.app)
        for argument in rule.arguments
        if rule.endpoint not in NO_ROWS and _kind(walls.app, rule, argument) is None and argument not in WORDS
    ]
    assert unknown == []
    missing = {
        kind
        for rule in _rules(walls.app)
        for argument in rule.arguments
        if (kind := _kind(walls.app, rule, argument)) and kind not in walls.own.ids
        and not _is_global(kind)
    }  # fmt: skip
    assert missing == set(), "rows of these tables are named by an address and must be furnished"
    assert len(_with_ids(walls.app)) > 15


def _is_global(table: str) -> bool:
    return table != "ab_user" and "jurisdiction_id" not in Model.metadata.tables[table].c


def _ask(browser: Visitor, method: str, address: str, token: str) -> Any:
    if method == "GET":
        return browser.get(address)
    if "/api/" in address:
        return browser.open(address, method=method, json={"version": 1}, headers={"X-CSRFToken": token})
    return browser.open(address, method=method, data={"csrf_token": token})


def test_another_jurisdictions_ids_are_nowhere(walls: Walls) -> None:
    """Every address that names a row, with every method: 404, and not a row of the other side has changed."""
    browser, before = walls.browser(walls.own), walls.snapshot(walls.foreign)
    token, faults = _token(browser, walls.own), []
    for rule in _with_ids(walls.app):
        address = _address(walls, rule, walls.foreign, "lianshui")
        for method in METHODS:
            answer = _ask(browser, method, address, token)
            wanted = 404 if method in rule.methods else (404, 405)
            leaked = _leaks(answer, walls.foreign) if method == "GET" else CANARY * _shows(answer, CANARY)
            if answer.status_code not in (wanted if isinstance(wanted, tuple) else (wanted,)) or leaked:
                faults.append(f"{method} {address} ({rule.endpoint}): {answer.status_code} {leaked}")
    assert faults == []
    assert walls.snapshot(walls.foreign) == before


def test_a_strangers_jurisdiction_is_not_there(walls: Walls) -> None:
    """A member of one jurisdiction finds nothing at any address of another, with or without ids."""
    browser, faults = walls.browser(walls.own), []
    token = _token(browser, walls.own)
    for rule in _rules(walls.app):
        if rule.endpoint.endswith("static"):
            continue
        address = _address(walls, rule, walls.foreign, "huaian")
        for method in METHODS:
            answer = _ask(browser, method, address, token)
            if answer.status_code != 404 or _shows(answer, CANARY):
                faults.append(f"{method} {address} ({rule.endpoint}): {answer.status_code}")
    assert faults == []


def test_machines_are_held_to_the_same(walls: Walls) -> None:
    """The same with a token instead of a cookie."""
    client = walls.app.test_client()
    body = {"username": walls.own.username, "password": PASSWORD, "provider": "db"}
    signed_in = client.post("/j/lianshui/api/v1/security/login", json=body)
    headers = {"Authorization": f"Bearer {signed_in.json['access_token']}"}
    asked = 0
    for rule in _with_ids(walls.app):
        for method in rule.methods & set(METHODS):
            for slug in ("lianshui", "huaian"):
                address = _address(walls, rule, walls.foreign, slug)
                answer = client.open(address, method=method, json={"version": 1}, headers=headers)
                assert answer.status_code == 404, f"{method} {address}"
                assert not _shows(answer, CANARY)
                asked += 1
    assert asked > 30


def test_acts_of_every_kind_are_held_to_the_same(walls: Walls) -> None:
    """By page and by API, every act of the closed set."""
    browser = walls.browser(walls.own)
    token = _token(browser, walls.own)
    foreign, own = walls.foreign.ids["matter"], walls.own.ids["matter"]
    for act in Act:
        for base in ("/matters", "/api/v1/matters"):
            answer = _ask(browser, "POST", f"/j/lianshui{base}/{foreign}/{act.value}", token)
            assert answer.status_code in (404, 405), f"{base} {act}"
        mine = _ask(browser, "POST", f"/j/lianshui/api/v1/matters/{own}/{act.value}", token)
        assert mine.status_code in (403, 409, 422), f"own {act}: {mine.status_code}"


DRAFT_REFERENCES = {
    "source_id": "matter_source",
    "lead_unit_id": "unit",
    "co_unit_ids": "unit",
    "responsible_division_id": "unit",
    "supervising_unit_id": "unit",
    "instruction_leader_id": "membership",
    "custodian_id": "membership",
}
PART_REFERENCES = {
    "assignment_id": "assignment",
    "assignment_ids": "assignment",
    "delegation_id": "delegation",
    "unit_id": "unit",
    "attachment_ids": "attachment",
    "approval_id": "approval",
    "obligation_id": "obligation",
}


def test_ids_inside_what_is_sent_are_held_to_the_same(walls: Walls) -> None:
    """A foreign unit, source, person, part or file in a body is refused as if it did not exist, and nothing is saved."""
    fields = {name for payload in PAYLOADS.values() for name in payload.model_fields if name.endswith(("_id", "_ids"))}
    assert fields == DRAFT_REFERENCES.keys() | PART_REFERENCES.keys(), "a new reference must be tried here"
    assert {name for name in DraftForm.model_fields if name.endswith(("_id", "_ids"))} == DRAFT_REFERENCES.keys()
    browser = walls.browser(walls.own)
    headers = {"X-CSRFToken": _token(browser, walls.own)}
    path = "/j/lianshui/api/v1/matters/"

    def draft(name: str, side: Side) -> dict[str, Any]:
        value = side.ids[DRAFT_REFERENCES[name]]
        other = {"lead_unit_id": walls.world.lianshui.units["SLJ"]} if name == "co_unit_ids" else {}
        sent = [value] if name.endswith("s") else value
        return _draft(walls.own, OWN, walls.own.ids["unit"]) | other | {"title": f"带{name}的事项", name: sent}

    for name in DRAFT_REFERENCES:
        refused = browser.post(path, json=draft(name, walls.foreign), headers=headers)
        assert refused.status_code in (404, 422), f"{name}: {refused.status_code} {refused.text}"
        assert not _shows(refused, CANARY)
        unknown = browser.post(path, json=draft(name, walls.foreign) | {name: _nobody(name)}, headers=headers)
        assert (refused.status_code, _plain(refused)) == (unknown.status_code, _plain(unknown)), name
    for name in ("source_id", "lead_unit_id", "co_unit_ids", "instruction_leader_id"):
        taken = browser.post(path, json=draft(name, walls.own), headers=headers)
        assert taken.status_code == 201, f"{name}: {taken.text}"
    with walls.app.app_context(), walls.own.place.inside():
        foreign_ids = set(walls.foreign.ids.values())
        for matter in db.session.scalars(select(Matter)):
            assert not foreign_ids & {getattr(matter, name) for name in DRAFT_REFERENCES if hasattr(matter, name)}
        db.session.remove()


def _nobody(name: str) -> Any:
    return [7999999] if name.endswith("s") else 7999999


def _plain(answer: Any) -> dict[str, Any]:
    """An error without what differs between any two."""
    return {key: value for key, value in answer.json.items() if key != "request_id"}


def test_a_part_or_file_of_another_jurisdiction_cannot_be_named_in_an_act(walls: Walls) -> None:
    """A matter in handling: its own part is taken, a foreign one is not there."""
    place = walls.own.place
    with walls.app.app_context(), place.inside():
        life = _dispatched(walls.own)
        part = life.part(life_lead(place))
        part_id, matter_id = int(part.id), life.matter_id
        db.session.remove()
    browser = walls.browser(walls.own)
    headers = {"X-CSRFToken": _token(browser, walls.own)}
    base = f"/j/lianshui/api/v1/matters/{matter_id}"

    def send(act: str, **body: Any) -> Any:
        version = browser.get(base).json["version"]
        return browser.post(f"{base}/{act}", json={"version": version, **body}, headers=headers)

    foreign = walls.foreign.ids
    words = {
        "acknowledge": {"signed_by": "张三"},
        "log_receipt": {"signed_by": "张三"},
        "decline": {"reason": "不属于"},
        "confirm_decline": {},
        "reject_decline": {"opinion": "由我局办理"},
        "report_progress": {"text": "进展"},
        "explain_delay": {"reason": "汛期", "progress": "八成"},
        "request_extension": {"reason": "汛期", "progress": "八成", "proposed_due_on": "2027-06-01"},
        "withdraw_extension": {},
        "report_completion": {"text": "办结", "document_no": "1号"},
        "reassign": {"unit_id": place.units["SLJ"]},
        "acknowledge_conclusion": {"signed_by": "张三"},
        "log_conclusion_receipt": {"signed_by": "张三"},
        "object": {"reason": "数据有误"},
        "waive_objection": {},
        "decide_objection": {"decision": "upheld", "text": "依据充分"},
    }
    assert words.keys() == {act.value for act, payload in PAYLOADS.items() if "assignment_id" in payload.model_fields}
    for act, body in words.items():
        answer = send(act, assignment_id=foreign["assignment"], **body)
        assert answer.status_code in (403, 404, 409, 422), f"{act}: {answer.text}"
        assert answer.json["code"] != "fault"
        assert not _shows(answer, CANARY)
    urged = browser.post(
        f"{base}/urge",
        json={"assignment_ids": [foreign["assignment"]], "channel": "phone", "kind": "receipt", "message": "请签收"},
        headers=headers,
    )
    assert urged.status_code in (404, 409, 422), urged.text
    assert send("log_receipt", assignment_id=part_id, signed_by="张三").status_code == 200
    strange = send("request_extension", assignment_id=part_id, obligation_id=foreign["obligation"])
    assert strange.status_code in (403, 409), strange.text
    for act in ("agree", "refuse"):
        answer = send(act, approval_id=foreign["approval"], opinion="同意")
        assert (answer.status_code, answer.json["code"]) == (409, "which_decision")
    own = f"/j/lianshui/api/v1/matters/{walls.own.ids['matter']}"
    version = browser.get(own).json["version"]
    sent = {"version": version, "approval_id": walls.own.ids["approval"]}
    assert browser.post(f"{own}/refuse", json=sent, headers=headers).json["code"] == "reason_needed"


def life_lead(place: Place) -> str:
    """The code of the unit that leads in these tests."""
    return handling_units(place)[0][0]


def _dispatched(side: Side) -> Life:
    place = side.place
    source = list_sources(place.session)[0]
    life = draw_up(
        place,
        {
            "title": "已交办的事项",
            "source": source.key,
            "content": "内容",
            "handling_proposal": "拟办",
            "lead_unit_id": place.units[life_lead(place)],
        },
        now=at_local(MONDAY.date(), 10),
    )
    _dispatch(life)
    return life


def _dispatch(life: Life) -> None:
    life.office("submit")
    life.office("approve", "office_leader", opinion="同意")
    life.office("register")
    life.file("copy", life.place.actor("inspector"))
    life.office("dispatch", document_type="supervision_notice")


def test_nothing_of_another_jurisdiction_is_on_any_page(walls: Walls) -> None:
    """Every page that names no row, and every page of an own row: no title, name or id of the other side."""
    browser, theirs, faults, seen = walls.browser(walls.own), walls.browser(walls.foreign), [], 0
    for rule in _rules(walls.app):
        if not _closed(walls.app, rule) or "GET" not in rule.methods:
            continue
        answer = browser.get(_address(walls, rule, walls.own, "lianshui"), follow_redirects=True)
        if answer.status_code >= 500 or (leaked := _leaks(answer, walls.foreign)):
            faults.append(f"{rule.endpoint}: {answer.status_code} {leaked if answer.status_code < 500 else ''}")
        there = theirs.get(_address(walls, rule, walls.foreign, "huaian"), follow_redirects=True)
        seen += _shows(there, CANARY)
    assert faults == []
    assert seen >= 8, "the canary must be on the pages of its own jurisdiction, else its silence says nothing"


@pytest.mark.parametrize("role", ["administrator", "inspector"])
def test_nor_for_those_who_really_work_there(walls: Walls, role: str) -> None:
    """The shipped roles: pages of theirs, or a refusal; nothing foreign, no fault."""
    browser = walls.browser()
    assert browser.sign_in(walls.world.lianshui.username(role), PASSWORD, "/j/lianshui").status_code == 302
    opened = 0
    for rule in _rules(walls.app):
        if not _closed(walls.app, rule) or "GET" not in rule.methods:
            continue
        answer = browser.get(_address(walls, rule, walls.own, "lianshui"), follow_redirects=True)
        assert answer.status_code in (200, 403, 404, 409), f"{rule.endpoint}: {answer.status_code}"
        assert _leaks(answer, walls.foreign) == "", rule.endpoint
        foreign = browser.get(_address(walls, rule, walls.foreign, "lianshui"), follow_redirects=True)
        if any(_kind(walls.app, rule, argument) for argument in rule.arguments):
            assert foreign.status_code in (403, 404), rule.endpoint
        opened += answer.status_code == 200
    assert opened > 5


def test_nobody_who_has_not_signed_in_sees_anything(walls: Walls) -> None:
    """Without a sign-in every address asks for one and shows nothing, whether its row exists or not."""
    faults = []
    stranger = walls.browser()
    token = stranger.token("/j/lianshui/login/")
    for rule in _rules(walls.app):
        if not _closed(walls.app, rule):
            continue
        for side, slug in ((walls.own, "lianshui"), (walls.foreign, "lianshui"), (walls.foreign, "huaian")):
            address = _address(walls, rule, side, slug)
            for method in rule.methods & set(METHODS):
                answer = _ask(stranger, method, address, token)
                asked = (answer.status_code == 302 and "/login/" in answer.location) or answer.status_code == 401
                if not asked or _shows(answer, CANARY) or _shows(answer, OWN):
                    faults.append(f"{method} {address}: {answer.status_code}")
    assert faults == []


IMPOSSIBLE = ("0", "-1", "9223372036854775808", "1e3", "7000001%00")


def test_what_cannot_be_an_id_is_nowhere_too(walls: Walls) -> None:
    """Numbers no row has, numbers no column holds, and no numbers at all: not there, by page and by API; never a fault."""
    browser, faults = walls.browser(walls.own), []
    token = _token(browser, walls.own)
    for rule in _with_ids(walls.app):
        address = _address(walls, rule, walls.foreign, "lianshui")
        for impossible in IMPOSSIBLE:
            asked = IDS.sub(impossible, address)
            for method in sorted(rule.methods & {"GET", "POST"}):
                answer = _ask(browser, method, asked, token)
                if answer.status_code not in (404, 405):
                    faults.append(f"{method} {asked} ({rule.endpoint}): {answer.status_code}")
    assert faults == []


def test_own_ids_are_there(walls: Walls) -> None:
    """The control: the very same requests with an own id are answered otherwise. Last, because some of them change rows."""
    browser, faults = walls.browser(walls.own), []
    token = _token(browser, walls.own)
    rules = _with_ids(walls.app)
    for last in (False, True):
        for rule in rules:
            if ("delete" in rule.endpoint or "remove" in rule.endpoint or "drop" in rule.endpoint) is not last:
                continue
            address = _address(walls, rule, walls.own, "lianshui")
            for method in sorted(rule.methods & set(METHODS)):
                answer = _ask(browser, method, address, token)
                if answer.status_code == 404 or answer.status_code >= 500:
                    faults.append(f"{method} {address} ({rule.endpoint}): {answer.status_code}")
    assert faults == []


def test_every_owned_table_a_page_could_name_is_known() -> None:
    """The argument table names tables that exist and belong to a jurisdiction, people apart."""
    owned = {m.local_table.name for m in Model.registry.mappers if issubclass(m.class_, JurisdictionOwned)}
    assert set(ARGUMENTS.values()) - owned == {"ab_user"}
