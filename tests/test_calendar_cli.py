"""``run.py calendar``: proposes and shows, confirms nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, select

from app.deadlines import cli_calendar, day_files
from app.deadlines.data import national_rows
from app.deadlines.models import CalendarProposal, NationalCalendarDay, NationalCalendarYear
from app.deadlines.services import seed_national_calendar
from run import COMMANDS


@pytest.fixture
def seeded(app: Any, session: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The calendar as shipped, without 2026; the command runs in the suite's own application."""

    @contextmanager
    def here() -> Iterator[Any]:
        yield app

    monkeypatch.setattr(cli_calendar, "application", here)
    seed_national_calendar(session)
    session.execute(delete(NationalCalendarDay).where(NationalCalendarDay.on >= date(2026, 1, 1)))
    session.execute(delete(NationalCalendarYear).where(NationalCalendarYear.year == 2026))
    session.commit()
    return session


def _run(*words: str) -> Result:
    return CliRunner().invoke(cli_calendar.calendar, list(words))


def _proposed(session: Any) -> list[tuple[int, str]]:
    session.rollback()
    found = session.scalars(select(CalendarProposal).order_by(CalendarProposal.id))
    return [(one.year, one.origin) for one in found if one.state == "proposed"]


def test_the_door_leads_there() -> None:
    assert COMMANDS["calendar"] == ("app.deadlines.cli_calendar", "calendar")


def test_the_package_is_proposed_once(seeded: Any) -> None:
    first = _run("sync")
    assert first.exit_code == 0, first.output
    assert "2026: proposed" in first.output
    assert _proposed(seeded) == [(2026, "package")]
    again, unknown, same = _run("sync"), _run("sync", "--year", "2090"), _run("sync", "--year", "2025")
    assert again.exit_code == unknown.exit_code == same.exit_code == 1
    assert "2090" in unknown.output
    assert _proposed(seeded) == [(2026, "package")]
    shown = _run("show", "2025")
    assert shown.exit_code == 0 and "2025-10-01 2025-10-08" in shown.output
    assert "248" in shown.output.splitlines()[0]
    assert _run("show", "1999").exit_code == 1


def test_a_file_is_proposed_whole_or_refused_row_by_row(seeded: Any, tmp_path: Path) -> None:
    rows = [row for row in national_rows() if row.on.year == 2026]
    sound, spoilt = tmp_path / "2026.csv", tmp_path / "spoilt.csv"
    sound.write_bytes(day_files.written(rows))
    spoilt.write_bytes(day_files.written(rows).replace(b"2026-01-04,work", b"2026-01-05,work"))
    refused = _run("import", str(spoilt))
    assert refused.exit_code == 1 and "2026-01-05" in refused.output
    assert _proposed(seeded) == []
    taken = _run("import", str(sound))
    assert taken.exit_code == 0, taken.output
    assert _proposed(seeded) == [(2026, "file")]
    (tmp_path / "no.csv").write_text("x\n")
    assert _run("import", str(tmp_path / "no.csv")).exit_code == 1
