"""What one report says and how much it counts, and what several on one fact add up to."""

from dataclasses import dataclass
from typing import NamedTuple

from dates import reported_time

CLASSES = ("inferred", "unnamed_sources", "media", "official")
MEDIA, OFFICIAL = CLASSES.index("media"), CLASSES.index("official")
# One publisher's undated-by-hour words of one day are one story, told in this order.
STAGES = ("meeting_announced", "meeting_scheduled", "meeting_postponed", "meeting_rescheduled",
          "meeting_moved", "meeting_called_off", "meeting_cancelled", "meeting_reinstated",
          "meeting_held", "meeting_not_held")
OPEN = ("meeting_announced", "meeting_scheduled", "meeting_rescheduled", "meeting_postponed",
        "meeting_reinstated", "meeting_moved")
PAYLOADS = ("parties_changed", "topics_tagged", "attendees_named", "outcome_recorded",
            "statement_made", "claim_recorded", "coverage_declared")
OURS = ("meetings_merged", "meeting_split", "meeting_linked", "coverage_declared")


def payload_of(facts):
    """Type and fields of what was said."""
    for name, fields in facts.items():
        if name in PAYLOADS or name.startswith(("meeting_", "meetings_", "report_")):
            return name, fields
    raise ValueError(f"no payload in {facts}")


@dataclass(eq=False)
class Report:
    """What a source said, and when it said it."""
    id: str
    stream: str
    publisher: str
    authority: int
    reported: str  # as the source prints it
    time: object
    recorded: str
    facts: dict  # its own, or those of the correction that holds
    corrected_by: str = ""  # that correction

    @property
    def cited(self):
        """Whose word it is, by id."""
        return self.corrected_by or self.id

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
    reported = event.get("reported") or source["published"]
    return Report(event["id"], event["stream"], source["publisher"], CLASSES.index(source["class"]),
                  reported, reported_time(reported), recorded_event["recorded"], event)


def cited(reports):
    """Their ids, the highest-ranked first."""
    return tuple(r.cited for r in sorted(reports, key=lambda r: r.rank, reverse=True))


def contradict(a, b):
    """Whether different values of two reports are a contradiction: neither outranks the other by
    more than an hour, and neither is a later word of the same publisher."""
    if a is b or (a.time.first, a.authority) != (b.time.first, b.authority):
        return False
    hours = a.time.moment is not None and b.time.moment is not None
    later_word = (hours and a.time.moment != b.time.moment) or a.stage != b.stage
    return not (a.publisher == b.publisher and later_word)


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
    rivals: frozenset = frozenset()  # values as good as the one that holds
    said_by: tuple = ()  # ids, the highest-ranked first
    # Of the other values, the highest-ranked first: (value, why it does not hold, ids).
    beaten: tuple = ()


def settle(words):
    if not words:
        return Settled()
    words = sorted(words, key=lambda w: w.rank)
    winner = [w for w in words if w.firm or not any(v.firm for v in words)][-1]
    others = [w for w in words if w.value != winner.value]
    rivals = frozenset(w.value for w in others if contradict(w.report, winner.report))
    officials = [w for w in words if w.firm and w.report.authority == OFFICIAL]
    displaced = (winner.firm and winner.report.authority == MEDIA and officials
                 and officials[-1].value != winner.value)
    newer_rumour = winner.firm and any(not w.firm and w.rank > winner.rank for w in others)

    def why(value):
        if value in rivals:
            return "disputed"
        newer = any(w.rank > winner.rank for w in others if w.value == value)
        return ("unconfirmed_change" if newer or displaced and value == officials[-1].value
                else "superseded")

    def said_by(value):
        return tuple(w.report.cited for w in reversed(words) if w.value == value)

    beaten = tuple((str(value), why(value), said_by(value))
                   for value in dict.fromkeys(w.value for w in reversed(others)))
    return Settled(winner.value, bool(rivals), bool(displaced or newer_rumour), winner.report,
                   rivals, said_by(winner.value), beaten)
