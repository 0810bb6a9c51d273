"""The page of the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.kernel.pages import Act, DueCell, Filter, Link, Pager, Tab


@dataclass(frozen=True)
class LedgerRow:
    """One matter in the ledger."""

    id: int
    title: str
    href: str
    number: str
    source: str
    registered_on: dt.date | None
    unit: str
    co_count: int
    leader: str
    state: str
    due: DueCell | None
    reported_on: dt.date | None = None
    urgency: str = "normal"
    state_label: str = ""
    returns: int = 0


@dataclass(frozen=True)
class LedgerPage:
    """The ledger: a view is an address, so every filter is in the query string.

    ``hidden`` are parameters that a new filtering keeps (sort order). ``chips`` name the filters in force with the
    address without them. ``save_view`` is the form that keeps the present filter, ``drop_view`` takes the view away that
    is shown. Bulk buttons post the ticked ids (field name ``id``) to their ``action``.
    """

    tabs: tuple[Tab, ...]
    filters: tuple[Filter, ...]
    more_filters: tuple[Filter, ...]
    chips: tuple[Link, ...]
    rows: tuple[LedgerRow, ...]
    pager: Pager
    reset_href: str
    sorts: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # column -> (address, "" | asc | desc)
    hidden: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    register: Link | None = None
    bulk: tuple[Act, ...] = ()
    save_view: Act | None = None
    drop_view: Act | None = None
    more_open: bool = False
    title: str = ""
