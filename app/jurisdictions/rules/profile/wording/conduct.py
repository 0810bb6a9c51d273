"""Words of the fields. What surrounds the work: reports, methods, slips, marks, archive, secrecy."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.profile.base import Section
from app.jurisdictions.rules.profile.conduct import (
    Archive,
    Grounds,
    Methods,
    PointRule,
    Points,
    Reports,
    ReportType,
    Secrecy,
    Slip,
    Slips,
    Threshold,
)
from app.jurisdictions.rules.profile.urging import UrgingSection, UrgingText
from app.jurisdictions.rules.profile.wording.words import FieldWords

CONDUCT: Mapping[type[Section], Mapping[str, FieldWords]] = {
    ReportType: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("What the report is called.")),
        "audience": FieldWords(N_("Written to"), N_("Who reads it.")),
        "article": FieldWords(N_("Article")),
    },
    Reports: {
        "approval": FieldWords(N_("Approved by"), N_("Who approves the office's reports before they go out.")),
        "types": FieldWords(N_("Kinds of reports"), N_("The papers in which the office reports.")),
        "article": FieldWords(N_("Article")),
    },
    Methods: {
        "items": FieldWords(N_("Methods"), N_("How the office supervises on the spot, one on each line.")),
        "consent_roles": FieldWords(N_("Consent of"), N_("Roles whose consent is needed first.")),
        "consent_for_major_only": FieldWords(
            N_("For major matters only"), N_("Consent is needed for major matters only.")
        ),
        "article": FieldWords(N_("Article")),
    },
    Archive: {
        "is_step": FieldWords(N_("Filing away is a step"), N_("A matter ends with being filed away.")),
        "transfer_important": FieldWords(
            N_("Important files are handed over"), N_("Important files go to the archives.")
        ),
        "article": FieldWords(N_("Article")),
    },
    Secrecy: {
        "levels": FieldWords(N_("Labels in use"), N_("This system must never hold state secrets.")),
        "custodian_required": FieldWords(
            N_("A custodian is named"), N_("Sensitive files have a person who keeps them.")
        ),
        "prohibitions": FieldWords(N_("Prohibitions"), N_("What may not be done, one on each line.")),
        "article": FieldWords(N_("Article")),
    },
    Grounds: {
        "items": FieldWords(N_("Grounds"), N_("One on each line.")),
        "article": FieldWords(N_("Article")),
    },
    UrgingText: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("What the text is called where it is chosen.")),
        "kind": FieldWords(N_("Asked for"), N_("Whether the unit is to sign for receipt or to give feedback.")),
        "words": FieldWords(
            N_("Words"), N_("{单位} {事项} {编号} {时限} {时限情况} are filled in for each unit and matter.")
        ),
    },
    UrgingSection: {
        "most_per_day": FieldWords(
            N_("Urgings per unit and day"),
            N_("How many letters of urging a unit gets on one day, over all matters; empty means no limit."),
        ),
        "texts": FieldWords(N_("Texts"), N_("What units are urged with; the first of a kind stands in the form.")),
        "article": FieldWords(N_("Article")),
    },
    Slip: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("What the slip is called.")),
        "colour": FieldWords(N_("Colour")),
        "document_type": FieldWords(N_("Paper"), N_("The numbered paper it is issued as.")),
        "overdue_working_days": FieldWords(
            N_("Issued when overdue by"), N_("Working days overdue from which it may be issued.")
        ),
        "limit_working_days": FieldWords(N_("Time to answer"), N_("Working days from issue.")),
        "approval": FieldWords(N_("Approved by"), N_("Who decides that it is issued.")),
    },
    Slips: {
        "items": FieldWords(N_("Slips"), N_("The lowest first: the next is issued when the one before has run out.")),
        "article": FieldWords(N_("Article")),
    },
    PointRule: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("What the list of marks says.")),
        "occasion": FieldWords(N_("Counted when")),
        "points": FieldWords(N_("Marks"), N_("Negative numbers are taken away.")),
        "slip": FieldWords(N_("Which slip"), N_("Only this slip; empty means each.")),
    },
    Threshold: {
        "key": FieldWords(N_("Key")),
        "at_or_below": FieldWords(N_("At or below"), N_("What follows when a unit's marks fall so far.")),
        "consequence": FieldWords(N_("What follows")),
        "document_type": FieldWords(N_("Paper"), N_("The paper it is written on.")),
    },
    Points: {
        "period": FieldWords(N_("Period of counting"), N_("For how long marks are added up.")),
        "start": FieldWords(N_("Marks at the start"), N_("Where every unit begins.")),
        "rules": FieldWords(N_("Rules"), N_("What costs or earns marks.")),
        "thresholds": FieldWords(N_("Thresholds"), N_("What follows when marks are low.")),
        "article": FieldWords(N_("Article")),
    },
}
