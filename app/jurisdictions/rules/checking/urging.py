"""A text for urging leaves open only what can be filled in."""

from __future__ import annotations

from collections.abc import Iterator

from app.jurisdictions.rules.checking.telling import fault
from app.jurisdictions.rules.profile import Profile
from app.jurisdictions.rules.profile.urging import PLACEHOLDERS, strange_braces
from app.jurisdictions.rules.sentences import Fault


def urging_texts(profile: Profile) -> Iterator[Fault]:
    """Every brace of a text for urging is a placeholder that is known."""
    known = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for index, text in enumerate(profile.urging.texts if profile.urging is not None else ()):
        for strange in strange_braces(text.words):
            yield fault(f"urging.texts[{index}].words", "unknown_placeholder", strange, known=known)
