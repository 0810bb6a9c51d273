"""Presets side by side, and spreadsheets as a person looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.jurisdictions.presenting.procedure import clock_rows
from app.jurisdictions.rules import Profile
from app.jurisdictions.rules.presets import Preset
from app.kernel.i18n import N_, _, translate
from app.platform.pages import FaultLine, PresetColumn, SheetPreview
from app.platform.rules.people_sheet import KINDS, PeopleSheet, describe_fault

SHOWN = 200


def preset_columns(presets: Iterable[Preset], chosen: str) -> tuple[PresetColumn, ...]:
    """The presets to choose from."""
    return tuple(
        PresetColumn(one.key, translate(one.name), translate(one.description), one.key == chosen) for one in presets
    )


def _roles(profile: Profile) -> str:
    return "、".join(role.name for role in profile.roles)


def _approvals(profile: Profile) -> str:
    names = {role.key: role.name for role in profile.roles}
    steps = [step for step in profile.procedure.steps if step.kind == "approval"]
    return "；".join("、".join(names.get(key, key) for key in step.approval.roles) for step in steps if step.approval)


def _clocks(profile: Profile) -> str:
    return "；".join(f"{row.stage}：{row.words}" for row in clock_rows(profile))


def _routing(profile: Profile) -> str:
    if profile.routing.strategy == "leader_portfolio":
        return _("By the leader whose matter it is")
    return _("By functional line")


def _yes(value: object) -> str:
    return _("Yes") if value else _("No")


# What differs, in the order in which one asks.
ROWS: tuple[tuple[str, Callable[[Profile], str]], ...] = (
    (N_("Regulation"), lambda profile: profile.regulation.title),
    (N_("Steps"), lambda profile: " → ".join(step.name for step in profile.procedure.steps)),
    (N_("Who approves"), _approvals),
    (N_("Matter sources"), lambda profile: "、".join(source.short_name for source in profile.matter_sources)),
    (N_("Who carries a matter"), _routing),
    (N_("Standing supervision groups"), lambda profile: _yes(profile.groups.enabled)),
    (N_("Deadlines"), _clocks),
    (N_("Documents"), lambda profile: "、".join(one.name for one in profile.document_types)),
    (N_("Conclusion served, objection and review"), lambda profile: _yes(profile.conclusion)),
    (N_("Roles"), _roles),
)


def preset_rows(presets: Iterable[Preset]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every point in which presets differ, with what each says."""
    profiles = [one.profile for one in presets]
    return tuple((translate(label), tuple(say(profile) for profile in profiles)) for label, say in ROWS)


def fault_lines(sheet: PeopleSheet) -> tuple[FaultLine, ...]:
    """The faults of a spreadsheet, the first two hundred of them."""
    lines = []
    for fault in sheet.faults[:SHOWN]:
        msgid, values = describe_fault(fault)
        lines.append(FaultLine(fault.sheet, fault.row, fault.column, translate(msgid, **values)))
    return tuple(lines)


def preview(sheet: PeopleSheet, kept: str) -> SheetPreview:
    """What a spreadsheet would bring."""
    words = {key: word for word, key in KINDS.items()}
    units = [unit for unit in sheet.units if unit.code in sheet.new_units]
    people = [one for one in sheet.people if one.username in sheet.new_people]
    return SheetPreview(
        kept=kept,
        new_units=len(units),
        all_units=len(sheet.units),
        new_people=len(people),
        all_people=len(sheet.people),
        units=tuple((unit.code, unit.name, words.get(unit.kind, unit.kind)) for unit in units[:SHOWN]),
        people=tuple((one.name, one.username, one.unit, one.post) for one in people[:SHOWN]),
    )
