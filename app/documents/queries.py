"""Files, documents and templates, as the rooms below ask for them. Whose they may see is the matter's question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from app.documents.models import Attachment, Document, DocumentTemplate
from app.kernel.errors import NotFound


def get_attachment(session: Any, attachment_id: int) -> Attachment:
    """One attachment of the jurisdiction. Raises NotFound."""
    found = session.scalars(select(Attachment).where(Attachment.id == attachment_id)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def list_attachments(session: Any, matter_id: int) -> list[Attachment]:
    """Every file of a matter, in the order in which they came."""
    statement = (
        select(Attachment).where(Attachment.matter_id == matter_id).order_by(Attachment.uploaded_at, Attachment.id)
    )
    return list(session.scalars(statement))


def list_attachments_of(session: Any, subject_type: str, subject_ids: Iterable[int]) -> list[Attachment]:
    """The files that belong to these things of one type (reports, documents)."""
    wanted = list(subject_ids)
    if not wanted:
        return []
    statement = (
        select(Attachment)
        .where(Attachment.subject_type == subject_type, Attachment.subject_id.in_(wanted))
        .order_by(Attachment.uploaded_at, Attachment.id)
    )
    return list(session.scalars(statement))


def count_attachments(session: Any, matter_id: int, kinds: Iterable[str] = ()) -> int:
    """How many files a matter has, of these kinds when any are named."""
    statement = select(func.count()).select_from(Attachment).where(Attachment.matter_id == matter_id)
    wanted = list(kinds)
    if wanted:
        statement = statement.where(Attachment.kind.in_(wanted))
    return int(session.scalar(statement) or 0)


def bytes_of_matter(session: Any, matter_id: int) -> int:
    """How many bytes a matter's files hold together."""
    return int(session.scalar(select(func.sum(Attachment.size)).where(Attachment.matter_id == matter_id)) or 0)


def get_document(session: Any, document_id: int) -> Document:
    """One issued document. Raises NotFound."""
    found = session.scalars(select(Document).where(Document.id == document_id)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def list_documents(session: Any, matter_id: int) -> list[Document]:
    """The documents issued in a matter, in order."""
    statement = select(Document).where(Document.matter_id == matter_id).order_by(Document.issued_at, Document.id)
    return list(session.scalars(statement))


def get_template(session: Any, template_id: int) -> DocumentTemplate:
    """One version of one of the jurisdiction's templates. Raises NotFound."""
    found = session.scalars(select(DocumentTemplate).where(DocumentTemplate.id == template_id)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def find_active_template(session: Any, document_type: str) -> DocumentTemplate | None:
    """The jurisdiction's own template in force for a document type; None means the built-in layout serves."""
    statement = (
        select(DocumentTemplate)
        .where(DocumentTemplate.document_type == document_type, DocumentTemplate.active.is_(True))
        .order_by(DocumentTemplate.version.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def last_template_version(session: Any, document_type: str) -> int:
    """The highest version of a document type's template, 0 without one."""
    statement = select(func.max(DocumentTemplate.version)).where(DocumentTemplate.document_type == document_type)
    return int(session.scalar(statement) or 0)
