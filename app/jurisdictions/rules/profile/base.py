"""What every section of a profile is made of: bounded texts, keys, the closed sets of words."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Article = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Series = Annotated[str, StringConstraints(min_length=1, max_length=40)]
NumberPattern = Annotated[str, StringConstraints(min_length=1, max_length=60)]

SET_BY_OFFICE = "本级设定"
"""Stands where an article would, when the regulation is silent and the office has decided for itself."""

Urgency = Literal["normal", "urgent", "critical"]
OriginLevel = Literal["superior", "own"]
HandlingMode = Literal["transferred", "self_handled", "office_led"]
Stage = Literal[
    "acknowledgement", "first_feedback", "progress", "result", "rectification_result", "rework", "review", "step"
]
StartEvent = Literal[
    "dispatched", "acknowledged", "meeting_date", "exposed_at", "instruction_date", "returned", "reported", "entered"
]


class Section(BaseModel):
    """A part of the profile: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)
