"""The base of every FAB table, which closes what FAB leaves open: row actions, downloads, unchecked order columns, page size
and search columns, shared filter objects, raw database text in messages, and writes past the services.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_appbuilder import ModelView, expose
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.urltools import get_order_args, get_page_args, get_page_size_args

from app.kernel.errors import HuiyinError, Invalid, NotFound, Refused
from app.kernel.i18n import N_, _, lazy_gettext
from app.kernel.web.asking import ask_to_sign_in, find_actor
from app.kernel.web.fields import OwnRowsConverter

MAX_PAGE_SIZE = 100
MAX_FILTERS, MAX_FILTER_LENGTH = 20, 200
BIGGEST_ID = 2**63 - 1
_COMPARISONS = {"ct", "eq", "gt", "lt", "rel_o_m", "rel_m_m"}  # those the filter bar draws
_FILTER = re.compile(r"_flt_(\d{1,2})_(\w{1,60})")


class OwnedInterface(SQLAInterface):
    """FAB's data interface over tables whose database key is (jurisdiction_id, id): to FAB the key is ``id``."""

    def get_pk_name(self) -> str:
        return "id"

    def is_pk_composite(self) -> bool:
        return False

    def is_pk(self, col_name: str) -> bool:
        return bool(col_name == "id")

    def get_pk(self, model: Any = None) -> Any:
        return (model or self.obj).id

    def get(self, id: Any, *args: Any, **kwargs: Any) -> Any:
        """As FAB's; what cannot be an id is no row, instead of a database error."""
        key = as_id(id)
        return None if key is None else super().get(key, *args, **kwargs)

    def get_related_obj(self, col_name: str, value: Any) -> Any:
        """As FAB's: the row that a filter names, of this jurisdiction."""
        key = as_id(value)
        return None if key is None else self.session.get(self.get_related_model(col_name), key)


def as_id(value: Any) -> int | None:
    """The id in an address or a form, or None for what cannot be one."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return int(text) if 0 < int(text) <= BIGGEST_ID else None


class TableView(ModelView):
    """Base of every FAB table. Lists, forms and pages are FAB's; every write goes through a service.

    A subclass names ``resource`` (its rights are ``<resource>:read`` and ``<resource>:write``), its columns, and the
    services behind ``create``, ``change`` and ``remove``. Columns that are not named are not shown, searched or ordered by.
    """

    resource = ""
    page_size = 25
    search_columns: list[str] = []  # noqa: RUF012 - FAB's default searches every relation, of everybody
    include_route_methods = {"list", "show", "add", "edit", "delete"}  # noqa: RUF012
    base_permissions: list[str] = []  # noqa: RUF012
    writable = True
    # what taking a row away is called, what is asked before (empty: FAB's pages ask), what is said afterwards
    removing: tuple[Any, Any, Any] = ("", "", lazy_gettext("Deleted."))
    class_permission_name: str | None = None
    order_columns: Any = None
    add_form: Any = None
    edit_form: Any = None
    search_form: Any = None

    def __init__(self, **kwargs: Any) -> None:
        self.class_permission_name = self.class_permission_name or self.resource
        searchable = tuple(self.search_columns)
        super().__init__(**kwargs)
        # FAB takes an empty list for "everything"
        self.search_columns = [column for column in self.search_columns if column in searchable]
        self.order_columns = [column for column in self.order_columns if "." not in column]

    def _init_forms(self) -> None:
        """FAB's forms with our fields for relations: own rows only, nothing chosen by itself."""
        converter = OwnRowsConverter(self.datamodel)
        self.add_form = self.add_form or converter.create_form(
            self.label_columns,
            self.add_columns,
            self.description_columns,
            self.validators_columns,
            self.add_form_extra_fields,
            self.add_form_query_rel_fields,
        )
        self.edit_form = self.edit_form or converter.create_form(
            self.label_columns,
            self.edit_columns,
            self.description_columns,
            self.validators_columns,
            self.edit_form_extra_fields,
            self.edit_form_query_rel_fields,
        )
        self.search_form = self.search_form or converter.create_form(
            self.label_columns, type(self).search_columns, extra_fields=self.search_form_extra_fields
        )
        super()._init_forms()

    # FAB keeps one filter object per view for all threads; each request gets its own.
    @property
    def _filters(self) -> Any:
        mine = g.setdefault("table_filters", {})
        if id(self) not in mine:
            mine[id(self)] = self.datamodel.get_filters(self.search_columns)
        return mine[id(self)]

    @_filters.setter
    def _filters(self, value: Any) -> None:
        """FAB sets it at start; the request's own is made when asked for."""

    def create(self, values: dict[str, Any]) -> Any:
        """Call the service that makes one."""
        raise NotFound()

    def change(self, pk: int, values: dict[str, Any]) -> Any:
        """Call the service that changes one."""
        raise NotFound()

    def remove(self, pk: int) -> Any:
        """Call the service that removes one."""
        raise NotFound()

    def require(self, verb: str) -> Any:
        """An answer when the asker may not, else None."""
        asking = find_actor()
        if asking is None:
            return ask_to_sign_in()
        if not asking.may(f"{self.resource}:{verb}"):
            raise Refused(
                "right_missing", N_("Your role here does not allow this. Ask the jurisdiction's administrator.")
            )
        return None

    def may_write(self) -> bool:
        """Whether the buttons are shown."""
        asking = find_actor()
        return self.writable and asking is not None and asking.may(f"{self.resource}:write")

    def fixed_rows(self) -> frozenset[int]:
        """The ids of rows that are shown and are not this jurisdiction's to change: they have no buttons and no form."""
        return frozenset()

    def row(self, pk: Any) -> Any:
        """The row of that id in this jurisdiction, or NotFound."""
        found = self.datamodel.get(pk, self._base_filters)
        if found is None:
            raise NotFound()
        return found

    @expose("/list/")
    def list(self) -> Any:
        """The table."""
        refused = self.require("read")
        if refused is not None:
            return refused
        return self.render_template(
            self.list_template, title=self.list_title, widgets=self._list(), may_write=self.may_write()
        )

    def _list(self, **kwargs: Any) -> Any:
        name = type(self).__name__
        try:
            order = get_order_args().get(name) or ("", "")
            page = max(0, get_page_args().get(name) or 0)
            page_size = min(max(1, get_page_size_args().get(name) or self.page_size), MAX_PAGE_SIZE)
        except ValueError:
            raise Invalid("bad_page", N_("The page number or size in the address is not a number.")) from None
        if order[0] and order[0] not in self.order_columns:
            raise Invalid("bad_order", N_("This table cannot be ordered by that column."))
        self._read_filters()
        widgets = self._get_list_widget(
            filters=self._filters,
            order_column=order[0],
            order_direction=order[1] if order[1] in ("asc", "desc") else "",
            page=min(page, 100_000),
            page_size=page_size,
            removing=self.removing,
            fixed_rows=self.fixed_rows() if self.may_write() else frozenset(),
            **kwargs,
        )
        return self._get_search_widget(form=self.search_form.refresh(), widgets=widgets)

    def _read_filters(self) -> None:
        """The filters in the address, of columns that may be searched; anything else is refused before the database."""
        self._filters.clear_filters()
        asked = [pair for pair in request.args.items(multi=True) if pair[0].startswith("_flt_") and pair[1]]
        for name, value in asked:
            found = _FILTER.fullmatch(name)
            column, number = (found.group(2), int(found.group(1))) if found else ("", 0)
            known = self._filters.get_search_filters().get(column) or []
            if (
                len(asked) > MAX_FILTERS
                or number >= len(known)
                or known[number].arg_name not in _COMPARISONS
                or not self._may_be_asked(column, value)
            ):
                raise Invalid("bad_filter", N_("This table cannot be filtered like that. Reset the filter."))
            self._filters.add_filter_index(column, number, value)

    def _may_be_asked(self, column: str, value: str) -> bool:
        if self.datamodel.is_boolean(column):
            return value in ("y", "0")
        if self.datamodel.is_integer(column):
            return as_id(value) is not None
        return len(value) <= MAX_FILTER_LENGTH and "\0" not in value

    @expose("/show/<pk>", methods=["GET"])
    def show(self, pk: str) -> Any:
        """One row."""
        refused = self.require("read")
        if refused is not None:
            return refused
        item = self.row(pk)
        return self.render_template(
            self.show_template,
            pk=item.id,
            title=self.show_title,
            widgets=self._get_show_widget(item.id, item),
            related_views=[],
            may_write=self.may_write() and item.id not in self.fixed_rows(),
        )

    @expose("/add", methods=["GET", "POST"])
    def add(self) -> Any:
        """The form for a new row; nothing typed is lost when it is refused."""
        refused = self.require("write")
        if refused is not None:
            return refused
        form = self.add_form.refresh()
        if request.method == "POST" and form.validate():
            made = self._saved(form, self.create, _("Added."))
            if made is not None:
                return self.after_create(made)
        return self.render_template(self.add_template, title=self.add_title, widgets=self._get_add_widget(form=form))

    @expose("/edit/<pk>", methods=["GET", "POST"])
    def edit(self, pk: str) -> Any:
        """The form of one row."""
        refused = self.require("write")
        if refused is not None:
            return refused
        item = self.row(pk)
        if item.id in self.fixed_rows():
            raise Refused("not_home", N_("Another jurisdiction looks after this. It can only be read here."))
        if request.method == "POST":
            form = self.edit_form.refresh(request.form)
            form._id = item.id
            saved = (
                self._saved(form, lambda values: self.change(item.id, values), _("Changed."))
                if form.validate()
                else None
            )
            if saved is not None:
                return self.after_change(item.id, saved)
        else:
            form = self.edit_form.refresh(obj=item)
            self.prefill_form(form, item.id)
        return self.render_template(
            self.edit_template,
            title=self.title_of_edit(item),
            widgets=self._get_edit_widget(form=form),
            related_views=[],
        )

    @expose("/delete/<pk>", methods=["POST"])
    def delete(self, pk: str) -> Any:
        """Take one row away, by POST only."""
        refused = self.require("write")
        if refused is not None:
            return refused
        item = self.row(pk)
        try:
            self.remove(item.id)
            flash(str(self.removing[2]), "success")
            return self.after_remove(item.id)
        except NotFound:
            raise
        except HuiyinError as error:
            flash(error.sentence(), "danger")
        return redirect(url_for(f"{self.endpoint}.list"))

    def title_of_edit(self, item: Any) -> Any:
        """What the form of one row is headed by."""
        return self.edit_title

    def after_create(self, made: Any) -> Any:
        """Where to go with what ``create`` handed back."""
        return redirect(url_for(f"{self.endpoint}.list"))

    def after_change(self, pk: int, changed: Any) -> Any:
        """Where to go with what ``change`` handed back."""
        return redirect(url_for(f"{self.endpoint}.list"))

    def after_remove(self, pk: int) -> Any:
        """Where to go once a row is taken away."""
        return redirect(url_for(f"{self.endpoint}.list"))

    def _saved(self, form: Any, save: Callable[[dict[str, Any]], Any], message: str) -> Any:
        """What the service handed back (True for nothing); None when it refused, with the sentences in the form."""
        values = {name: field.data for name, field in form._fields.items() if name != "csrf_token"}
        try:
            made = save(values)
        except NotFound:
            raise
        except HuiyinError as error:
            sentences = error.field_sentences() if isinstance(error, Invalid) else {}
            for name in sentences.keys() & form._fields.keys():
                form._fields[name].errors = [*form._fields[name].errors, sentences[name]]
            if not sentences.keys() & form._fields.keys():
                flash(error.sentence(), "danger")
            return None
        flash(message, "success")
        return True if made is None else made
