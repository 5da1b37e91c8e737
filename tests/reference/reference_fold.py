"""A slow fold of meetings, to be read beside the rules: every question is answered from the list
of all events, with nothing remembered between questions.

`fold` takes RecordedEvents as their JSON reads and gives the meetings by id. No display text, no
identity matching, no findings but whether a fact is disputed or unconfirmed.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from dates import BEGINNING, END, exclude, finer, iso, nest, one_of, refines, reported_time, when

CLASSES = ("inferred", "unnamed_sources", "media", "official")
MEDIA, OFFICIAL = CLASSES.index("media"), CLASSES.index("official")
# One publisher's undated-by-hour words of one day are one story, told in this order.
STAGES = ("meeting_announced", "meeting_scheduled", "meeting_postponed", "meeting_rescheduled",
          "meeting_moved", "meeting_called_off", "meeting_cancelled", "meeting_reinstated",
          "meeting_held", "meeting_not_held")
OPEN = ("meeting_announced", "meeting_scheduled", "meeting_rescheduled", "meeting_postponed",
        "meeting_reinstated", "meeting_moved")
OURS = ("meetings_merged", "meeting_split", "meeting_linked", "coverage_declared")


def payload_of(facts):
    """Type and fields of what was said."""
    for name, fields in facts.items():
        if name.startswith(("meeting_", "meetings_", "report_", "parties_", "topics_")):
            return name, fields
    raise ValueError(f"no payload in {facts}")


@dataclass(eq=False)
class Report:
    """What a source said, and when it said it."""
    id: str
    stream: str
    publisher: str
    authority: int
    time: object
    recorded: str
    facts: dict  # its own, or those of the correction that holds

    @property
    def type(self):
        return payload_of(self.facts)[0]

    @property
    def said(self):
        return payload_of(self.facts)[1]

    @property
    def identity(self):
        return self.facts.get("meeting", {})

    @property
    def firm(self):
        return self.authority >= MEDIA

    @property
    def stage(self):
        return STAGES.index(self.type) + 1 if self.type in STAGES else 0

    @property
    def rank(self):
        timed = self.time.moment is not None
        return (self.time.first, self.authority, timed, self.time.moment if timed else 0,
                self.stage, self.id)


def report_of(recorded_event):
    event = recorded_event["event"]
    source = event["source"]
    return Report(event["id"], event["stream"], source["publisher"], CLASSES.index(source["class"]),
                  reported_time(event.get("reported") or source["published"]),
                  recorded_event["recorded"], event)


def contradict(a, b):
    """Whether different values of two reports are a contradiction: neither outranks the other by
    more than an hour, and neither is a later word of the same publisher."""
    if a is b or (a.time.first, a.authority) != (b.time.first, b.authority):
        return False
    hours = a.time.moment is not None and b.time.moment is not None
    later_word = (hours and a.time.moment != b.time.moment) or a.stage != b.stage
    return not (a.publisher == b.publisher and later_word)


# ---- one fact ----

class Word(NamedTuple):
    """A report's word on one fact."""
    report: Report
    value: object
    firm: bool

    @property
    def rank(self):
        return self.report.rank


def word(report, value):
    return Word(report, value, report.firm)


class Settled(NamedTuple):
    value: object = None
    disputed: bool = False
    unconfirmed: bool = False
    report: Report | None = None


def settle(words):
    if not words:
        return Settled()
    words = sorted(words, key=lambda w: w.rank)
    winner = [w for w in words if w.firm or not any(v.firm for v in words)][-1]
    others = [w for w in words if w.value != winner.value]
    disputed = any(contradict(w.report, winner.report) for w in others)
    officials = [w for w in words if w.firm and w.report.authority == OFFICIAL]
    displaced = (winner.firm and winner.report.authority == MEDIA and officials
                 and officials[-1].value != winner.value)
    newer_rumour = winner.firm and any(not w.firm and w.rank > winner.rank for w in others)
    return Settled(winner.value, disputed, bool(displaced or newer_rumour), winner.report)


# ---- dates ----

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
    padded_latest: int = END
    firm: bool = False
    finest: object = None  # the date before others dispute it


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
    officials = [w for w in below if w.kind != "again" and w.report.authority == OFFICIAL]
    displaced = (winner.report.authority == MEDIA and finest.report.authority == MEDIA
                 and bool(officials) and not agree(officials[-1], finest))
    rumours = [w for w in words if firm and not w.firm and w.kind != "again"]
    unconfirmed = displaced or any(
        (w.rank > winner.rank and not confirms(w, finest))
        or (w.kind != "postponed" and known and finer(w.date, known)) for w in rumours)

    if winner.kind == "postponed":
        return replace(had, state="postponed", disputed=bool(against) or had.disputed,
                       unconfirmed=unconfirmed or had.unconfirmed, firm=winner.firm)
    value = one_of([finest.date] + [w.date for w in against if w.kind != "postponed"])
    span = [value] + [w.date for w in together if not nest(w.date, finest.date)]
    return Date("dated", value.text, bool(against), unconfirmed, min(d.earliest for d in span),
                max(d.latest for d in span), max(d.padded[1] for d in span), winner.firm,
                finest.date)


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


# ---- held or not, on or off ----

def outcome_said(report):
    if report.type in OPEN:
        return "open"
    if report.type == "meeting_not_held":
        instead = report.said.get("instead")
        return {"postponed": "open", "cancelled": "cancelled"}.get(instead, "called_off")
    return {"meeting_called_off": "called_off", "meeting_cancelled": "cancelled",
            "meeting_held": "held"}.get(report.type)


def on_that_day(report, held, reports):
    """Whether a denial can mean the day of a report that it was held. Without a day it means the
    one planned until then; if that is not known, any."""
    date = report.said.get("old_date" if report.type == "meeting_postponed" else "date")
    text = date["edtf"] if date else ""
    if not text:
        text = settle_dates([w for r in reports if r.type != "meeting_not_held"
                             and r.time.first <= report.time.first for w in date_words(r)]).value
    return not text or not exclude(when(text), when(held.said["date"]["edtf"]))


def fold_outcome(reports, astray):
    """The outcome, the reports that it was held on which the date rests (else None), whether that
    counts as possible only, and the reports that it was held which were denied. `astray`: denials
    that are not about the day planned."""
    helds = [r for r in reports if r.type == "meeting_held"]
    denials = [r for r in reports if r.type == "meeting_not_held"]
    offs = [r for r in reports
            if r.type in ("meeting_postponed", "meeting_called_off", "meeting_cancelled")]

    def premature(held):
        return when(held.said["date"]["edtf"]).earliest > held.time.last + 1

    def against(held, deniers):
        return [d for d in deniers if on_that_day(d, held, reports)
                and (d.rank > held.rank or contradict(d, held))]

    def beaten(held):
        return any(d.rank > held.rank and d.authority >= held.authority
                   for d in against(held, denials))

    denied = [h for h in helds if beaten(h)]
    standing = [h for h in helds if h not in denied]
    sure = [h for h in standing if h.firm and not premature(h)]
    if sure:
        last = max(sure, key=lambda h: h.rank)
        disputed = bool(against(last, denials)) or any(o.firm for o in against(last, offs))
        unconfirmed = any(not o.firm for o in against(last, offs))
        officials = sorted((r for r in reports if r.authority == OFFICIAL and outcome_said(r)
                            and (r not in helds or r in sure)
                            and (r not in denials + offs or on_that_day(r, last, reports))),
                           key=lambda r: r.rank)
        if last.authority == MEDIA and officials and officials[-1] in denials + offs:
            unconfirmed |= officials[-1].rank < last.rank
        return Settled("held", disputed, unconfirmed), sure, disputed, denied
    if standing and not any(outcome_said(r) for r in reports if r not in helds):
        return Settled("held"), standing, True, denied
    # What is left to say that it was held is beaten, or possible at most: it only casts doubt.
    result = settle([word(r, outcome_said(r)) for r in reports
                     if outcome_said(r) and r not in helds + astray])
    if result.report:
        if any(contradict(h, result.report) for h in denied):
            result = result._replace(disputed=True)
        if any(h.rank > result.report.rank for h in standing):
            result = result._replace(unconfirmed=True)
    return result, None, False, denied


# ---- a meeting ----

@dataclass
class Meeting:
    id: str
    standing: str = "unspecified"
    date: Date = field(default_factory=Date)
    outcome: Settled = Settled("open")
    possible_only: bool = False
    kind: Settled = Settled()
    ordinal: Settled = Settled()
    mode: Settled = Settled()
    place: Settled = Settled()
    parties: list = field(default_factory=list)
    removed: list = field(default_factory=list)
    topics: list = field(default_factory=list)
    absorbed: list = field(default_factory=list)

    @property
    def listed(self):
        return self.standing in ("reported", "announced") and bool(
            self.kind.value or self.parties or self.removed)

    def status(self, today):
        if self.standing in ("withdrawn", "unspecified"):
            return self.standing
        if self.outcome.value != "open":
            return self.outcome.value
        if self.date.state == "postponed":
            return "postponed"
        if self.date.state == "dated":
            if self.date.padded_latest < today:
                return "lapsed"
            if self.date.firm and not self.vague:
                return "scheduled"
        return self.standing

    @property
    def vague(self):
        return self.date.latest - self.date.earliest >= 27

    def pending(self, today):
        status = self.status(today)
        if status in ("postponed", "called_off", "lapsed"):
            return status
        if status in ("scheduled", "announced", "reported"):
            if self.date.state == "undated" or self.vague:
                return "undated"
        return None


def fold_meeting(name, reports, retracted, absorbed):
    meeting = Meeting(name, absorbed=sorted(absorbed))
    asserting = [r for r in reports if r.type in STAGES]
    # An official who denies that it was held does not announce it.
    if any(r.authority == OFFICIAL and r.type != "meeting_not_held" or r.said.get("announced_by")
           for r in asserting):
        meeting.standing = "announced"
    elif asserting:
        meeting.standing = "reported"
    elif any(r.type in STAGES for r in retracted):
        meeting.standing = "withdrawn"

    # That it was not held on another day than the one planned says nothing about the plan.
    plan = settle_dates([w for r in reports for w in date_words(r) if r.type != "meeting_not_held"])
    astray = [r for r in reports if r.type == "meeting_not_held" and "date" in r.said and plan.value
              and exclude(when(r.said["date"]["edtf"]), when(plan.value))]
    meeting.outcome, held, meeting.possible_only, denied = fold_outcome(reports, astray)
    if held:
        meeting.date = settle_dates([DateWord(r, "date", when(r.said["date"]["edtf"]),
                                              r.said["date"].get("stated_by", "")) for r in held])
    else:
        meeting.date = settle_dates([w for r in reports if r not in astray for w in date_words(r)])
    if meeting.outcome.value is None:
        meeting.outcome = Settled("open")

    def field_of(get):
        return settle([word(r, get(r)) for r in reports if get(r)])

    meeting.kind = field_of(lambda r: r.identity.get("kind"))
    meeting.ordinal = field_of(lambda r: r.identity.get("ordinal"))
    meeting.mode = field_of(lambda r: r not in denied and r.said.get("mode"))
    meeting.place = field_of(lambda r: r not in denied and r.said.get("place"))

    takes_part, topics = {}, {}
    for r in reports:
        changed = r.said if r.type == "parties_changed" else {}
        for party in r.identity.get("parties", []) + changed.get("added", []):
            takes_part.setdefault(party["name"], []).append(word(r, True))
        for party in changed.get("removed", []):
            takes_part.setdefault(party, []).append(word(r, False))
        if r.type == "topics_tagged":
            key = r.said["topic"], r.said["relation"]
            topics.setdefault(key, []).append(word(r, not r.said.get("remove")))
    for party, words in sorted(takes_part.items()):
        if settle(words).value:
            meeting.parties.append(party)
        elif any(w.value for w in words):
            meeting.removed.append(party)
    meeting.topics = sorted(key for key, words in topics.items() if settle(words).value)
    return meeting


# ---- which reports there are, what they say today, and where they belong ----

def is_act(report):
    return report.type in ("report_corrected", "report_retracted")


def visible(reports, reported, recorded):
    """As of a day on either axis. Acts of ours are visible on the reported axis always."""
    known = {r.id: r for r in reports if not recorded or r.recorded[:10] <= recorded}

    def said(report, seen=()):
        if reported is None or report.type in OURS:
            return True
        if is_act(report) and report.said["basis"] == "encoding":
            target = known.get(report.said["target"])
            return target is None or report.id in seen or said(target, (*seen, report.id))
        return report.time.last <= reported

    return known, {r.id for r in known.values() if said(r)}


def judge(known, said):
    """Applies corrections; gives the ids of retracted reports."""
    def target(act):
        return known.get(act.said["target"])

    def root(report):
        """What an act acts on in the end; nothing if it has no effect."""
        seen = []
        while is_act(report):
            aim = target(report)
            if report.id in seen or aim is None or before(report, aim):
                return None
            seen.append(report.id)
            report = aim
        return report

    def before(act, aim):
        if act.said["basis"] == "encoding":
            return False
        if act.time.moment is not None and aim.time.moment is not None:
            return act.time.moment < aim.time.moment
        return act.time.last < aim.time.first

    def effective(act):
        if act.id not in said or root(act) is None:
            return False
        if act.type == "report_retracted":
            return True
        # What corrects a correction without effect has none; a retraction is not corrected.
        aim = target(act)
        return (payload_of(act.said["replacement"])[0] == root(act).type and aim.id in said
                and aim.type != "report_retracted"
                and (aim.type != "report_corrected" or effective(aim)))

    acts = [r for r in known.values() if is_act(r) and effective(r)]

    def retracted(report):
        return any(a.type == "report_retracted" and target(a) is report and not retracted(a)
                   for a in acts)

    gone = {r.id for r in known.values() if retracted(r)}
    replacements = {}
    for act in sorted(acts, key=lambda a: a.rank):
        if act.type == "report_corrected" and act.id not in gone:
            replacements[root(act).id] = act.said["replacement"]
    for name, facts in replacements.items():
        known[name].facts = facts
    return gone


def belonging(live, everything):
    """Stream of each report, and the map absorbed -> survivor, followed to the end."""
    home = {r.id: r.stream for r in everything}
    for split in sorted((r for r in live if r.type == "meeting_split"), key=lambda r: r.rank):
        for name in split.said["event_ids"]:
            if any(r.id == name and r.stream == split.said["from"] for r in everything):
                home[name] = split.said["to"]
    merges = {}
    for merge in sorted((r for r in live if r.type == "meetings_merged"), key=lambda r: r.rank):
        merges[merge.said["absorbed"]] = merge.said["survivor"]

    def follow(name):
        path = []
        while name in merges and name not in path:
            path.append(name)
            name = merges[name]
        return name, path

    circles = {name for name in merges for end, path in [follow(name)]
               if end == name and path}
    merges = {name: survivor for name, survivor in merges.items() if name not in circles}
    return home, {name: follow(name)[0] for name in merges}


def fold(recorded_events, reported=None, recorded=None):
    """Meetings by id, of those that any visible report is about. `reported` a day as an ordinal,
    `recorded` an ISO day."""
    known, said = visible([report_of(e) for e in recorded_events], reported, recorded)
    gone = judge(known, said)
    here = [known[name] for name in sorted(said)]
    live = [r for r in here if r.id not in gone and not is_act(r)]
    home, survivors = belonging(live, here)

    def meeting_of(report):
        return survivors.get(home[report.id], home[report.id])

    meetings = {}
    for name in sorted({meeting_of(r) for r in here}):
        meetings[name] = fold_meeting(
            name, sorted((r for r in live if meeting_of(r) == name), key=lambda r: r.rank),
            [r for r in here if r.id in gone and meeting_of(r) == name],
            [absorbed for absorbed, survivor in survivors.items() if survivor == name])
    return meetings


# ---- what is asked of all meetings ----

def timeline(meetings):
    """Ids in order, the undated last."""
    def key(m):
        undated = m.date.value == ""
        return undated, m.date.earliest, m.date.latest, m.date.value, m.id
    return [m.id for m in sorted((m for m in meetings if m.listed), key=key)]


def held_by_year(meetings):
    """Year: (certainly, possibly) held."""
    counts = {}
    for m in meetings:
        if not m.listed or m.outcome.value != "held" or m.date.state != "dated":
            continue
        # Open on one side it overlaps every year there; only that of the other end can be listed.
        first, last = iso(m.date.earliest), iso(m.date.latest)
        first, last = first or last, last or first
        for year in map(str, range(int(first[:4]), int(last[:4]) + 1)):
            certain, possible = counts.get(year, (0, 0))
            sure = not m.possible_only and (iso(m.date.earliest)[:4] == year
                                            == iso(m.date.latest)[:4])
            counts[year] = certain + sure, possible + 1
    return counts


def pending(meetings, today):
    return {m.id: m.pending(today) for m in meetings if m.listed and m.pending(today)}
