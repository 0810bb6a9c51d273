"""Reading matters. ``visible_to`` is the one function behind list, search, export, API and dashboard."""

from app.matters.queries.case import CaseFile, case_file, case_of, facts_of
from app.matters.queries.due_days import DueDay, DueEntry, due_days
from app.matters.queries.ledger import (
    MAX_PAGE_SIZE,
    ORDERS,
    LedgerFilter,
    LedgerPage,
    LedgerRow,
    count_ledger,
    ledger,
    lights_count,
)
from app.matters.queries.lists import (
    find_source,
    list_leaders,
    list_plans,
    list_sources,
)
from app.matters.queries.stale_letters import find_stale_letters
from app.matters.queries.todo import Todo, approvals_waiting, count_approvals, count_todo, decided_by, todo
from app.matters.queries.visible import find_matter, get_issued, get_matter, visible_to

__all__ = [
    "MAX_PAGE_SIZE",
    "ORDERS",
    "CaseFile",
    "DueDay",
    "DueEntry",
    "LedgerFilter",
    "LedgerPage",
    "LedgerRow",
    "Todo",
    "approvals_waiting",
    "case_file",
    "case_of",
    "count_approvals",
    "count_ledger",
    "count_todo",
    "decided_by",
    "due_days",
    "facts_of",
    "find_matter",
    "find_source",
    "find_stale_letters",
    "get_issued",
    "get_matter",
    "ledger",
    "lights_count",
    "list_leaders",
    "list_plans",
    "list_sources",
    "todo",
    "visible_to",
]
