"""Sentences kept as a msgid and its values, put into the reader's language when they are shown or sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Translate = Callable[..., str]


def N_(msgid: str) -> str:  # noqa: N802 - the name that extraction looks for
    """Mark a sentence for the catalogue and hand it back unchanged."""
    return msgid


@dataclass(frozen=True)
class Sentence:
    """A msgid and its values; a value may itself be a sentence."""

    msgid: str
    values: Mapping[str, str | Sentence] = field(default_factory=dict)

    def say(self, translate: Translate) -> str:
        """The sentence in the language ``translate`` speaks; ``translate(msgid, **values)`` fills the values in."""
        return translate(self.msgid, **{name: say(value, translate) for name, value in self.values.items()})


def say(words: str | Sentence, translate: Translate) -> str:
    """Words as they are, or a sentence in the language ``translate`` speaks."""
    return words.say(translate) if isinstance(words, Sentence) else words
