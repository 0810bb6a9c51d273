"""What follows from a unit's points: a letter 提醒函 or a summons 约谈, each a numbered document, once for each threshold."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.deadlines.rules import local_day
from app.documents.rules import written_date
from app.documents.services import issue_document
from app.jurisdictions.queries import get_version_in_force, profile_of
from app.jurisdictions.rules.profile import DocumentType, Points, Profile, Threshold
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Invalid, NotFound, Refused
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.outbox import write_letter
from app.matters.rules import REASONS
from app.matters.services.casework import holders
from app.organisation.models import Unit
from app.urging.models import PointsLetter
from app.urging.queries.points import count_occasions, find_unit_counted, list_points_letters, points_of
from app.urging.rules import Period, Score, due_thresholds, read_period, score

KINDS = {"letter": "points.letter_issued", "summons": "points.summons_issued"}
READERS = ("unit_liaison", "unit_leader")
_DEMANDS = {
    "letter": "请认真查找原因，限期改进，并将改进情况书面反馈。",
    "summons": "请主要负责同志到我单位说明情况，时间另行通知。",
}


@command
def issue_points_letter(
    session: Any, actor: Actor, *, unit_id: int, period: str, threshold: str, at: dt.datetime
) -> PointsLetter:
    """Issue the letter or summons of one threshold to a unit for one period: a numbered document and letters to its people.

    The points are counted anew here. Refused: without the right to urge, above the threshold, a second one for the same
    threshold and period; Invalid for a period that has not begun or a threshold nobody knows. NotFound for a strange unit.
    """
    if not actor.may("matter:urge"):
        raise Refused("right_missing", REASONS["right_missing"])
    unit = find_unit_counted(session, actor, unit_id)
    if unit is None:
        raise NotFound()
    span = read_period(period)
    points = points_of(session, span, at) if span is not None and span.first <= local_day(at) else None
    if span is None or points is None or points.period != span.kind:
        raise Invalid("period_unknown", N_("No points are counted for this period."))
    wanted = next((one for one in points.thresholds if one.key == threshold), None)
    if wanted is None:
        raise Invalid("threshold_unknown", N_("The rules know no such threshold."))
    done = {one.letter.threshold_key for one in list_points_letters(session, actor, span, [unit.id]).get(unit.id, [])}
    if wanted.key in done:
        raise Conflict("letter_issued", N_("This has been issued to the unit for this period already."))
    counts = count_occasions(session, actor, span, at=at, unit_id=unit.id).get(unit.id, {})
    reached = score(points, counts)
    if wanted not in due_thresholds(points, reached.total, done):
        sentence = N_("%(unit)s stands at %(points)s points, above the threshold of %(needed)s.")
        named = {"unit": unit.short_name, "points": reached.total, "needed": wanted.at_or_below}
        raise Refused("points_above", sentence, **named)
    return _issue(session, actor, unit, span, reached, wanted, points, at)


def _issue(
    session: Any,
    actor: Actor,
    unit: Unit,
    period: Period,
    reached: Score,
    wanted: Threshold,
    points: Points,
    at: dt.datetime,
) -> PointsLetter:
    profile = profile_of(session, get_version_in_force(session, at).id)
    paper = _paper(profile, wanted)
    document = issue_document(
        session,
        actor,
        matter_id=None,
        unit_id=unit.id,
        document_type_key=paper.key,
        series=paper.series,
        number_pattern=paper.number_pattern,
        title=f"{paper.name}：{unit.short_name}{period.written}督查积分"[:300],
        facts={
            "主送": unit.name,
            "督办事项": f"{period.written}督查积分情况",
            "办理要求": [*_told(reached), _DEMANDS[wanted.consequence]],
            "交办日期": written_date(local_day(at)),
            "时限依据": points.article,
            "联系人": actor.name,
            "署名": profile.bodies.operating,
        },
        at=at,
    )
    letter = PointsLetter(
        unit_id=unit.id,
        period=period.key,
        threshold_key=wanted.key,
        consequence=wanted.consequence,
        points=reached.total,
        document_id=document.id,
        issued_at=at,
        issued_by=actor.membership_id,
    )
    session.add(letter)
    session.flush()
    told = {
        "title": f"{unit.short_name}{period.written}督查积分",
        "unit": unit.short_name,
        "document_no": document.document_no,
        "period": period.written,
        "points": reached.total,
    }
    kind = KINDS[wanted.consequence]
    record(session, actor, kind, "unit", unit.id, at, **told)
    for person_id in sorted(set(holders(session, READERS, unit.id))):
        write_letter(
            session,
            recipient_id=person_id,
            kind=kind,
            dedupe_key=f"points:{letter.id}",
            subject_type="document",
            subject_id=document.id,
            facts={**told, "by": actor.name},
            at=at,
        )
    return letter


def _paper(profile: Profile, wanted: Threshold) -> DocumentType:
    """The paper as the rules in force know it. A version that no longer has it is the office's to correct."""
    found = next((one for one in profile.document_types if one.key == wanted.document_type), None)
    if found is None:
        raise Invalid("paper_unknown", N_("The rules in force no longer have this kind of document."))
    return found


def _told(reached: Score) -> list[str]:
    """The score in the words of the paper, occasion by occasion."""
    lines = [
        f"{line.rule.name}：{line.count}次，{'加' if line.points > 0 else '扣'}{abs(line.points)}分。"
        for line in reached.lines
        if line.count
    ]
    return [f"本期起评{reached.start}分，现为{reached.total}分。", *lines]
