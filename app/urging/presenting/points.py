"""The points of units as they are shown: a period's table, and the occasions behind each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from app.jurisdictions.rules.profile import Points, Threshold
from app.kernel.clock import local_date
from app.kernel.i18n import N_, _, translate
from app.kernel.pages import Act as Panel
from app.kernel.pages import Link
from app.matters.presenting.common import STAGE_WORDS, matter_href, word
from app.organisation.models import Unit
from app.urging.pages import IssuedLetter, OccasionLine, PointsCell, PointsRow
from app.urging.queries.points import Letter, Occasion
from app.urging.rules import Counts, Period, due_thresholds, score

CONSEQUENCES: Mapping[str, str] = {"letter": N_("Letter"), "summons": N_("Summons")}
_ISSUE: Mapping[str, str] = {"letter": N_("Issue the letter"), "summons": N_("Issue the summons")}
_PERIODS: Mapping[str, str] = {
    "month": N_("%(year)s, month %(number)s"),
    "quarter": N_("%(year)s, quarter %(number)s"),
    "year": N_("%(year)s, the whole year"),
}
# What an occasion was about, beside the stages of clocks.
ABOUT: Mapping[str, str] = {
    **STAGE_WORDS,
    "receipt": N_("Signature for receipt"),
    "feedback": N_("Feedback"),
    "completion": N_("Completion report"),
    "lead": N_("Lead"),
    "co": N_("Co-handling"),
}


def period_words(period: Period) -> str:
    """What a period is called."""
    if period.kind == "half_year":
        half = N_("%(year)s, first half") if period.number == 1 else N_("%(year)s, second half")
        return translate(half, year=period.first.year)
    return translate(_PERIODS[period.kind], year=period.first.year, number=period.number)


def points_row(
    unit: Unit, points: Points, counts: Counts, issued: Sequence[Letter], period: Period, root: str, *, may_issue: bool,
    may_open: bool,
) -> PointsRow:  # fmt: skip
    """One unit's line: every number leads to the occasions it counts."""
    reached = score(points, counts)
    done = {one.letter.threshold_key for one in issued}
    due = due_thresholds(points, reached.total, done) if may_issue else ()
    return PointsRow(
        unit=unit.short_name,
        total=reached.total,
        cells=tuple(
            PointsCell(
                line.count, line.points, occasions_href(root, period, unit.id, line.rule.key) if line.count else ""
            )
            for line in reached.lines
        ),
        issued=tuple(
            IssuedLetter(
                label=word(CONSEQUENCES, one.letter.consequence),
                number=one.document_no,
                href=f"{root}/documents/{one.letter.document_id}/print" if may_open else "",
                on=local_date(one.letter.issued_at),
            )
            for one in issued
        ),
        due=tuple(_issue_act(unit, one, reached.total, period, root) for one in due),
    )


def _issue_act(unit: Unit, threshold: Threshold, total: int, period: Period, root: str) -> Panel:
    asked = urlencode({"period": period.key, "unit": unit.id, "threshold": threshold.key})
    return Panel(
        key=f"{threshold.key}-{unit.id}",
        label=translate(_ISSUE[threshold.consequence]),
        submit_label=translate(_ISSUE[threshold.consequence]),
        action=f"{root}/urging/points/letters?{asked}",
        effect=_(
            "%(unit)s stands at %(points)s, at or below %(limit)s. A numbered document goes to its people, once only.",
            unit=unit.short_name,
            points=total,
            limit=threshold.at_or_below,
        ),
        icon="mail" if threshold.consequence == "letter" else "users",
    )


def occasions_href(root: str, period: Period, unit_id: int, rule: str) -> str:
    """The address of the occasions behind one number."""
    asked = urlencode({"period": period.key, "unit": unit_id, "rule": rule})
    return f"{root}/urging/points/occasions?{asked}"


def points_href(root: str, period: Period) -> str:
    """The address of a period's table."""
    return f"{root}/urging/points?{urlencode({'period': period.key})}"


def threshold_words(points: Points) -> tuple[str, ...]:
    """What follows at which number."""
    return tuple(
        _(
            "At %(points)s or below: %(consequence)s.",
            points=one.at_or_below,
            consequence=word(CONSEQUENCES, one.consequence),
        )
        for one in points.thresholds
    )


def occasion_line(one: Occasion, root: str) -> OccasionLine:
    """One occasion as a line."""
    return OccasionLine(
        one.on, Link(one.title, matter_href(root, one.matter_id)), one.register_no, word(ABOUT, one.about)
    )
