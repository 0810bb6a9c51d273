"""One line for a card that is closed: what the entry says, in plain words, as far as it has been filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.jurisdictions.presenting.names import Names
from app.jurisdictions.rules.profile import (
    ArticleText,
    DeadlineRule,
    DocumentType,
    Ladder,
    MatterSource,
    PointRule,
    ReminderStep,
    Role,
    Section,
    Slip,
    Step,
    Threshold,
    UrgingText,
)
from app.jurisdictions.rules.profile.conduct import ReportType
from app.jurisdictions.rules.profile.wording import choice_words, values
from app.kernel.i18n import N_, _, translate

LONGEST = 42

SPANS: Mapping[str, str] = {
    "working_days": N_("%(amount)s working days"),
    "calendar_days": N_("%(amount)s calendar days"),
    "months": N_("%(amount)s months"),
    "hours": N_("%(amount)s hours"),
}

DAYS: Mapping[str, str] = {
    "dispatched": N_("%(span)s after the dispatch"),
    "light": N_("%(span)s after the light turns yellow"),
    "due": N_("%(span)s before the due date"),
    "overdue": N_("%(span)s after the due date"),
}
DAY_ITSELF: Mapping[str, str] = {
    "dispatched": N_("On the day of the dispatch"),
    "light": N_("When the light turns yellow"),
    "due": N_("On the due date"),
}


def title_of(kind: type[Section], row: Mapping[str, Any]) -> str:
    """What the entry is called on its card."""
    if kind is DeadlineRule:
        return _word(values.STAGE, row.get("stage"))
    if kind is ReminderStep:
        return str(row.get("name") or "") or day_of_step(row)
    if kind is Threshold:
        return _word(values.CONSEQUENCE, row.get("consequence"))
    if kind is ArticleText:
        return str(row.get("article") or "")
    return str(row.get("short_name") or row.get("name") or "")


def summary_of(kind: type[Section], row: Mapping[str, Any], names: Names) -> str:
    """What else the entry says, in one line."""
    said = _TELLING.get(kind, _plainly)(kind, row, names)
    return " · ".join(word for word in said if word)


def _step(_kind: type[Section], row: Mapping[str, Any], names: Names) -> list[str]:
    approval = row.get("approval")
    if isinstance(approval, Mapping):
        who = [names.name("roles", str(role)) for role in _many(approval.get("roles"))]
        doing = "、".join(who) + (f"（{_word(values.DECIDING, approval.get('mode'))}）" if len(who) > 1 else "")
    else:
        doing = "、".join(names.name("roles", str(role)) for role in _many(row.get("who")))
    limit = row.get("limit")
    back = row.get("returns_to")
    kind = _word(values.STEP_KIND, row.get("kind"))
    return [
        kind if kind != row.get("name") else "",
        doing,
        _span(limit) if isinstance(limit, Mapping) else "",
        str(row.get("article") or ""),
        _("back to %(step)s", step=names.name("procedure.steps", str(back))) if back else "",
    ]


def _rule(_kind: type[Section], row: Mapping[str, Any], names: Names) -> list[str]:
    sources = [names.name("matter_sources", str(key)) for key in _many(row.get("sources"))]
    counted = _span(row) if row.get("rule") in SPANS else _word(values.RULE, row.get("rule"))
    start = _word(values.START_EVENT, row.get("start_event"))
    return [
        counted,
        _("from %(start)s", start=start) if start else "",
        "、".join(_word(values.URGENCY, word) for word in _many(row.get("urgencies"))),
        "、".join(sources[:3]) + ("…" if len(sources) > 3 else ""),
        _("What the media exposed") if row.get("exposed_only") else "",
        str(row.get("article") or ""),
    ]


def _source(_kind: type[Section], row: Mapping[str, Any], _names: Names) -> list[str]:
    return [
        _word(values.SOURCE_CATEGORY, row.get("category")),
        _word(values.ORIGIN_LEVEL, row.get("origin_level")),
        str(row.get("article") or ""),
    ]


def _paper(_kind: type[Section], row: Mapping[str, Any], _names: Names) -> list[str]:
    pattern = str(row.get("number_pattern") or "").replace("{year}", "2026").replace("{no}", "1")
    return [_word(values.HEADER, row.get("header")), pattern, str(row.get("article") or "")]


def _article(_kind: type[Section], row: Mapping[str, Any], _names: Names) -> list[str]:
    return [_cut(str(row.get("text") or ""))]


def day_of_step(row: Mapping[str, Any]) -> str:
    """On which day a step of a ladder speaks, in words: 3 working days after the due date."""
    offset, start = row.get("offset") or 0, str(row.get("relative_to"))
    if not isinstance(offset, int) or start not in DAYS:
        return ""
    said = DAYS[start] if offset else DAY_ITSELF.get(start, DAYS[start])
    unit = str(row.get("unit") or "working_day")
    return translate(said, span=translate(SPANS[f"{unit}s"], amount=abs(offset)) if f"{unit}s" in SPANS else offset)


def _reminder(_kind: type[Section], row: Mapping[str, Any], names: Names) -> list[str]:
    to = [names.name("roles", str(key)) for name in ("to_unit", "to_office") for key in _many(row.get(name))]
    return [
        day_of_step(row) if row.get("name") else "",
        "、".join([*to, *([_("whoever carries the matter")] if row.get("to_carrier") else [])]),
        _("again every %(amount)s working days", amount=row["every"]) if row.get("every") else "",
        "、".join(_word(values.WAY, way) for way in _many(row.get("channels"))),
        _("an urging is laid before the office") if row.get("drafts_urging") else "",
        _("a candidate for the bulletin") if row.get("bulletin_candidate") else "",
    ]


def _ladder(_kind: type[Section], row: Mapping[str, Any], _names: Names) -> list[str]:
    steps = _many(row.get("steps"))
    return [_("%(count)s steps", count=len(steps)) if steps else "", str(row.get("article") or "")]


def _slip(_kind: type[Section], row: Mapping[str, Any], _names: Names) -> list[str]:
    days = row.get("limit_working_days")
    return [_word(values.COLOUR, row.get("colour")), _("%(amount)s working days", amount=days) if days else ""]


def _points(_kind: type[Section], row: Mapping[str, Any], _names: Names) -> list[str]:
    return [_word(values.POINT_OCCASION, row.get("occasion")), str(row.get("points", ""))]


def _threshold(_kind: type[Section], row: Mapping[str, Any], names: Names) -> list[str]:
    mark = row.get("at_or_below")
    return [f"≤ {mark}" if mark is not None else "", names.name("document_types", str(row.get("document_type") or ""))]


def _plainly(kind: type[Section], row: Mapping[str, Any], _names: Names) -> list[str]:
    """The choices and the article of any other entry."""
    words = [_word(choice_words(kind, name), row.get(name)) for name in kind.model_fields if choice_words(kind, name)]
    return [*words, str(row.get("article") or "")]


_TELLING: Mapping[type[Section], Callable[[type[Section], Mapping[str, Any], Names], list[str]]] = {
    Step: _step,
    DeadlineRule: _rule,
    MatterSource: _source,
    DocumentType: _paper,
    ArticleText: _article,
    Ladder: _ladder,
    ReminderStep: _reminder,
    Slip: _slip,
    PointRule: _points,
    Threshold: _threshold,
    UrgingText: _plainly,
    ReportType: _plainly,
    Role: _plainly,
}


def _span(limit: Mapping[str, Any]) -> str:
    amount, rule = limit.get("amount"), str(limit.get("rule") or "")
    return translate(SPANS[rule], amount=amount) if rule in SPANS and amount is not None else ""


def _word(words: Mapping[str, str], key: object) -> str:
    return translate(words[key]) if isinstance(key, str) and key in words else ""


def _many(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
