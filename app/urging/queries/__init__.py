"""Reading urgings, escalation slips and the points of units."""

from app.urging.queries.ladders import house_in_force
from app.urging.queries.points import (
    Occasion,
    count_occasions,
    find_unit_counted,
    list_occasions,
    list_points_letters,
    list_units_counted,
    points_of,
)
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
from app.urging.queries.suggestions import SuggestionRow, count_suggestions, list_suggestions, parts_of_suggestions
from app.urging.queries.urgings import list_assignments_for_urging, list_urgings

__all__ = [
    "Occasion",
    "SlipFilter",
    "SlipPage",
    "SlipRow",
    "SuggestionRow",
    "count_occasions",
    "count_slips",
    "count_suggestions",
    "facts_of_part",
    "facts_of_parts",
    "find_unit_counted",
    "house_in_force",
    "list_assignments_for_urging",
    "list_occasions",
    "list_open_slips",
    "list_points_letters",
    "list_slips",
    "list_slips_of",
    "list_suggestions",
    "list_units_counted",
    "list_urgings",
    "parts_of_suggestions",
    "points_of",
]
