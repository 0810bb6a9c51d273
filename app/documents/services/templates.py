"""A jurisdiction's own templates: taken after a test, kept by version, given up for the built-in layout."""

from __future__ import annotations

import datetime as dt
from typing import IO, Any

from sqlalchemy import update

from app.documents import queries, templating
from app.documents.models import DocumentTemplate
from app.documents.rules import NOTICE_FIELDS, SAMPLE_NOTICE, FileRefused, clean_name, notice_facts
from app.documents.services.refusing import invalid
from app.documents.storage import FileStore
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.errors import Conflict, NotFound, TooLarge
from app.kernel.events import record
from app.kernel.i18n import N_
from app.kernel.tenancy import current_jurisdiction_id


def keep_template(
    session: Any, actor: Actor, *, document_type: str, name: str, data: bytes, at: dt.datetime, store: FileStore
) -> DocumentTemplate:
    """Keep a new version of a jurisdiction's template and put it in force. Part of the caller's act.

    The container is vetted, every placeholder must be one of ``rules.NOTICE_FIELDS``, and a test document must come out;
    each refusal is Invalid with a sentence that names the part or placeholder. The version in force, given again, stays.
    """
    name = clean_name(name)
    try:
        used = templating.accept(data, NOTICE_FIELDS, notice_facts(SAMPLE_NOTICE))
    except FileRefused as error:
        raise invalid(error) from error
    sha256 = store.keep_bytes(current_jurisdiction_id(), data)
    current = queries.find_active_template(session, document_type)
    if current is not None and current.sha256 == sha256:
        return current
    _retire(session, document_type)
    template = DocumentTemplate(
        document_type=document_type,
        name=name,
        file_name=name,
        sha256=sha256,
        version=queries.last_template_version(session, document_type) + 1,
        active=True,
        updated_at=at,
    )
    session.add(template)
    session.flush()
    record(
        session,
        actor,
        "template.added",
        "document_template",
        template.id,
        at,
        document_type=document_type,
        version=template.version,
        sha256=sha256,
        placeholders=sorted(used),
    )
    return template


def _retire(session: Any, document_type: str) -> None:
    statement = (
        update(DocumentTemplate)
        .where(DocumentTemplate.document_type == document_type, DocumentTemplate.active.is_(True))
        .values(active=False)
    )
    session.execute(statement)


@command
def add_template(
    session: Any, actor: Actor, document_type: str, *, name: str, stream: IO[bytes], at: dt.datetime, store: FileStore
) -> DocumentTemplate:
    """Take a jurisdiction's own template for one of its document types. Refuses as ``keep_template`` does, with NotFound
    for a type the profile in force does not have, and with TooLarge over 5 MB."""
    if document_type not in {known.key for known in queries.list_document_types(session, at)}:
        raise NotFound()
    data = stream.read(templating.MOST_BYTES + 1)
    if len(data) > templating.MOST_BYTES:
        refusal = FileRefused("template_too_large")
        raise TooLarge(refusal.code, refusal.msgid)
    return keep_template(session, actor, document_type=document_type, name=name, data=data, at=at, store=store)


@command
def reset_template(session: Any, actor: Actor, document_type: str, *, at: dt.datetime) -> None:
    """Go back to the built-in layout. Earlier versions and issued documents stay as they are. Refuses with Conflict when
    the built-in layout already serves."""
    current = queries.find_active_template(session, document_type)
    if current is None:
        raise Conflict("template_built_in", N_("The built-in layout is already in force. There is nothing to reset."))
    _retire(session, document_type)
    record(session, actor, "template.reset", "document_template", current.id, at, document_type=document_type)
