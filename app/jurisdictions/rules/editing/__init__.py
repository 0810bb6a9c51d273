"""Editing a profile with forms: what a section's form looks like, what was typed into it, and the data that means."""

from app.jurisdictions.rules.editing.filling import MOST_NAMES, StrangeForm, Values, filled, read, read_part
from app.jurisdictions.rules.editing.keys import key_for
from app.jurisdictions.rules.editing.rows import add_row, move_row, remove_row
from app.jurisdictions.rules.editing.shapes import Kind, Shape, page_shapes, shape_at, shapes_of
from app.jurisdictions.rules.editing.splitting import split_articles, with_articles

__all__ = [
    "MOST_NAMES",
    "Kind",
    "Shape",
    "StrangeForm",
    "Values",
    "add_row",
    "filled",
    "key_for",
    "move_row",
    "page_shapes",
    "read",
    "read_part",
    "remove_row",
    "shape_at",
    "shapes_of",
    "split_articles",
    "with_articles",
]
