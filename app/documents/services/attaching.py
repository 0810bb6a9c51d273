"""Taking files, giving them out, taking them back from a draft."""

from __future__ import annotations

import datetime as dt
from typing import IO, Any

from app.documents import queries
from app.documents.models import Attachment
from app.documents.rules import MEDIA_TYPES, FileLimits, FileRefused, clean_name, mark_in_file, sniff
from app.documents.services.refusing import invalid
from app.documents.storage import FileStore, LargerThanAllowed, received
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, Refused, TooLarge
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import current_jurisdiction_id


def attach(
    session: Any,
    actor: Actor,
    *,
    matter_id: int,
    subject_type: str,
    subject_id: int,
    kind: str,
    file_name: str,
    stream: IO[bytes],
    at: dt.datetime,
    store: FileStore,
    limits: FileLimits | None = None,
) -> Attachment:
    """Take a file and let it belong to something of a matter. Part of the caller's act.

    Refuses with TooLarge a file or a matter beyond ``limits``; with Invalid a type that is not taken, content that is not
    what the ending says, macros, programs, damaged files; with Refused (``file_secret``) an official secrecy mark in the
    name or the text. Nothing is stored when it refuses.
    """
    limits = limits or FileLimits()
    name = clean_name(file_name)
    try:
        with received(stream, limits.file_bytes) as incoming:
            media = sniff(name, incoming.stream)
            mark = mark_in_file(name, media, incoming.stream)
            if mark:
                raise SecretFile(name, mark[:2], incoming.sha256, incoming.size, matter_id)
            if queries.bytes_of_matter(session, matter_id) + incoming.size > limits.matter_bytes:
                raise TooLarge(
                    "matter_too_large",
                    N_("The files of this matter would be more than the %(most)s MB allowed. Remove one first."),
                    most=limits.matter_bytes >> 20,
                )
            store.keep(current_jurisdiction_id(), incoming)
            size, sha256 = incoming.size, incoming.sha256
    except LargerThanAllowed as error:
        refusal = FileRefused("file_too_large", name=name, most=limits.file_bytes >> 20)
        raise TooLarge(refusal.code, refusal.msgid, **refusal.params) from error
    except FileRefused as error:
        raise invalid(error) from error
    attachment = Attachment(
        matter_id=matter_id,
        subject_type=subject_type,
        subject_id=subject_id,
        kind=kind,
        file_name=name,
        media_type=MEDIA_TYPES[media],
        size=size,
        sha256=sha256,
        uploaded_by=actor.membership_id,
        uploaded_at=at,
    )
    session.add(attachment)
    session.flush()
    record(
        session,
        actor,
        "attachment.added",
        "attachment",
        attachment.id,
        at,
        matter_id=matter_id,
        belongs_to=subject_type,
        belongs_to_id=subject_id,
        kind_of_file=kind,
        file_name=name,
        size=size,
        sha256=sha256,
    )
    return attachment


class SecretFile(Refused):
    """A file with an official secrecy mark came in. Nothing of it is kept but what ``note_refused_file`` writes down."""

    def __init__(self, name: str, mark: str, sha256: str, size: int, matter_id: int) -> None:
        refusal = FileRefused("file_secret", name=name, mark=mark)
        super().__init__(refusal.code, refusal.msgid, **refusal.params)
        self.mark, self.sha256, self.size, self.matter_id = mark, sha256, size, matter_id


@command
def note_refused_file(session: Any, actor: Actor, refusal: SecretFile, *, at: dt.datetime) -> None:
    """Write down that a marked file was refused: hash, size, kind of mark and who, never its name or text.

    A transaction of its own, because the act that brought the file was rolled back. Call it wherever an act that attaches
    files raised SecretFile.
    """
    record(
        session,
        actor,
        "attachment.refused",
        "matter",
        refusal.matter_id,
        at,
        mark=refusal.mark,
        sha256=refusal.sha256,
        size=refusal.size,
    )


@command
def add_attachment(
    session: Any,
    actor: Actor,
    *,
    matter_id: int,
    kind: str,
    file_name: str,
    stream: IO[bytes],
    at: dt.datetime,
    store: FileStore,
    limits: FileLimits | None = None,
) -> Attachment:
    """Add a file to a matter, in one transaction. Refuses as ``attach`` does. Whether the actor sees the matter is the
    caller's question."""
    return attach(
        session,
        actor,
        matter_id=matter_id,
        subject_type="matter",
        subject_id=matter_id,
        kind=kind,
        file_name=file_name,
        stream=stream,
        at=at,
        store=store,
        limits=limits,
    )


@command
def remove_attachment(
    session: Any, actor: Actor, attachment_id: int, *, matter_is_draft: bool, at: dt.datetime
) -> None:
    """Take a file away from a draft. Refuses with Conflict once the matter has been submitted: what others have read
    stays. The event keeps its name and hash."""
    attachment = queries.get_attachment(session, attachment_id)
    if not matter_is_draft or attachment.subject_type != "matter":
        raise Conflict(
            "not_a_draft", N_("Files can be removed only while the matter is a draft. Add the right one beside it.")
        )
    session.delete(attachment)
    session.flush()
    record(
        session,
        actor,
        "attachment.removed",
        "attachment",
        attachment_id,
        at,
        matter_id=attachment.matter_id,
        file_name=attachment.file_name,
        sha256=attachment.sha256,
    )


@command
def note_download(
    session: Any, actor: Actor, subject_type: str, subject_id: int, *, matter_id: int | None, at: dt.datetime
) -> None:
    """Write down who took a file or document away: ``attachment.downloaded`` (淮安细则第八条; 等保 8.1.4.3)."""
    record(session, actor, "attachment.downloaded", subject_type, subject_id, at, matter_id=matter_id)
