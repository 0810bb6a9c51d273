"""The list by which hundreds of jurisdictions are brought on at once: one line each, little of it needed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.platform.rules.divisions import divisions, level_of, slug_for

# Column key and its heading; only the code is needed where the place is known.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("code", "代码"),
    ("name", "名称"),
    ("short_name", "简称"),
    ("level", "层级"),
    ("parent", "上级代码"),
    ("slug", "网址名"),
    ("preset", "范本"),
    ("administrator", "管理员姓名"),
    ("username", "管理员用户名"),
)
LEVELS: Mapping[str, str] = {"省": "province", "市": "city", "区": "district", "县": "county"}
PRESETS: Mapping[str, str] = {
    "区县": "district",
    "区县范本": "district",
    "城市": "city",
    "城市范本": "city",
    "条例": "regulation",
    "条例范本": "regulation",
}
ORDER = ("province", "city", "district", "county")


@dataclass(frozen=True)
class HouseRow:
    """One jurisdiction to be there; ``row`` is where it stands in the list. Without a name no administrator is named."""

    row: int
    code: str
    name: str
    short_name: str
    level: str
    parent: str
    slug: str
    preset: str
    administrator: str
    username: str


def house_row(row: int, cells: Mapping[str, str], taken: Collection[str]) -> HouseRow:
    """A line of the list, with what it leaves out taken from the list of places; ``taken`` are addresses in use."""
    code = cells.get("code", "")
    place = divisions().get(code)
    name = cells.get("name") or (place.name if place else "")
    level = cells.get("level", "")
    level = LEVELS.get(level, level) or (level_of(code, name) if len(code) == 6 else "")
    preset = cells.get("preset", "")
    return HouseRow(
        row=row,
        code=code,
        name=name,
        short_name=cells.get("short_name") or name[:20],
        level=level,
        parent=cells.get("parent", ""),
        slug=cells.get("slug") or (slug_for(name, code, taken) if name else ""),
        preset=PRESETS.get(preset, preset) or ("city" if level in ("province", "city") else "district"),
        administrator=cells.get("administrator", ""),
        username=cells.get("username", "").lower(),
    )


def from_the_top(rows: Iterable[HouseRow]) -> list[HouseRow]:
    """The rows in an order in which whoever stands above is there first."""
    return sorted(rows, key=lambda one: (ORDER.index(one.level) if one.level in ORDER else len(ORDER), one.row))
