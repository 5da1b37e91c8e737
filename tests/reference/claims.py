"""What our own count says to a claim: who met when, as far as the log knows."""

import calendar
import datetime
import re
from dataclasses import dataclass, field

from belonging import is_act, judge, visible
from dates import BEGINNING, END, day_of, when
from particulars import claims as claims_told
from parties import SERIES, series_of
from questions import CERTAINLY, NO, fit, of_two
from reports import report_of

ALWAYS = (BEGINNING, END)


@dataclass
class Scope:
    """What a claim speaks of."""
    kind: str = ""
    parties: list = field(default_factory=list)  # sorted
    exactly: bool = False  # and nobody else
    own: object = None  # the meeting claimed about
    certain: bool = True  # that it was held, and is of this scope
    days: tuple = ALWAYS  # of that meeting, else of the report
    window: tuple | None = None


def certainly_held(m):
    return m.outcome.value == "held" and not m.possible_only and not m.outcome.disputed


def inside(days, within):
    return within[0] <= days[0] and days[1] <= within[1]


def overlap(a, b):
    return a[0] <= b[1] and b[0] <= a[1]


def year_of(day):
    year = datetime.date.fromordinal(day).year
    return day_of(f"{year:04}-01-01"), day_of(f"{year:04}-12-31")


def window_of(text, reported):
    """EDTF, or a duration back from the day of the report."""
    if duration := re.fullmatch(r"P(\d+)([YM])", text):
        told = datetime.date.fromordinal(reported)
        months = told.year * 12 + told.month - 1 - int(duration[1]) * {"Y": 12, "M": 1}[duration[2]]
        year, month = divmod(months, 12)
        day = min(told.day, calendar.monthrange(year, month + 1)[1])
        return datetime.date(year, month + 1, day).toordinal(), reported
    return (when(text).earliest, when(text).latest) if text else None


class Log:
    """All meetings as of some day, and what is said of kinds, series, countries and pairs."""

    def __init__(self, meetings, histories, subjects, reported, recorded):
        self.meetings = meetings
        self.judged = {}
        self.times = {r.id: r.time for events in (*histories, subjects)
                      for r in map(report_of, events)}
        known, said = visible([report_of(e) for e in subjects], reported, recorded)
        gone, _, _ = judge(known, said)
        self.live = sorted((known[name] for name in said - gone if not is_act(known[name])),
                           key=lambda r: r.rank)

    def of_meeting(self, m):
        """Its claims, each with a verdict, our count, and who claims it."""
        if m.id not in self.judged:
            self.judged[m.id] = self.judge_meeting(m)
        return self.judged[m.id]

    def judge_meeting(self, m):
        return [(*claim, *self.judge(claim, self.scope_in(m, claim, by)), by)
                for *claim, by in m.lists["claims"]]

    def of_subject(self, stream):
        told = claims_told([r for r in self.live if r.stream == stream])
        return [(*claim, *self.judge(claim, self.scope_of(stream, claim, by)), by)
                for *claim, by in told]

    def said_first(self, claim):
        """The first day on which its highest-ranked report may have been made."""
        return self.times[claim[-1][0]].first

    def scope_in(self, m, claim, by):
        _, _, kind, party, window = claim
        scope = Scope(kind or m.facts["kind"].value or "", [party] if party else m.parties.sides,
                      not party, m, days=(m.date.earliest, m.date.latest),
                      window=window_of(window, self.times[by[0]].last))
        scope.certain = (certainly_held(m) and not m.parties.disputed and not (
            m.facts["kind"].disputed and scope.kind == m.facts["kind"].value))
        return scope

    def scope_of(self, stream, claim, by):
        """A stream says what a claim in it leaves out."""
        _, _, kind, party, window = claim
        said = self.times[by[0]]
        scope = Scope(kind, [party] if party else [], days=(said.first, said.last),
                      window=window_of(window, said.last))
        sort, _, name = stream.partition("/")
        if sort == "kind":
            scope.kind = kind or name
        elif sort == "series" and not party:
            series = next(s for s in SERIES if s["id"] == name)
            if kind in ("", series["kind"]):
                scope.kind, scope.parties, scope.exactly = series["kind"], series["parties"], True
        elif not party:
            scope.parties, scope.exactly = name.split("-"), sort == "pair"
        return scope

    def others_held(self, scope):
        """(meeting, its days, whether certainly held and of the scope), but for the one claimed
        about."""
        for m in self.meetings:
            if m is scope.own or "held" not in {m.outcome.value, *m.outcome.rivals}:
                continue
            how = min([fit(m, {"kind": scope.kind} if scope.kind else {}),
                       *(fit(m, {"country": code}) for code in scope.parties)])
            certain = how == CERTAINLY and certainly_held(m)
            if scope.exactly:
                if not {*m.parties.sides} - {*m.parties.disputed} <= {*scope.parties}:
                    continue
                certain &= m.parties.sides == scope.parties and not m.parties.disputed
            if how:
                yield m, (m.date.earliest, m.date.latest), certain

    def judge(self, claim, scope):
        """(verdict, our count)"""
        what, value, _, party, _ = claim
        within = scope.window or ALWAYS
        if what == "first_of_year" and not scope.window and scope.days[0] != BEGINNING:
            within = year_of(scope.days[0])
        if len(scope.parties) == 1:
            party = scope.parties[0]
        agrees = contradicted = False
        if what in ("first", "nth_meeting", "first_of_year"):
            claimed = value if what == "nth_meeting" else 1
            counted, perhaps = int(scope.own is not None), 0
            for _, days, certain in self.others_held(scope):
                if certain and days[1] < scope.days[0] and inside(days, within):
                    counted += 1
                elif overlap(days, within) and days[0] <= scope.days[1]:
                    perhaps += 1
            contradicted, agrees = counted > claimed, counted == claimed and not perhaps
        elif what == "nth_partner":
            certain, counted = self.partners(scope, party, within)
            contradicted, agrees = certain > value, certain == counted == value
        else:
            within = scope.window or (year_of(scope.days[1]) if scope.days[1] != END
                                      else scope.days)
            everyone = Scope(scope.kind, scope.parties, scope.exactly)
            counted = sum(certain and inside(days, within)
                          for _, days, certain in self.others_held(everyone))
        if contradicted:
            return "contradicted", counted
        complete = (agrees and scope.certain and inside(scope.days, within)
                    and self.covers(scope, (within[0], scope.days[1])))
        return "confirmed" if complete else "open", counted

    def partners(self, scope, party, within):
        """Of a party by meetings of two: how many certainly, and how many possibly."""
        certain, possible = set(), set()
        if not party:
            return 0, 0
        for m, days, sure in self.others_held(Scope(scope.kind, [party], own=scope.own)):
            if not overlap(days, within) or days[0] > scope.days[1]:
                continue
            if of_two(m) == NO:
                continue
            possible |= {*m.parties.possible_sides}
            if (sure and of_two(m) == CERTAINLY and inside(days, within)
                    and days[1] < scope.days[0]):
                certain |= {*m.parties.sides} - {*m.parties.disputed}
        if scope.own:
            certain |= {*scope.own.parties.sides} - {*scope.own.parties.disputed}
            possible |= {*scope.own.parties.possible_sides}
        return len(certain - {party}), len((certain | possible) - {party})

    def covers(self, scope, days):
        """Whether our log is declared complete for all of these days: coverages that overlap or
        follow each other without a gap are one."""
        streams = {f"kind/{scope.kind}", *(f"country/{code}" for code in scope.parties)}
        if scope.exactly:
            streams |= {"pair/" + "-".join(scope.parties),
                        "series/" + series_of(scope.kind, scope.parties)}
        covered = sorted(
            (day_of(r.said["from"]) if "from" in r.said else BEGINNING,
             day_of(r.said["to"]) if "to" in r.said else END)
            for r in self.live if r.type == "coverage_declared" and r.stream in streams
            and r.said["kind"] == scope.kind
            and r.said.get("party", "") in ("", *scope.parties))
        joined = None
        for first, last in covered:
            follows = joined and first <= joined[1] + 1
            joined = (joined[0], max(joined[1], last)) if follows else (first, last)
            if inside(days, joined):
                return True
        return False
