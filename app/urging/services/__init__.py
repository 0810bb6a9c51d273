"""Commands of urging: the sweep that the clock rings for, and urging by a person."""

from app.urging.services.by_person import urge
from app.urging.services.sweep import LEASE, claim_due_jurisdictions, note_failed_sweep, sweep_jurisdiction

__all__ = ["LEASE", "claim_due_jurisdictions", "note_failed_sweep", "sweep_jurisdiction", "urge"]
