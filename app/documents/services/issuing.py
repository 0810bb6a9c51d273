"""Numbers without gaps, documents issued with them, and their files made once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.documents import queries, templating
from app.documents.models import Document, NumberSeries
from app.documents.rules import (
    PARAGRAPH_FIELDS,
    FileRefused,
    format_number,
    local_written_date,
    local_year,
    notice_facts,
)
from app.documents.services.refusing import invalid, refuse_secret_text
from app.documents.storage import FileStore
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.events import record
from app.kernel.tenancy import current_jurisdiction_id, set_based


def next_number(session: Any, series: str, pattern: str, year: int) -> tuple[int, str]:
    """The next number of a series and year, as a number and as written: ``(1, "华政督〔2026〕1号")``.

    Part of the caller's transaction: a rollback gives the number back, so a series has no gap and no double. Refuses with
    Invalid (``number_pattern``) a pattern without ``{no}``. Keep the transaction short: the series is locked to its end.
    """
    try:
        format_number(pattern, year, 1)
    except FileRefused as error:
        raise invalid(error) from error
    last_no = NumberSeries.__table__.c.last_no
    statement = (
        insert(NumberSeries.__table__)
        .values(jurisdiction_id=current_jurisdiction_id(), series=series, year=year, last_no=1)
        .on_conflict_do_update(index_elements=["jurisdiction_id", "series", "year"], set_={"last_no": last_no + 1})
        .returning(last_no)
    )
    number = int(session.execute(set_based(statement)).scalar_one())
    return number, format_number(pattern, year, number)


def issue_document(
    session: Any,
    actor: Actor,
    *,
    matter_id: int | None,
    unit_id: int | None,
    document_type_key: str,
    series: str,
    number_pattern: str,
    title: str,
    facts: Mapping[str, object],
    at: dt.datetime,
) -> Document:
    """Issue one document with the next number of its series in the local year of ``at``. Part of the caller's act.

    ``facts`` are frozen under the names of ``rules.NOTICE_FIELDS``: 编号 is the number given, 成文日期 the local day of
    ``at`` and 标题 the document's title unless they are given. ``matter_id`` is None for a letter to a unit that is
    about no matter. The file itself is made later (``render_document``). Refuses with Invalid a text that is too long, and
    with Refused (``text_secret``) one that carries an official secrecy mark.
    """
    try:
        filled = notice_facts(facts)
    except FileRefused as error:
        raise invalid(error) from error
    for text in (title, *filled.values()):
        refuse_secret_text(text)
    year = local_year(at)
    number, document_no = next_number(session, series, number_pattern, year)
    filled["编号"] = document_no
    filled["标题"] = filled["标题"] or title
    filled["成文日期"] = filled["成文日期"] or local_written_date(at)
    document = Document(
        matter_id=matter_id,
        unit_id=unit_id,
        document_type=document_type_key,
        title=title,
        series=series,
        year=year,
        number=number,
        document_no=document_no,
        status="issued",
        facts=filled,
        issued_at=at,
        issued_by=actor.membership_id,
    )
    session.add(document)
    session.flush()
    record(
        session,
        actor,
        "document.issued",
        "document",
        document.id,
        at,
        matter_id=matter_id,
        unit_id=unit_id,
        document_type=document_type_key,
        document_no=document_no,
    )
    return document


def withdraw_document(session: Any, actor: Actor, document_id: int, *, reason: str, at: dt.datetime) -> Document:
    """Mark an issued document as withdrawn: it keeps its number, which is never given again. Part of the caller's act."""
    document = queries.get_document(session, document_id)
    document.status = "void"
    session.flush()
    record(
        session,
        actor,
        "document.withdrawn",
        "document",
        document.id,
        at,
        matter_id=document.matter_id,
        unit_id=document.unit_id,
        document_no=document.document_no,
        reason=reason,
    )
    return document


@command
def render_document(session: Any, document_id: int, *, store: FileStore) -> Document:
    """Make the file of an issued document from the template now in force, once and never again.

    Called after the act that issued it has committed; whoever downloads first makes it if that was lost. Two at once make
    one: the later keeps what the earlier made. Refuses with NotFound, and with Invalid (``template_render``) when the
    template cannot be filled.
    """
    document = queries.get_document(session, document_id)
    if document.sha256 is None:
        template = queries.effective_template(session, document.document_type, store, document.issued_at)
        try:
            content = templating.render(template, notice_facts(document.facts), PARAGRAPH_FIELDS)
        except FileRefused as error:
            raise invalid(error) from error
        sha256 = store.keep_bytes(current_jurisdiction_id(), content)
        session.execute(
            update(Document).where(Document.id == document_id, Document.sha256.is_(None)).values(sha256=sha256)
        )
        session.refresh(document)
    return document
