"""The office: its regulation, its bodies, its roles, its units."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from app.jurisdictions.rules.profile.base import Article, Key, LongText, RightWord, RoleKey, Section, ShortText, Words


class ArticleText(Section):
    """One article, or one numbered item of it, in the regulation's own words: what a rule shows as its reason."""

    article: Article
    text: LongText


class Regulation(Section):
    """The office's own rules: what they are called, on what they rest, since when they hold, who interprets them."""

    title: Words
    document_no: ShortText | None = None
    level: Literal["province", "city", "district", "county"]
    status: Literal["draft_for_comment", "in_force"]
    issued_on: dt.date | None = None
    effective_on: dt.date | None = None
    basis: tuple[Words, ...] = ()
    interpreting_body: Words | None = None
    note: LongText | None = None
    articles: tuple[ArticleText, ...] = ()


class Bodies(Section):
    """Who is the competent body, who does the work, who stands above it."""

    competent: Words
    operating: Words
    superior_roles: tuple[RoleKey, ...] = ()
    article: Article


class LowerBodies(Section):
    """What the next level down is to this office."""

    relation: Literal["handling", "guided"]
    article: Article


class Role(Section):
    """A role of the jurisdiction and what it may do, in words of the one list of rights."""

    key: Key
    name: ShortText
    article: Article | None = None
    rights: tuple[RightWord, ...]


class Routing(Section):
    """Who carries a matter in the office: by functional line, or by the leader it belongs to.

    With ``leader_portfolio`` what a leader of ``principal_roles`` instructs is carried by the operating body itself, what
    another instructs by the 督查组 of that leader's portfolio (淮安市 art. 4(2)); in principle, where it is overridable.
    """

    strategy: Literal["functional_line", "leader_portfolio"]
    overridable: bool = True
    principal_roles: tuple[RoleKey, ...] = ()
    article: Article


class Groups(Section):
    """Standing 督查组, each with a leader's portfolio."""

    enabled: bool
    portfolio_roles: tuple[RoleKey, ...] = ()
    article: Article | None = None


class UnitsSection(Section):
    """How units take part: lead and co-handling, a responsible division; who leads when a ledger names several.

    A co-handling unit's opinion is due to the lead ``contribution_lead_days`` working days before the lead's own date.
    """

    lead_co_enabled: bool = True
    responsible_division_enabled: bool = False
    first_listed_leads: bool = True
    contribution_lead_days: Annotated[int, Field(ge=0, le=60)] = 2
    kinds: tuple[Key, ...]
    roles: tuple[Words, ...] = ()
    article: Article
