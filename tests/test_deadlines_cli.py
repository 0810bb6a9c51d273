"""The computing table at the terminal: real files, spoiled files, and what each bad line is told."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner, Result

from app.deadlines.cli import deadline

HEADING = "id,rule,amount,start,roll\n"


def run(table: str | bytes) -> Result:
    return CliRunner().invoke(deadline, ["compute"], input=table)


def dates(result: Result) -> dict[str, str]:
    rows = list(csv.reader(io.StringIO(result.stdout)))
    assert rows[0] == ["id", "due_date"]
    return {row[0]: row[1] for row in rows[1:]}


def test_the_four_rules_and_the_three_rolls() -> None:
    result = run(
        HEADING + "a,working_days,7,2026-02-26,none\n"
        "b,calendar_days,7,2026-09-24,none\n"
        "c,calendar_days,7,2026-09-24,next_working_day\n"
        "d,calendar_days,7,2026-09-24,previous_working_day\n"
        "e,months,1,2026-01-31T09:15,next_working_day\n"
        "f,fixed,,2026-10-04,none\n"
        "g,fixed,,2026-10-04T12:00:00,next_working_day\n"
        "h,working_days,0,2026-03-07,next_working_day\n"
    )
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("id,due_date\na,2026-03-06\n")
    assert dates(result) == {
        "a": "2026-03-06",
        "b": "2026-10-01",
        "c": "2026-10-08",
        "d": "2026-09-30",
        "e": "2026-02-28",
        "f": "2026-10-04",
        "g": "2026-10-08",
        "h": "2026-03-09",
    }


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-02-26", "2026-02-27"),
        ("2026-02-26 23:30", "2026-02-27"),
        ("2026-02-26T15:59:59Z", "2026-02-27"),
        ("2026-02-26T16:00:00Z", "2026-02-28"),
        ("2026-02-26T23:30:00+08:00", "2026-02-27"),
        ("2026-02-26T23:30:00.123456-05:00", "2026-02-28"),
    ],
)
def test_a_start_with_an_offset_is_a_day_in_china(start: str, due: str) -> None:
    assert dates(run(f"{HEADING}x,calendar_days,1,{start},none\n")) == {"x": due}


def test_a_file_as_spreadsheets_write_it() -> None:
    table = (
        "\r\n id , RULE,Amount,start,roll,remark\r\n\r\n,,,,,\r\n"
        '"甲,1", Working_Days ," 7 ",2026-02-26,,"a\r\nb"\r\n'
        "乙,months,1,2026-01-31,none"
    )
    for content in (table.encode("utf-8-sig"), table.encode("gb18030")):
        result = run(content)
        assert result.exit_code == 0
        assert dates(result) == {"甲,1": "2026-03-06", "乙": "2026-02-28"}


def test_columns_in_another_order() -> None:
    assert dates(run("roll,start,amount,rule,id\nnone,2026-02-26,7,working_days,a\n")) == {"a": "2026-03-06"}


BAD = [
    ("working_days,-1,2026-03-02,none", "negative"),
    ("working_days,10000,2026-03-02,none", "too long"),
    ("working_days,,2026-03-02,none", "is missing"),
    ("working_days,7.5,2026-03-02,none", "not a whole number"),
    ("working_days,seven,2026-03-02,none", "not a whole number"),
    ("fortnights,7,2026-03-02,none", "not a way of counting"),
    (",7,2026-03-02,none", "way of counting is missing"),
    ("on_event,7,2026-03-02,none", "not a way of counting"),
    ("months,1,2026-02-30,none", "not a date"),
    ("months,1,tomorrow,none", "not a date"),
    ("months,1,,none", "date is missing"),
    ("months,1,2026-03-02,sideways", "rest day"),
    ("months,1,2003-12-31,none", "2004-01-01"),
    ("working_days,7,2028-12-25,none", "2029"),
    ("fixed,,2031-05-01,next_working_day", "2031"),
    ("calendar_days,5000,9999-01-01,none", "outside every calendar"),
    ("fixed,,0001-01-01T00:00:00+14:00,none", "outside every calendar"),
    ("months", "number of days or months is missing"),
]


@pytest.mark.parametrize(("cells", "sentence"), BAD)
def test_a_bad_line_is_told_why_and_the_others_are_computed(cells: str, sentence: str) -> None:
    result = run(f"{HEADING}\nbad,{cells}\ngood,working_days,7,2026-02-26,none\n")
    assert result.exit_code == 1
    assert dates(result) == {"bad": "", "good": "2026-03-06"}
    assert result.stderr.startswith("Line 3: ")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.output


def test_line_numbers_count_the_lines_of_the_file() -> None:
    result = run(f'{HEADING}"a\nb",months,1,2026-03-02,none\n\nx,months,-1,2026-03-02,none\n')
    assert result.stderr.startswith("Line 5: ")
    assert dates(result) == {"a\nb": "2026-04-02", "x": ""}


def test_a_date_a_notice_may_still_move_is_written_and_named() -> None:
    result = run(f"{HEADING}a,working_days,5,2026-12-30,none\n")
    assert result.exit_code == 0
    assert dates(result) == {"a": "2027-01-07"}
    assert "provisional" in result.stderr


@pytest.mark.parametrize("table", ["", "\n\n", "id,rule,amount,start\n1,months,1,2026-03-02\n", "x"])
def test_a_table_without_its_heading_is_refused(table: str) -> None:
    result = run(table)
    assert result.exit_code == 1
    assert result.stdout == "id,due_date\n"
    assert "must name the columns id,rule,amount,start,roll" in result.stderr


def test_only_a_heading_is_an_empty_answer() -> None:
    result = run(HEADING)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "id,due_date\n", "")


def test_a_line_that_is_not_csv_does_not_stop_the_next() -> None:
    result = run(f"{HEADING}{'x' * 140_000},months,1,2026-03-02,none\ngood,working_days,7,2026-02-26,none\n")
    assert result.exit_code == 1
    assert dates(result) == {"good": "2026-03-06"}
    assert "Line 2" in result.stderr


def test_explain_says_the_date_and_why() -> None:
    asked = ["explain", "--rule", "working_days", "--amount", "7", "--start", "2026-02-26"]
    result = CliRunner().invoke(deadline, asked)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "2026-03-06"
    assert any("2026-02-28" in line for line in lines)


def test_explain_refuses_with_a_sentence() -> None:
    result = CliRunner().invoke(deadline, ["explain", "--rule", "months", "--amount", "-1", "--start", "2026-02-26"])
    assert result.exit_code == 1
    assert result.stderr == "A period cannot be negative (-1). Enter 0 or more.\n"


def test_the_ways_other_regulations_know() -> None:
    result = run(
        HEADING + "a,hours,24,2026-03-02T10:30,none\n"
        "b,hours,24,2026-03-02,none\n"
        "c,day_of_year,08-31,2026-03-02,none\n"
        "d,day_of_year,02-29,2026-03-02,none\n"
        "e,periodic,month/5,2026-03-02,next_working_day\n"
        "f,periodic,quarter/20/3,2026-03-21,none\n"
        "g,periodic,week/5,2026-03-06,none\n"
    )
    assert result.exit_code == 0
    assert dates(result) == {
        "a": "2026-03-03T10:30",
        "b": "2026-03-04T00:00",
        "c": "2026-08-31",
        "d": "2027-02-28",
        "e": "2026-03-05",
        "f": "2026-06-20",
        "g": "2026-03-13",
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("day_of_year,,2026-03-02,none", "The day of the year is missing."),
        ("day_of_year,13-01,2026-03-02,none", "is not a day of the year"),
        ("periodic,,2026-03-02,none", "needs its schedule"),
        ("periodic,fortnight/5,2026-03-02,none", "is not a schedule"),
        ("periodic,month/five,2026-03-02,none", "is not a schedule"),
        ("periodic,month,2026-03-02,none", "is not a schedule"),
        ("periodic,month/0,2026-03-02,none", "is not a schedule"),
        ("periodic,month/32,2026-03-02,none", "is not a schedule"),
        ("periodic,week/8,2026-03-02,none", "is not a schedule"),
        ("periodic,quarter/20/4,2026-03-02,none", "is not a schedule"),
        ("calendar_days,1_0,2026-03-02,none", "is not a whole number"),
        ("hours,,2026-03-02T10:30,none", "The number of days or months is missing"),
        ("hours,-1,2026-03-02T10:30,none", "cannot be negative"),
    ],
)
def test_what_those_ways_refuse(line: str, said: str) -> None:
    result = run(HEADING + f"a,{line}\n")
    assert result.exit_code == 1
    assert said in result.stderr


def test_times_and_the_last_day_are_explained() -> None:
    asked = ["explain", "--rule", "months", "--amount", "3", "--start", "2026-07-10T18:00", "--due-time", "17:30"]
    result = CliRunner().invoke(deadline, [*asked, "--cutoff", "17:30", "--last-day", "08-31"])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "2026-08-31T17:30"
    assert "after hours" in result.stdout
    assert "No result may be due later than 2026-08-31" in result.stdout
    refused = CliRunner().invoke(deadline, [*asked[:-1], "half past five"])
    assert refused.exit_code == 1
    assert "is not a time of the day" in refused.stderr
