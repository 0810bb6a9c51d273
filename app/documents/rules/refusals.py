"""Why a file, a number or a template is refused: a code, its parameters, and one sentence that says what to do."""

from __future__ import annotations


def N_(msgid: str) -> str:  # noqa: N802 - the field's usual name for "mark, do not translate"
    """Mark a msgid for the catalogue and hand it back unchanged. Rules know no translations."""
    return msgid


SENTENCES: dict[str, str] = {
    "file_empty": N_("“%(name)s” is empty. Choose the file again."),
    "file_too_large": N_("“%(name)s” is larger than the %(most)s MB allowed. Split or compress it, then add it again."),
    "file_type_not_allowed": N_("Files of the type “%(extension)s” are not taken. Use one of: %(allowed)s."),
    "file_type_mismatch": N_(
        "“%(name)s” is not what its ending says (“%(extension)s”). Save it again in its own program and add that file."
    ),
    "file_damaged": N_("“%(name)s” is damaged and cannot be opened. Save it again and add that file."),
    "file_has_program": N_(
        "“%(name)s” contains a macro or a program. Save it without, for example as PDF, and add that."
    ),
    "file_unpacks_too_large": N_("“%(name)s” unpacks to far more than its size. It is not taken."),
    "file_is_two_files": N_(
        "“%(name)s” is a file with another file hidden behind it. Save it again and add that file."
    ),
    "file_secret": N_(
        "“%(name)s” carries the mark of a state secret (%(mark)s). This system must not hold state secrets: nothing was "
        "stored. Take it to the person in charge of secrecy."
    ),
    "text_secret": N_(
        "The text carries the mark of a state secret (%(mark)s). This system must not hold state secrets: nothing was "
        "stored. Take it to the person in charge of secrecy."
    ),
    "number_pattern": N_("“%(pattern)s” gives no number. Write the pattern with {year} and {no}."),
    "template_not_docx": N_("This is not a Word document (.docx). Save the template as .docx and add it again."),
    "template_too_large": N_(
        "The template is too large or unpacks to too much. Take large pictures out and try again."
    ),
    "template_part": N_("The template contains something that is not taken (%(part)s). Take it out and save it again."),
    "template_external": N_(
        "The template fetches something from outside (%(target)s). Put the picture or text itself into the template."
    ),
    "template_field_code": N_("The template contains a field code that is not taken (%(part)s). Remove it."),
    "template_xml": N_("The template's inside is damaged (%(part)s). Save it again in Word or WPS."),
    "template_unknown_placeholder": N_(
        "The template uses placeholders that do not exist: %(names)s. See the list of placeholders."
    ),
    "template_syntax": N_("The placeholder near “%(near)s” is not closed or not written properly. Correct it."),
    "template_not_allowed": N_(
        "“%(what)s” is more than a placeholder may do. Use only {{ name }} and {%% if name %%} … {%% endif %%}."
    ),
    "template_unused": N_("The template has no placeholder, so every document would be the same. Add at least one."),
    "template_render": N_(
        "A test document could not be made from the template (%(detail)s). Correct it and try again."
    ),
    "text_too_long": N_("“%(name)s” has more than %(most)s characters. Shorten it."),
}


class FileRefused(ValueError):
    """A file, text or template that is not taken. ``code`` is for machines; nothing has been stored.

    ``msgid`` % ``params`` is the English sentence; the floor that answers people translates it.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        self.msgid = SENTENCES[code]
        super().__init__(self.msgid % params if params else self.msgid)
