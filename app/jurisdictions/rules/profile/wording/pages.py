"""The pages on which a profile is read and edited: their order, their titles, the sections each holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.profile.base import Section
from app.jurisdictions.rules.profile.clocks import DeadlineRule, ReminderStep
from app.jurisdictions.rules.profile.procedure import Step


@dataclass(frozen=True)
class SectionPage:
    """One page: its word in the address, title and introduction (msgids), the profile's fields that stand on it."""

    key: str
    title: str
    intro: str
    fields: tuple[str, ...]


PAGES: tuple[SectionPage, ...] = (
    SectionPage(
        "regulation",
        N_("Regulation and bodies"),
        N_("The regulation's text and who stands where. Put the articles in first: everything else points to them."),
        (
            "regulation",
            "bodies",
            "lower_bodies",
            "scopes",
            "supervision_kinds",
        ),
    ),
    SectionPage("sources", N_("Sources of matters"), N_("Where matters come from."), ("matter_sources",)),
    SectionPage("roles", N_("Roles"), N_("Who takes part in the work."), ("roles",)),
    SectionPage(
        "procedure",
        N_("Procedure"),
        N_("The steps a matter takes, who does each, and where it goes back to."),
        (
            "procedure",
            "intake",
            "handling_modes",
        ),
    ),
    SectionPage(
        "papers",
        N_("Numbering and papers"),
        N_("The register number, and the papers the office issues."),
        (
            "numbering",
            "document_types",
        ),
    ),
    SectionPage(
        "dispatch",
        N_("Dispatch and receipt"),
        N_("What goes out, and how the office knows that it arrived."),
        (
            "dispatch",
            "receipt",
        ),
    ),
    SectionPage(
        "deadlines",
        N_("Deadline rules"),
        N_("Every clock: for which matters, how long, from when."),
        (
            "deadline_rules",
            "last_day",
            "recompute",
        ),
    ),
    SectionPage(
        "readings",
        N_("Open points"),
        N_("Everything the regulation leaves open about the clock, how it is read here, and what is recommended."),
        ("readings",),
    ),
    SectionPage("extension", N_("Extension"), N_("What a unit may do when it will be late."), ("extension",)),
    SectionPage(
        "completion",
        N_("Completion and filing"),
        N_("What a completion report must be, how results are marked, and filing away."),
        (
            "completion",
            "archive",
        ),
    ),
    SectionPage(
        "slips",
        N_("Slips and marks"),
        N_("How the office presses harder, and what marks units get."),
        (
            "slips",
            "points",
        ),
    ),
    SectionPage(
        "conclusion",
        N_("Conclusion and delegation"),
        N_("For offices that follow 《政府督查工作条例》; others leave both switched off."),
        (
            "conclusion",
            "delegation",
        ),
    ),
    SectionPage(
        "reports",
        N_("Reports and checks"),
        N_("The office's own reports, and the checks that come round."),
        (
            "reports",
            "periodic_checks",
            "reference_register",
        ),
    ),
    SectionPage(
        "conduct",
        N_("Methods and conduct"),
        N_("How the office supervises on the spot, what is praised and what is not."),
        (
            "methods",
            "attendance",
            "gatherings",
            "accountability",
            "rewards",
        ),
    ),
    SectionPage(
        "reminders", N_("Reminders"), N_("When the system writes by itself, and to whom."), ("reminders", "urging")
    ),
    SectionPage("secrecy", N_("Confidentiality"), N_("Labels, custody and prohibitions."), ("secrecy",)),
    SectionPage(
        "units",
        N_("Units and routing"),
        N_("How units take part, and who in the office carries a matter."),
        (
            "units",
            "groups",
            "routing",
        ),
    ),
    SectionPage("words", N_("Words of the place"), N_("What things are called here."), ("words",)),
)


def page_of(field: str) -> SectionPage | None:
    """The page on which a field of the profile stands; None for a word that is no field."""
    return next((page for page in PAGES if field in page.fields), None)


# Fields that most entries do without: they stand behind one line that opens.
RARE: Mapping[type[Section], tuple[str, ...]] = {
    Step: ("required_fields", "required_documents", "required_attachments", "when", "by_supervising_unit"),
    DeadlineRule: (
        "amounts",
        "urgencies",
        "origin_levels",
        "handling_modes",
        "sessions",
        "exposed_only",
        "count_start_day",
        "deemed_receipt_after",
        "after_hours_cutoff",
        "due_time",
        "required_at_intake",
        "written",
        "guard",
        "ladder",
    ),
    ReminderStep: ("unit", "every", "only_unacknowledged", "channels", "drafts_urging", "bulletin_candidate"),
}
