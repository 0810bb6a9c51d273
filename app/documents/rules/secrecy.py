"""Official secrecy marks. A non-classified system must not hold state secrets (保守国家秘密法 第三十一条): a file or text that
carries 秘密★, 机密★, 绝密★ or 密级：机密 is refused before anything is stored.

A scanned picture or a PDF cannot be read here; the page says so and asks the person.
"""

from __future__ import annotations

import re
import unicodedata

_WITH_STAR = re.compile(r"(绝密|机密|秘密)[★☆✩*＊](?:\d{1,3}(?:年|个月|月|天)|长期|启封前|解密前)?")
_BY_NAME = re.compile(r"(?:密级|保密等级|涉密等级)[:：]?(绝密|机密|秘密)")
_FILLING = re.compile(r"[\s\u3000\u200b-\u200f\ufeff·•.．_\-—]+")


def official_mark(text: str) -> str | None:
    """The secrecy mark a text carries, or None.

    Spaces, full-width forms and invisible characters do not hide it. Words alone
    (保密工作检查, 商业秘密, 工作秘密) are no mark.
    """
    plain = _FILLING.sub("", unicodedata.normalize("NFKC", text))
    found = _WITH_STAR.search(plain) or _BY_NAME.search(plain)
    return found.group(0) if found else None
