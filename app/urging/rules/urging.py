"""Urging 催办 by a person: for what, through which ways, whom."""

from __future__ import annotations

SYSTEM = "system"
URGING_KINDS: tuple[str, ...] = ("receipt", "feedback")
URGING_CHANNELS: tuple[str, ...] = (SYSTEM, "phone", "paper")
READERS_OF_URGING: tuple[str, ...] = ("unit_liaison",)
LONGEST_MESSAGE = 500
"""Characters of an urging's message."""
URGED_STATES: tuple[str, ...] = ("notified", "acknowledged", "in_progress", "returned")
