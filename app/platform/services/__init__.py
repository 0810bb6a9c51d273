"""The platform's acts: jurisdictions come in, from a folder or through the checklist; they are halted, resumed and closed."""

from app.platform.rules.people_sheet import PeopleSheet
from app.platform.services.exporting import (
    ask_export,
    ask_export_of,
    list_asked,
    make_export,
    make_waiting,
    owned_tables,
    take_export,
)
from app.platform.services.folders import (
    Imported,
    exported_folder,
    import_folder,
    refused_templates,
    sync_units,
)
from app.platform.services.halting import close, resume, suspend
from app.platform.services.jobs import forget_runs, note_ring
from app.platform.services.many import BroughtOn, FaultySheet, bring_on
from app.platform.services.onboarding import (
    Card,
    NamedAdministrator,
    change_card,
    choose_preset,
    create_jurisdiction,
    name_administrator,
    profile_faults,
    put_into_service,
)
from app.platform.services.people import check_people, import_people, make_links, words_for_sheet
from app.platform.services.standing import find_house

__all__ = [
    "BroughtOn",
    "Card",
    "FaultySheet",
    "Imported",
    "NamedAdministrator",
    "PeopleSheet",
    "ask_export",
    "ask_export_of",
    "bring_on",
    "change_card",
    "check_people",
    "choose_preset",
    "close",
    "create_jurisdiction",
    "exported_folder",
    "find_house",
    "forget_runs",
    "import_folder",
    "import_people",
    "list_asked",
    "make_export",
    "make_links",
    "make_waiting",
    "name_administrator",
    "note_ring",
    "owned_tables",
    "profile_faults",
    "put_into_service",
    "refused_templates",
    "resume",
    "suspend",
    "sync_units",
    "take_export",
    "words_for_sheet",
]
