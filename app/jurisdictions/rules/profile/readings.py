"""How an office reads what its regulation leaves open, where the reading belongs to no single rule."""

from __future__ import annotations

from typing import Literal

from app.jurisdictions.rules.profile.base import SET_BY_OFFICE, Article, Section


class Readings(Section):
    """The readings 口径 that hold for every matter; those that belong to one clock are fields of its deadline rule.

    ``returned_counts_as_late``: a report that was in time and came back was no report, its date runs on; otherwise it stays
    in time and only the rework clock runs (华容区 art. 11 "重新查报").

    ``conflict`` is of several sources of a completion date. ``explicit``: a date that is stated goes before a period, of two
    stated the earlier. ``precedence``: the item's date before the instruction's, a stated one before a period.
    ``earliest``: the earliest of all, the period included.

    ``urgent_default`` is of an instruction that says only 尽快 or 立即. ``shortest``: no date is invented, the matter is
    urgent and has the shortest period of the rules, which the office confirms before it is proposed. ``usual``: the words
    change nothing. ``date_needed``: the office must state a date.

    ``reinstruct`` is of a new instruction on a running matter. ``restart``: a new clock, the old one is superseded.
    ``continue``: the running clock stays.

    ``media_guard``: of what the media exposed the usual period for completion runs too, beside the feedback (art. 10).
    """

    returned_counts_as_late: bool = False
    conflict: Literal["explicit", "precedence", "earliest"] = "explicit"
    urgent_default: Literal["shortest", "usual", "date_needed"] = "shortest"
    reinstruct: Literal["restart", "continue"] = "restart"
    media_guard: bool = True
    article: Article = SET_BY_OFFICE
