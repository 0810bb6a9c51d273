"""What a field is called and what is said beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldWords:
    """A field's label and one plain sentence of help (msgids); no help where the label says it all."""

    label: str
    help: str = ""
