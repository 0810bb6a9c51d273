"""The procedure of a form that is only half filled in, as far as it says anything: what the live picture is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.jurisdictions.rules.procedure import Approval, ApprovalMode, Condition, Limit, Procedure, Step, StepKind
from app.kernel.i18n import _

_SOME = frozenset({"some"})


def loose_procedure(document: Mapping[str, Any]) -> Procedure:
    """The steps of plain data. What is missing or wrong is left out; nothing is refused."""
    section = document.get("procedure")
    steps = section.get("steps") if isinstance(section, Mapping) else None
    rows = [step for step in steps or () if isinstance(step, Mapping)] if isinstance(steps, (list, tuple)) else []
    return Procedure(tuple(_step(row, place) for place, row in enumerate(rows)))


def _step(row: Mapping[str, Any], place: int) -> Step:
    when = row.get("when")
    return Step(
        key=str(row.get("key") or f"step_{place}"),
        kind=StepKind(row["kind"]) if row.get("kind") in set(StepKind) else StepKind.DRAFT,
        name=str(row.get("name") or _("(without a name)")),
        article=str(row.get("article") or ""),
        who=_words(row.get("who")),
        approval=_approval(row.get("approval")),
        limit=_limit(row.get("limit")),
        returns_to=str(row["returns_to"]) if row.get("returns_to") else None,
        when=Condition(sources=_SOME) if isinstance(when, Mapping) and any(when.values()) else Condition(),
    )


def _approval(value: Any) -> Approval | None:
    if not isinstance(value, Mapping):
        return None
    mode = value.get("mode")
    return Approval(
        ApprovalMode(mode) if mode in set(ApprovalMode) else ApprovalMode.ANY_OF, _words(value.get("roles"))
    )


def _limit(value: Any) -> Limit | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("amount"), int):
        return None
    return Limit(str(value.get("rule") or ""), value["amount"])


def _words(value: Any) -> tuple[str, ...]:
    return tuple(str(word) for word in value) if isinstance(value, (list, tuple)) else ()
