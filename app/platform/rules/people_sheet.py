"""The spreadsheet of units and people: its headings, and every fault of its rows in plain words.

Rows keep the number a person sees in the file, from 1. What a row refers to (kinds, roles, units that are there already,
sign-in names that are taken) is handed in; nothing is looked up here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from app.jurisdictions.rules.marking import N_
from app.organisation.rules import USERNAME, is_mail_address, is_phone

UNITS, PEOPLE = "单位", "人员"
MOST_ROWS = 5_000

# Column key, its heading, whether it must be filled, the longest text.
UNIT_COLUMNS: tuple[tuple[str, str, bool, int], ...] = (
    ("code", "单位代码", True, 40),
    ("name", "单位名称", True, 80),
    ("short_name", "简称", False, 40),
    ("kind", "类型", True, 20),
    ("parent", "上级单位代码", False, 40),
    ("functional_line", "职能线", False, 60),
)
PERSON_COLUMNS: tuple[tuple[str, str, bool, int], ...] = (
    ("name", "姓名", True, 60),
    ("username", "用户名", True, 40),
    ("unit", "单位代码", True, 40),
    ("post", "职务", False, 80),
    ("roles", "角色", True, 200),
    ("phone", "电话", False, 40),
    ("email", "邮箱", False, 320),
)
COLUMNS = {UNITS: UNIT_COLUMNS, PEOPLE: PERSON_COLUMNS}

KINDS: Mapping[str, str] = {
    "政府": "government",
    "办公室": "office",
    "督查室": "supervision_office",
    "督查组": "supervision_group",
    "部门": "department",
    "乡镇街道": "township",
    "县区": "county",
    "处室": "division",
    "企事业单位": "enterprise",
}
_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
_UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SEPARATORS = re.compile(r"[、，,;；\n]+")


@dataclass(frozen=True)
class SheetFault:
    """What is wrong in one row: the sheet, its row and column as a person sees them, why, and the word at fault."""

    sheet: str
    row: int
    column: str
    code: str
    value: str = ""


SENTENCES: Mapping[str, str] = {
    "file_too_large": N_("The file is larger than 4 MB. Take pictures and empty sheets out of it."),
    "file_unreadable": N_("The file is no spreadsheet that can be read. Save it as .xlsx and try again."),
    "sheet_missing": N_("There is no sheet “%(value)s”. Fill in the template; do not rename its sheets."),
    "column_missing": N_("There is no column “%(value)s”. Fill in the template; do not change its headings."),
    "code_column_missing": N_("The list has no column “代码”."),
    "too_many_rows": N_("The sheet has more than 5,000 rows. Delete empty rows below the last one, or split it."),
    "nothing": N_("The file holds no unit and no person."),
    "merged": N_("The sheet has merged cells. Take them apart: every row stands for itself."),
    "formula": N_("The cell holds a formula. Paste its value instead."),
    "control_characters": N_("The cell holds characters that cannot be shown."),
    "missing": N_("This must be filled in."),
    "too_long": N_("This is too long."),
    "bad_code": N_("“%(value)s”: a code has letters, digits, hyphens and underscores only."),
    "doubled": N_("“%(value)s” stands in an earlier row already."),
    "unknown_kind": N_("“%(value)s” is no kind of unit the procedure knows. Choose one of the list."),
    "unknown_unit": N_("There is no unit with the code “%(value)s”, neither in the file nor here."),
    "below_itself": N_("The unit would stand below itself."),
    "bad_username": N_("Three to forty small letters, digits, dots, hyphens; a letter or digit first."),
    "username_taken": N_(
        "This sign-in name cannot be used. Choose another; somebody with an account elsewhere is added by the administrator."
    ),
    "unknown_role": N_("“%(value)s” is no role here. Write it as the list of roles does."),
    "bad_phone": N_("“%(value)s” is no telephone number."),
    "bad_email": N_("“%(value)s” is no mail address."),
    "mail_taken": N_("This mail address cannot be used. Choose another."),
}


def describe_fault(fault: SheetFault) -> tuple[str, dict[str, str]]:
    """The msgid and values of a fault's reason; sheet, row and column stand beside it."""
    return SENTENCES[fault.code], {"value": fault.value}


@dataclass(frozen=True)
class RawRow:
    """A row as it stands in the file: its number, and its cells by column key."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class RawSheet:
    """Both sheets as they stand in the file, and what could not even be read."""

    units: tuple[RawRow, ...] = ()
    people: tuple[RawRow, ...] = ()
    faults: tuple[SheetFault, ...] = ()


@dataclass(frozen=True)
class UnitRow:
    """A unit to be there."""

    code: str
    name: str
    short_name: str
    kind: str
    parent: str | None
    functional_line: str | None


@dataclass(frozen=True)
class PersonRow:
    """A person to be there; ``roles`` are keys, ``row`` is where it stands."""

    row: int
    name: str
    username: str
    unit: str
    post: str
    roles: tuple[str, ...]
    phone: str
    email: str


@dataclass(frozen=True)
class Known:
    """What is there already: units (code: code of the parent), kinds, roles (name or key: key), sign-in names that are
    taken by others, those whose people are members here, and mail addresses that are taken.
    """

    units: Mapping[str, str | None]
    kinds: Collection[str]
    roles: Mapping[str, str]
    taken: Collection[str] = ()
    members: Collection[str] = ()
    mails: Collection[str] = ()


@dataclass(frozen=True)
class PeopleSheet:
    """What a file would bring: all units and people it names, how many of them are new, or its faults and nothing."""

    units: tuple[UnitRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    faults: tuple[SheetFault, ...] = ()
    new_units: frozenset[str] = field(default_factory=frozenset)
    new_people: frozenset[str] = field(default_factory=frozenset)


def check_sheet(raw: RawSheet, known: Known) -> PeopleSheet:
    """Look at every row; a file with one fault brings nothing."""
    faults = list(raw.faults)
    units = _units(raw.units, known, faults)
    people = _people(raw.people, known, {unit.code for unit in units} | set(known.units), faults)
    if not raw.units and not raw.people and not faults:
        faults.append(SheetFault(UNITS, 0, "", "nothing"))
    if faults:
        order = {UNITS: 0, PEOPLE: 1}
        first = {(one.sheet, one.row, one.column): one for one in reversed(faults)}  # one sentence for each cell
        return PeopleSheet(faults=tuple(sorted(first.values(), key=lambda one: (order.get(one.sheet, -1), one.row))))
    return PeopleSheet(
        tuple(units),
        tuple(people),
        (),
        frozenset(unit.code for unit in units if unit.code not in known.units),
        frozenset(person.username for person in people if person.username not in known.members),
    )


def _plain(raw: RawRow, sheet: str, faults: list[SheetFault]) -> dict[str, str] | None:
    """The cells, or None after noting what is missing or too long."""
    before = len(faults)
    for key, heading, needed, longest in COLUMNS[sheet]:
        value = raw.cells.get(key, "")
        if needed and not value:
            faults.append(SheetFault(sheet, raw.row, heading, "missing"))
        if len(value) > longest:
            faults.append(SheetFault(sheet, raw.row, heading, "too_long"))
        if _UNSHOWN.search(value):
            faults.append(SheetFault(sheet, raw.row, heading, "control_characters"))
    return dict(raw.cells) if len(faults) == before else None


def _units(rows: Iterable[RawRow], known: Known, faults: list[SheetFault]) -> list[UnitRow]:
    units: list[UnitRow] = []
    places: dict[str, int] = {}
    for raw in rows:
        cells = _plain(raw, UNITS, faults)
        if cells is None:
            continue
        code, kind, parent = cells["code"], KINDS.get(cells["kind"], cells["kind"]), cells.get("parent", "")
        if not _CODE.fullmatch(code):
            faults.append(SheetFault(UNITS, raw.row, "单位代码", "bad_code", code))
        if code in places:
            faults.append(SheetFault(UNITS, raw.row, "单位代码", "doubled", code))
        if kind not in known.kinds:
            faults.append(SheetFault(UNITS, raw.row, "类型", "unknown_kind", cells["kind"]))
        places.setdefault(code, raw.row)
        units.append(
            UnitRow(
                code,
                cells["name"],
                cells.get("short_name") or cells["name"][:40],
                kind,
                parent or None,
                cells.get("functional_line") or None,
            )
        )
    parents: dict[str, str | None] = {**known.units, **{unit.code: unit.parent for unit in units}}
    for unit in units:
        if unit.parent and unit.parent not in parents:
            faults.append(SheetFault(UNITS, places[unit.code], "上级单位代码", "unknown_unit", unit.parent))
        elif _below_itself(unit.code, parents):
            faults.append(SheetFault(UNITS, places[unit.code], "上级单位代码", "below_itself", unit.code))
    return units


def _below_itself(code: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    here = parents.get(code)
    while here and here not in seen:
        if here == code:
            return True
        seen.add(here)
        here = parents.get(here)
    return False


def _people(rows: Iterable[RawRow], known: Known, units: Collection[str], faults: list[SheetFault]) -> list[PersonRow]:
    people: list[PersonRow] = []
    seen: set[str] = set()
    mails: set[str] = set()
    for raw in rows:
        cells = _plain(raw, PEOPLE, faults)
        if cells is None:
            continue
        username, email = cells["username"].lower(), cells.get("email", "")
        named = [word.strip() for word in _SEPARATORS.split(cells["roles"]) if word.strip()]
        wrong: list[tuple[str, str, str]] = []
        if not USERNAME.fullmatch(username):
            wrong.append(("用户名", "bad_username", username))
        elif username in seen:
            wrong.append(("用户名", "doubled", username))
        elif username in known.taken and username not in known.members:
            wrong.append(("用户名", "username_taken", username))
        if cells["unit"] not in units:
            wrong.append(("单位代码", "unknown_unit", cells["unit"]))
        wrong += [("角色", "unknown_role", word) for word in named if word not in known.roles]
        if cells.get("phone") and not is_phone(cells["phone"]):
            wrong.append(("电话", "bad_phone", cells["phone"]))
        if email and not is_mail_address(email):
            wrong.append(("邮箱", "bad_email", email))
        elif email and email.lower() in mails:
            wrong.append(("邮箱", "doubled", email))
        elif email and email.lower() in known.mails and username not in known.members:
            wrong.append(("邮箱", "mail_taken", email))
        seen.add(username)
        mails.add(email.lower())
        faults += [SheetFault(PEOPLE, raw.row, column, code, value[:60]) for column, code, value in wrong]
        if not wrong:
            roles = tuple(dict.fromkeys(known.roles[word] for word in named))
            post, phone = cells.get("post", ""), cells.get("phone", "")
            people.append(PersonRow(raw.row, cells["name"], username, cells["unit"], post, roles, phone, email))
    return people
