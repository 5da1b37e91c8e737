"""When a meeting is, by all that plan it or say that it was held."""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dates import BEGINNING, END, exclude, finer, nest, one_of, refines, when
from reports import MEDIA, OFFICIAL, Report, cited, contradict


class DateWord(NamedTuple):
    report: Report
    kind: str  # date, new (a changed date), postponed, again (on again, without a date)
    date: object = None
    party: str = ""  # by whose calendar
    left: object = None  # of a new date: the date it had
    last_day: str = ""

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
    finest_by: object = None  # its report
    state_disputed: bool = False  # as good as each other, dated and postponed
    said: frozenset = frozenset()  # reports that have it so
    others: dict = field(default_factory=dict)  # other values: (why not, their reports)
    previous: list = field(default_factory=list)  # dates it had before and lost, oldest first
    last_day: str = ""  # of several

    @property
    def said_by(self):
        return cited(self.said)

    @property
    def beaten(self):
        return tuple(sorted((value, why, cited(said))
                            for value, (why, said) in self.others.items()))


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
        parsed = {"date": when(date["edtf"]), "party": date.get("stated_by", ""),
                  "last_day": date.get("last_day", "")} if date else {}
        return DateWord(report, word_kind, left=left and when(left["edtf"]), **parsed)

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
    postponed = winner.kind == "postponed"

    if postponed:  # it keeps the date it had, and the doubts about that
        had = settle_dates(dates_left(below + [winner]))
        known, finest, together = had.finest, winner, [winner]
    else:
        finest, together, _ = run_down(below + [winner])
        known = finest.date

    against = [w for w in asserted if not both_possible(w, finest) and not leaves(winner, w)
               and (contradict(w.report, winner.report)
                    or w.kind != "postponed" and contradict(w.report, finest.report))]
    officials = [w for w in below if w.kind != "again" and w.report.authority == OFFICIAL]
    displaced = [w for w in officials[-1:] if not agree(w, finest)
                 and winner.report.authority == finest.report.authority == MEDIA]
    rumours = [w for w in words if firm and not w.firm and w.kind != "again"]
    unconfirmed = displaced + [
        w for w in rumours if (w.rank > winner.rank and not confirms(w, finest))
        or (w.kind != "postponed" and known and finer(w.date, known))]

    date = Date("postponed" if postponed else "dated", disputed=bool(against),
                unconfirmed=bool(unconfirmed), firm=winner.firm, finest=known,
                finest_by=finest.report, previous=lost_dates(below + [winner], known),
                state_disputed=any((w.kind == "postponed") != postponed for w in against))
    for w in asserted + rumours:
        place(date, w, against, unconfirmed, together)
    if postponed:
        return keep_doubts(date, had, deciding + rumours)
    dates = [w.date for w in against if w.kind != "postponed"]
    value = one_of([known] + dates)
    last_days = [w.last_day for w in deciding if w.last_day and w.date.text == value.text]
    span = [value] + [w.date for w in together if not nest(w.date, known)]
    if dates:
        date.others[known.text] = "disputed", date.said
        date.said = frozenset().union(*(said for why, said in date.others.values()
                                        if why == "disputed"))
    return replace(date, value=value.text, earliest=min(d.earliest for d in span),
                   latest=max(d.latest for d in span), last_day=(last_days or [""])[-1],
                   padded_earliest=min(d.padded[0] for d in span),
                   padded_latest=max(d.padded[1] for d in span))


GRAVEST_LAST = ("coarser", "local_day", "superseded", "unconfirmed_change", "disputed")


def place(date, w, against, unconfirmed, together):
    """Among those who have it so, or beside them: when others say something else, why not."""
    said = "postponed" if w.kind == "postponed" else w.date.text
    known = date.finest
    if w in against:
        why = "disputed"
    elif said == "postponed" == date.state or said == (known and known.text) and not (
            date.state == "postponed" and w in unconfirmed):
        date.said |= {w.report}
        return
    elif w in unconfirmed:
        why = "unconfirmed_change"
    elif w in together and w.date and not nest(w.date, known):
        why = "local_day"
    else:
        coarser = known and w.kind != "postponed" and refines(known, w.date)
        why = "coarser" if coarser else "superseded"
    add_other(date, said, why, {w.report})


def add_other(date, value, why, reports):
    known_why, known = date.others.get(value, (why, frozenset()))
    date.others[value] = max(why, known_why, key=GRAVEST_LAST.index), known | reports


def keep_doubts(date, had, words):
    """Of what is postponed: the date it had, with who gave it that."""
    for value, (why, said) in had.others.items():
        if why in ("disputed", "unconfirmed_change"):
            add_other(date, value, why, said)
    naming = {w.report for w in words for old in (w.date if w.kind == "postponed" else w.left,)
              if old and old == had.finest}
    if had.disputed:
        naming |= had.said
    return replace(had, state="postponed", disputed=date.disputed or had.disputed,
                   unconfirmed=date.unconfirmed or had.unconfirmed, firm=date.firm,
                   state_disputed=date.state_disputed, said=date.said | naming,
                   others=date.others, previous=date.previous)


def run_down(words):
    """From the highest down while dates nest: the finest, those together, and what lies below."""
    *below, finest = words
    together = [finest]
    chapter = finest if finest.kind == "new" else None  # what no older word refines
    passing = finest.kind == "old"  # given with a postponement, perhaps told before
    told = None  # where its own old date stands
    for index, w in reversed(list(enumerate(below))):
        if w.kind == "old" and chapter:
            told = told or index + 1
        elif w.kind == "postponed" and passing:
            continue
        elif (w.kind in ("again", "postponed") or not agree(w, finest)
              or chapter and not told_again(chapter, w)):
            return finest, together, below[:max(index + 1, told or 0)]
        else:
            together.append(w)
            if finer(w.date, finest.date):
                finest = w
            chapter = w if w.kind == "new" else chapter
            passing = passing and w.kind == "old"
    return finest, together, below[:told or 0]


def lost_dates(words, known):
    """The finest of each run of dates below the one that holds, an old date named for one."""
    told = []
    for w in words:
        old = w.date if w.kind == "postponed" else w.left
        told += [w._replace(kind="old", date=old, left=None)] if old else []
        told.append(w._replace(date=None) if w.kind == "postponed" else w)
    lost, first = [], True
    while told:
        if told[-1].date is None:
            told.pop()
            continue
        finest, _, told = run_down(told)
        if not first and not nest(finest.date, known) and finest.date.text not in lost:
            lost.append(finest.date.text)
        first = False
    return lost[::-1]


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
    left = change.date if change.kind == "postponed" else change.left
    return left and other.kind != "postponed" and nest(left, other.date)


def told_again(winner, older):
    """A rescheduling or reinstatement that repeats an older one, and does not start from it."""
    return (older.kind == "new" and older.report.type == winner.report.type
            and not (winner.left and nest(winner.left, older.date)))


def both_possible(w, finest):
    if "postponed" in (w.kind, finest.kind):
        return w.kind == finest.kind
    return not exclude(w.date, finest.date) or local_days(w, finest)


def confirms(w, finest):
    if "postponed" in (w.kind, finest.kind):
        return w.kind == finest.kind
    return refines(finest.date, w.date) or local_days(w, finest)
