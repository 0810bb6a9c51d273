"""The base of every page: who asks, may they, and an answer in plain words.

``right`` guards a page or an act; ``BusinessView`` is the base of our own pages and ``TableView`` the base of every FAB
table. Form fields that choose among rows are in ``fields``.
"""

from flask_appbuilder import expose

from app.kernel.web.answers import install_answers
from app.kernel.web.asking import (
    PUBLIC_MARK,
    RIGHTS_MARK,
    BusinessView,
    actor,
    ask_to_sign_in,
    find_actor,
    member,
    member_here,
    problem,
    public,
    right,
    wants_json,
)
from app.kernel.web.tables import OwnedInterface, TableView, as_id

__all__ = [
    "PUBLIC_MARK",
    "RIGHTS_MARK",
    "BusinessView",
    "OwnedInterface",
    "TableView",
    "actor",
    "as_id",
    "ask_to_sign_in",
    "expose",
    "find_actor",
    "install_answers",
    "member",
    "member_here",
    "problem",
    "public",
    "right",
    "wants_json",
]
