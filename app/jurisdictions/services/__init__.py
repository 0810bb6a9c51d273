"""Commands on jurisdictions and their profiles."""

from app.jurisdictions.services.drafting import (
    discard_draft,
    replace_draft,
    save_section,
    save_sections,
    settle_preset,
    start_draft,
)
from app.jurisdictions.services.effect import bring_into_force, take_effect
from app.jurisdictions.services.opening import open_jurisdiction
from app.jurisdictions.services.publishing import publish_draft, publish_profile, withdraw_version
from app.jurisdictions.services.refusing import FaultyProfile

__all__ = [
    "FaultyProfile",
    "bring_into_force",
    "discard_draft",
    "open_jurisdiction",
    "publish_draft",
    "publish_profile",
    "replace_draft",
    "save_section",
    "save_sections",
    "settle_preset",
    "start_draft",
    "take_effect",
    "withdraw_version",
]
