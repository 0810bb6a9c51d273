"""Giving numbers, issuing documents, taking files, keeping templates.

``next_number``, ``issue_document``, ``withdraw_document``, ``attach`` and ``keep_template`` are parts of another act: they
neither open nor commit a transaction. The commands of this room are ``add_attachment``, ``remove_attachment``,
``render_document``, ``note_download``, ``note_refused_file``, ``add_template`` and ``reset_template``.
"""

from app.documents.services.attaching import (
    SecretFile,
    add_attachment,
    attach,
    note_download,
    note_refused_file,
    remove_attachment,
)
from app.documents.services.issuing import issue_document, next_number, render_document, withdraw_document
from app.documents.services.refusing import refuse_secret_text
from app.documents.services.templates import add_template, keep_template, reset_template

__all__ = [
    "SecretFile",
    "add_attachment",
    "add_template",
    "attach",
    "issue_document",
    "keep_template",
    "next_number",
    "note_download",
    "note_refused_file",
    "refuse_secret_text",
    "remove_attachment",
    "render_document",
    "reset_template",
    "withdraw_document",
]
