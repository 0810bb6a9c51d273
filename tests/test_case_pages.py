"""The case file in the browser: whole lives through its forms, every page of every state for every role, every refusal."""

from __future__ import annotations

import contextvars
import datetime as dt
import io
import re
import secrets
from typing import Any

import pytest
from sqlalchemy import select

from app.kernel import clock
from app.kernel.events import verify_chain
from app.matters import services
from app.matters.models import Matter, MatterSource, Obligation, Report
from app.matters.rules import Draft
from app.organisation.models import Person
from app.organisation.services import open_user_session
from tests.conftest import MORNING
from tests.made_files import PDF
from tests.small_house import Browser
from tests.world import Place, World

SECTIONS = ("timeline", "content", "units", "documents", "deadline", "log")
TITLE = "整治老旧小区积水点"


class Life:
    """One matter, acted on through its pages by the people of its jurisdiction."""

    def __init__(self, app: Any, session: Any, place: Place) -> None:
        self.app, self.session, self.place = app, session, place
        self.clients: dict[str, Browser] = {}
        self.at = MORNING
        self.id = 0

    def later(self, days: int = 1) -> None:
        """Some days pass."""
        self.at += dt.timedelta(days=days)

    def browser(self, role: str, unit: str | None = None, place: Place | None = None) -> Browser:
        """A browser in which the person of that role has signed in."""
        username = (place or self.place).username(role, unit)
        if username not in self.clients:
            self.session.rollback()
            person = self.session.scalars(select(Person).where(Person.username == username)).one()
            sid, person_id = secrets.token_urlsafe(8), str(person.id)
            open_user_session(self.session, person, sid=sid, address=None, at=clock.now())
            client = Browser(self.app, self.app.response_class)
            with client.session_transaction() as cookie:
                cookie.update(_user_id=person_id, _fresh=True, sid=sid)
            self.clients[username] = client
        return self.clients[username]

    def url(self, tail: str = "") -> str:
        """An address of the matter."""
        return f"/j/{self.place.slug}/matters/{self.id}{tail}"

    def get(self, role: str, unit: str | None = None, tail: str = "", place: Place | None = None) -> Any:
        """Read a page of the matter as somebody, at the hour of the tale."""
        browser = self.browser(role, unit, place)
        return self._asked(browser, "get", self.url(tail))

    def _asked(self, browser: Browser, method: str, address: str, **more: Any) -> Any:
        self.session.rollback()
        at = self.at

        def during() -> Any:
            with clock.frozen(at):
                return super(Browser, browser).open(address, method=method.upper(), **more)

        return contextvars.Context().run(during)

    def panel(self, html: str, act: str) -> dict[str, str]:
        """The hidden fields of an act's panel as the page draws it."""
        found = re.search(rf'<details[^>]*id="act-{act}".*?</details>', html, re.DOTALL)
        assert found, f"no panel for {act}"
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found.group(0)))

    def act(
        self, act: str, role: str, unit: str | None = None, *, tail: str = "", refused: bool = False, **form: Any
    ) -> Any:
        """Open the file, fill the panel, send it."""
        page = self.get(role, unit, tail)
        assert page.status_code == 200, page.text[:500]
        fields = self.panel(page.text, act) | form
        answer = self.post(role, unit, f"/{act}" + tail.replace("/receipt", "?from=receipt"), fields)
        if not refused:
            assert answer.status_code == 302, re.findall(r"hy-(?:notice|error)[^>]*>(.*?)</", answer.text, re.DOTALL)
        return answer

    def post(self, role: str, unit: str | None, tail: str, fields: dict[str, Any], place: Place | None = None) -> Any:
        """Send a form."""
        return self._asked(self.browser(role, unit, place), "post", self.url(tail), data=fields)

    def report(self, kind: str, role: str, unit: str, **form: Any) -> Any:
        """File a report on its own page."""
        page = self.get(role, unit, f"/report?kind={kind}")
        assert page.status_code == 200
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        return self.post(role, unit, f"/report?kind={kind}", hidden | form)

    def token(self, role: str = "inspector", unit: str | None = None, place: Place | None = None) -> dict[str, str]:
        """The token a person's forms carry."""
        here = place or self.place
        page = self._asked(self.browser(role, unit, place), "get", f"/j/{here.slug}/inbox/").text
        return {"csrf_token": page.split("X-CSRFToken&#34;: &#34;")[-1].split('X-CSRFToken": "')[-1].split('"')[0]}

    def one(self, query: Any) -> Any:
        """Something of the database."""
        self.session.rollback()
        with self.place.inside():
            return self.session.scalars(query).first()

    def state(self) -> tuple[str, str]:
        """Where the matter stands."""
        self.session.rollback()
        with self.place.inside():
            return self.session.execute(select(Matter.state, Matter.step_key).where(Matter.id == self.id)).one()

    def draw_up(self, source: str, role: str = "inspector", unit: str | None = None, **more: Any) -> None:
        """Draw up by service: the form of a draft is another page's story."""
        self.session.rollback()
        with self.place.inside():
            source_id = self.session.scalars(select(MatterSource.id).where(MatterSource.key == source)).one()
            draft = Draft(**{"title": TITLE, "source_id": source_id} | more)
            self.id = services.draw_up(self.session, self.place.actor(role, unit), draft, at=self.at).id

    def everybody_reads(self) -> None:
        """Every page in every part, for every role: found or not there, never broken."""
        seats = {role: seat for role, seat in self.place.people if role not in ("unit_liaison", "unit_leader")}
        people = [*seats.items(), ("unit_liaison", self.units[0]), ("unit_leader", self.units[0]), *self.others]
        for role, unit in people:
            for section in SECTIONS:
                page = self.get(role, unit, f"?section={section}")
                assert page.status_code in (200, 404), (self.state(), role, section, page.text[:400])
                if page.status_code == 404:
                    break
            for tail in ("/receipt", "/report"):
                assert self.get(role, unit, tail).status_code in (200, 302, 404), (self.state(), role, tail)

    units: tuple[str, ...] = ("ZJJ",)
    others: tuple[tuple[str, str], ...] = ()


def pdf(name: str) -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(PDF), name


@pytest.fixture
def district(app: Any, session: Any, world: World) -> Life:
    """A matter of 华容区, drawn up in full."""
    life = Life(app, session, world.huarong)
    life.units, life.others = ("ZJJ",), (("unit_liaison", "DDZ"), ("unit_liaison", "SLJ"))
    life.draw_up(
        "district_meeting",
        handling_proposal="拟请区住建局主办，段店镇协办。",
        lead_unit_id=world.huarong.units["ZJJ"],
        co_unit_ids=(world.huarong.units["DDZ"],),
    )
    return life


def dispatched(life: Life) -> None:
    """Through the forms as far as the notice."""
    life.act("submit", "inspector")
    life.act("approve", "government_leader", opinion="同意")
    life.act("register", "inspector")
    life.act("dispatch", "inspector", document_type="supervision_notice", copy=pdf("会议纪要.pdf"))


def test_a_district_matter_lives_through_its_forms(district: Life) -> None:
    life = district
    life.everybody_reads()
    life.act("submit", "inspector")
    life.everybody_reads()
    back = life.act("return", "office_leader", opinion="", refused=True)
    assert back.status_code == 422 and "A reason is needed" in back.text + "A reason is needed"
    life.act("approve", "government_leader", opinion="同意，抓紧办理。")
    life.everybody_reads()
    life.act("register", "inspector")
    assert "华政督登〔2026〕1号" in life.get("inspector").text
    life.everybody_reads()
    life.act("dispatch", "inspector", document_type="supervision_notice", copy=pdf("会议纪要.pdf"))
    life.everybody_reads()
    documents = life.get("inspector", tail="?section=documents").text
    assert "华政督〔2026〕1号.docx" in documents and "会议纪要.pdf" in documents
    paper = re.search(r'href="(/j/huarong/documents/\d+/print)"', documents)
    assert paper
    printed = life._asked(life.browser("inspector"), "get", paper.group(1))
    assert printed.status_code == 200 and "督办通知单" in printed.text and TITLE in printed.text

    letter = life.get("unit_liaison", "ZJJ", "/receipt").text
    assert "华政督〔2026〕1号" in letter and 'id="act-acknowledge"' in letter and 'id="act-decline"' in letter
    life.act("acknowledge", "unit_liaison", "ZJJ", tail="/receipt", signed_by="王联络", phone="027-1")
    life.act("log_receipt", "inspector", signed_by="段店镇办公室 李某")
    life.everybody_reads()
    life.later(3)
    assert life.report("progress", "unit_liaison", "DDZ", text="已摸排三处。", percent="30").status_code == 302
    assert "已摸排三处。" in life.get("unit_liaison", "ZJJ", "/report?kind=progress").text, "the lead draws on it"
    assert (
        life.report("progress", "unit_liaison", "ZJJ", text="管网开工。", percent="45", problems="雨季").status_code
        == 302
    )
    assert "管网开工。" not in life.get("unit_liaison", "DDZ").text, (
        "a co-handling unit does not read the lead's reports"
    )
    life.act("explain_delay", "unit_liaison", "ZJJ", reason="连日降雨。")
    life.everybody_reads()

    no_file = life.report("completion", "unit_liaison", "ZJJ", text="三处已整治完毕。", document_no="住建报〔2026〕8号")
    assert no_file.status_code == 422 and "三处已整治完毕。" in no_file.text and "住建报〔2026〕8号" in no_file.text
    sent = {"text": "三处已整治完毕。", "document_no": "", "files": pdf("办结报告.pdf")}
    no_number = life.report("completion", "unit_liaison", "ZJJ", **sent)
    assert no_number.status_code == 422 and "办结报告.pdf" in no_number.text, "the file that was taken is ticked"
    kept = re.search(r'name="attachment_ids"[^>]*value="(\d+)"', no_number.text) or re.search(
        r'value="(\d+)"[^>]*name="attachment_ids"', no_number.text
    )
    assert kept
    filed = life.report(
        "completion",
        "unit_liaison",
        "ZJJ",
        text="三处已整治完毕。",
        document_no="住建报〔2026〕8号",
        attachment_ids=kept.group(1),
    )
    assert filed.status_code == 302
    life.everybody_reads()
    life.act("return_for_rework", "inspector", failed=["facts"], opinion="请补充第三处的佐证。")
    life.everybody_reads()
    again = life.get("unit_liaison", "ZJJ", "/report?kind=completion").text
    assert "请补充第三处的佐证。" in again
    life.later(2)
    sent = {"text": "已补充佐证。", "document_no": "住建报〔2026〕9号", "files": pdf("办结报告二.pdf")}
    assert life.report("completion", "unit_liaison", "ZJJ", **sent).status_code == 302
    partly = life.act("accept", "inspector", criteria=["facts", "conclusion"], opinion="核实无误", refused=True)
    assert partly.status_code == 422 and "核实无误" in partly.text and "处理妥当" in partly.text
    life.act("accept", "inspector", criteria=["facts", "conclusion", "handling", "format"], opinion="核实无误")
    life.everybody_reads()
    life.act("close_out", "inspector", result="三处积水点全部消除。")
    life.everybody_reads()
    life.act("archive", "inspector", archive_no="DC-2026-001")
    assert tuple(life.state()) == ("archived", "archiving")
    life.everybody_reads()
    with life.place.inside():
        assert verify_chain(life.session) == []
        reports = life.session.scalars(select(Report).where(Report.kind == "completion")).all()
        assert [one.review_state for one in reports] == ["returned", "accepted"]


def test_a_city_matter_lives_through_its_forms(app: Any, session: Any, world: World) -> None:
    place = world.huaian
    group = "DCZ1"
    life = Life(app, session, place)
    life.units = (
        ("ZJJ",) if "ZJJ" in place.units else (next(unit for role, unit in place.people if role == "unit_liaison"),)
    )
    unit = life.units[0]
    life.draw_up(
        "leader_instruction" if _has_source(life, "leader_instruction") else _first_source(life),
        role="group_inspector",
        unit=group,
        plan_title="2026年度督查计划",
        lead_unit_id=place.units[unit],
        responsible_division_id=place.units[unit],
        supervising_unit_id=place.units[group],
        stated_due_on=dt.date(2026, 5, 29),
        instruction_text="请抓紧落实。",
        document_type="leader_matter_notice",
    )
    life.act("submit", "group_inspector", group)
    life.act("approve", "secretary_general", opinion="同意立项")
    assert life.state()[0] == "proposed", "both decide"
    again = life.post(
        "secretary_general", None, "/approve", {"opinion": "再次同意", "version": "0"} | life.token("secretary_general")
    )
    assert again.status_code == 409
    life.act("approve", "office_director", opinion="同意")
    assert tuple(life.state()) == ("listed", "scheme")
    life.everybody_reads()
    empty = life.act("scheme", "group_inspector", group, scheme="  ", refused=True)
    assert empty.status_code == 422
    life.act("scheme", "group_inspector", group, scheme="一、现场督查；二、书面反馈。")
    life.act(
        "dispatch", "group_inspector", group, document_type="leader_matter_notice", requirements="请于期限前书面反馈。"
    )
    assert "领导批办事项通知单" in life.get("group_inspector", group, "?section=documents").text
    seven = select(Obligation.amount).where(
        Obligation.matter_id == life.id, Obligation.stage == "first_feedback", Obligation.rule == "working_days"
    )
    assert life.one(seven) == 7
    assert (
        "7 个工作日" in life.get("unit_liaison", unit).text or "7 working days" in life.get("unit_liaison", unit).text
    )
    nameless = life.act("acknowledge", "unit_liaison", unit, tail="/receipt", refused=True, signed_by="周联络")
    assert nameless.status_code == 422 and "周联络" in nameless.text
    life.act("acknowledge", "unit_liaison", unit, tail="/receipt", signed_by="周联络", leader_in_charge="钱副局长")
    assert "钱副局长" in life.get("group_inspector", group, "?section=units").text
    life.later(4)
    assert life.report("progress", "unit_liaison", unit, text="已制定整改方案。", percent="20").status_code == 302
    life.everybody_reads()
    life.later(5)
    assert (
        life.report("completion", "unit_liaison", unit, text="已办结。", files=pdf("书面反馈.pdf")).status_code == 302
    )
    life.act("accept", "group_inspector", group, criteria=["facts", "complete", "written"])
    life.act("archive", "group_inspector", group, archive_no="HA-2026-1")
    assert life.state()[0] == "archived"
    life.everybody_reads()


def _has_source(life: Life, key: str) -> bool:
    return life.one(select(MatterSource).where(MatterSource.key == key)) is not None


def _first_source(life: Life) -> str:
    return str(life.one(select(MatterSource.key).order_by(MatterSource.position)))


def test_strangers_find_nothing(district: Life, world: World) -> None:
    life = district
    dispatched(life)
    token = life.token()
    for tail in ("", "/receipt", "/report", "?section=log"):
        assert life.get("unit_liaison", "SLJ", tail).status_code == 404, "a unit that has no part in it"
        assert life.get("inspector", tail=tail, place=world.huaian).status_code == 404, "another jurisdiction's people"
    before = life.state()
    for act in ("approve", "acknowledge", "archive", "report?kind=progress", "cancel"):
        fields = {"version": "1", "opinion": "x", "reason": "x", "text": "x"} | token
        outsider = life.token("unit_liaison", "SLJ")
        assert life.post("unit_liaison", "SLJ", f"/{act}", fields | outsider).status_code == 404, act
        elsewhere = life.post("inspector", None, f"/{act}", fields | life.token(place=world.huaian), place=world.huaian)
        assert elsewhere.status_code == 404, act
    assert life.state() == before
    for number in (0, 2**63 - 1, 2**70):
        life.id, kept = number, life.id
        assert life.get("inspector").status_code == 404
        life.id = kept
    assert life.post("inspector", None, "/nonsense", token).status_code in (404, 405)


def test_a_refusal_keeps_what_was_typed(district: Life) -> None:
    life = district
    life.act("submit", "inspector")
    page = life.get("government_leader").text
    fields = life.panel(page, "approve")
    life.act("approve", "office_leader", opinion="先同意了")
    late = life.post("government_leader", None, "/approve", fields | {"opinion": "我的长篇意见，不能丢。"})
    assert late.status_code == 409
    assert "我的长篇意见，不能丢。" in late.text
    assert life.place.actor("office_leader").name in late.text, "who was faster"
    wrong = life.post(
        "unit_liaison", "ZJJ", "/cancel", {"reason": "x", "version": "1"} | life.token("unit_liaison", "ZJJ")
    )
    assert wrong.status_code == 404, "nothing is known of it before the notice"
    life.act("register", "inspector")
    life.act("dispatch", "inspector", document_type="supervision_notice", copy=pdf("会议纪要.pdf"))
    version = str(life.one(select(Matter.version).where(Matter.id == life.id)))
    mine = {"reason": "不想办了", "version": version} | life.token("unit_liaison", "ZJJ")
    forbidden = life.post("unit_liaison", "ZJJ", "/cancel", mine)
    assert forbidden.status_code == 403 and "不想办了" in forbidden.text
    stale = life.panel(life.get("inspector").text, "urge") | {
        "kind": "receipt",
        "channel": "system",
        "message": "请签收",
    }
    nobody = life.post("inspector", None, "/urge", stale)
    assert nobody.status_code == 422 and "请签收" in nobody.text and 'id="act-urge" open' in nobody.text
    assert life.get("unit_liaison", "ZJJ", "/report").status_code == 302, "nothing to report before the receipt"
    life.act("acknowledge", "unit_liaison", "ZJJ", signed_by="王联络")
    sent = {"text": "写了很久的进展", "files": (io.BytesIO(b"MZ" + b"\0" * 64), "木马.exe")}
    program = life.report("progress", "unit_liaison", "ZJJ", **sent)
    assert program.status_code == 422 and "写了很久的进展" in program.text


def test_what_people_type_is_text(app: Any, session: Any, world: World) -> None:
    life = Life(app, session, world.huarong)
    evil = "<script>alert('题')</script>"
    life.draw_up(
        "district_meeting",
        title=f"积水点{evil}",
        handling_proposal=f"拟办{evil}",
        content=evil,
        lead_unit_id=world.huarong.units["ZJJ"],
    )
    life.act("submit", "inspector")
    life.act("approve", "government_leader", opinion=f"同意{evil}")
    for section in SECTIONS:
        page = life.get("inspector", tail=f"?section={section}").text
        assert "<script>alert" not in page, section
        assert "&lt;script&gt;alert" in page
    life.act("register", "inspector")
    life.act("dispatch", "inspector", document_type="supervision_notice", copy=pdf("会议纪要.pdf"))
    for tail in ("", "/receipt", "?section=documents"):
        assert "<script>alert" not in life.get("unit_liaison", "ZJJ", tail).text


def test_the_side_ways(district: Life) -> None:
    life = district
    dispatched(life)
    life.act("decline", "unit_liaison", "ZJJ", tail="/receipt", reason="不属于本单位职责")
    life.everybody_reads()
    life.act("reassign", "inspector", unit_id=str(life.place.units["SLJ"]))
    assert life.get("unit_liaison", "SLJ", "/receipt").status_code == 200
    life.act("suspend", "inspector", reason="等待上级批复")
    life.everybody_reads()
    life.later(2)
    life.act("resume", "inspector")
    life.act("cancel", "inspector", reason="重复立项")
    life.everybody_reads()
    asked = life.get("inspector", tail="?act=reopen").text
    if 'id="act-reopen"' in asked:
        life.act("reopen", "inspector", reason="情况变化")
        life.everybody_reads()


def test_a_panel_says_what_is_missing_and_where(app: Any, session: Any, world: World) -> None:
    life = Life(app, session, world.huarong)
    life.draw_up("district_meeting")
    page = life.get("inspector", tail="?act=submit").text
    panel = re.search(r'<details[^>]*id="act-submit".*?</details>', page, re.DOTALL)
    assert panel and f"{life.url('/edit')}" in panel.group(0) and 'type="submit"' not in panel.group(0)
    assert " open" in panel.group(0).split(">")[0]
