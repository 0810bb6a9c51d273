"""A jurisdiction's profile: everything in which one office's regulation differs from another's, as one validated document.

Unknown keys are refused with their path; every rule carries the article it comes from. The sections follow the table of
differences between 华容区 and 淮安市; a third regulation is other values, not other code.
"""

from __future__ import annotations

from app.jurisdictions.rules.profile.base import SET_BY_OFFICE, Approval, Named, Section
from app.jurisdictions.rules.profile.clocks import (
    AmountByUrgency,
    DayOfYear,
    DeadlineRule,
    Extension,
    Ladder,
    LastDay,
    PeriodicCheck,
    Recompute,
    Reminders,
    ReminderStep,
    ReportSchedule,
)
from app.jurisdictions.rules.profile.conduct import Grounds, PointRule, Points, Slip, Slips, Threshold
from app.jurisdictions.rules.profile.document import (
    Profile,
    dump_profile,
    dump_section,
    parse_profile,
    read_section,
)
from app.jurisdictions.rules.profile.office import ArticleText, Regulation, Role
from app.jurisdictions.rules.profile.procedure import (
    Conclusion,
    Criterion,
    Delegation,
    DocumentType,
    Grade,
    MatterSource,
    Satisfaction,
    SatisfactionLevel,
    Step,
)
from app.jurisdictions.rules.profile.readings import Readings
from app.jurisdictions.rules.profile.urging import UrgingSection, UrgingText
from app.jurisdictions.rules.sentences import Fault, ProfileError

__all__ = [
    "SET_BY_OFFICE",
    "AmountByUrgency",
    "Approval",
    "ArticleText",
    "Conclusion",
    "Criterion",
    "DayOfYear",
    "DeadlineRule",
    "Delegation",
    "DocumentType",
    "Extension",
    "Fault",
    "Grade",
    "Grounds",
    "Ladder",
    "LastDay",
    "MatterSource",
    "Named",
    "PeriodicCheck",
    "PointRule",
    "Points",
    "Profile",
    "ProfileError",
    "Readings",
    "Recompute",
    "Regulation",
    "ReminderStep",
    "Reminders",
    "ReportSchedule",
    "Role",
    "Satisfaction",
    "SatisfactionLevel",
    "Section",
    "Slip",
    "Slips",
    "Step",
    "Threshold",
    "UrgingSection",
    "UrgingText",
    "dump_profile",
    "dump_section",
    "parse_profile",
    "read_section",
]
