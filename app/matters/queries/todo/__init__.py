"""What waits for a person: the same rows behind the list, the tab and the number on the badge."""

from __future__ import annotations

from app.matters.queries.todo.counts import count_approvals, count_todo
from app.matters.queries.todo.decisions import approvals_waiting, decided_by
from app.matters.queries.todo.line import Todo
from app.matters.queries.todo.waiting import todo

__all__ = ["Todo", "approvals_waiting", "count_approvals", "count_todo", "decided_by", "todo"]
