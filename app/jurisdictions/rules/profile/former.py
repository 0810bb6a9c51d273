"""Versions published in an earlier form of the schema. A published version never changes, so it is read as it was meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DAYS: Mapping[str, Mapping[str, Any]] = {
    "due_soon": {"relative_to": "light"},
    "due_today": {"relative_to": "due"},
    "overdue": {"relative_to": "overdue", "offset": 1},
}
_NAME = "提醒"


def as_meant(data: Any) -> Any:
    """A profile's plain data in today's form; what is in today's form already, or no profile at all, is given back.

    Reminders were three occasions with roles: they become one ladder of three steps. Roles that see every matter stood for
    the office, which is told through whoever carries the matter.
    """
    reminders = data.get("reminders") if isinstance(data, Mapping) else None
    if not isinstance(reminders, Mapping) or "ladders" in reminders or not isinstance(reminders.get("ladder"), list):
        return data
    if not all(isinstance(step, Mapping) and step.get("occasion") in _DAYS for step in reminders["ladder"]):
        return data
    office = _of_the_office(data.get("roles"))
    ladder = {
        "key": "main",
        "name": _NAME,
        "article": reminders.get("article"),
        "steps": [_step(step, office) for step in reminders["ladder"]],
    }
    kept = {name: value for name, value in reminders.items() if name != "ladder"}
    return {**data, "reminders": {**kept, "ladders": [ladder]}}


def _step(step: Mapping[str, Any], office: frozenset[str]) -> dict[str, Any]:
    roles = step.get("to")
    here = roles if isinstance(roles, list) else []
    meant = {
        "key": step["occasion"],
        **_DAYS[step["occasion"]],
        "to_unit": [role for role in here if role not in office],
    }
    return {**meant, "to_carrier": True} if len(meant["to_unit"]) < len(here) else meant


def _of_the_office(roles: Any) -> frozenset[str]:
    listed = roles if isinstance(roles, list) else []
    return frozenset(
        str(role.get("key"))
        for role in listed
        if isinstance(role, Mapping) and "matter:read_all" in (role.get("rights") or ())
    )
