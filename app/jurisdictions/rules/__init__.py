"""What a jurisdiction may decide for itself, as values."""

from app.jurisdictions.rules.checking import describe_fault, faults
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
from app.jurisdictions.rules.profile import Fault, Profile, ProfileError, dump_profile, parse_profile

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
    "dump_profile",
    "faults",
    "parse_profile",
]
