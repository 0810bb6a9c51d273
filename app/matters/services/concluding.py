"""The conclusion: drawn up by the office, served on the units it concerns, signed for by them (政府督查工作条例 art. 16)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from app.deadlines.rules import ClockRule, RuleKind, facts
from app.deadlines.services import due_from_events
from app.documents.models import Document
from app.documents.services import issue_document
from app.jurisdictions.rules.profile import Conclusion as ConclusionSection
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import N_
from app.matters.models import Assignment, Conclusion, Matter
from app.matters.queries.conclusions import find_standing_conclusion, list_conclusions
from app.matters.rules import REASONS, Act, ConclusionState
from app.matters.rules.concluding import to_conclude
from app.matters.services import clocks
from app.matters.services.casework import Work, note, require, take, tell_unit
from app.organisation.models import Unit

LONGEST = 20_000
_OPEN = (ConclusionState.SERVED, ConclusionState.RECEIVED, ConclusionState.OBJECTED)


@command
def serve_conclusion(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    text: str,
    assignment_ids: Sequence[int] = (),
    rectification: str = "",
    rectify_by: dt.date | None = None,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """Serve a conclusion as a numbered document on each unit it concerns: those named, else all that have none yet.

    ``rectification`` is what the unit must put right until ``rectify_by`` (art. 18); it then owes a report on it, and the
    matter does not end before. Refuses without a text, a unit that has a conclusion already or was never notified, a
    demand without its date or a date without its demand, and a date that has passed.
    """
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.SERVE_CONCLUSION)
    said = section(work)
    _check(work, text, rectification, rectify_by)
    numbers = []
    parts = _parts(work, assignment_ids)
    for part in parts:
        paper = issue(
            work, part, said.document_type, _paragraphs(text, rectification, rectify_by), said, due=rectify_by
        )
        served = Conclusion(
            matter_id=matter_id,
            assignment_id=part.id,
            document_id=paper.id,
            state=ConclusionState.SERVED,
            text=text.strip(),
            rectification=rectification.strip() or None,
            rectify_by=rectify_by,
            served_at=at,
            served_by=actor.membership_id,
        )
        session.add(served)
        session.flush()
        if rectify_by is not None:
            _demand_rectification(work, part, said, rectify_by)
        tell_unit(work, part, "matter.conclusion_served", str(served.id), document_no=paper.document_no)
        numbers.append(paper.document_no)
    note(work, "conclusion_served", document_no=numbers, units=[name_of(work, one) for one in parts], text=text.strip())
    return work.matter


@command
def acknowledge_conclusion(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    signed_by: str = "",
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """A unit signs for its conclusion: from the day after, its time to object runs (art. 17)."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.ACKNOWLEDGE_CONCLUSION, assignment_id)
    _receive(work, assignment_id, signed_by.strip() or actor.name, by_office=False)
    return work.matter


@command
def log_conclusion_receipt(
    session: Any,
    actor: Actor,
    matter_id: int,
    *,
    assignment_id: int,
    signed_by: str,
    expected_version: int,
    at: dt.datetime,
) -> Matter:
    """The office logs that a conclusion served on paper was received today, and by whom. Refuses without a name."""
    work = take(session, actor, matter_id, at, expected_version)
    require(work, Act.LOG_CONCLUSION_RECEIPT, assignment_id)
    if not signed_by.strip():
        raise Invalid(
            "name_needed", N_("Write down who confirmed the receipt."), {"signed_by": N_("A name is needed.")}
        )
    _receive(work, assignment_id, signed_by.strip(), by_office=True)
    return work.matter


def supersede(work: Work) -> None:
    """The matter is opened again: conclusions that wait for an answer no longer do, and no review runs."""
    if work.profile.conclusion is None:
        return
    for one in list_conclusions(work.session, work.matter.id):
        if one.state != ConclusionState.REVOKED:
            one.state = ConclusionState.SUPERSEDED
    for clock in clocks.open_clocks(work, None, ("conclusion_review", "rectification_result")):
        clock.state, clock.met_at, clock.next_reminder_on = "superseded", work.at, None
    work.session.flush()


def section(work: Work) -> ConclusionSection:
    """What the profile says of conclusions. Conflict where it knows none."""
    if work.profile.conclusion is None:
        raise Conflict("not_here", REASONS["not_here"])
    return work.profile.conclusion


def standing(work: Work, assignment_id: int) -> Conclusion:
    """The conclusion that holds for a part. Conflict when there is none."""
    found = find_standing_conclusion(work.session, work.assignment(assignment_id).id)
    if found is None:
        raise Conflict("no_conclusion", REASONS["no_conclusion"])
    return found


def issue(
    work: Work,
    part: Assignment,
    document_type: str,
    paragraphs: Sequence[str],
    said: ConclusionSection,
    *,
    due: dt.date | None = None,
) -> Document:
    """A paper of the office to one unit about this matter, numbered in its type's series."""
    kind = work.profile.document_type(document_type)
    unit = work.session.get(Unit, part.unit_id)
    matter = work.matter
    return issue_document(
        work.session,
        work.actor,
        matter_id=matter.id,
        unit_id=part.unit_id,
        document_type_key=kind.key,
        series=kind.series,
        number_pattern=kind.number_pattern,
        title=f"{kind.name}：{matter.title}"[:300],
        facts={
            "主送": unit.name,
            "标题": f"{_about(matter.title)}的{kind.name}"[:300],
            "督办事项": matter.title,
            "立项依据": f"{work.source.name}（{work.source.article}）",
            "办理要求": list(paragraphs),
            "办结时限": f"{due.year}年{due.month}月{due.day}日" if due else "",
            "时限依据": said.article,
            "联系人": work.actor.name,
            "署名": work.profile.bodies.operating,
        },
        at=work.at,
    )


def _about(title: str) -> str:
    return title if title.startswith("关于") else f"关于{title}"


def name_of(work: Work, part: Assignment) -> str:
    """The short name of a part's unit."""
    unit: Unit = work.session.get(Unit, part.unit_id)
    return unit.short_name


def _paragraphs(text: str, rectification: str, rectify_by: dt.date | None) -> list[str]:
    said = [line for line in text.strip().splitlines() if line.strip()]
    if rectification.strip() and rectify_by is not None:
        day = f"{rectify_by.year}年{rectify_by.month}月{rectify_by.day}日"
        said += [f"请于{day}前完成下列整改并书面报告：", *rectification.strip().splitlines()]
    return said


def _check(work: Work, text: str, rectification: str, rectify_by: dt.date | None) -> None:
    faults = {}
    if not text.strip():
        faults["text"] = N_("Write the conclusion.")
    if len(text) > LONGEST:
        faults["text"] = N_("This is too long.")
    if rectification.strip() and rectify_by is None:
        faults["rectify_by"] = N_("Say by when it must be put right.")
    if rectify_by is not None and not rectification.strip():
        faults["rectification"] = N_("Say what must be put right.")
    if rectify_by is not None and rectify_by < work.today:
        faults["rectify_by"] = N_("Enter a date that has not passed.")
    if faults:
        raise Invalid("conclusion_incomplete", N_("The conclusion cannot be served as it stands."), faults)


def _parts(work: Work, assignment_ids: Sequence[int]) -> list[Assignment]:
    open_ids = {part.id for part in to_conclude(work.case().matter)}
    wanted = set(assignment_ids) or open_ids
    if not wanted <= open_ids:
        raise Invalid(
            "unit_concluded",
            N_("One of the units has its conclusion already, or has no part in this matter."),
            {"assignment_ids": N_("Choose units that have no conclusion yet.")},
        )
    return [one for one in work.assignments if one.id in wanted]


def _demand_rectification(work: Work, part: Assignment, said: ConclusionSection, on: dt.date) -> None:
    rule = ClockRule(
        RuleKind.FIXED,
        start_event="conclusion",
        article=said.article,
        key="conclusion_rectification",
        stage="rectification_result",
    )
    clocks.open_from(work, "rectification_result", part, rule, on)


def _receive(work: Work, assignment_id: int, signed_by: str, *, by_office: bool) -> None:
    said, served = section(work), standing(work, assignment_id)
    rule = ClockRule(
        RuleKind.CALENDAR_DAYS, said.objection_days, start_event="conclusion_received", article=said.article
    )
    due = due_from_events(rule, {"conclusion_received": work.at}, clocks.calendar(work))
    assert due is not None
    served.state, served.received_at = ConclusionState.RECEIVED, work.at
    served.received_by, served.logged_by_office = signed_by[:60], by_office
    served.objection_until, served.objection_explanation = due.due_on, facts(due)
    work.session.flush()
    note(
        work,
        "conclusion_receipt_logged" if by_office else "conclusion_received",
        unit=name_of(work, work.assignment(assignment_id)),
        acknowledged_by=served.received_by,
        until=due.due_on,
    )
