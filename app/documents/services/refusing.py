"""A rule's refusal as the answer a person gets."""

from __future__ import annotations

from app.documents.rules import FileRefused, official_mark
from app.kernel.errors import Invalid, Refused


def invalid(error: FileRefused) -> Invalid:
    """The input cannot be taken as it stands."""
    return Invalid(error.code, error.msgid, None, **error.params)


def refuse_secret_text(text: str) -> None:
    """Refuse (``text_secret``) a text that carries an official secrecy mark (保守国家秘密法 第三十一条)."""
    mark = official_mark(text)
    if mark:
        refusal = FileRefused("text_secret", mark=mark[:2])
        raise Refused(refusal.code, refusal.msgid, **refusal.params)
