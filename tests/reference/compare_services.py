#!/usr/bin/env python3
"""Holds what `entente serve` answers against the reference, on invented histories in one log.

    compare_services.py [--histories 500] [--seeds FIRST LAST]

The histories are appended shuffled into each other, in two parts. Then timeline, every meeting,
stats by year and pending are asked as of several days on both axes and compared, but for
positions, recorded times and what only a reader needs. ENTENTE_BIN_DIR says where `entente` is.
"""

import argparse
import datetime
import json
import pathlib
import random
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration"))

from compare_fold import first_difference, shape, shape_of_json  # noqa: E402
from dates import day_of  # noqa: E402
from histories import History  # noqa: E402
from questions import held_by_year, pending, timeline  # noqa: E402
from reference_fold import fold  # noqa: E402
from running import BIN, PATIENCE, Program, entente  # noqa: E402

# Days on which the two parts count as recorded, for the reference.
FIRST, SECOND = "2021-06-01", "2021-06-02"
# today, as of the reported day, only the first part
QUESTIONS = [("2021-05-03", None, False), ("2021-04-23", "2021-04-23", False),
             ("2021-04-27", "2021-04-27", False), ("2022-02-01", None, True),
             ("2021-04-25", "2021-04-25", True), ("2021-04-19", "2021-04-19", False)]


class Served:
    """`entente serve` on a directory of its own."""

    def __init__(self, data):
        self.data = data
        free = [f"--{name}=tcp://127.0.0.1:*" for name in
                ("ingest-listen", "projector-listen", "query-listen", "query-tail")]
        self.program = Program(BIN / "entente", "serve", "--data", data, *free)
        self.program.await_line("^Ready")
        self.appended = 0

    def append(self, events):
        entente("--data", self.data, "append", "-",
                stdin="".join(json.dumps(event) + "\n" for event in events)).ok()
        self.appended += len(events)

    def ask(self, *arguments):
        """The lines of an answer without the last, which says how it was answered."""
        answer = entente("--data", self.data, "--timeout", int(PATIENCE), *arguments, "--json",
                         "--at-least", self.appended)
        return [line for line in answer.ok().objects if "answered" not in line or "meeting" in line]


def after_now():
    """A time after everything recorded until now, and before all that is recorded from now on."""
    def milliseconds():
        return int(datetime.datetime.now(datetime.timezone.utc).timestamp() * 1000)
    now = milliseconds()
    while milliseconds() <= now + 1:
        pass
    boundary = datetime.datetime.fromtimestamp(now / 1000, datetime.timezone.utc)
    return boundary.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def compare(served, histories, question, boundary):
    """Differences, in sentences."""
    today, reported, first_part = question
    bounds = ["--today", today] + (["--as-of", reported] if reported else [])
    bounds += ["--recorded", boundary] if first_part else []
    meetings = {}
    for events in histories:
        meetings |= fold(events, reported and day_of(reported), FIRST if first_part else None)
    everything = list(meetings.values())
    expected = {name: shape(m, day_of(today)) for name, m in meetings.items()}
    why = pending(everything, day_of(today))

    entries = served.ask("timeline", "--limit", 0, *bounds)
    got = [(entry["meeting"]["id"], entry.get("tied_with_next", False)) for entry in entries]
    if got != timeline(everything):
        yield f"timeline: the reference has {timeline(everything)},\n  the services {got}"
    for meeting in (entry["meeting"] for entry in entries):
        if meeting["id"] in expected:
            name = meeting["id"]
            shown = shape_of_json(meeting, expected[name]["pending"])
            found = first_difference({name: expected[name]}, {name: shown})
            if found:
                yield f"timeline, {found}"
    entries = served.ask("pending", "--limit", 0, *bounds)
    got = {entry["meeting"]["id"]: entry["why"] for entry in entries}
    if got != why:
        yield "pending: " + str({name: (why.get(name), got.get(name))
                                 for name in why | got if why.get(name) != got.get(name)})
    got = {count["key"]: (count.get("certain", 0), count.get("possible", 0))
           for count in served.ask("stats", "--by", "year", *bounds)}
    got = {year: counts for year, counts in got.items() if counts != (0, 0)}
    if got != held_by_year(everything):
        yield f"stats: the reference counts {held_by_year(everything)}, the services {got}"
    asked = random.Random(today).sample(sorted(expected), min(40, len(expected)))
    for name in asked:
        if expected[name]["standing"] == "unspecified":
            continue
        answer = served.ask("meeting", name, *bounds)[0]["meeting"]
        shown = shape_of_json(answer, expected[name]["pending"])
        found = first_difference({name: expected[name]}, {name: shown})
        if found:
            yield f"meeting, {found}"


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--histories", type=int, default=500)
    options.add_argument("--seeds", type=int, nargs=2, metavar=("FIRST", "LAST"))
    args = options.parse_args()
    first, last = args.seeds or (1, args.histories)
    histories = [History(seed).recorded() for seed in range(first, last + 1)]
    arriving = [event for events in histories for event in events]
    random.Random(first).shuffle(arriving)
    half = len(arriving) // 2
    for index, event in enumerate(arriving):
        event["recorded"] = FIRST if index < half else SECOND

    differences = 0
    with tempfile.TemporaryDirectory(prefix="entente-test-") as data:
        served = Served(data)
        served.append([event["event"] for event in arriving[:half]])
        boundary = after_now()
        served.append([event["event"] for event in arriving[half:]])
        for question in QUESTIONS:
            for difference in compare(served, histories, question, boundary):
                differences += 1
                if differences <= 10:
                    print(f"today {question[0]}, reported by {question[1]}, "
                          f"{'first part' if question[2] else 'all'}: {difference}")
        ended = served.program.stop()
    print(f"{len(histories)} histories, {len(arriving)} events, {differences} differences")
    return 1 if differences or ended else 0


if __name__ == "__main__":
    sys.exit(main())
