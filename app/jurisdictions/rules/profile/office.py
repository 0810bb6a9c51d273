"""The office: its regulation, its bodies, its roles, its units."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from app.jurisdictions.rules.profile.base import Article, Key, LongText, Section, ShortText, Words


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
    superior_roles: tuple[Key, ...] = ()
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
    rights: tuple[ShortText, ...]


class Routing(Section):
    """Who carries a matter in the office: by functional line, or by the leader it belongs to."""

    strategy: Literal["functional_line", "leader_portfolio"]
    overridable: bool = True
    article: Article


class Groups(Section):
    """Standing 督查组, each with a leader's portfolio."""

    enabled: bool
    portfolio_roles: tuple[Key, ...] = ()
    article: Article | None = None


class UnitsSection(Section):
    """How units take part: lead and co-handling, a responsible division; who leads when a ledger names several."""

    lead_co_enabled: bool = True
    responsible_division_enabled: bool = False
    first_listed_leads: bool = True
    kinds: tuple[Key, ...]
    roles: tuple[Words, ...] = ()
    article: Article
