"""What every section of a profile is made of: bounded texts, keys, the closed sets of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


@dataclass(frozen=True)
class Refers:
    """Marks a word that names an entry elsewhere: of the profile's list ``to``, or of a list that is code.

    The check, the editors and the comparison all read the mark: what it must name, what may be chosen, what it is called.
    """

    to: str


RoleKey = Annotated[Key, Refers("roles")]
SourceKey = Annotated[Key, Refers("matter_sources")]
DocumentTypeKey = Annotated[Key, Refers("document_types")]
StepKey = Annotated[Key, Refers("procedure.steps")]
LadderKey = Annotated[Key, Refers("reminders.ladders")]
SlipKey = Annotated[Key, Refers("slips.items")]
FieldKey = Annotated[Key, Refers("fields")]
AttachmentKey = Annotated[Key, Refers("attachments")]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
RightWord = Annotated[ShortText, Refers("rights")]
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
Session = Literal["in_session", "between_sessions"]
"""Whether a deputies' suggestion was handed in while the congress sat, or between its sessions."""

Stage = Literal[
    "acknowledgement",
    "first_feedback",
    "progress",
    "result",
    "rectification_result",
    "after_completion",
    "rework",
    "review",
    "step",
]
StartEvent = Literal[
    "dispatched",
    "acknowledged",
    "meeting_date",
    "exposed_at",
    "instruction_date",
    "returned",
    "reported",
    "completed",
    "entered",
]
Way = Literal["email", "wecom", "wecom_app", "dingtalk", "feishu", "sms"]
"""A way to a person besides the inbox, to which every letter comes."""

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""A local time of the day; 24:00 is the day's end."""


class Section(BaseModel):
    """A part of the profile: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Approval(Section):
    """Who decides, and how: one of the roles, all of them, or one after the other.

    A deputy (AB角) decides for somebody who is absent, unless ``deputies`` is off.
    """

    mode: Literal["any_of", "all_of", "sequence"]
    roles: Annotated[tuple[RoleKey, ...], Field(min_length=1)]
    deputies: bool = True


class Named(Section):
    """One entry of a list of the office's own words."""

    key: Key
    name: Words
    article: Article
