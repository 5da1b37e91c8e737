"""Invented histories, the same for the same seed: RecordedEvents in the order of arrival.

Days, publishers and values come from small pools, so that reports meet: they repeat, refine and
contradict each other, arrive late, and are corrected and withdrawn.
"""

import datetime
import random
import re

PARTIES = ["JP", "IN", "US", "DE", "FR", "NP"]
KINDS = ["two-plus-two", "summit"]
# Meetings of these are few, so that claims and coverage about them may come true.
RARE_KINDS = ["economic-two-plus-two", "strategic-dialogue", "trilateral-summit",
              "foreign-ministers", "defence-ministers", "maritime-dialogue", "cyber-dialogue",
              "security-dialogue", "economic-dialogue", "nuclear-talks", "peace-talks",
              "trade-talks"]
RARE_PARTIES = ["AU", "CN", "KR", "PH", "ID"]
ROLES = ["participant", "host", "host", "observer", "mediator", "venue"]
SERIES = ["jp-in-two-plus-two", "jp-us-two-plus-two", "quad-summit"]
PLACES = ["Tokyo", "Delhi", "Washington"]
MODES = ["in_person", "video", "hybrid"]
TOPICS = ["maritime-security", "joint-exercises", "defence-equipment"]
PUBLISHERS = {"official": ["Foreign Ministry", "Embassy"], "media": ["Kyodo", "Jiji", "Reuters"],
              "unnamed_sources": ["Evening Post", "Kyodo"], "inferred": ["Matcher"]}
DATES = ["2021-04-24", "2021-04-25", "2021-04-24", "2021-04-26~", "2021-04", "2021-04?", "2021-05",
         "2021-05-08", "2021-05-08", "2021", "2021-22", "2021-04-2X", "2021-XX-XX", "2021-34",
         "2021-40",
         "[2021-04-24,2021-04-25]", "[2021-04-24,2021-05]", "2021-04-20/2021-04-30",
         "2021-04-24/2021-05-08", "2021-04-20/..", "../2021-05-01", "2021-04-24/", "202X",
         "2021-12-31", "2022-01-01", "2021-12/2022-01"]
CLASS_WEIGHTS = {"official": 4, "media": 5, "unnamed_sources": 2, "inferred": 1}
# How often each sort of report is made.
SORTS = {"announced": 4, "scheduled": 6, "rescheduled": 4, "postponed": 4, "called_off": 2,
         "cancelled": 2, "reinstated": 2, "moved": 2, "held": 6, "not_held": 3, "parties": 5,
         "topic": 3, "attendees": 2, "outcome": 2, "statement": 2, "claim": 2, "linked": 2,
         "corrected": 4, "retracted": 4, "merged": 1, "split": 1}


class History:
    def __init__(self, seed, name=None):
        self.seed = seed
        self.random = random.Random(seed)
        name = name or f"h{seed}"
        parts = "abc"[:self.random.choice([1, 1, 1, 2, 3])]
        self.streams = [f"meeting/{name}-{part}" for part in parts]
        self.spare = [f"meeting/{name}-{part}" for part in "xyz"]
        self.name = name
        self.dates = self.random.sample(DATES, 5) if self.random.random() < 0.7 else DATES
        self.size = self.random.randint(2, 14)
        self.parties = self.random.sample(PARTIES, self.random.choice([2, 2, 2, 3, 4, 5, 6]))
        self.kinds = KINDS
        if self.one_in(3):
            self.kinds = self.random.sample(RARE_KINDS, 1) + KINDS[:1]
            self.parties[1] = self.random.choice(RARE_PARTIES)
        self.days = self.random.sample(range(12), self.random.choice([2, 3, 12]))
        self.said = []  # in the order in which it was said
        for _ in range(self.size):
            self.said.append(self.event())
        for held in [e for e in self.said if "meeting_held" in e and self.one_in(2)]:
            self.said.append({"stream": held["stream"], "reported": self.reported(),
                              "source": {"publisher": "Kyodo", "class": "media"},
                              "id": f"{held['id']}-claim", "claim_recorded": self.claim()})
        acts = [e for e in self.said if "report_corrected" in e or "report_retracted" in e]
        if acts and self.one_in(4):  # one that acts on what was said later, perhaps on itself
            act = self.random.choice(acts)
            body = act.get("report_corrected") or act["report_retracted"]
            body["target"] = self.random.choice(
                [e for e in acts if e["stream"] == act["stream"]])["id"]

    def one_in(self, n):
        return self.random.randrange(n) == 0

    def date(self):
        date = {"edtf": self.random.choice(self.dates)}
        if self.one_in(3):
            date["stated_by"] = self.random.choice(self.parties[:2])
        return date

    def date_of_several_days(self):
        """The last day of a meeting is given with its first."""
        date = self.date()
        if re.fullmatch("[0-9-]{10}", date["edtf"]) and self.one_in(4):
            first = datetime.date.fromisoformat(date["edtf"])
            date["last_day"] = (first + datetime.timedelta(self.random.randint(1, 3))).isoformat()
        return date

    def reported(self):
        day = datetime.date(2021, 4, 18) + datetime.timedelta(days=self.random.choice(self.days))
        text = day.isoformat()
        if self.one_in(10):
            return self.random.choice(["2021-04", "2021", "2021-04-20/2021-04-23", text[:-1] + "X",
                                       "2021-05-10", "2021-05-12"]
                                      + ["2099-01-05"] * self.one_in(4))
        if self.one_in(3):
            offset = self.random.choice(["+09:00", "Z", "-05:00", "+05:30"])
            text += f"T{self.random.choice([0, 8, 9, 18, 23]):02}:30:00{offset}"
        return text

    def identity(self):
        identity = {"kind": self.random.choice(self.kinds if self.one_in(8) else self.kinds[:1]),
                    "parties": [self.party(p) for p in self.parties if not self.one_in(8)]}
        if self.one_in(20):
            identity["series"] = self.random.choice(SERIES)
        if self.one_in(5):
            identity["ordinal"] = self.random.randint(2, 3)
        if self.one_in(6):
            identity["title"] = self.random.choice(["the talks", "the Tokyo talks"])
        return identity

    def party(self, name):
        return {"name": name} | ({"role": self.random.choice(ROLES)} if self.one_in(8) else {})

    def somewhere(self):
        where = {}
        if self.one_in(4):
            where["mode"] = self.random.choice(MODES)
        if self.one_in(4):
            where["place"] = self.random.choice(PLACES)
        return where

    def some_topics(self):
        return [topic for topic in TOPICS if self.one_in(3)]

    def attendees(self):
        return [{"party": self.random.choice(self.parties[:2]),
                 "post": self.random.choice(["foreign-minister", "defence-minister"])}
                | ({"person": self.random.choice(["A. Motegi", "B. Kishi"])}
                   if not self.one_in(4) else {})
                for _ in range(self.random.randint(1, 2))]

    def facts(self, sort):
        """What one report of a sort says."""
        pick, one_in = self.random.choice, self.one_in
        reason = {"reason": pick(["epidemic", "domestic", "unknown"])} if one_in(2) else {}
        if sort == "announced":
            body = self.somewhere()
            body |= {"date": self.date_of_several_days()} if not one_in(3) else {}
            if one_in(3):
                body["announced_by"] = [self.parties[0]]
        elif sort == "scheduled":
            body = self.somewhere() | {"date": self.date_of_several_days()}
        elif sort == "rescheduled":
            body = {"new_date": self.date_of_several_days()}
            body |= {"previous_date": self.date()} if one_in(2) else {}
        elif sort == "postponed":
            body = reason | ({"old_date": self.date()} if one_in(2) else {})
            body |= {"until": pick(["2021-22", "2021-06"])} if one_in(3) else {}
        elif sort in ("called_off", "cancelled"):
            body = reason
        elif sort == "reinstated":
            body = {"date": self.date_of_several_days()} if one_in(2) else {}
        elif sort == "moved":
            body = self.somewhere() or {"mode": pick(MODES)}
        elif sort == "held":
            body = self.somewhere() | {"date": self.date_of_several_days()}
            body |= {"duration": pick(["PT90M", "PT2H"])} if one_in(3) else {}
            body |= {"attendees": self.attendees()} if one_in(3) else {}
        elif sort == "not_held":
            body = reason | ({"date": self.date()} if one_in(2) else {})
            if one_in(2):
                body["instead"] = pick(["postponed", "called_off", "cancelled", "unknown"])
        elif sort == "parties":
            party = pick(self.parties[1:3] if one_in(2) else PARTIES)
            changed = {"added": [self.party(party)]} if one_in(2) else {"removed": [party]}
            changed |= {"level": pick(["ministers", "officials"])} if one_in(3) else {}
            return {"parties_changed": changed}
        elif sort == "topic":
            tagged = {"topic": pick(TOPICS), "relation": pick(["agenda", "discussed"])}
            return {"topics_tagged": tagged | ({"remove": True} if one_in(3) else {})}
        elif sort == "attendees":
            return {"attendees_named": {"attendees": self.attendees()}}
        elif sort == "outcome":
            return {"outcome_recorded": {
                "kind": pick(["joint_statement", "agreement"]), "summary": pick(["A", "B"]),
                "topics": self.some_topics()} | ({"date": self.date()} if one_in(3) else {})}
        elif sort == "statement":
            about = [s for s in self.streams + self.spare[:1] if one_in(2)]
            return {"statement_made": {
                "who": pick(["a minister", "the parties"]), "summary": pick(["A", "B"]),
                "topics": self.some_topics(), "about": about, "said_on": pick(["", "2021-04-20"])}
                    } | ({"meeting": self.identity()} if one_in(4) else {})
        elif sort == "claim":
            return {"claim_recorded": self.claim()}
        facts = {f"meeting_{sort}": body}
        return facts | ({"meeting": self.identity()} if not one_in(3) else {})

    def claim(self):
        claim = {"claim": self.random.choice(["first", "nth_meeting", "nth_partner", "nth_partner",
                                              "first_of_year", "most_frequent"])}
        if claim["claim"].startswith("nth"):
            claim["value"] = self.random.choice([1, 1, 1, 2, 3, 4, 8])
        scope = {"kind": self.random.choice(self.kinds)} if self.one_in(3) else {}
        scope |= {"party": self.random.choice(self.parties)} if self.one_in(2) else {}
        if self.one_in(3):
            scope["window"] = self.random.choice(["2021", "2021-04", "2021-04-25/..", "P1Y", "P1M"])
        return claim | ({"scope": scope} if scope else {})

    def event(self):
        sort = self.random.choices(list(SORTS), SORTS.values())[0]
        source_class = self.random.choices(list(CLASS_WEIGHTS), CLASS_WEIGHTS.values())[0]
        publisher = self.random.choice(PUBLISHERS[source_class])
        reported = self.reported()
        # Ids are no sign of the order in which things were said.
        event = {"stream": self.random.choice(self.streams), "reported": reported,
                 "source": {"publisher": publisher, "class": source_class},
                 "id": f"{self.name}-{self.random.randrange(10**6):06}"}
        if sort in ("corrected", "retracted") and self.said:
            target = self.random.choice(self.said)
            event["stream"] = target["stream"]
            if not self.one_in(6):
                event["source"] = {k: target["source"][k] for k in ("publisher", "class")}
            body = {"target": target["id"] if not self.one_in(15) else "nobody-knows",
                    "basis": self.random.choice(["source", "encoding"])}
            if sort == "corrected":
                body["replacement"] = self.facts(self.sort_of(target))
            event[f"report_{sort}"] = body
        elif sort == "merged" and len(self.streams) > 1:
            absorbed, survivor = self.random.sample(self.streams, 2)
            event["stream"] = survivor
            event["meetings_merged"] = {"absorbed": absorbed, "survivor": survivor}
        elif sort == "split" and self.said and self.spare:
            stream = self.random.choice(self.said)["stream"]
            listed = [e["id"] for e in self.said if self.one_in(2)] or [self.said[0]["id"]]
            event["stream"] = stream
            event["meeting_split"] = {"from": stream, "to": self.spare.pop(), "event_ids": listed}
        elif sort == "linked" and (others := {*self.streams, *self.spare} - {event["stream"]}):
            event["meeting_linked"] = {
                "other": self.random.choice(sorted(others)),
                "relation": self.random.choice(["successor", "successor", "part_of"])}
        elif sort in ("corrected", "retracted", "merged", "split", "linked"):
            event |= self.facts("scheduled")
        else:
            event |= self.facts(sort)
        if self.one_in(12):
            event["source"]["published"] = event.pop("reported")
        return event

    def sort_of(self, target):
        """The sort of a report, of a correction that of its replacement; now and then another."""
        names = {"meeting_" + sort: sort for sort in list(SORTS)[:10]} | {
            "parties_changed": "parties", "topics_tagged": "topic",
            "attendees_named": "attendees", "outcome_recorded": "outcome",
            "statement_made": "statement", "claim_recorded": "claim"}
        if "report_corrected" in target:
            target = target["report_corrected"]["replacement"]
        known = [sort for name, sort in names.items() if name in target]
        return known[0] if known and not self.one_in(12) else "scheduled"

    def recorded(self):
        """The events in the order of arrival, as the log of those days would have them."""
        arrived = list(self.said)
        if not self.one_in(3):
            self.random.shuffle(arrived)
        day = datetime.date(2021, 5, 20)
        events = []
        for position, event in enumerate(arrived, 1):
            day += datetime.timedelta(days=self.random.randrange(3))
            events.append({"position": str(position), "recorded": f"{day}T12:00:00Z",
                           "event": event})
        return events

    def questions(self):
        """(today, reported by, recorded by), a day or nothing each."""
        days = [f"2021-04-{self.random.randint(17, 30)}" for _ in range(3)]
        later = [f"2021-06-{self.random.randint(1, 9):02}" for _ in range(2)]
        return [(self.random.choice(["2021-04-23", "2021-05-03", "2022-02-01"]), None, None),
                (days[0], days[0], None), (days[1], days[1], None), ("2021-06-10", None, later[0]),
                (days[2], days[2], later[1])]


def on_subjects(seed):
    """What is said of kinds, series, countries and pairs: how complete the log is, and claims."""
    history = History(seed, f"subjects{seed}")
    pick, one_in = history.random.choice, history.one_in
    events = []

    def say(stream, facts, source_class="media"):
        source = {"publisher": pick(PUBLISHERS[source_class]), "class": source_class}
        events.append({"stream": stream, "reported": history.reported(), "source": source,
                       "id": f"s{seed}-{len(events)}"} | facts)

    for kind in [*RARE_KINDS, *KINDS]:
        for first, last in [("2013-01-01", "2021-04-20"), ("2021-04-21", "2022-12-31"),
                            ("2021-01-01", "2021-12-31"), (None, "2021-05-08"), (None, None)]:
            if one_in(3):
                continue
            stream = pick([f"kind/{kind}", f"kind/{kind}", "country/JP", "pair/IN-JP"])
            party = {"party": pick(PARTIES)} if one_in(4) else {}
            days = {name: day for name, day in (("from", first), ("to", last)) if day}
            say(stream, {"coverage_declared": {"kind": kind} | party | days}, "inferred")
    say("series/jp-us-two-plus-two", {"coverage_declared": {"kind": "two-plus-two"}}, "inferred")
    for stream in ["kind/summit", "country/JP", "pair/IN-JP", "series/jp-in-two-plus-two"] * 4:
        say(stream, {"claim_recorded": history.claim()})
    for target in history.random.sample(events, 4):
        say(target["stream"], {"report_retracted": {"target": target["id"], "basis": "encoding"}})
    return [{"position": "0", "recorded": "2021-05-20T12:00:00Z", "event": event}
            for event in events]
