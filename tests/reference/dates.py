"""Uncertain dates and reported times (docs/dates.md), as sets of possible days."""

import calendar
import datetime
import functools
from typing import NamedTuple

BEGINNING, END = -(10**9), 10**9  # of time; days between are proleptic Gregorian ordinals
SPANS = {21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3),  # number: first month, months
         33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3), 40: (1, 6), 41: (7, 6)}


class When(NamedTuple):
    text: str
    days: tuple  # of (first, last): every day it can be, in order, without gaps of nothing
    padded: tuple  # (first, last), with `~`, `?` and `%` widened
    members: tuple  # of a set: its points, as texts; of others: itself

    @property
    def earliest(self):
        return self.days[0][0]

    @property
    def latest(self):
        return self.days[-1][1]

    @property
    def key(self):
        return self.earliest, self.latest, self.text


def iso(day):
    return "" if day in (BEGINNING, END) else datetime.date.fromordinal(day).isoformat()


def day_of(text):
    return datetime.date.fromisoformat(text).toordinal()


def month_span(year, month, count=1):
    """First and last day of `count` months from a month on, which may lie beyond December."""
    first, last = year * 12 + month - 1, year * 12 + month - 2 + count
    end_year, end_month = divmod(last, 12)
    return (datetime.date(first // 12, first % 12 + 1, 1).toordinal(),
            datetime.date(end_year, end_month + 1,
                          calendar.monthrange(end_year, end_month + 1)[1]).toordinal())


def point(text):
    bare = text.rstrip("?~%")
    parts = bare.split("-")
    lowest, highest = parts[0].replace("X", "0"), parts[0].replace("X", "9")
    low_year, high_year = max(int(lowest), 1), int(highest)
    if len(parts) == 1 or parts[1] == "XX":
        first, last = month_span(low_year, 1)[0], month_span(high_year, 12)[1]
        padded = (month_span(low_year - 1, 1)[0] if low_year > 1 else first,
                  month_span(high_year + 1, 12)[1] if high_year < 9999 else last)
    elif "X" in parts[1]:
        first, last = month_span(low_year, max(int(parts[1].replace("X", "0")), 1))[0], None
        last = month_span(low_year, min(int(parts[1].replace("X", "9")), 12))[1]
        padded = first, last
    elif int(parts[1]) in SPANS:
        first, last = padded = month_span(low_year, *SPANS[int(parts[1])])
    elif len(parts) == 2 or parts[2] == "XX":
        month = int(parts[1])
        first, last = month_span(low_year, month)
        padded = month_span(low_year, month - 1)[0], month_span(low_year, month + 1)[1]
    else:
        start = month_span(low_year, int(parts[1]))
        first = start[0] + max(int(parts[2].replace("X", "0")), 1) - 1
        last = min(start[0] + int(parts[2].replace("X", "9")) - 1, start[1])
        padded = first - 7, last + 7
    return When(text, ((first, last),), padded if bare != text else (first, last), (text,))


def joined(ranges):
    """Ranges of days in order, those that touch made one."""
    result = []
    for first, last in sorted(ranges):
        if result and first <= result[-1][1] + 1:
            result[-1] = result[-1][0], max(last, result[-1][1])
        else:
            result.append((first, last))
    return tuple(result)


@functools.cache
def when(text):
    if text.startswith("["):
        points = [point(member) for member in text[1:-1].split(",")]
        return When(text, joined(p.days[0] for p in points),
                    (min(p.padded[0] for p in points), max(p.padded[1] for p in points)),
                    tuple(p.text for p in points))
    if "/" in text:
        start, end = (None if side in ("", "..") else point(side) for side in text.split("/"))
        strict = start.earliest if start else BEGINNING, end.latest if end else END
        padded = start.padded[0] if start else BEGINNING, end.padded[1] if end else END
        return When(text, (strict,), padded, (text,))
    return point(text)


def refines(fine, coarse):
    """Every day that `fine` leaves possible, `coarse` does too."""
    return all(any(a <= first and last <= b for a, b in coarse.days) for first, last in fine.days)


def finer(fine, coarse):
    return refines(fine, coarse) and fine.days != coarse.days


def nest(a, b):
    return refines(a, b) or refines(b, a)


def exclude(a, b):
    return not any(c <= y and x <= d for x, y in a.days for c, d in b.days)


def one_of(dates):
    """The one-of set of dates; from the first to the last day if a set cannot hold them."""
    parts = sorted({when(member) for date in dates for member in date.members}, key=lambda d: d.key)
    if len(parts) == 1:
        return parts[0]
    if any("/" in part.text for part in parts):
        first, last = min(p.earliest for p in parts), max(p.latest for p in parts)
        union = when(f"{iso(first) or '..'}/{iso(last) or '..'}")
        padded = min(p.padded[0] for p in parts), max(p.padded[1] for p in parts)
        return union._replace(padded=padded)
    return when("[" + ",".join(part.text for part in parts) + "]")


class Time(NamedTuple):
    first: int  # days on which it may have been said
    last: int
    moment: float | None  # seconds; of the time of day


def reported_time(text):
    if "T" not in text:
        return Time(when(text).earliest, when(text).latest, None)
    told = datetime.datetime.fromisoformat(text)
    day = told.date().toordinal()
    instant = told if told.tzinfo else told.replace(tzinfo=datetime.timezone.utc)
    return Time(day, day, instant.timestamp())
