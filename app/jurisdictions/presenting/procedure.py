"""A procedure as its page shows it: the diagram, its steps and its clocks in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.jurisdictions.presenting.diagram import Diagram, limit_words, row, who_of
from app.jurisdictions.rules import Profile
from app.jurisdictions.rules.procedure import Condition, Procedure
from app.jurisdictions.rules.profile import DeadlineRule
from app.jurisdictions.rules.profile.wording import CODE_LISTS, values
from app.kernel.i18n import N_, _, translate

DEMAND_WORDS: Mapping[str, str] = {**CODE_LISTS["fields"], **CODE_LISTS["attachments"]}

SPAN_WORDS: Mapping[str, str] = {
    "working_days": N_("%(amount)s working days from %(start)s"),
    "calendar_days": N_("%(amount)s calendar days from %(start)s"),
    "months": N_("%(amount)s months from %(start)s"),
    "hours": N_("%(amount)s hours from %(start)s"),
    "fixed": N_("On the date stated for the matter; it does not move"),
    "day_of_year": N_("On the next %(month)s-%(day)s after %(start)s"),
    "periodic": N_("Regularly after %(start)s"),
    "on_event": N_("Owed after %(start)s"),
}


@dataclass(frozen=True)
class StepRow:
    """One step in words."""

    number: int
    name: str
    kind: str
    article: str
    who: str
    deciding: str
    limit: str
    returns_to: str
    demands: str
    condition: str


@dataclass(frozen=True)
class ClockRow:
    """One deadline rule in words."""

    stage: str
    article: str
    condition: str
    words: str
    warning: str
    note: str


@dataclass(frozen=True)
class ProcedurePage:
    """A jurisdiction's procedure in force."""

    regulation: str
    document_no: str
    version: int
    effective_on: object
    diagram: Diagram
    steps: tuple[StepRow, ...]
    clocks: tuple[ClockRow, ...]
    edit_href: str = ""


def step_rows(profile: Profile, procedure: Procedure) -> tuple[StepRow, ...]:
    """Every step in order: who, how it is decided, how long, where it goes back to, what it demands."""
    roles, names = role_names(profile), {step.key: step.name for step in procedure.steps}
    return tuple(
        StepRow(
            number=number,
            name=step.name,
            kind=translate(values.STEP_KIND[step.kind]),
            article=step.article,
            who="、".join(roles.get(role, role) for role in who_of(step))
            + (_(" (of the group that carries the matter)") if step.by_supervising_unit else ""),
            deciding=translate(values.DECIDING[step.approval.mode]) if step.approval else "",
            limit=limit_words(step.limit),
            returns_to=names.get(step.returns_to or "", ""),
            demands="、".join(
                translate(DEMAND_WORDS.get(word, word))
                for word in (*step.required_fields, *step.required_documents, *step.required_attachments)
            ),
            condition=_condition(profile, step.when),
        )
        for number, step in enumerate(procedure.steps, start=1)
    )


def clock_rows(profile: Profile) -> tuple[ClockRow, ...]:
    """Every deadline rule in words, with its article."""
    return tuple(
        ClockRow(
            stage=translate(values.STAGE.get(rule.stage, rule.stage)),
            article=rule.article,
            condition=_rule_condition(profile, rule),
            words=_rule_words(rule),
            warning=_warning(rule),
            note=rule.note or "",
        )
        for rule in profile.deadline_rules
    )


def procedure_diagram(profile: Profile, procedure: Procedure) -> Diagram:
    """The picture of a procedure in force."""
    return row(procedure, role_names(profile))


def role_names(profile: Profile) -> dict[str, str]:
    """What the roles are called, by their keys."""
    return {role.key: role.name for role in profile.roles}


def _warning(rule: DeadlineRule) -> str:
    if rule.rule == "on_event":
        return ""
    return _("%(amount)s working days before", amount=rule.yellow_days) if rule.yellow_days else _("On the day itself")


def _rule_words(rule: DeadlineRule) -> str:
    day = rule.day_of_year
    said = [
        translate(
            SPAN_WORDS[rule.rule],
            amount=_amount(rule),
            start=translate(values.START_EVENT[rule.start_event]),
            month=day.month if day else "",
            day=day.day if day else "",
        )
    ]
    if rule.schedule is not None:
        said.append(translate(values.EVERY[rule.schedule.every]))
    if rule.count_start_day:
        said.append(_("the first day counts"))
    if rule.deemed_receipt_after is not None:
        said.append(
            _("received %(days)s working days after the dispatch at the latest", days=rule.deemed_receipt_after)
        )
    if rule.roll == "next_working_day":
        said.append(_("a day of rest at the end gives way to the next working day"))
    if rule.roll == "previous_working_day":
        said.append(_("a day of rest at the end gives way to the working day before"))
    if rule.written:
        said.append(_("in writing"))
    if rule.required_at_intake:
        said.append(_("to be stated when the matter is proposed"))
    return "；".join(said)


def _amount(rule: DeadlineRule) -> str:
    """How many; by urgency where the rule leaves a range."""
    amounts = rule.amounts
    by_urgency = {} if amounts is None else {word: getattr(amounts, word) for word in values.URGENCY}
    said = [f"{translate(values.URGENCY[word])} {number}" for word, number in by_urgency.items() if number is not None]
    if said:
        return "、".join(said)
    return "" if rule.amount is None else str(rule.amount)


def _rule_condition(profile: Profile, rule: DeadlineRule) -> str:
    wanted = Condition(
        frozenset(rule.sources),
        frozenset(rule.urgencies),
        frozenset(rule.origin_levels),
        frozenset(rule.handling_modes),
    )
    said = [_condition(profile, wanted)] if wanted != Condition() else []
    said += [translate(values.SESSION[word]) for word in rule.sessions]
    if rule.exposed_only:
        said.append(_("What the media exposed"))
    return "；".join(said)


def _condition(profile: Profile, when: Condition) -> str:
    sources = [source.short_name for source in profile.matter_sources if source.key in when.sources]
    words = [
        "、".join(sources),
        "、".join(translate(values.URGENCY.get(word, word)) for word in sorted(when.urgencies)),
        "、".join(translate(values.ORIGIN_LEVEL.get(word, word)) for word in sorted(when.origin_levels)),
        "、".join(translate(values.HANDLING_MODE.get(word, word)) for word in sorted(when.handling_modes)),
    ]
    return "；".join(word for word in words if word)
