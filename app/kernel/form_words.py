"""What WTForms and Flask-AppBuilder say on our pages, said in our words.

Their own catalogues lack some sentences and tell nobody what to do. The sentences are listed here so that the catalogue
knows them and asks for their Chinese; ours then win over theirs.
"""

from __future__ import annotations

from flask import Flask, request
from flask_babel import gettext

from app.kernel.i18n import N_

BORROWED = (
    N_("This field is required."),
    N_("Invalid input."),
    N_("Not a valid choice."),
    N_("Not a valid choice"),
    N_("Invalid Choice: could not coerce."),
    N_("Invalid choice(s): one or more data inputs could not be coerced."),
    N_("'%(value)s' is not a valid choice for this field."),
    N_("'%(value)s' are not valid choices for this field."),
    N_("Not a valid date value."),
    N_("Not a valid datetime value."),
    N_("Not a valid integer value."),
    N_("Number must be at least %(min)s."),
    N_("Number must be at most %(max)s."),
    N_("Number must be between %(min)s and %(max)s."),
    N_("Field must be at least %(min)d character long."),
    N_("Field must be at least %(min)d characters long."),
    N_("Field cannot be longer than %(max)d character."),
    N_("Field cannot be longer than %(max)d characters."),
    N_("Field must be between %(min)d and %(max)d characters long."),
    N_("User Name"),
    N_("Password"),
    N_("Invalid login. Please try again."),
    N_("Access is Denied"),
    N_("Database Error"),
    N_("Add"),
    N_("Edit"),
    N_("Show"),
    N_("Delete"),
    N_("Back"),
    N_("Detail"),
    N_("No records found"),
    N_("Are you sure you want to delete this item?"),
    N_("Starts with"),
    N_("Not Starts with"),
    N_("Ends with"),
    N_("Not Ends with"),
    N_("Contains"),
    N_("Not Contains"),
    N_("Contains (insensitive)"),
    N_("Equal to"),
    N_("Not Equal to"),
    N_("Greater than"),
    N_("Smaller than"),
    N_("In"),
    N_("Not In"),
)


class FormWords:
    """Our catalogue in the shape in which Flask-WTF asks for WTForms' own."""

    def ugettext(self, sentence: str) -> str:
        """One sentence in the reader's language, its placeholders left for WTForms to fill."""
        return str(gettext(sentence))

    def ungettext(self, one: str, many: str, number: int) -> str:
        """The sentence for that many."""
        return self.ugettext(one if number == 1 else many)


def install(app: Flask) -> None:
    """Let every form of this application speak with our words."""
    words = FormWords()

    @app.before_request
    def speak() -> None:
        request.wtforms_translations = words  # type: ignore[attr-defined]
