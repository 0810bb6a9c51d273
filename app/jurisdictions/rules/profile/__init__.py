"""A jurisdiction's profile: everything in which one office's regulation differs from another's, as one validated document.

Unknown keys are refused with their path; every rule carries the article it comes from. The sections follow the table of
differences between 华容区 and 淮安市; a third regulation is other values, not other code.
"""

from __future__ import annotations

from app.jurisdictions.rules.profile.base import SET_BY_OFFICE, Section
from app.jurisdictions.rules.profile.clocks import DeadlineRule, Extension, PeriodicCheck, Reminders, ReminderStep
from app.jurisdictions.rules.profile.conduct import Grounds
from app.jurisdictions.rules.profile.document import (
    Profile,
    dump_profile,
    dump_section,
    parse_profile,
    read_section,
)
from app.jurisdictions.rules.profile.office import ArticleText, Regulation, Role
from app.jurisdictions.rules.profile.procedure import Criterion, DocumentType, MatterSource, Step, StepApproval
from app.jurisdictions.rules.sentences import Fault, ProfileError

__all__ = [
    "SET_BY_OFFICE",
    "ArticleText",
    "Criterion",
    "DeadlineRule",
    "DocumentType",
    "Extension",
    "Fault",
    "Grounds",
    "MatterSource",
    "PeriodicCheck",
    "Profile",
    "ProfileError",
    "Regulation",
    "ReminderStep",
    "Reminders",
    "Role",
    "Section",
    "Step",
    "StepApproval",
    "dump_profile",
    "dump_section",
    "parse_profile",
    "read_section",
]
