"""Reading urgings, escalation slips and the points of units."""

from app.urging.queries.slips import (
    SlipFilter,
    SlipPage,
    SlipRow,
    count_slips,
    facts_of_part,
    facts_of_parts,
    list_open_slips,
    list_slips,
    list_slips_of,
)
from app.urging.queries.urgings import list_assignments_for_urging, list_urged_today, list_urgings

__all__ = [
    "SlipFilter",
    "SlipPage",
    "SlipRow",
    "count_slips",
    "facts_of_part",
    "facts_of_parts",
    "list_assignments_for_urging",
    "list_open_slips",
    "list_slips",
    "list_slips_of",
    "list_urged_today",
    "list_urgings",
]
