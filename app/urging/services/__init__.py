"""Commands of urging: the sweep that the clock rings for, urging by a person, escalation slips, and letters about
points.
"""

from app.urging.services.by_person import too_many, urge, urge_together, ways_wanted
from app.urging.services.points import issue_points_letter
from app.urging.services.rearming import arm_anew
from app.urging.services.slips import answer_slip, issue_slip, withdraw_slip
from app.urging.services.suggestions import settle_suggestions
from app.urging.services.sweep import LEASE, claim_due_jurisdictions, sweep_jurisdiction

__all__ = [
    "LEASE",
    "answer_slip",
    "arm_anew",
    "claim_due_jurisdictions",
    "issue_points_letter",
    "issue_slip",
    "settle_suggestions",
    "sweep_jurisdiction",
    "too_many",
    "urge",
    "urge_together",
    "ways_wanted",
    "withdraw_slip",
]
