"""Document numbers: no gap, no double, whatever rolls back and whoever is fast."""

from __future__ import annotations

import datetime as dt
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from app.documents.models import Document, NumberSeries
from app.documents.rules import format_number, local_year
from app.documents.services import issue_document, next_number
from app.jurisdictions.models import Jurisdiction
from app.kernel.actor import Actor
from app.kernel.commands import command
from app.kernel.db import db
from app.kernel.errors import Invalid, Refused
from app.kernel.events import verify_chain
from app.kernel.tenancy import scope

PATTERN = "华政督〔{year}〕{no}号"
MORNING = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


def house(session: Any, slug: str, code: str) -> int:
    """A jurisdiction without anybody."""
    row = Jurisdiction(
        code=code, slug=slug, name=slug, short_name=slug, level="district", status="active", created_at=MORNING
    )
    session.add(row)
    session.commit()
    return int(row.id)


@command
def issue(session: Any, actor: Actor, *, series: str, at: dt.datetime, fails: bool = False) -> Document:
    """An act that issues one notice, or dies after it has taken its number."""
    document = issue_document(
        session,
        actor,
        matter_id=1,
        unit_id=None,
        document_type_key="supervision_notice",
        series=series,
        number_pattern=f"{series}〔{{year}}〕{{no}}号",
        title="关于加快泵站建设的督办事项",
        facts={"督办事项": "关于加快泵站建设的督办事项", "署名": "区政府办公室"},
        at=at,
    )
    if fails:
        raise ValueError("the dispatch failed after the number was taken")
    return document


def test_a_number_reads_as_the_standard_writes_it() -> None:
    assert format_number(PATTERN, 2026, 1) == "华政督〔2026〕1号"
    assert format_number("第{no}期", 2026, 12) == "第12期"
    assert format_number("{no.__class__}{no}", 2026, 1) == "{no.__class__}1"


def test_the_year_is_the_local_one() -> None:
    assert local_year(dt.datetime(2026, 12, 31, 15, 59, tzinfo=dt.UTC)) == 2026
    assert local_year(dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC)) == 2027


def test_a_rollback_gives_the_number_back(session: Any) -> None:
    home = house(session, "huarong", "420703")
    with scope(home, session):
        assert next_number(session, "notice", PATTERN, 2026) == (1, "华政督〔2026〕1号")
        session.rollback()
        assert next_number(session, "notice", PATTERN, 2026) == (1, "华政督〔2026〕1号")
        assert next_number(session, "notice", PATTERN, 2026) == (2, "华政督〔2026〕2号")
        assert next_number(session, "notice", PATTERN, 2027) == (1, "华政督〔2027〕1号")
        assert next_number(session, "letter", "函〔{year}〕{no}号", 2026)[0] == 1


def test_a_pattern_without_a_number_is_refused(session: Any) -> None:
    home = house(session, "huarong", "420703")
    with scope(home, session), pytest.raises(Invalid):
        next_number(session, "notice", "华政督〔{year}〕号", 2026)


def test_issuing_freezes_facts_and_dates_in_local_time(session: Any) -> None:
    home = house(session, "huarong", "420703")
    with scope(home, session):
        document = issue(session, Actor.system(home), series="督", at=dt.datetime(2026, 12, 31, 16, 30, tzinfo=dt.UTC))
        assert (document.document_no, document.year, document.status) == ("督〔2027〕1号", 2027, "issued")
        assert document.facts["编号"] == "督〔2027〕1号"
        assert document.facts["成文日期"] == "2027年1月1日"
        assert document.facts["发文机关"] == "区政府办公室"
        assert verify_chain(session) == []


def test_a_marked_text_is_never_issued_and_costs_no_number(session: Any) -> None:
    home = house(session, "huarong", "420703")
    with scope(home, session):
        with pytest.raises(Refused):
            issue_document(
                session,
                Actor.system(home),
                matter_id=1,
                unit_id=None,
                document_type_key="supervision_notice",
                series="notice",
                number_pattern=PATTERN,
                title="督办",
                facts={"督办事项": "机　密★长期 关于某工程"},
                at=MORNING,
            )
        session.rollback()
        assert session.scalars(select(NumberSeries)).all() == []


def test_thirty_two_hands_leave_no_gap_and_no_double(app: Any, session: Any) -> None:
    """Two jurisdictions, two series, two years; every fifth act fails after it took its number."""
    homes = [house(session, "huarong", "420703"), house(session, "huaian", "320800")]
    session.rollback()

    def hand(seed: int) -> int:
        chance, done = random.Random(seed), 0
        with app.app_context():
            for _ in range(12):
                home = chance.choice(homes)
                at = MORNING.replace(year=chance.choice([2026, 2026, 2027]))
                with scope(home, db.session):
                    try:
                        issue(
                            db.session,
                            Actor.system(home),
                            series=chance.choice(["督", "函"]),
                            at=at,
                            fails=chance.random() < 0.2,
                        )
                        done += 1
                    except ValueError:
                        pass
            db.session.remove()
        return done

    with ThreadPoolExecutor(32) as hands:
        done = sum(hands.map(hand, range(32)))
    given: dict[tuple[int, str, int], list[int]] = {}
    for home in homes:
        with scope(home, session):
            for row in session.scalars(select(Document)):
                given.setdefault((home, row.series, row.year), []).append(row.number)
            assert verify_chain(session) == []
    assert sum(map(len, given.values())) == done
    assert len(given) == 8
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in given.values())
