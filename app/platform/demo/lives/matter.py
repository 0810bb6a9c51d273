"""The life of one matter."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from sqlalchemy import select

from app.documents.services import add_attachment
from app.kernel import clock
from app.kernel.actor import Actor
from app.matters import queries, services
from app.matters.models import Approval, Assignment, Matter
from app.matters.rules import Draft
from app.matters.rules.at_once import says_at_once
from app.matters.services.approving import agree
from app.matters.services.extending import request_extension
from app.platform.demo.lives.moments import Life, Moments
from app.platform.demo.lives.stage import Stage
from app.platform.demo.papers import pdf
from app.platform.demo.story import MatterTold
from app.urging.services import answer_slip, issue_slip, urge

_REPORT_EVERY = 4  # working days between two progress reports

_PROGRESS = (
    "已成立工作专班，完成现场核查并列出问题清单，责任落实到人。",
    "各项工作按计划推进，已完成年度任务的{percent}%，资金拨付到位。",
    "主体工作基本完成，正在对照清单逐项销号，累计完成{percent}%。",
    "已进入收尾阶段，累计完成{percent}%，正在组织自查。",
)

_CONTRIBUTION = "已按分工完成本单位配合事项，相关数据和材料已提供给牵头单位。"

_PROBLEMS = ("个别点位协调难度较大。", "受天气影响，部分工序有所滞后。", "")

_OPINIONS = ("同意。", "同意，请抓紧办理。", "同意，按程序办理并及时反馈。")

_URGING = {
    "receipt": "请登录系统签收督办通知，并于今日内确认承办人员。",
    "feedback": "请抓紧办理，并按时限书面反馈办理情况。",
}


class MatterLife:
    """One matter: ``live`` is its course, the other methods are its acts."""

    def __init__(self, stage: Stage, told: MatterTold) -> None:
        self.stage, self.told = stage, told
        self.moments = Moments(stage.days, told.start, stage.chance)
        self.id = 0
        self.office = stage.cast.by_role("inspector")
        self.reports = 0

    def live(self) -> Life:
        told, moments = self.told, self.moments
        yield moments.now()
        self._draw_up()
        if told.end == "draft":
            return
        yield moments.later()
        self._act("submit")
        yield from self._decisions()
        if told.end in ("returned_draft", "proposed", "half_approved", "listed"):
            return
        yield from self._dispatching()
        if told.end in ("registered", "dispatched", "declined"):
            return
        yield from self._handling()
        if told.end in ("acknowledged", "in_progress", "suspended", "cancelled"):
            return
        yield from self._finishing()

    def _decisions(self) -> Life:
        told, moments = self.told, self.moments
        if told.end == "proposed":
            return
        deciders = self._deciders()
        yield moments.later(1)
        if told.end == "returned_draft":
            self._act("return_proposal", deciders[0], opinion="依据和办理要求写得不够具体，请补充后再报。")
            return
        for number, decider in enumerate(deciders):
            if number:
                yield moments.later()
            self._act("approve", decider, opinion=self.stage.chance.choice(_OPINIONS))
            if told.end == "half_approved":
                return

    def _deciders(self) -> list[Actor]:
        cast = self.stage.cast
        if self.stage.story.slug == "huaian":
            return [cast.by_role("secretary_general"), cast.by_role("office_director")]
        if self.told.by:
            return [self.stage.actor(self.told.by)]
        return [cast.by_role("office_leader")]

    def _dispatching(self) -> Life:
        told, moments = self.told, self.moments
        if self.matter.step_key == "scheme":
            yield moments.later()
            self._act("write_scheme", scheme="书面督查与实地核查相结合，每两周调度一次，办结前组织一次现场核验。")
        else:
            yield moments.later()
            self._act("register")
        if told.end == "registered" or self.matter.step_key != "dispatch":
            return
        self._file("copy", self.office, f"{told.title}来文.pdf", "来文复印件", [self._content()])
        yield moments.later()
        self._act("dispatch", requirements="请明确分管负责同志和承办人员，按时限书面反馈办理情况，重要进展随时报告。")
        if told.end == "dispatched":
            yield from self._urgings("receipt")
        if told.end == "declined":
            yield moments.later()
            self._unit_act("decline", told.lead, reason="该事项主要职责不在本单位，建议由住建部门牵头办理。")

    def _handling(self) -> Life:
        told, moments = self.told, self.moments
        for number, code in enumerate((told.lead, *told.co)):
            if self._part(code).state != "notified":
                continue
            yield moments.later(1 if number == 0 else 0)
            if number == 2:
                who = self.stage.liaison(code).name
                self._unit_act("log_receipt", code, self.office, signed_by=who, leader_in_charge=self._leader(code))
            else:
                self._unit_act("acknowledge", code, leader_in_charge=self._leader(code))
        if told.end == "acknowledged":
            return
        if told.end == "cancelled":
            yield moments.later(2)
            inspector = self.stage.cast.by_role("inspector")  # a group may not cancel
            self._act("cancel", inspector, reason="与上级已部署的同类事项重复，并入统一推进。")
            return
        yield from self._progress()
        if told.end == "suspended" or told.resumed:
            yield moments.later(1)
            self._act("suspend", reason="上级主管部门正在调整实施方案，待方案明确后继续办理。")
        if told.resumed:
            yield moments.later(2)
            self._act("resume")
        if told.slip:
            yield from self._slips()

    def _progress(self) -> Life:
        """Reports, urgings and explanations until the completion report, or until today."""
        told, moments = self.told, self.moments
        until = moments.left - 1 if told.end == "in_progress" and not told.resumed else told.work
        spent = 0
        while spent + _REPORT_EVERY <= until or self.reports == 0:
            days = min(_REPORT_EVERY, max(until - spent, 0))
            if days + spent > until or (days == 0 and moments.left == 0):
                return
            yield moments.later(days)
            spent += days
            self._report_progress()
            if self.reports <= len(told.co):
                yield moments.later()
                self._unit_act("report_progress", told.co[self.reports - 1], text=_CONTRIBUTION)
            if self.reports == 2:
                yield from self._urgings("feedback")
                yield from self._more_time()
            if self.reports == 3 and told.delay:
                yield moments.later()
                self._unit_act("explain_delay", told.lead, reason=told.delay, progress="已完成总工程量的七成。")

    def _more_time(self) -> Life:
        """The unit asks for days beyond its date, and a leader grants them."""
        told, moments, stage = self.told, self.moments, self.stage
        if told.extend is None or told.due is None:
            return
        yield moments.later()
        self._do(
            request_extension,
            stage.liaison(told.lead),
            assignment_id=self._part(told.lead).id,
            reason="部分点位管线迁改手续尚在办理，需延长工期。",
            progress="已完成总工程量的六成。",
            proposed_due_on=stage.day(told.due + told.extend),
        )
        yield moments.later(1)
        asked = stage.session.scalars(
            select(Approval).where(Approval.matter_id == self.id, Approval.state == "pending")
        ).one()
        leader = stage.cast.by_role("office_leader")
        self._do(agree, leader, approval_id=asked.id, opinion="理由充分，同意延期，不得再延。")

    def _slips(self) -> Life:
        """The date passes, the office issues the slip, the unit answers."""
        told, moments, due = self.told, self.moments, self.stage.day(self.told.due)
        while due is not None and clock.local_date(moments.now()) <= due:
            yield moments.later(1)
        yield moments.later()
        demand = "请于限期内报送逾期原因和补救措施。"
        self._slip(issue_slip, self._carrier(self.matter), slip=told.slip, demand=demand)
        yield moments.later()
        answer = "已增派施工力量，每日调度，确保月底前完成并报送办结报告。"
        self._slip(answer_slip, self.stage.liaison(told.lead), answer=answer)

    def _slip(self, act: Callable[..., Any], who: Actor, **given: Any) -> None:
        part = self._part(self.told.lead)
        act(self.stage.session, who, self.id, assignment_id=part.id, at=self.moments.now(), **given)

    def _report_progress(self) -> None:
        percent = min(35 + 20 * self.reports, 90)
        self._unit_act(
            "report_progress",
            self.told.lead,
            text=_PROGRESS[min(self.reports, len(_PROGRESS) - 1)].format(percent=percent),
            percent=percent,
            problems=self.stage.chance.choice(_PROBLEMS),
            next_steps="下一步将紧盯时间节点，确保按期办结。",
        )
        self.reports += 1

    def _finishing(self) -> Life:
        told, moments = self.told, self.moments
        for code in told.co[self.reports :]:
            yield moments.later()
            self._unit_act("report_progress", code, text=_CONTRIBUTION)
        yield moments.later(1)
        self._complete()
        for _round in range(1 if told.end == "rework" else told.returns):
            yield moments.later(1)
            failed = self._criteria()[:1]
            opinion = "部分数据与台账不一致，请核实后重新上报。"
            self._act("return_for_rework", self._reviewer(), failed=failed, opinion=opinion)
            if told.end == "rework":
                return
            yield moments.later(2)
            self._complete()
        if told.end == "reported":
            return
        yield moments.later(2)
        self._act("accept", self._reviewer(), criteria=self._criteria(), opinion="事实清楚，同意办结。")
        if told.end == "completed":
            return
        if self.matter.step_key == "closing":
            yield moments.later()
            self._act("close_out", result=f"{told.title}已全部完成，群众反映良好。")
        if told.end == "reopened":
            yield moments.later(3)
            inspector = self.stage.cast.by_role("inspector")  # a group may not open again what has ended
            self._act("reopen", inspector, reason="回访发现个别点位出现反复，需继续督办整改。")
            return
        if told.end == "archived":
            yield moments.later(1)
            year, number = self.stage.today.year, self.id
            self._act("archive", self.stage.actor("dangan"), archive_no=f"{year}-D30-{number:04d}")

    def _complete(self) -> None:
        unit, liaison = self.stage.cast.units[self.told.lead], self.stage.liaison(self.told.lead)
        told_unit = self.stage.story.units.get(self.told.lead)
        self.stage.paper_no += 1
        year = self.stage.today.year
        number = f"{told_unit.paper if told_unit else '政办'}〔{year}〕{self.stage.paper_no}号"
        text = f"{self.told.title}事项已办结。经逐项核对，任务清单全部完成，有关佐证材料附后。"
        file_id = self._file(
            "report",
            liaison,
            f"{unit.short_name}关于{self.told.title}办结情况的报告.pdf",
            f"{unit.name}文件",
            [number, text],
        )
        self._unit_act(
            "report_completion",
            self.told.lead,
            text=text,
            document_no=number,
            signed_by=self._leader(self.told.lead),
            attachment_ids=[file_id],
        )

    def _urgings(self, kind: str) -> Life:
        for channel in self.told.urge:
            yield self.moments.later()
            parts = [self._part(self.told.lead).id]
            message = _URGING[kind]
            urge(self.stage.session, self.office, self.id, parts, channel, message, kind, at=self.moments.now())

    # -- what an act needs ---------------------------------------------------------------------------------------------

    @property
    def matter(self) -> Matter:
        return queries.get_matter(self.stage.session, Actor.system(self.stage.cast.jurisdiction_id), self.id)

    def _draw_up(self) -> None:
        told, stage = self.told, self.stage
        units = stage.cast.units
        leader = stage.actor(told.by) if told.by else None
        division = stage.story.divisions.get(told.lead)
        drafted_on = clock.local_date(self.moments.now())
        # Days of the calendar beside a start in working days: over a weekend or a holiday the two may change places.
        exposed_on = stage.day(told.exposed)
        draft = Draft(
            title=told.title,
            source_id=stage.sources[told.source],
            content=self._content(),
            source_document_no=None,
            urgency=told.urgency,
            handling_mode=told.mode,
            is_major=told.major,
            secrecy_level=told.secrecy,
            handling_proposal=told.proposal or None,
            instruction_leader_id=leader.membership_id if leader else None,
            instruction_text=told.instruction,
            hurried=True if says_at_once(told.instruction) and not told.due else None,
            instruction_on=drafted_on if told.instruction else None,
            meeting_on=drafted_on if "meeting" in told.source else None,
            exposed_on=min(exposed_on, drafted_on) if exposed_on else None,
            stated_due_on=stage.day(told.due),
            feedback_due_on=stage.day(told.feedback),
            plan_title=f"{stage.today.year}年{told.plan}" if told.plan else None,
            responsible_division_id=units[division].id if division else None,
            lead_unit_id=units[told.lead].id,
            co_unit_ids=tuple(units[code].id for code in told.co),
        )
        self.id = services.draw_up(stage.session, self.office, draft, at=self.moments.now()).id

    def _content(self) -> str:
        return self.told.instruction or self.told.proposal or f"请按要求推进{self.told.title}，按期办结并书面反馈。"

    def _act(self, name: str, actor: Actor | None = None, **given: Any) -> None:
        self._do(getattr(services, name), actor, **given)

    def _do(self, act: Callable[..., Any], actor: Actor | None = None, **given: Any) -> None:
        matter = self.matter
        who = actor or self._carrier(matter)
        act(self.stage.session, who, self.id, expected_version=matter.version, at=self.moments.now(), **given)

    def _unit_act(self, name: str, code: str, actor: Actor | None = None, **given: Any) -> None:
        self._act(name, actor or self.stage.liaison(code), assignment_id=self._part(code).id, **given)

    def _carrier(self, matter: Matter) -> Actor:
        """Who carries the matter in the office: the group it was routed to, else the inspector."""
        if matter.supervising_unit_id in (None, self.office.unit_id):
            return self.office
        self.office = self.stage.cast.by_role("group_inspector", matter.supervising_unit_id)
        return self.office

    def _reviewer(self) -> Actor:
        return self._carrier(self.matter)

    def _part(self, code: str) -> Assignment:
        unit_id = self.stage.cast.units[code].id
        statement = select(Assignment).where(Assignment.matter_id == self.id, Assignment.unit_id == unit_id)
        found: Assignment = self.stage.session.scalars(statement).one()
        return found

    def _leader(self, code: str) -> str:
        unit = self.stage.cast.units[code]
        return unit.leader_in_charge or f"{self.stage.liaison(code).name[0]}副局长"

    def _criteria(self) -> list[str]:
        stage = self.stage
        file = queries.case_file(stage.session, self.office, self.id, today=stage.today)
        return [one.key for one in file.profile.completion.criteria]

    def _file(self, kind: str, actor: Actor, name: str, title: str, paragraphs: list[str]) -> int:
        attachment = add_attachment(
            self.stage.session,
            actor,
            matter_id=self.id,
            kind=kind,
            file_name=name,
            stream=BytesIO(pdf(title, [self.told.title, *paragraphs])),
            at=self.moments.now(),
            store=self.stage.store,
        )
        return attachment.id
