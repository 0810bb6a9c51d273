"""``run.py jurisdiction onboard``: many at once, again and again, each fault with its row."""

from __future__ import annotations

import csv
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook
from sqlalchemy import func, select

from app.jurisdictions.models import Jurisdiction
from app.jurisdictions.queries import find_by_code
from app.kernel import clock
from app.kernel.tenancy import scope
from app.organisation import services as organisation_services
from app.organisation.models import Membership, Person
from app.platform import cli_onboard
from tests.onboarding_house import PASSWORD, UNIT_ROWS, workbook

HEAD = "代码,名称,简称,层级,上级代码,网址名,范本,管理员姓名,管理员用户名\n"
LINES = (
    "420704,,,,420700,,区县,陈管理,ec.admin\n",
    "420700,,,,,,城市,王管理,ez.admin\n",
    "420702,,,,420700,,,,\n",
)


@pytest.fixture
def folder(app: Any, session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a list and one units file; the command runs in the suite's own application."""

    @contextmanager
    def here() -> Iterator[Any]:
        yield app

    monkeypatch.setattr(cli_onboard, "application", here)
    (tmp_path / "jurisdictions.csv").write_text(HEAD + "".join(LINES), "utf-8")
    people = (
        ("张联络", "ec.zjj", "ZJJ", "", "unit_liaison", "", ""),
        ("李督查", "ec.ducha", "OFFICE", "", "督查员", "", ""),
    )
    (tmp_path / "420704.xlsx").write_bytes(workbook(UNIT_ROWS, people))
    return tmp_path


def run(folder: Path, *words: str) -> Result:
    """What the command line answers."""
    where = () if "--links" in words else ("--links", str(folder / "links.csv"))
    return CliRunner().invoke(cli_onboard.onboard, [str(folder), *where, *words])


def links(folder: Path) -> dict[str, str]:
    """The links that were written, by sign-in name."""
    with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
        return {row["username"]: row["activation link"] for row in csv.DictReader(file)}


def test_a_list_is_brought_on_from_the_top_down_and_again_changes_nothing(session: Any, folder: Path) -> None:
    first = run(folder)
    assert first.exit_code == 0, first.output
    assert "3 created, 3 units, 2 people, 2 links" in first.output
    made = {row.code: row for row in session.scalars(select(Jurisdiction))}
    assert [made[code].status for code in ("420700", "420702", "420704")] == ["preparing"] * 3
    assert (made["420704"].name, made["420704"].slug, made["420704"].preset) == ("鄂城区", "echeng", "district")
    assert made["420704"].parent_id == made["420700"].id
    assert (made["420700"].level, made["420700"].preset) == ("city", "city")
    assert stat.S_IMODE((folder / "links.csv").stat().st_mode) == 0o600
    kept = (folder / "links.csv").read_bytes()
    again = run(folder)
    assert again.exit_code == 0, again.output
    assert "0 created, 0 units, 0 people, 0 links" in again.output
    assert (folder / "links.csv").read_bytes() == kept
    house_id = find_by_code(session, "420704").id
    with scope(house_id, session):
        assert session.scalar(select(func.count()).select_from(Membership)) == 3


def test_the_links_work_and_new_ones_are_for_those_who_have_not_been_in(session: Any, folder: Path) -> None:
    run(folder)
    old = links(folder)
    token = old["ec.admin"].rpartition("/")[2]
    organisation_services.activate_account(
        session, token, password=PASSWORD, method="pbkdf2:sha256:1000", at=clock.now()
    )
    assert "1 links" in run(folder, "--new-links").output
    assert links(folder)["ez.admin"] != old["ez.admin"]
    session.rollback()
    assert session.scalars(select(Person.password).where(Person.username == "ez.admin")).one() is None


def test_what_is_ready_is_put_into_service_and_the_rest_is_told_row_by_row(session: Any, folder: Path) -> None:
    broken = [("ZJJ", "住建局", "", "军队", "", "")]
    (folder / "420702.xlsx").write_bytes(workbook(broken, ()))
    with (folder / "jurisdictions.csv").open("a", encoding="utf-8") as file:
        file.write("420704,,,,,,,,\n42,坏代码区,坏,区,,huai,区县,,\n420703,,,,999999,,,,\n")
    said = run(folder, "--activate")
    assert said.exit_code == 1
    for words in (
        "row 4 (420702): 420702.xlsx 单位 row 2 类型",
        "row 5 (420704): the code stands in row 2 already",
        "row 6 (42): code: Six digits",
        "row 7 (420703): parent: The jurisdiction above is not here yet",
        "row 3 (420700): There is no unit that could handle a matter",
        "5 faults",
    ):
        assert words in said.output, said.output
    assert "Traceback" not in said.output
    session.rollback()
    assert {row.code: row.status for row in session.scalars(select(Jurisdiction))} == {
        "420700": "preparing",
        "420702": "preparing",
        "420704": "active",
    }


def test_the_list_may_be_a_spreadsheet(session: Any, folder: Path) -> None:
    book = Workbook()
    book.active.append(["代码*", "名称", "管理员姓名", "管理员用户名"])
    book.active.append([420704, "鄂城新区", "陈管理", "ec.admin"])
    book.save(folder / "list.xlsx")
    said = run(folder / "list.xlsx", "--people", str(folder), "--links", str(folder / "other.csv"))
    assert said.exit_code == 0, said.output
    assert "1 created, 3 units, 2 people, 1 links" in said.output
    session.rollback()
    assert find_by_code(session, "420704").name == "鄂城新区"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("jurisdictions.csv", "名称\n鄂城区\n".encode(), "no column “代码”"),
        ("jurisdictions.csv", b"", "no column “代码”"),
        ("jurisdictions.csv", b"\xff\xfe\x00\x81", "no spreadsheet"),
        ("jurisdictions.xlsx", b"PK\x03\x04", "no spreadsheet"),
    ],
)
def test_a_list_that_cannot_be_read_is_said(folder: Path, name: str, data: bytes, words: str) -> None:
    (folder / "jurisdictions.csv").unlink()
    (folder / name).write_bytes(data)
    said = run(folder)
    assert said.exit_code == 1
    assert words in said.output, said.output
    assert not (folder / "links.csv").exists()
