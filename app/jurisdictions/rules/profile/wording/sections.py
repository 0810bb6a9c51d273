"""Words of the fields. The sections themselves."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.profile.base import Section
from app.jurisdictions.rules.profile.document import Profile
from app.jurisdictions.rules.profile.wording.words import FieldWords

SECTIONS: Mapping[type[Section], Mapping[str, FieldWords]] = {
    Profile: {
        "regulation": FieldWords(N_("The regulation")),
        "bodies": FieldWords(N_("Bodies")),
        "scopes": FieldWords(
            N_("What is supervised"),
            N_("The contents of supervision the regulation names; a matter is marked with one."),
        ),
        "supervision_kinds": FieldWords(
            N_("Kinds of supervision"), N_("The kinds the regulation names; a matter is marked with one.")
        ),
        "delegation": FieldWords(N_("Delegation"), N_("Whether a department may supervise in the government's name.")),
        "matter_sources": FieldWords(N_("Sources of matters"), N_("In the regulation's order.")),
        "roles": FieldWords(
            N_("Roles"), N_("Who takes part in the work; what each may do is set on the page of roles and rights.")
        ),
        "intake": FieldWords(N_("Proposing a matter")),
        "procedure": FieldWords(N_("Procedure")),
        "numbering": FieldWords(N_("Register number")),
        "routing": FieldWords(N_("Who carries a matter")),
        "groups": FieldWords(N_("Supervision groups")),
        "document_types": FieldWords(N_("Papers"), N_("The papers the office issues, and how each is numbered.")),
        "dispatch": FieldWords(N_("Dispatch")),
        "units": FieldWords(N_("How units take part")),
        "handling_modes": FieldWords(N_("Ways of handling"), N_("Which ways of handling there are here.")),
        "receipt": FieldWords(N_("Receipt")),
        "deadline_rules": FieldWords(
            N_("Deadline rules"), N_("The more closely a rule fits a matter, the sooner it wins.")
        ),
        "last_day": FieldWords(N_("Last day over all")),
        "recompute": FieldWords(
            N_("When the calendar changes"),
            N_("Running dates follow the calendar; a firm one never earlier unless told."),
        ),
        "readings": FieldWords(N_("Readings"), N_("How the office reads what its regulation leaves open.")),
        "extension": FieldWords(N_("Extension")),
        "slips": FieldWords(N_("Escalation slips"), N_("Slips in colours, each a numbered paper with its own time.")),
        "points": FieldWords(N_("Marks for units"), N_("What costs and earns marks, and what follows.")),
        "completion": FieldWords(N_("Completion")),
        "conclusion": FieldWords(
            N_("Conclusion and review"), N_("The conclusion is served on the unit, which may object.")
        ),
        "reports": FieldWords(N_("The office's reports")),
        "methods": FieldWords(N_("Methods")),
        "attendance": FieldWords(
            N_("Meetings attended"), N_("Meetings at which people of the office sit in, one on each line.")
        ),
        "periodic_checks": FieldWords(N_("Checks that come round")),
        "reference_register": FieldWords(
            N_("A register for reference"), N_("A register of what was supervised is kept.")
        ),
        "archive": FieldWords(N_("Filing away")),
        "secrecy": FieldWords(N_("Confidentiality")),
        "accountability": FieldWords(N_("Held to account"), N_("What somebody is held to account for.")),
        "rewards": FieldWords(N_("Praise"), N_("What is praised, and how.")),
        "gatherings": FieldWords(N_("Gatherings"), N_("Meetings and training the office holds.")),
        "lower_bodies": FieldWords(N_("The next level down")),
        "reminders": FieldWords(N_("Reminders")),
        "urging": FieldWords(N_("Urging"), N_("How often a unit may be urged, and the texts it is urged with.")),
        "words": FieldWords(
            N_("Words of the place"), N_("What the states of a matter are called here; empty means the usual word.")
        ),
    },
}
