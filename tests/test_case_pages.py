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
from app.matters.models import Matter, MatterSource, Report
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

    def one(self, query: Any) -> Any:
        """Something of the database."""
        self.session.rollback()
        with self.place.inside():
            return self.session.scalars(query).first()

    @property
    def matter(self) -> Matter:
        """The row as it is now."""
        return self.one(select(Matter).where(Matter.id == self.id))

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
