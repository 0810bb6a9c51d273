"""What a file, a number, a secrecy mark and a notice are. Values and functions: no database, no web, no clock."""

from app.documents.rules.files import MEDIA_TYPES, FileLimits, clean_name, mark_in_file, sniff
from app.documents.rules.notice import NOTICE_FIELDS, PARAGRAPH_FIELDS, SAMPLE_NOTICE, notice_facts
from app.documents.rules.numbers import format_number, local_written_date, local_year, written_date
from app.documents.rules.refusals import FileRefused
from app.documents.rules.secrecy import official_mark

__all__ = [
    "MEDIA_TYPES",
    "NOTICE_FIELDS",
    "PARAGRAPH_FIELDS",
    "SAMPLE_NOTICE",
    "FileLimits",
    "FileRefused",
    "clean_name",
    "format_number",
    "local_written_date",
    "local_year",
    "mark_in_file",
    "notice_facts",
    "official_mark",
    "sniff",
    "written_date",
]
