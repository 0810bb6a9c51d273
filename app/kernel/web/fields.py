"""Form fields that choose among rows: an empty first line, never a first row chosen by itself, never a row of others.

FAB's own fields choose the first row when a relation must be there, and drop an unknown id of a multiple choice silently.
Besides, how a refusal's sentences come to stand beside the fields they are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import flash
from flask_appbuilder.fields import QuerySelectField, QuerySelectMultipleField
from flask_appbuilder.fieldwidgets import BS3TextAreaFieldWidget, BS3TextFieldWidget
from flask_appbuilder.forms import GeneralModelConverter
from wtforms import BooleanField, SelectMultipleField, widgets
from wtforms.validators import InputRequired, Optional, ValidationError

from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import _

Rows = Callable[[], Iterable[Any]]


class _Select(widgets.Select):
    """A select box that FAB's script may dress up."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        kwargs["class"] = f"my_select2 form-control {kwargs.pop('class', '')}".strip()
        kwargs["data-placeholder"] = _("Choose…")
        return super().__call__(field, **kwargs)


class TextBox(widgets.TextInput):
    """A text box; FAB's repeats the label inside it."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        kwargs["class"] = f"form-control {kwargs.pop('class', '')}".strip()
        return super().__call__(field, **kwargs)


class TextArea(widgets.TextArea):
    """A box of several lines."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        kwargs["class"] = f"form-control {kwargs.pop('class', '')}".strip()
        return super().__call__(field, rows=kwargs.pop("rows", 3), **kwargs)


class PasswordBox(widgets.PasswordInput):
    """A box for a password, never filled by us."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        kwargs["class"] = f"form-control {kwargs.pop('class', '')}".strip()
        return super().__call__(field, **kwargs)


class Checks(SelectMultipleField):
    """Several of a few, as ticks; with nothing to choose from it is not drawn."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def _id_of(row: Any) -> Any:
    return row.id


class ChooseOne(QuerySelectField):
    """One of some rows, or none. ``rows`` is asked when the form is made, under the scope of the request."""

    widget = _Select()

    def __init__(self, label: Any = None, validators: Any = None, rows: Rows | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("get_pk_func", _id_of)
        super().__init__(label, validators, query_func=rows, allow_blank=True, **kwargs)

    def iter_choices(self) -> Iterator[Any]:
        """As WTForms; the first line says that a choice is to be made."""
        yield ("", _("Choose…"), self.data is None, {})
        for key, row in self._get_object_list():
            yield (key, self.get_label(row), row == self.data, {})

    def process_formdata(self, valuelist: list[str]) -> None:
        """As WTForms; the empty line is no choice."""
        super().process_formdata(["__None" if value == "" else value for value in valuelist])


class ChooseMany(QuerySelectMultipleField):
    """Some of some rows. An id that is not among them is an error, not silence."""

    widget = _Select(multiple=True)

    def __init__(self, label: Any = None, validators: Any = None, rows: Rows | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("get_pk_func", _id_of)
        super().__init__(label, validators, query_func=rows, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """As WTForms, after the data has been looked at."""
        chosen = self.data
        if self._invalid_formdata or not {id(row) for row in chosen or ()} <= {
            id(row) for _key, row in self._get_object_list()
        }:
            raise ValidationError(self.gettext("Not a valid choice"))


class OwnRowsConverter(GeneralModelConverter):
    """FAB's forms out of models, with our fields for relations; a column that has a default may be left empty."""

    def _convert_simple(  # type: ignore[no-untyped-def]
        self, col_name, label, description, lst_validators, form_props
    ):
        default = getattr(self.datamodel.list_columns[col_name], "server_default", None)
        if self.datamodel.is_boolean(col_name):
            # FAB demands a value, which for a box to tick means that it can never be cleared
            ticked = default is not None and str(default.arg) == "true"
            form_props[col_name] = BooleanField(label, description=description, default=ticked)
            return form_props
        super()._convert_simple(col_name, label, description, lst_validators, form_props)
        settings = form_props[col_name].kwargs
        for theirs, ours in ((BS3TextFieldWidget, TextBox), (BS3TextAreaFieldWidget, TextArea)):
            if isinstance(settings.get("widget"), theirs):
                settings["widget"] = ours()
        if default is not None:
            settings["validators"] = [
                Optional(),
                *(rule for rule in settings["validators"] if not isinstance(rule, InputRequired)),
            ]
        return form_props

    def _convert_many_to_one(  # type: ignore[no-untyped-def]
        self, col_name, label, description, lst_validators, filter_rel_fields, form_props
    ):
        required = not self.datamodel.is_nullable(col_name)
        form_props[col_name] = ChooseOne(
            label,
            [*lst_validators, InputRequired() if required else Optional()],
            rows=self._get_related_query_func(col_name, filter_rel_fields),
            description=description,
        )
        return form_props

    def _convert_many_to_many(  # type: ignore[no-untyped-def]
        self, col_name, label, description, lst_validators, filter_rel_fields, form_props
    ):
        form_props[col_name] = ChooseMany(
            label,
            lst_validators,
            rows=self._get_related_query_func(col_name, filter_rel_fields),
            description=description,
        )
        return form_props


def put_errors(form: Any, error: Invalid | Conflict) -> None:
    """Put each field's own sentence beside it; a sentence for no field of the form is said above it."""
    sentences = error.field_sentences() if isinstance(error, Invalid) else {}
    for name, sentence in sentences.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
    if not any(name in form for name in sentences):
        flash(error.sentence(), "danger")
