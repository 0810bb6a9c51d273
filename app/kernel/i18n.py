"""Words: English msgids in the code, Chinese and English on the screen.

``_`` translates now, in the reader's language; ``lazy_gettext`` when shown; ``N_`` only marks a msgid for extraction, for
sentences that are stored as code and facts and put into words later.
"""

from __future__ import annotations

from flask import has_app_context
from flask_babel import force_locale, gettext, lazy_gettext

__all__ = ["N_", "_", "force_locale", "lazy_gettext", "translate"]

_ = gettext


def N_(msgid: str) -> str:  # noqa: N802 - the field's usual name for "mark, do not translate"
    """Mark a msgid for the catalogue and hand it back unchanged."""
    return msgid


def translate(msgid: str, **params: object) -> str:
    """The sentence in the reader's language; English where there is no application to ask."""
    if has_app_context():
        return str(gettext(msgid, **params))
    return msgid % params if params else msgid
