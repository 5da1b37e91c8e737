"""The invented history through the three services, as of days on both axes, in several orders of
import: what a reader would say by hand, and what the reference fold makes of the same reports."""

import json
import pathlib
import random
import sys
import unittest

from running import ROOT, Services

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reference"))

from dates import day_of  # noqa: E402
from reference_fold import fold  # noqa: E402

EVENTS = [json.loads(line) for line in
          (ROOT / "examples/invented-history.jsonl").read_text().splitlines() if line]
TALKS, FEED = "meeting/invented-is-mn-bt-2023-05", "meeting/invented-feed-0042"
THREE, TWO = " BT IS MN", " IS MN"

# As of these reported days, which are also today.
BY_REPORTED_DAY = {
    "2023-02-28": {},
    "2023-03-01": {TALKS: "reported 2023-05" + THREE},
    "2023-03-05": {TALKS: "reported 2023-05/2023-06" + THREE},
    "2023-03-10": {TALKS: "scheduled [2023-05-24,2023-05-25]" + THREE},
    "2023-03-20": {TALKS: "scheduled 2023-05-24 in_person" + THREE},
    "2023-04-02": {TALKS: "scheduled 2023-05-24 video" + THREE},
    "2023-04-15": {TALKS: "called_off 2023-05-24 video" + THREE},
    "2023-04-20": {TALKS: "scheduled 2023-06-10 video" + THREE},
    "2023-05-02": {TALKS: "scheduled 2023-06-10 video" + TWO},
    "2023-05-10": {TALKS: "cancelled 2023-06-10 video" + TWO},
    "2023-05-11": {TALKS: "scheduled 2023-06-10 video" + TWO},
    "2023-05-20": {TALKS: "scheduled 2023-06-10 video" + TWO, FEED: "reported 2023-06" + TWO},
    "2023-06-12": {TALKS: "held [2023-06-11,2023-06-12] video" + TWO,
                   FEED: "reported 2023-06" + TWO},
    "2023-06-14": {TALKS: "held 2023-06-11 video" + TWO, FEED: "reported 2023-06" + TWO},
    "2023-07-01": {TALKS: "held 2023-06-11 video" + TWO, FEED: "held 2023-06-28 phone" + TWO},
}
# As of the position at which this one was recorded, where they are in the order of the file.
TODAY = "2023-05-01"
BY_LAST_RECORDED = {
    "invented-01-rumour": {TALKS: "reported 2023-05" + THREE},
    "invented-03-dated": {TALKS: "scheduled 2023-05-24 in_person" + THREE},
    "invented-06-called-off": {TALKS: "called_off 2023-05-24 video" + THREE},
    "invented-11-feed": {TALKS: "scheduled 2023-06-10 video" + TWO, FEED: "reported 2023-06" + TWO},
    "invented-12-merge": {TALKS: "scheduled 2023-06-10 video" + TWO},
    "invented-13-feed-held": {TALKS: "held 2023-06-28 phone" + TWO},
    "invented-14-merge-undone": {TALKS: "scheduled 2023-06-10 video" + TWO,
                                 FEED: "held 2023-06-28 phone" + TWO},
    "invented-16-held-12": {TALKS: "held [2023-06-11,2023-06-12] video" + TWO,
                            FEED: "held 2023-06-28 phone" + TWO},
    "invented-19-old-report": {TALKS: "held 2023-06-11 video" + TWO,
                               FEED: "held 2023-06-28 phone" + TWO},
}


def in_short(status, date, mode, parties):
    return " ".join(filter(None, [status, date, mode, *sorted(parties)]))


def told(services, *bounds):
    """The timeline, a few words for each meeting."""
    meetings = {}
    for line in services.ask("timeline", "--json", "--limit", 0, *bounds).objects[:-1]:
        m = line["meeting"]
        meetings[m["id"]] = in_short(
            m["status"].removeprefix("status_"), m["date"].get("fact", {}).get("value", ""),
            m.get("mode", {}).get("value", ""),
            [party["code"] for party in m["parties"] if not party.get("removed")])
    return meetings


def of_reference(events, today, reported=None):
    """The same of these events by the reference, which knows countries by code only."""
    as_read = json.loads(json.dumps(events).replace('"Bhutan"', '"BT"'))
    recorded = [{"event": event, "recorded": "2023-08-01T00:00:00Z"} for event in as_read]
    return {name: in_short(m.status(day_of(today)), m.date.value, m.facts["mode"].value,
                           m.parties.present)
            for name, m in fold(recorded, reported and day_of(reported)).items() if m.listed}


class Invented(unittest.TestCase):
    def brought_in(self, order):
        """Services that learned the events in this order, one after the other, and the time at which
        they took each."""
        services = Services()
        self.addCleanup(services.close)
        for event in order:
            services.entente("append", "-", stdin=json.dumps(event) + "\n").ok()
        log = services.ask("log", "dump").dumped
        self.assertEqual([one["event"]["id"] for one in log], [event["id"] for event in order])
        return services, [one["recorded"] for one in log]

    def check(self, order):
        services, times = self.brought_in(order)
        for day, expected in BY_REPORTED_DAY.items():
            with self.subTest(reported=day):
                self.assertEqual(told(services, "--as-of", day), expected)
                self.assertEqual(of_reference(order, day, day), expected)
        shown = 0
        for position in (1, 3, 6, 8, 11, 12, 13, 14, 16, 19):
            with self.subTest(position=position):
                expected = of_reference(order[:position], TODAY)
                shown += len(expected) > 0
                by_position = told(services, "--position", position, "--today", TODAY)
                self.assertEqual(by_position, expected)
                by_time = told(services, "--recorded", times[position - 1], "--today", TODAY)
                self.assertEqual(by_time, expected)
                # Both axes: what had been said by a day of what had come in by then.
                both = told(services, "--position", position, "--as-of", "2023-05-10")
                self.assertEqual(both, of_reference(order[:position], "2023-05-10", "2023-05-10"))
        self.assertGreaterEqual(shown, 6)
        return services

    def test_in_the_order_of_the_file(self):
        services = self.check(EVENTS)
        ids = [event["id"] for event in EVENTS]
        for name, expected in BY_LAST_RECORDED.items():
            with self.subTest(last=name):
                position = ids.index(name) + 1
                self.assertEqual(told(services, "--position", position, "--today", TODAY), expected)

    def test_the_newest_report_first(self):
        self.check(sorted(EVENTS, key=lambda event: event["reported"], reverse=True))

    def test_in_no_order(self):
        self.check(random.Random(2023).sample(EVENTS, len(EVENTS)))


if __name__ == "__main__":
    unittest.main()
