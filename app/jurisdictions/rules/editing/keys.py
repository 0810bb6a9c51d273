"""The keys of entries: nobody types one. Made once from the name, then kept, whatever the entry is called later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pypinyin import Style, lazy_pinyin

LONGEST = 40


def key_for(data: Mapping[str, Any], fallback: str, taken: Iterable[str]) -> str:
    """A key of small letters, digits and underscores that none of the others has: 督办通知单 becomes ``dbtzd``.

    An entry without a name takes it from what it is about: a deadline rule from its stage and way of counting.
    """
    used = set(taken)
    wanted = _plain(_initials(str(data.get("name") or "")))
    if not wanted:
        about = (data.get(word) for word in ("stage", "rule", "consequence", "relative_to"))
        wanted = _plain("_".join(str(word) for word in about if word)) or fallback
    number, key = 1, wanted
    while key in used:
        number += 1
        key = f"{wanted}_{number}"
    return key


def _initials(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default"))


def _plain(text: str) -> str:
    """Only what a key may be made of, a letter first."""
    return re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9_]", "", text.lower()))[: LONGEST - 4]
