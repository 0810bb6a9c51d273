"""The platform's acts: jurisdictions come in, from a folder or through the checklist; they are halted, resumed and closed."""

from app.platform.services.folders import (
    Imported,
    Taken,
    exported_folder,
    import_folder,
    refused_templates,
    sync_roles,
    sync_sources,
    sync_units,
)

__all__ = [
    "Imported",
    "Taken",
    "exported_folder",
    "import_folder",
    "refused_templates",
    "sync_roles",
    "sync_sources",
    "sync_units",
]
