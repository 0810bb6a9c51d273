"""What is known of a year before its notice: weekends and the statutory days of 全国年节及纪念日放假办法 (2024) 2.

No bridge days and no make-up days, since only the yearly notice gives them; whatever is computed with these days is
provisional. The four festivals that follow the moon and the sun are a table, because a table can be read and checked.
"""

from __future__ import annotations

from datetime import date, timedelta

# year: (春节 first day, 清明, 端午, 中秋) as month-day
MOVABLE: dict[int, tuple[str, str, str, str]] = {
    2027: ("02-06", "04-05", "06-09", "09-15"),
    2028: ("01-26", "04-04", "05-28", "10-03"),
    2029: ("02-13", "04-04", "06-16", "09-22"),
    2030: ("02-03", "04-05", "06-05", "09-12"),
    2031: ("01-23", "04-05", "06-24", "10-01"),
    2032: ("02-11", "04-04", "06-12", "09-19"),
    2033: ("01-31", "04-04", "06-01", "09-08"),
    2034: ("02-19", "04-05", "06-20", "09-27"),
    2035: ("02-08", "04-05", "06-10", "09-16"),
    2036: ("01-28", "04-04", "05-30", "10-04"),
    2037: ("02-15", "04-04", "06-18", "09-24"),
    2038: ("02-04", "04-05", "06-07", "09-13"),
    2039: ("01-24", "04-05", "05-27", "10-02"),
    2040: ("02-12", "04-04", "06-14", "09-20"),
    2041: ("02-01", "04-04", "06-03", "09-10"),
    2042: ("01-22", "04-04", "06-22", "09-28"),
    2043: ("02-10", "04-05", "06-11", "09-17"),
    2044: ("01-30", "04-04", "05-31", "10-05"),
    2045: ("02-17", "04-04", "06-19", "09-25"),
    2046: ("02-06", "04-04", "06-08", "09-15"),
    2047: ("01-26", "04-05", "05-29", "10-04"),
    2048: ("02-14", "04-04", "06-15", "09-22"),
    2049: ("02-02", "04-04", "06-04", "09-11"),
    2050: ("01-23", "04-04", "06-23", "09-30"),
}


def statutory_days(year: int) -> dict[date, str]:
    """The statutory holidays of a year by date, with their names.

    A year outside the table gives only the days that never move (元旦, 劳动节, 国庆节).
    """
    days = {
        date(year, 1, 1): "元旦",
        date(year, 5, 1): "劳动节",
        date(year, 5, 2): "劳动节",
        date(year, 10, 1): "国庆节",
        date(year, 10, 2): "国庆节",
        date(year, 10, 3): "国庆节",
    }
    if year in MOVABLE:
        spring, qingming, dragon_boat, mid_autumn = (date.fromisoformat(f"{year}-{day}") for day in MOVABLE[year])
        days[spring - timedelta(days=1)] = "除夕"
        for offset in range(3):
            days[spring + timedelta(days=offset)] = "春节"
        days[qingming] = "清明节"
        days[dragon_boat] = "端午节"
        days.setdefault(mid_autumn, "中秋节")
    return days
