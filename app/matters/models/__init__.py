"""The rows of a matter: what it is, who handles it, what is due, what was decided, what was reported."""

from app.matters.models.approvals import STEP, Approval, ApprovalVote
from app.matters.models.conclusions import Conclusion, Objection
from app.matters.models.delegations import Delegation
from app.matters.models.handling import Assignment, Extension, Pause, Report, SatisfactionAnswer
from app.matters.models.matter import Matter, MatterSource, SupervisionPlan
from app.matters.models.obligations import Obligation

__all__ = [
    "STEP",
    "Approval",
    "ApprovalVote",
    "Assignment",
    "Conclusion",
    "Delegation",
    "Extension",
    "Matter",
    "MatterSource",
    "Objection",
    "Obligation",
    "Pause",
    "Report",
    "SatisfactionAnswer",
    "SupervisionPlan",
]
