"""The administrator's own act in the demonstration: a second version of the rules, drafted and published."""

from __future__ import annotations

from app.jurisdictions.queries import get_version_in_force, profile_of
from app.jurisdictions.rules import parse_profile
from app.jurisdictions.rules.profile import dump_profile
from app.jurisdictions.services import publish_draft, start_draft
from app.kernel import clock
from app.organisation.permissions import RIGHTS
from app.platform.demo.lives import Stage


def revise(stage: Stage) -> None:
    """Publish what the story adds to the jurisdiction's rules, on its first working day and before any matter."""
    revision = stage.story.revision
    if revision is None:
        return
    at = clock.at_local(stage.days[0], 8, 0)
    stored = dump_profile(profile_of(stage.session, get_version_in_force(stage.session, at).id))
    document = {
        **stored,
        **revision.sections,
        "document_types": [*stored["document_types"], *revision.document_types],
    }
    administrator = stage.cast.by_role("administrator")
    draft = start_draft(stage.session, administrator, at=at, profile=parse_profile(document))
    publish_draft(
        stage.session,
        administrator,
        known_rights=RIGHTS,
        effective_on=clock.local_date(at),
        note=revision.note,
        expected_revision=draft.revision,
        at=at,
    )
