"""When a meeting is, by all that plan it or say that it was held."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from dates import BEGINNING, END, exclude, finer, nest, one_of, refines, when
from reports import MEDIA, OFFICIAL, Report, contradict


class DateWord(NamedTuple):
    report: Report
    kind: str  # date, new (a changed date), postponed, again (on again, without a date)
    date: object = None
    party: str = ""  # by whose calendar
    left: object = None  # of a new date or a postponement: the date it had

    @property
    def rank(self):
        return self.report.rank

    @property
    def firm(self):
        return self.report.firm


@dataclass
class Date:
    state: str = "undated"
    value: str = ""
    disputed: bool = False
    unconfirmed: bool = False
    earliest: int = BEGINNING
    latest: int = END
    padded_earliest: int = BEGINNING
    padded_latest: int = END
    firm: bool = False
    finest: object = None  # the date before others dispute it
    state_disputed: bool = False  # as good as each other, dated and postponed


def local_days(a, b):
    """7 January in Tokyo is 6 January in Washington."""
    return (a.party and b.party and a.party != b.party and a.date.earliest == a.date.latest
            and b.date.earliest == b.date.latest and abs(a.date.earliest - b.date.earliest) == 1)


def agree(a, b):
    """Two words on when that can both be right, one perhaps coarser."""
    if "postponed" in (a.kind, b.kind):
        return a.kind == b.kind
    return nest(a.date, b.date) or local_days(a, b)


def date_words(report):
    """What a plan says of the date."""
    said, kind = report.said, report.type

    def date_word(word_kind, date, left=None):
        parsed = {"date": when(date["edtf"]), "party": date.get("stated_by", "")} if date else {}
        return DateWord(report, word_kind, left=left and left["edtf"], **parsed)

    if kind in ("meeting_announced", "meeting_scheduled") and "date" in said:
        return [date_word("date", said["date"])]
    if kind == "meeting_rescheduled":
        return [date_word("new", said["new_date"], said.get("previous_date"))]
    if kind == "meeting_postponed":
        return [date_word("postponed", said.get("old_date"))]
    if kind == "meeting_reinstated":
        return [date_word("new" if "date" in said else "again", said.get("date"))]
    if kind == "meeting_not_held" and said.get("instead") == "postponed":
        return [date_word("postponed", said.get("date"))]
    return []


def with_calendars(words):
    """Who repeats a day means the calendar of whoever gave that day before."""
    known, told = {}, []
    for w in words:
        if w.date and w.party:
            known[w.date.text] = w.party
        told.append(w._replace(party=known.get(w.date.text, "")) if w.date else w)
    return told


def settle_dates(words):
    words = sorted(words, key=lambda w: w.rank)
    firm = any(w.firm and w.kind != "again" for w in words)
    deciding = with_calendars([w for w in words if w.firm or not firm])
    asserted = [w for w in deciding if w.kind != "again"]
    if not asserted:
        return Date()
    winner = asserted[-1]
    below = [w for w in deciding if w.rank < winner.rank]

    finest, together = winner, [winner]
    if winner.kind == "postponed":  # it keeps the date it had, and the doubts about that
        had = settle_dates(dates_left(below + [winner]))
        known = had.finest
    else:
        chapter = winner if winner.kind == "new" else None  # what no older word refines
        for w in reversed(below):
            if chapter and not told_again(chapter, w):
                break
            if w.kind in ("again", "postponed") or not agree(w, finest):
                break
            together.append(w)
            if finer(w.date, finest.date):
                finest = w
            chapter = w if w.kind == "new" else chapter
        known = finest.date

    against = [w for w in asserted if not both_possible(w, finest) and not leaves(winner, w)
               and (contradict(w.report, winner.report)
                    or w.kind != "postponed" and contradict(w.report, finest.report))]
    state_disputed = any((w.kind == "postponed") != (winner.kind == "postponed") for w in against)
    officials = [w for w in below if w.kind != "again" and w.report.authority == OFFICIAL]
    displaced = (winner.report.authority == MEDIA and finest.report.authority == MEDIA
                 and bool(officials) and not agree(officials[-1], finest))
    rumours = [w for w in words if firm and not w.firm and w.kind != "again"]
    unconfirmed = displaced or any(
        (w.rank > winner.rank and not confirms(w, finest))
        or (w.kind != "postponed" and known and finer(w.date, known)) for w in rumours)

    if winner.kind == "postponed":
        return replace(had, state="postponed", disputed=bool(against) or had.disputed,
                       unconfirmed=unconfirmed or had.unconfirmed, firm=winner.firm,
                       state_disputed=state_disputed)
    value = one_of([finest.date] + [w.date for w in against if w.kind != "postponed"])
    span = [value] + [w.date for w in together if not nest(w.date, finest.date)]
    return Date("dated", value.text, bool(against), unconfirmed, min(d.earliest for d in span),
                max(d.latest for d in span), min(d.padded[0] for d in span),
                max(d.padded[1] for d in span), winner.firm, finest.date, state_disputed)


def dates_left(words):
    """Up to a postponement, what there was to postpone: older postponements end a chapter like
    reinstatements do, but for those that the last one only tells again."""
    told = len(words)
    while told and words[told - 1].kind == "postponed":
        told -= 1
    left = []
    for index, w in enumerate(words):
        if w.kind != "postponed":
            left.append(w)
            continue
        if w.date:
            left.append(w._replace(kind="date"))
        if index < told:
            left.append(w._replace(kind="again"))
    return left


def leaves(change, other):
    """Whether a postponement or new date names the other's date as the old one."""
    left = change.date if change.kind == "postponed" else when(change.left) if change.left else None
    return left and other.kind != "postponed" and nest(left, other.date)


def told_again(winner, older):
    """A rescheduling or reinstatement that repeats an older one, and does not start from it."""
    return (older.kind == "new" and older.report.type == winner.report.type
            and not (winner.left and nest(when(winner.left), older.date)))


def both_possible(w, finest):
    if "postponed" in (w.kind, finest.kind):
        return w.kind == finest.kind
    return not exclude(w.date, finest.date) or local_days(w, finest)


def confirms(w, finest):
    if "postponed" in (w.kind, finest.kind):
        return w.kind == finest.kind
    return refines(finest.date, w.date) or local_days(w, finest)
