"""What the register page does in one go: the draft, its files and, when asked, its submission. All of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from app.documents.services import attach
from app.documents.storage import FileStore
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.matters.models import Matter
from app.matters.rules import Draft
from app.matters.services.casework import take
from app.matters.services.intake import add_draft, change_draft, submit_draft


@dataclass(frozen=True)
class NewFile:
    """A file that comes with a draft. ``kind`` is original or copy."""

    kind: str
    name: str
    stream: IO[bytes]


@command
def write_up(
    session: Any,
    actor: Actor,
    draft: Draft,
    *,
    matter_id: int | None = None,
    expected_version: int | None = None,
    files: Sequence[NewFile] = (),
    store: FileStore | None = None,
    submit: bool = False,
    at: dt.datetime,
) -> Matter:
    """Draw a matter up, or change the draft ``matter_id``, take its files and submit it when asked.

    Refuses what ``draw_up``, ``edit``, ``submit`` and ``documents.services.attach`` refuse; then nothing at all is kept.
    """
    if matter_id is None:
        matter = add_draft(session, actor, draft, at=at)
    else:
        matter = change_draft(take(session, actor, matter_id, at, expected_version), draft)
    for file in files:
        if store is None:
            break
        attach(
            session,
            actor,
            matter_id=matter.id,
            subject_type="matter",
            subject_id=matter.id,
            kind=file.kind,
            file_name=file.name,
            stream=file.stream,
            at=at,
            store=store,
        )
    if submit:
        submit_draft(take(session, actor, matter.id, at))
    session.flush()
    return matter
