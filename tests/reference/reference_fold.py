"""A slow fold of meetings, to be read beside the rules: every question is answered from the list
of all events, with nothing remembered between questions.

`fold` takes RecordedEvents as their JSON reads and gives the meetings by id. No display text and no
identity matching.
"""

from dataclasses import dataclass, field

from belonging import belonging, is_act, judge, named_in, visible
from date_facts import Date, DateWord, date_words, settle_dates
from dates import day_of, exclude, iso, nest, when
from findings import (finding, findings_of, old_dates_astray, planned_afterwards,
                      plans_afterwards, reported_too_late)
from outcomes import fold_outcome, outcome_said, rivals_of_plan
from particulars import (attendees, claims, links, reason_and_until, results, statements, topics)
from parties import Parties, derived_series, who_takes_part
from reports import OFFICIAL, OURS, STAGES, Settled, report_of, settle, word


@dataclass
class Meeting:
    id: str
    standing: str = "unspecified"
    date: Date = field(default_factory=Date)
    outcome: Settled = Settled("open")
    possible_only: bool = False
    facts: dict = field(default_factory=dict)  # kind, mode, reason …: name -> Settled
    parties: Parties = field(default_factory=Parties)
    lists: dict = field(default_factory=dict)  # attendees, topics, results …: name -> values
    absorbed: list = field(default_factory=list)
    # All there are, the lowest-ranked first: (id, what became of it, by which act).
    reports: list = field(default_factory=list)
    first_reported: str = ""  # by a source: the lowest-ranked, and the one that may be the latest
    last_reported: str = ""
    postponed_since: str = ""
    findings: set = field(default_factory=set)

    @property
    def listed(self):
        return self.standing in ("reported", "announced") and bool(
            self.facts["kind"].value or self.parties.known)

    def status(self, today):
        if self.standing in ("withdrawn", "unspecified"):
            return self.standing
        if self.outcome.value != "open":
            return self.outcome.value
        if self.date.state == "postponed":
            return "postponed"
        if self.date.state == "dated":
            if max(self.date.padded_latest, day_of(self.date.last_day or "0001-01-01")) < today:
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


def standing_of(reports, retracted):
    asserting = [r for r in reports if r.type in STAGES]
    # An official who denies that it was held does not announce it.
    if any(r.authority == OFFICIAL and r.type != "meeting_not_held" or r.said.get("announced_by")
           for r in asserting):
        return "announced"
    if asserting:
        return "reported"
    return "withdrawn" if any(r.type in STAGES for r in retracted) else "unspecified"


def fold_meeting(name, reports, retracted, absorbed, survivors):
    """`reports`: those that speak about it, lowest rank first."""
    meeting = Meeting(name, standing_of(reports, retracted), absorbed=sorted(absorbed))

    # That it was not held on another day than the one planned says nothing about the plan.
    plan = settle_dates([w for r in reports for w in date_words(r) if r.type != "meeting_not_held"])
    astray = [r for r in reports if r.type == "meeting_not_held" and "date" in r.said and plan.value
              and exclude(when(r.said["date"]["edtf"]), when(plan.value))]
    meeting.outcome, held, meeting.possible_only, denied, findings = fold_outcome(reports, astray)
    planning = [w for r in reports if r not in astray for w in date_words(r)]
    planned = settle_dates(planning)
    findings += old_dates_astray(r for r in reports if r not in astray)
    if held:
        meeting.date = settle_dates([DateWord(
            r, "date", when(r.said["date"]["edtf"]), r.said["date"].get("stated_by", ""),
            last_day=r.said["date"].get("last_day", "")) for r in held])
        meeting.date.previous = dates_not_kept(planned, meeting.date)
        findings += plans_afterwards(reports, meeting.date)
    else:
        meeting.date = planned
    findings += findings_of("date", meeting.date.said_by, meeting.date.beaten)
    if meeting.outcome.value is None:
        meeting.outcome = Settled("open")
    if not held:
        meeting.outcome = meeting.outcome._replace(
            rivals=rivals_of_plan(meeting.outcome, meeting.date))

    def field_of(get):
        return settle([word(r, get(r)) for r in reports if get(r)])

    def identity(key):  # which meeting it is; a statement about several does not say that
        return field_of(lambda r: len(r.said.get("about", [])) < 2 and r.identity.get(key))

    def particular(key, kind=None):
        return field_of(lambda r: r not in denied and kind in (None, r.type) and r.said.get(key))

    meeting.facts = {"kind": identity("kind"), "ordinal": identity("ordinal"),
                     "mode": particular("mode"), "place": particular("place"),
                     "level": particular("level", "parties_changed"), "duration": Settled(),
                     "reason": Settled(), "until": Settled(), "series": identity("series")}
    if held:
        meeting.facts["duration"] = particular("duration", "meeting_held")
    else:
        off = taken_off_by(meeting, [r for r in reports if r not in astray], planning)
        meeting.facts["reason"], meeting.facts["until"] = reason_and_until(off)
        if meeting.date.state == "postponed":
            meeting.postponed_since = iso(min(r.time.last for r in off))
    for facet, fact in meeting.facts.items():
        findings += findings_of(facet, fact.said_by, fact.beaten)
    # Two sources may call one meeting by two names.
    title = identity("title")
    meeting.facts["title"] = title._replace(disputed=False, unconfirmed=False, beaten=tuple(
        (value, "superseded", by) for value, _, by in title.beaten))
    meeting.parties = who_takes_part(reports)
    if not meeting.facts["series"].value and meeting.facts["kind"].value:
        meeting.facts["series"] = derived_series(meeting.facts["kind"], meeting.parties)
    told = [r for r in reports if r not in denied]
    seats, of_seats = attendees(told)
    tagged, doubtful, of_topics = topics(told)
    meeting.lists = {"attendees": seats, "topics": tagged, "doubtful topics": doubtful,
                     "results": results(told), "statements": statements(told),
                     "claims": claims(told), "links": links(reports, name, survivors)}
    if meeting.standing in ("reported", "announced"):
        if not meeting.listed:
            findings.append(finding("inconsistent", "identity", []))
        elif len(meeting.parties.sides) < 2:
            findings.append(finding("inconsistent", "parties", []))
    meeting.findings = {*findings, *meeting.parties.findings, *of_seats, *of_topics}
    return meeting


def dates_not_kept(planned, held):
    """Of a meeting that was held, the dates it lost: the plan too, unless it came true or was made
    afterwards."""
    lost = planned.previous
    if planned.finest and not planned_afterwards(planned.finest_by, planned.finest, held):
        lost = lost + [planned.finest.text]
    return [date for date in lost if not nest(when(date), held.finest)
            and date not in held.previous] + held.previous


def taken_off_by(meeting, reports, planning):
    """The reports by which it is off today."""
    if meeting.outcome.value in ("called_off", "cancelled"):
        return [r for r in reports if outcome_said(r) == meeting.outcome.value]
    off = []
    if meeting.date.state == "postponed":
        for w in sorted(planning, key=lambda w: w.rank):
            if w.kind in ("date", "new") and w.firm:
                off = []
            if w.kind == "postponed":
                off.append(w.report)
    return off


def fold(recorded_events, reported=None, recorded=None):
    """Meetings by id, of those that any visible report is about. `reported` a day as an ordinal,
    `recorded` an ISO day."""
    known, said = visible([report_of(e) for e in recorded_events], reported, recorded)
    gone, fates, amiss = judge(known, said)
    here = [known[name] for name in sorted(said)]
    live = [r for r in here if r.id not in gone and not is_act(r)]
    where = belonging(live, here)
    home, survivors = where.home, where.survivors
    amiss = [*amiss, *where.amiss, *(found for r in here for found in reported_too_late(r))]
    fates |= {name: ("no_effect", "") for name in where.circle}

    def meetings_of(report):
        """A statement counts where it is about, not where it lies."""
        about = report.said.get("about") if report.type == "statement_made" else None
        return {survivors.get(name, name) for name in about or [home[report.id]]}

    def concerned(report):
        """The meetings that have it in their list although it lies elsewhere. A merge or link that
        does not hold is nobody's but its own meeting's."""
        about = where.acted_on.get(report.id, report)
        void = about.id in where.circle or about is not report or report.id in gone
        named = () if void and about.type in OURS else named_in(about)
        return {survivors.get(name, name) for name in named}

    def fate_in(name, report):
        """What became of it, as the meeting `name` has it."""
        at_home = survivors.get(home[report.id], home[report.id])
        if report.id in where.moved_by and name not in {at_home, *concerned(report)}:
            return "moved", where.moved_by[report.id]
        return fates.get(report.id, ("", ""))

    meetings = {}
    for name in sorted({name for r in here for name in meetings_of(r)}):
        meetings[name] = fold_meeting(
            name, sorted((r for r in live if name in meetings_of(r)), key=lambda r: r.rank),
            [r for r in here if r.id in gone and name in meetings_of(r)],
            [absorbed for absorbed, survivor in survivors.items() if survivor == name], survivors)
        listed = sorted((r for r in here if name in concerned(r) or name in {
            survivors.get(stream, stream) for stream in (r.stream, home[r.id])}),
            key=lambda r: r.rank)
        meetings[name].reports = [(r.id, *fate_in(name, r)) for r in listed]
        meetings[name].findings |= {(kind, facet, there) for kind, facet, reports in amiss if (
            there := tuple(name for name in reports if name in {r.id for r in listed}))}
        if told := [r for r in listed if r.type not in OURS
                    and not (is_act(r) and r.said["basis"] == "encoding")]:
            last = max(told, key=lambda r: (r.time.last, r.time.first))
            meetings[name].first_reported = told[0].reported.partition("T")[0]
            meetings[name].last_reported = last.reported.partition("T")[0]
    return meetings
