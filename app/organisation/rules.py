"""Names as people look for them: pinyin initials for finders, a sort key for Chinese order."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin


def initials(*names: str) -> str:
    """The pinyin initials of each name, so that "zjj" finds 住建局."""
    found = ("".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower() for name in names)
    return " ".join(dict.fromkeys(found))[:80]


def sort_key(name: str) -> str:
    """What Chinese names are ordered by, whatever the database's collation knows."""
    return " ".join(lazy_pinyin(name)).lower()[:160]
