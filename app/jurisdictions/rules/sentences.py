"""What can be wrong with a profile or its folder: a place, a code, and one sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.jurisdictions.rules.marking import N_

SENTENCES: Mapping[str, str] = {
    # the shape of a section
    "unknown_key": N_(
        "%(path)s: this word is not known here. Correct it or take it out; what a newer release wrote needs that release."
    ),
    "key_missing": N_("%(path)s: this is missing. Add it."),
    "article_missing": N_("%(path)s: the article is missing. Every rule names the article it comes from."),
    "unknown_word": N_("%(path)s: “%(word)s” is not possible here. Use one of: %(known)s."),
    "bad_word": N_("%(path)s: “%(word)s” is no key. Use small letters, digits and underscores, a letter first."),
    "bad_form": N_("%(path)s: “%(word)s” does not have the form that is asked for here."),
    "not_text": N_("%(path)s: this must be text. Put it in quotes."),
    "not_number": N_("%(path)s: this must be a whole number."),
    "not_yes_no": N_("%(path)s: this must be true or false."),
    "not_date": N_("%(path)s: this must be a date such as 2007-08-01."),
    "not_list": N_("%(path)s: this must be a list."),
    "not_section": N_("%(path)s: this must be a section of named values."),
    "empty": N_("%(path)s: this must not be empty."),
    "too_long": N_("%(path)s: this is longer than the %(most)s allowed."),
    "out_of_range": N_("%(path)s: “%(word)s” is out of range (%(limit)s)."),
    "value_refused": N_("%(path)s: “%(word)s” cannot be taken."),
    # what must hold together
    "doubled": N_("%(path)s: “%(word)s” is there twice. Keep one of the two."),
    "unknown_role": N_("%(path)s: no role is called “%(word)s”."),
    "unknown_right": N_("%(path)s: no right is called “%(word)s”."),
    "unknown_source": N_("%(path)s: no matter source is called “%(word)s”."),
    "unknown_document_type": N_("%(path)s: no document type is called “%(word)s”."),
    "unknown_step": N_("%(path)s: no step is called “%(word)s”."),
    "unknown_slip": N_("%(path)s: no escalation slip is called “%(word)s”."),
    "unknown_ladder": N_("%(path)s: no ladder of reminders is called “%(word)s”."),
    "offset_after": N_("%(path)s: %(word)s days would be after the due date. Choose “After the due date” for that."),
    "offset_not_after": N_("%(path)s: a step after the due date is 1 day after it at least, not %(word)s."),
    "offset_before": N_("%(path)s: %(word)s days would be before the day it is counted from."),
    "repeats_before_due": N_("%(path)s: only what is counted from the dispatch or after the due date comes again."),
    "bulletin_before_overdue": N_("%(path)s: only what is overdue goes into the bulletin."),
    "tells_nobody": N_("%(path)s: this step writes to nobody and lays nothing before the office."),
    "step_of_same_day": N_("%(path)s: another step of this ladder speaks on the same day. Put the two together."),
    "unknown_field": N_("%(path)s: “%(word)s” is not a field of a matter."),
    "unknown_attachment": N_("%(path)s: “%(word)s” is not a kind of file."),
    "nothing_listed": N_("%(path)s: “%(word)s” is to be chosen here, but the profile lists nothing to choose from."),
    "nobody_concludes": N_(
        "%(path)s: nobody can serve conclusions. Give a role both rights: to see every matter and to review reports."
    ),
    "unknown_article": N_(
        "%(path)s: the regulation's text has no “%(word)s”. Correct the reference or add the article."
    ),
    "first_step_not_draft": N_("%(path)s: a procedure begins with drawing up."),
    "last_step_not_archiving": N_("%(path)s: a procedure ends with archiving."),
    "order": N_("%(path)s: the step “%(word)s” comes too early or too late. Move it."),
    "nobody": N_("%(path)s: nobody does the step “%(word)s”. Name a role."),
    "approval_missing": N_("%(path)s: the step “%(word)s” must say who decides and how."),
    "approval_misplaced": N_("%(path)s: only an approval step is decided on, and “%(word)s” is none."),
    "returns_forward": N_("%(path)s: a return goes to an earlier step, and “%(word)s” is not earlier."),
    "unreachable": N_("%(path)s: no matter ever comes to the step “%(word)s”. Widen its condition or take it out."),
    "step_lacking": N_("%(path)s: a matter with %(word)s never comes to a step of the kind %(kind)s."),
    "step_twice": N_("%(path)s: a matter with %(word)s comes twice to a step of the kind %(kind)s."),
    "dead_end": N_("%(path)s: a matter with %(word)s ends at “%(step)s” without being archived."),
    "role_without_right": N_("%(path)s: the role “%(word)s” lacks the right %(right)s that this step needs."),
    "amount_missing": N_("%(path)s: this way of counting needs a number of days or months."),
    "day_missing": N_("%(path)s: this way of counting needs a day of the year."),
    "day_misplaced": N_("%(path)s: only the rule “day_of_year” has a day of the year. Take it out."),
    "schedule_missing": N_("%(path)s: a report that comes round needs its schedule."),
    "schedule_misplaced": N_("%(path)s: only the rule “periodic” has a schedule. Take it out."),
    "periodic_stage": N_("%(path)s: what comes round is progress; choose the stage “progress”."),
    "hours_by_the_clock": N_(
        "%(path)s: hours run by the clock, from the minute to the minute. Take this out, or count in days."
    ),
    "hours_zero": N_("%(path)s: a clock of 0 hours is over at once. Enter 1 or more."),
    "fixed_stage": N_("%(path)s: a matter states a date only for its completion and its first feedback."),
    "never_starts": N_("%(path)s: this clock never starts, since “%(word)s” comes too late for it or not at all."),
    "deemed_misplaced": N_("%(path)s: only a clock that starts with the receipt knows a deemed one. Take it out."),
    "beyond_the_week": N_("%(path)s: a week has the days 1, Monday, to 7."),
    "beyond_the_period": N_("%(path)s: the period has no month %(word)s."),
    "decider_missing": N_("%(path)s: extensions are approved here, so say who decides and how."),
    "nobody_signs": N_("%(path)s: no role signs for a unit. Give one the right to sign the unit's reports."),
    "never_extended": N_("%(path)s: extensions are approved here, so allow at least one."),
    "no_default_deadline": N_("%(path)s: matters of the source “%(word)s” have no deadline for their result."),
    "numbering_step": N_("%(path)s: “%(word)s” is not a step at which a number can be given."),
    "number_pattern": N_("%(path)s: “%(word)s” must contain {year} and {no}, and no other braces."),
    "number_collides": N_("%(path)s: “%(word)s” gives the same numbers as another series. Make the patterns differ."),
    "slip_too_early": N_("%(path)s: “%(word)s” could be issued before the slip below it. Let its days not fall."),
    "slip_misplaced": N_(
        "%(path)s: only an issued slip is narrowed to one colour, and “%(word)s” counts something else."
    ),
    "no_slips": N_("%(path)s: “%(word)s” counts escalation slips, and there are none here."),
    "nobody_issues": N_("%(path)s: nobody may issue a slip. Give a role the right to urge units."),
    "threshold_rises": N_("%(path)s: thresholds go from the mildest down; “%(word)s” is not below the one before it."),
    "threshold_at_start": N_("%(path)s: every unit starts at or below “%(word)s”. Lower it."),
    "unknown_placeholder": N_("%(path)s: “%(word)s” cannot be filled in. Use one of: %(known)s."),
    # a folder
    "folder_missing": N_("%(path)s: there is no such folder."),
    "file_missing": N_("%(path)s: the file is missing."),
    "file_too_large": N_("%(path)s: the file is larger than %(most)s KB."),
    "file_refused": N_("%(path)s: this is not an ordinary file."),
    "unknown_file": N_("%(path)s: no such file belongs here."),
    "archive_unreadable": N_("%(path)s: this is no zip file that can be read."),
    "archive_crowded": N_("%(path)s: more than %(most)s files. Pack the profile's folder alone."),
    "archive_path": N_("%(path)s: the name leads out of the folder. Pack the profile's folder again."),
    "wrong_file": N_("%(path)s: the section “%(word)s” belongs into another file, or there is none of that name."),
    "not_utf8": N_("%(path)s: the file is not UTF-8."),
    "yaml_unreadable": N_("%(path)s: this cannot be read as YAML. Look at indentation, quotes and colons here."),
    "yaml_documents": N_("%(path)s: a file holds one document only."),
    "alias": N_("%(path)s: anchors and aliases are refused. Write the values out."),
    "tag": N_("%(path)s: “%(word)s” is refused. Write plain values."),
    "key_not_text": N_("%(path)s: names of values must be words."),
    "too_deep": N_("%(path)s: nested too deeply."),
    "template_refused": N_("%(path)s: a template is a .docx file of at most 4 MB, called by its document type."),
    "unknown_unit": N_("%(path)s: no unit has the code “%(word)s”."),
    "unknown_kind": N_("%(path)s: “%(word)s” is not one of the kinds of unit in this profile."),
    "unit_cycle": N_("%(path)s: the unit “%(word)s” is above itself."),
    "level_differs": N_("%(path)s: the jurisdiction and its regulation stand at different levels (%(word)s)."),
}


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where it is, what it is, and the values that make the sentence."""

    path: str
    code: str
    params: tuple[tuple[str, str], ...] = ()

    def values(self) -> dict[str, str]:
        """The values by name."""
        return dict(self.params)


class ProfileError(ValueError):
    """A document that is no profile. ``faults`` names every place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in self.faults))


def describe_fault(fault: Fault) -> tuple[str, dict[str, str]]:
    """The msgid and values of a fault's sentence."""
    return SENTENCES[fault.code], {"path": fault.path, **fault.values()}


def path_of(location: Sequence[int | str]) -> str:
    """A place as it is written: ``procedure.steps[2].who[0]``."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def parts_of(path: str) -> tuple[int | str, ...]:
    """The way to a written place, step by step."""
    return tuple(int(part[1:-1]) if part.startswith("[") else part for part in re.findall(r"\[\d+\]|[^.\[\]]+", path))


_LONGEST_WORD = 60
_BY_KIND = {
    "extra_forbidden": "unknown_key",
    "string_type": "not_text",
    "int_type": "not_number",
    "int_parsing": "not_number",
    "bool_type": "not_yes_no",
    "tuple_type": "not_list",
    "dict_type": "not_section",
    "model_type": "not_section",
    "model_attributes_type": "not_section",
    "string_too_short": "empty",
    "too_short": "empty",
}


def refusals(errors: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """What the schema refuses, as faults of ours: the reader gets a sentence that says what to do, never a library's."""
    return [_refusal(error) for error in errors]


def _refusal(error: Mapping[str, Any]) -> Fault:
    path, kind, limits = path_of(error["loc"]), str(error["type"]), error.get("ctx", {})
    word = ("word", str(error.get("input"))[:_LONGEST_WORD])
    if kind in _BY_KIND:
        return Fault(path, _BY_KIND[kind])
    if kind == "missing":
        return Fault(path, "article_missing" if error["loc"][-1] == "article" else "key_missing")
    if kind == "literal_error":
        return Fault(path, "unknown_word", (word, ("known", ", ".join(re.findall(r"'([^']*)'", limits["expected"])))))
    if kind == "string_pattern_mismatch":
        return Fault(path, "bad_word" if limits["pattern"].startswith("^[a-z][a-z0-9_]") else "bad_form", (word,))
    if kind in ("string_too_long", "too_long"):
        return Fault(path, "too_long", (("most", str(limits["max_length"])),))
    if kind in ("greater_than_equal", "less_than_equal"):
        return Fault(
            path, "out_of_range", (word, ("limit", f"≥ {limits['ge']}" if "ge" in limits else f"≤ {limits['le']}"))
        )
    if kind.startswith("date"):
        return Fault(path, "not_date")
    return Fault(path, "value_refused", (word,))
