"""Files, documents and templates, as the rooms below ask for them. Whose they may see is the matter's question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from sqlalchemy import func, select

from app.documents.models import Attachment, Document, DocumentTemplate
from app.documents.storage import FileStore
from app.jurisdictions.queries import find_version_in_force, profile_of
from app.jurisdictions.rules.profile import DocumentType
from app.kernel.errors import NotFound

T = TypeVar("T", Attachment, Document, DocumentTemplate)
_BUILT_IN = Path(__file__).resolve().parent / "builtin"
BUILT_IN_LAYOUTS = ("supervision_notice", "special_supervision_letter", "leader_matter_notice", "fax_telegram")
PAPER_LAYOUT = "office_paper"
LAYOUT_OF_HEADER = {"letter": "special_supervision_letter", "telegram": "fax_telegram"}


def _found(session: Any, model: type[T], identity: int) -> T:
    found = session.get(model, identity) if 0 < identity < 2**63 else None
    if found is None:
        raise NotFound()
    return cast("T", found)


def get_attachment(session: Any, attachment_id: int) -> Attachment:
    """One attachment of the jurisdiction. Raises NotFound."""
    return _found(session, Attachment, attachment_id)


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
    return _found(session, Document, document_id)


def list_documents(session: Any, matter_id: int) -> list[Document]:
    """The documents issued in a matter, in order."""
    statement = select(Document).where(Document.matter_id == matter_id).order_by(Document.issued_at, Document.id)
    return list(session.scalars(statement))


def get_template(session: Any, template_id: int) -> DocumentTemplate:
    """One version of one of the jurisdiction's templates. Raises NotFound."""
    return _found(session, DocumentTemplate, template_id)


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


def list_template_versions(session: Any, document_type: str) -> list[DocumentTemplate]:
    """Every version of the jurisdiction's own template of a document type, newest first."""
    statement = (
        select(DocumentTemplate)
        .where(DocumentTemplate.document_type == document_type)
        .order_by(DocumentTemplate.version.desc())
    )
    return list(session.scalars(statement))


def list_notices(session: Any, at: dt.datetime) -> frozenset[str]:
    """The document types that hand a matter to a unit; every other is a paper in the office's own words."""
    version = find_version_in_force(session, at)
    return frozenset(profile_of(session, version.id).dispatch.document_types) if version else frozenset()


def list_document_types(session: Any, at: dt.datetime) -> tuple[DocumentType, ...]:
    """The document types of the profile in force at that instant, in its order; none before a profile is published."""
    version = find_version_in_force(session, at)
    return profile_of(session, version.id).document_types if version else ()


def built_in_layout(document_type: str, header: str = "red", *, notice: bool = True) -> bytes:
    """The layout the product brings for a document type: by its key, else for a notice by the style of its head."""
    usual = LAYOUT_OF_HEADER.get(header, "supervision_notice") if notice else PAPER_LAYOUT
    name = document_type if document_type in BUILT_IN_LAYOUTS else usual
    return (_BUILT_IN / f"{name}.docx").read_bytes()


def effective_template(session: Any, document_type: str, store: FileStore, at: dt.datetime) -> bytes:
    """The template a document of this type is made from: the jurisdiction's own one in force, else the built-in layout."""
    own = find_active_template(session, document_type)
    if own is not None:
        return store.read(own.jurisdiction_id, own.sha256)
    headers = {known.key: known.header for known in list_document_types(session, at)}
    notice = document_type not in headers or document_type in list_notices(session, at)
    return built_in_layout(document_type, headers.get(document_type, "red"), notice=notice)


def open_attachment(session: Any, attachment_id: int, store: FileStore) -> tuple[Attachment, IO[bytes]]:
    """A file of the jurisdiction and its content. Whether the reader sees its matter must be asked first."""
    attachment = get_attachment(session, attachment_id)
    return attachment, store.open(attachment.jurisdiction_id, attachment.sha256)
