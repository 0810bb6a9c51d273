"""China's provinces, cities, districts and counties by their GB/T 2260 codes, to be offered and never to decide."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin

FILE = Path(__file__).resolve().parent.parent / "data" / "divisions.tsv"
MOST_OFFERED = 20
SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
CODE = re.compile(r"\d{6}")
_KINDS = re.compile(r"(特别行政区|自治区|自治州|自治县|自治旗|林区|新区|地区|省|市|区|县|旗|盟)$")


@dataclass(frozen=True)
class Division:
    """A place: its code, its name, its level, the code of the place above it, and the names from the top down."""

    code: str
    name: str
    level: str
    parent: str
    path: str
    initials: str


@lru_cache(maxsize=1)
def divisions() -> Mapping[str, Division]:
    """Every place by its code, read once."""
    names = {}
    for line in FILE.read_text("utf-8").splitlines():
        code, tab, name = line.partition("\t")
        if tab and CODE.fullmatch(code):
            names[code] = name
    return {code: _division(code, name, names) for code, name in names.items()}


def _division(code: str, name: str, names: Mapping[str, str]) -> Division:
    above = parent_code(code, names)
    top = parent_code(above, names) if above else ""
    path = " ".join(names[one] for one in (top, above) if one)
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return Division(code, name, level_of(code, name), above, path, letters)


def level_of(code: str, name: str) -> str:
    """The level a code and a name speak of: province, city, district or county."""
    if code.endswith("0000"):
        return "province"
    if code.endswith("00"):
        return "city"
    return "district" if name.endswith("区") else "county"


def parent_code(code: str, known: Collection[str]) -> str:
    """The code of the place above, as far as it is known: the city, else the province; nothing above a province."""
    wanted = [f"{code[:4]}00", f"{code[:2]}0000"]
    return next((one for one in wanted if one != code and one in known and not code.endswith("0000")), "")


def find_divisions(words: str, most: int = MOST_OFFERED) -> list[Division]:
    """Places whose code begins so, or whose name, path or initials have the words; the closest first."""
    asked = words.lower()[:40].split()
    if not asked:
        return []
    if len(asked) == 1 and asked[0].isdigit():
        return [one for code, one in divisions().items() if code.startswith(asked[0])][:most]
    found = [
        one
        for one in divisions().values()
        if all(word in f"{one.path} {one.name}" or one.initials.startswith(word) for word in asked)
    ]
    return sorted(found, key=lambda one: (not one.name.startswith(asked[-1]), asked[-1] not in one.name, one.code))[
        :most
    ]


def slug_for(name: str, code: str, taken: Collection[str]) -> str:
    """An address out of the name's pinyin: 华容区 becomes huarong; the code is added while another has it."""
    short = _KINDS.sub("", name) if len(_KINDS.sub("", name)) > 1 else name
    letters = re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(short)).lower())[:30]
    wanted = letters if SLUG.fullmatch(letters) else f"j{letters}"[:30]
    return wanted if wanted not in taken and len(wanted) > 1 else f"{wanted}-{code}"
