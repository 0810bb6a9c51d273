"""What a jurisdiction may decide for itself, as values."""

from app.jurisdictions.rules.checking import faults
from app.jurisdictions.rules.compiling import compile_procedure
from app.jurisdictions.rules.procedure import (
    Approval,
    ApprovalMode,
    Condition,
    Limit,
    Procedure,
    Step,
    StepChoice,
    StepKind,
)
from app.jurisdictions.rules.profile import Profile, dump_profile, parse_profile
from app.jurisdictions.rules.recognising import digest_of, local_day, with_live_rights
from app.jurisdictions.rules.sentences import Fault, ProfileError, describe_fault

__all__ = [
    "Approval",
    "ApprovalMode",
    "Condition",
    "Fault",
    "Limit",
    "Procedure",
    "Profile",
    "ProfileError",
    "Step",
    "StepChoice",
    "StepKind",
    "compile_procedure",
    "describe_fault",
    "digest_of",
    "dump_profile",
    "faults",
    "local_day",
    "parse_profile",
    "with_live_rights",
]
