"""Roles as the regulations name them, to begin a role of one's own from. Values only: which rights such a role usually has.

A template is a beginning, not a rule: it is copied once, and what its maker does not hold himself is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.i18n import N_

_READS = ("letter:read", "unit:read", "calendar:read")
_LEADS = ("matter:read_all", "matter:read_restricted", "matter:approve", "dashboard:read", "attachment:read")
_FILES = ("attachment:read", "attachment:write")
_WORKS = (
    "matter:read_all", "matter:register", "matter:number", "matter:scheme", "matter:dispatch", "matter:log_receipt",
    "matter:urge", "matter:review", "matter:close", "matter:archive", "matter:suspend", "matter:import", "matter:export",
    "dashboard:read", "view:share", *_FILES, "source:read", "profile:read",
)  # fmt: skip
_SETS = (
    "unit:write", "post:read", "post:write", "person:read", "person:write", "membership:read", "membership:write",
    "membership:appoint", "role:read", "role:write", "source:read", "calendar:write", "template:read", "template:write",
    "profile:read", "profile:write", "channel:write", "event:read", "jurisdiction:export",
)  # fmt: skip


@dataclass(frozen=True)
class RoleTemplate:
    """A usual role: its word in the address, its name and what it is for (msgids), the articles that name it, its rights."""

    key: str
    name: str
    purpose: str
    articles: str
    rights: tuple[str, ...]


TEMPLATES: tuple[RoleTemplate, ...] = (
    RoleTemplate(
        "inspector",
        N_("Inspector"),
        N_("Draws matters up, dispatches, urges, reviews and closes them out"),
        "华容区 第八条",
        (*_WORKS, "matter:cancel", "matter:reopen", *_READS),
    ),
    RoleTemplate(
        "group",
        N_("Inspector of a group"),
        N_("Carries the matters of one leader's portfolio"),
        "淮安市 第四条第2项",
        (*_WORKS, *_READS),
    ),
    RoleTemplate(
        "office_leader",
        N_("Leader of the office"),
        N_("Approves what the office proposes, and reviews"),
        "华容区 第九条（一）",
        (*_LEADS, "matter:review", "source:read", "profile:read", *_READS),
    ),
    RoleTemplate(
        "government_leader",
        N_("Leader of the government"),
        N_("Approves, and follows matters"),
        "华容区 第九条（一）、淮安市 第四条第2项",
        (*_LEADS, *_READS),
    ),
    RoleTemplate(
        "secretary_general",
        N_("Secretary-general"),
        N_("Decides on listing, with the head of the office"),
        "淮安市 第二条、第四条第1项",
        (*_LEADS, "source:read", "profile:read", *_READS),
    ),
    RoleTemplate(
        "liaison",
        N_("Liaison of a unit"),
        N_("Signs for receipt and reports, for the own unit only"),
        "华容区 第三条、淮安市 第十条",
        ("matter:read_unit", "matter:acknowledge", "matter:report", *_FILES, *_READS),
    ),
    RoleTemplate(
        "unit_leader",
        N_("Leader in charge of a unit"),
        N_("Signs the unit's reports before they leave it"),
        "华容区 第十二条（一）、淮安市 第十条",
        ("matter:read_unit", "matter:acknowledge", "matter:report", "matter:sign_report", *_FILES, *_READS),
    ),
    RoleTemplate(
        "registrar",
        N_("Registrar"),
        N_("Registers and keeps leaders' instructions and other sensitive papers"),
        "华容区 第八条（六）、淮安市 第八条",
        ("matter:read_all", "matter:read_restricted", "matter:number", *_FILES, "letter:read", "unit:read"),
    ),
    RoleTemplate(
        "archivist",
        N_("Archivist"),
        N_("Files matters away and hands them over"),
        "华容区 第八条（六）、淮安市 第四条第6项",
        ("matter:read_all", "matter:archive", *_FILES, "letter:read", "unit:read"),
    ),
    RoleTemplate(
        "auditor",
        N_("Auditor"),
        N_("Reads who did what, and no matter"),
        "淮安市 第八条",
        ("letter:read", "unit:read", "membership:read", "role:read", "event:read"),
    ),
    RoleTemplate(
        "administrator",
        N_("Administrator"),
        N_("Units, people, roles, procedure and templates; no sensitive matter"),
        "淮安市 第十三条",
        ("dashboard:read", *_SETS, *_READS),
    ),
)  # fmt: skip
