"""A case file as the values of its page: who is next, how far it has come, what happened, what is due."""

from __future__ import annotations

from app.matters.presenting.case.days import long_day
from app.matters.presenting.case.files import document_lines, file_lines
from app.matters.presenting.case.page import SECTIONS, case_page
from app.matters.presenting.case.progress import tracker
from app.matters.presenting.case.units import proposed_decline

__all__ = ["SECTIONS", "case_page", "document_lines", "file_lines", "long_day", "proposed_decline", "tracker"]
