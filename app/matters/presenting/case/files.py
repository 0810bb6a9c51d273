"""The notices and files of a matter, and the form that adds one."""

from __future__ import annotations

from collections.abc import Iterable

from app.documents.models import Attachment
from app.kernel.clock import local_date
from app.kernel.i18n import _
from app.kernel.pages import Act as Panel
from app.kernel.pages import FileLine, Link
from app.matters.forms.case import KIND_WORDS, upload_form
from app.matters.presenting.acts import Reader
from app.matters.presenting.common import matter_href
from app.matters.queries import CaseFile
from app.matters.rules import MatterState

FINISHED = (MatterState.CLOSED_OUT, MatterState.ARCHIVED, MatterState.CANCELLED)


def document_lines(file: CaseFile, reader: Reader) -> tuple[FileLine, ...]:
    """The issued notices; a unit sees its own."""
    seen = [one for one in file.documents if reader.in_office or one.unit_id == reader.actor.unit_id]
    may_open = reader.actor.may("attachment:read")
    units = {one.unit_id: one.unit.short_name for one in file.assignments}
    return tuple(
        FileLine(
            name=f"{one.document_no}.docx",
            href=f"{reader.root}/documents/{one.id}.docx" if may_open else "",
            bytes=0,
            by=units.get(one.unit_id or 0, ""),
            on=local_date(one.issued_at),
            kind_label=one.title.split("：")[0] + (f" · {_('Withdrawn')}" if one.status == "void" else ""),
            links=(Link(_("Print view"), f"{reader.root}/documents/{one.id}/print"),) if may_open else (),
        )
        for one in seen
    )


def file_lines(file: CaseFile, reader: Reader, attachments: Iterable[Attachment]) -> tuple[FileLine, ...]:
    """Files with who added them."""
    may_open = reader.actor.may("attachment:read")
    return tuple(
        FileLine(
            name=one.file_name,
            href=f"{reader.root}/attachments/{one.id}" if may_open else "",
            bytes=one.size,
            by=reader.names.get(one.uploaded_by or 0, ""),
            on=local_date(one.uploaded_at),
            kind_label=str(KIND_WORDS.get(one.kind, one.kind)),
        )
        for one in attachments
    )


def upload_panel(file: CaseFile, reader: Reader, *, opened: bool) -> Panel | None:
    """The form that adds a file; none without the right, and none once the matter has ended."""
    if not reader.actor.may("attachment:write") or file.matter.state in FINISHED:
        return None
    return Panel(
        key="upload",
        label=_("Add a file"),
        submit_label=_("Add the file"),
        action=f"{matter_href(reader.root, file.matter.id)}/attachments",
        effect=_("PDF, OFD, Word, WPS, Excel, pictures or text. No classified files."),
        icon="upload",
        form=upload_form(),
        open=opened,
    )
