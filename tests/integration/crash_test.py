"""kill -9 at any point and a start afterwards give the same answers as if nothing had happened."""

import json
import os
import pathlib
import random
import re
import shlex
import signal
import tempfile
import unittest

from running import (BIN, PATIENCE, ROOT, SAMPLE, SAMPLE_EVENTS, OneProcess, Program, Server,
                     Services, event, wait_until)

QUESTIONS = (["timeline"], ["timeline", "--country", "JP", "--status", "held"],
             ["timeline", "--topic", "maritime-security"],
             ["stats", "--country", "JP", "--kind", "two-plus-two", "--by", "partner"],
             ["stats", "--country", "JP", "--by", "year"], ["pending"],
             ["changes", "--since", "0", "--country", "JP"], ["countries"], ["topics"],
             ["meeting", "jp-in-two-plus-two-2021-04"], ["subject", "kind/two-plus-two"])


def without_accidents(value):
    """What may differ between two runs: when it was recorded, and how it was looked up."""
    if isinstance(value, dict):
        return {key: without_accidents(one) for key, one in value.items()
                if key not in ("recorded", "generation", "rows_examined")}
    return [without_accidents(one) for one in value] if isinstance(value, list) else value


def without_order(answered):
    """What does not depend on the order in which the events came in: all but their places."""
    def placeless(value):
        if isinstance(value, dict):
            return {key: placeless(one) for key, one in value.items()
                    if key not in ("position", "last_position", "revision")}
        return [placeless(one) for one in value] if isinstance(value, list) else value
    return {question: placeless(answer) for question, answer in answered.items()
            if not question.startswith("changes")}


def answers(services, position):
    return {" ".join(question): without_accidents(services.ask(
        *question, "--json", "--today", "2021-05-05", "--at-least", position).objects)
        for question in QUESTIONS}


class Crash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        services = Services()
        services.ask("append", SAMPLE)
        cls.undisturbed = answers(services, SAMPLE_EVENTS)
        services.close()
        cls.maxDiff = None

    def setUp(self):
        self.services = Services()
        self.addCleanup(self.services.close)
        self.lines = SAMPLE.read_text().splitlines(keepends=True)

    def append(self, lines):
        return self.services.entente("append", "-", "--batch", "3", stdin="".join(lines)).ok()

    def test_each_service_killed_between_two_halves(self):
        for name in Services.NAMES:
            with self.subTest(killed=name):
                services = Services()
                self.addCleanup(services.close)
                half = len(self.lines) // 2
                services.entente("append", "-", stdin="".join(self.lines[:half])).ok()
                services.ask("timeline", "--at-least", half)
                services.kill(name)
                services.start(name)
                services.entente("append", "-", stdin="".join(self.lines[half:])).ok()
                self.assertEqual(answers(services, SAMPLE_EVENTS), self.undisturbed)

    def test_all_killed_again_and_again(self):
        for upto in range(1, len(self.lines), 5):
            self.append(self.lines[:upto])
            for name in Services.NAMES:
                self.services.kill(name)
            for name in Services.NAMES:
                self.services.start(name)
        self.append(self.lines)
        self.assertEqual(answers(self.services, SAMPLE_EVENTS), self.undisturbed)

    def test_any_of_them_killed_at_any_moment(self):
        seed = int(os.environ.get("ENTENTE_TEST_SEED", random.randrange(1 << 32)))
        source = random.Random(seed)
        for _ in range(40 if "ENTENTE_TEST_ALL" in os.environ else 2):
            name = source.choice(Services.NAMES)
            after = source.randrange(len(self.lines))
            with self.subTest(f"ENTENTE_TEST_SEED={seed}", killed=name, after=after):
                services = Services()
                self.addCleanup(services.close)
                with services.explaining():
                    sender = Program(BIN / "entente", *services.where, "append", SAMPLE,
                                     "--batch", "1", "--json", "--timeout", "5")
                    services.ran.append(sender)
                    sender.await_count('^{"position"', after)
                    services.kill(name)
                    services.start(name)
                    self.assertIn(sender.ended(), (0, 3))
                    services.ask("append", SAMPLE)
                    # An event that was under way may have been overtaken by the one behind it.
                    self.assertEqual(without_order(answers(services, SAMPLE_EVENTS)),
                                     without_order(self.undisturbed))
                services.close()

    def test_projector_and_query_may_be_away_while_events_come_in(self):
        self.services.kill("query")
        self.services.kill("projector")
        self.append(self.lines)
        self.services.start("projector")
        self.services.start("query")
        self.assertEqual(answers(self.services, SAMPLE_EVENTS), self.undisturbed)

    def test_ingest_killed_in_the_middle_of_a_stream_loses_nothing_acknowledged(self):
        lines = [event(stream=f"meeting/m{i % 50}-streamed", id=f"streamed-{i}",
                       meeting={"kind": "summit", "parties": [{"name": "JP"}, {"name": "FR"}]},
                       meeting_announced={"date": {"edtf": "2031-07"}}) for i in range(5000)]
        path = self.services.base / "stream.jsonl"
        path.write_text("".join(lines))
        sender = Program(BIN / "entente", *self.services.where, "append", path, "--batch", "20",
                         "--json", "--timeout", "5")
        sender.await_count('^{"position"', 500)
        self.services.kill("ingest")
        self.assertIn(sender.ended(), (0, 3))
        self.services.start("ingest")
        acknowledged = {}
        for line in sender.lines:
            if line.startswith('{"position"'):
                one = json.loads(line)
                acknowledged[one["id"]] = one["position"]
        self.assertGreaterEqual(len(acknowledged), 500)
        stored = {line["event"]["id"]: line["position"]
                  for line in self.services.ask("log", "dump").dumped}
        self.assertEqual({key: stored.get(key) for key in acknowledged}, acknowledged)
        self.services.ask("append", path)
        dumped = [line["event"]["id"] for line in self.services.ask("log", "dump").dumped]
        self.assertEqual(sorted(dumped), sorted(f"streamed-{i}" for i in range(5000)))
        self.services.ask("log", "verify")

    def test_alerts_go_on_over_a_crash_of_query(self):
        self.alerts_go_on_over(self.services.kill)

    def test_alerts_go_on_over_an_orderly_restart_of_query(self):
        """It says goodbye to its subscribers, which is no reason to end."""
        watcher = self.alerts_go_on_over(self.services.stop)
        self.assertIn("opened again; the service ended it: the service is stopping",
                      "\n".join(watcher.lines))

    def alerts_go_on_over(self, end):
        watcher = self.services.watch("--country", "JP", "--from", "0", "--count", "6", "--json")
        self.append(self.lines[:5])
        watcher.await_count("^{", 3)
        end("query")
        self.services.start("query")
        self.append(self.lines)
        self.assertEqual(watcher.ended(), 0)
        places = [(int(one["change"]["position"]), one["change"].get("ordinal", 0))
                  for one in map(json.loads, filter(lambda l: l.startswith("{"), watcher.lines))]
        self.assertEqual(places, sorted(set(places)))
        self.assertEqual(len(places), 6)
        return watcher


class AllInOne(unittest.TestCase):
    """`entente serve`: log, views and queries die together."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        self.base = pathlib.Path(directory.name)
        self.maxDiff = None

    def serve(self, data):
        server = Server(data)
        self.addCleanup(server.stop)
        return server

    def test_killed_again_and_again(self):
        undisturbed = self.serve(self.base / "undisturbed")
        undisturbed.ask("append", SAMPLE)
        lines = SAMPLE.read_text().splitlines(keepends=True)
        for upto in range(1, len(lines), 5):
            server = self.serve(self.base / "killed")
            server.entente("append", "-", "--batch", "3", stdin="".join(lines[:upto])).ok()
            server.kill()
        server = self.serve(self.base / "killed")
        server.ask("append", SAMPLE)
        self.assertEqual(answers(server, SAMPLE_EVENTS), answers(undisturbed, SAMPLE_EVENTS))

    def test_killed_in_the_middle_of_a_stream_loses_nothing_acknowledged(self):
        path = self.base / "stream.jsonl"
        path.write_text("".join(
            event(stream=f"meeting/m{i % 500}-streamed", id=f"streamed-{i}",
                  meeting={"kind": "summit", "parties": [{"name": "JP"}, {"name": "FR"}]},
                  meeting_announced={"date": {"edtf": "2031-07"}}) for i in range(2000)))
        server = self.serve(self.base / "data")
        sender = Program(BIN / "entente", "--data", server.data, "append", path, "--batch", "20",
                         "--json", "--timeout", "5")
        sender.await_count('^{"position"', 300)
        server.kill()
        self.assertIn(sender.ended(), (0, 3))
        acknowledged = {one["id"]: one["position"] for one in map(
            json.loads, (line for line in sender.lines if line.startswith('{"position"')))}
        self.assertGreaterEqual(len(acknowledged), 300)
        server = self.serve(self.base / "data")
        stored = {one["event"]["id"]: one["position"] for one in server.ask("log", "dump").dumped}
        self.assertEqual({key: stored.get(key) for key in acknowledged}, acknowledged)
        server.ask("append", path)
        server.ask("timeline", "--at-least", 2000, "--limit", "1", "--timeout", int(PATIENCE))
        self.assertIn("Proved at position 2000: ", server.ask("verify", "views").out)


# What scripts/demo does, step by step; a test holds it against the script.
DEMO = (
    ("append", "examples/two-plus-two-2021.jsonl"),
    ("timeline", "--country", "JP", "--as-of", "2021-05-05", "--at-least", "$events"),
    ("stats", "--kind", "two-plus-two", "--country", "JP", "--by", "partner", "--as-of",
     "2021-05-05"),
    ("pending", "--as-of", "2021-05-05"),
    ("alerts", "--country", "JP", "--count", "1"),  # goes on until the next step
    ("append", "new.jsonl"),
    ("meeting", "jp-in-two-plus-two-2021-04", "--today", "2021-06-01"),
    ("append", "examples/invented-history.jsonl"),
    ("timeline", "--country", "Mongolia", "--as-of", "2023-06-12"),
    ("timeline", "--country", "India", "--position", "$events", "--today", "2021-05-05"),
)
DEMO_EVENTS = SAMPLE_EVENTS + 1 + sum(
    1 for line in (ROOT / "examples/invented-history.jsonl").read_text().splitlines() if line)
NEW = event(stream="meeting/jp-in-two-plus-two-2021-04", id="new-date",
            meeting_rescheduled={"previous_date": {"edtf": "2021-04-24"},
                                 "new_date": {"edtf": "2021-07-10"}})
# Where an event came to lie, and when: killed in between, it may have been overtaken.
PLACES = re.compile(r"position \d+, revision \d+|recorded \S+ \S+")
MOMENTS = ("during", "after")


def is_calling(program, endpoints):
    """Whether a program has a connection to one of these endpoints."""
    ports = {int(endpoint.rsplit(":", 1)[1]) for endpoint in endpoints.values()}
    process = pathlib.Path(f"/proc/{program.process.pid}")
    try:
        mine = {os.readlink(file) for file in (process / "fd").iterdir()}
        connections = (process / "net/tcp").read_text().splitlines()[1:]
    except OSError:  # it closed a file, or has ended
        return False
    for connection in map(str.split, connections):
        port = int(connection[2].rsplit(":", 1)[1], 16)
        if connection[3] == "01" and port in ports and f"socket:[{connection[9]}]" in mine:
            return True
    return False


class DemoRun:
    """The demo on these services, with one of them killed at some of its steps."""

    def __init__(self, services, kills):
        self.services = services
        self.kills = kills  # number of a step: (a service, during or after)
        self.watcher = None
        self.told = {}  # number of a step: what it printed

    def run(self):
        (self.services.base / "new.jsonl").write_text(NEW)
        for number, step in enumerate(DEMO):
            victim, when = self.kills.get(number, (None, None))
            act = {"append": self.append, "alerts": self.watch}.get(step[0], self.ask)
            told = act(step, victim if when == "during" else None)
            if when == "after":
                self.kill(victim)
            if told is not None:
                self.told[number] = PLACES.sub("", told)
        if self.watcher.ended() != 0:
            raise AssertionError("\n".join(self.watcher.lines))
        alert = [line for line in self.watcher.lines
                 if not line.startswith(("Watching", "entente"))]
        self.told["alert"] = PLACES.sub("", "\n".join(alert))
        return self.told, without_order(answers(self.services, DEMO_EVENTS))

    def close(self):
        """Nothing that it began goes on, whatever failed."""
        if self.watcher is not None and self.watcher.process.poll() is None:
            self.watcher.kill()

    def kill(self, victim):
        self.services.kill(victim)
        self.services.start(victim)

    def words(self, step):
        return [word.replace("$events", str(SAMPLE_EVENTS)) for word in step]

    def begin(self, *arguments):
        program = Program(BIN / "entente", *self.services.where, "--timeout",
                          max(5, int(PATIENCE / 6)), *arguments)
        self.services.ran.append(program)
        return program

    def append(self, step, victim):
        file = ROOT / step[1] if step[1].startswith("examples/") else self.services.base / step[1]
        if victim is not None:
            half = len(file.read_text().splitlines()) // 2
            sender = self.begin("append", file, "--batch", "1", "--json")
            sender.await_count('^{"position"', half)
            self.kill(victim)
            if sender.ended() not in (0, 3):
                raise AssertionError("\n".join(sender.lines))
        self.services.ask("append", file)

    def ask(self, step, victim):
        if victim is None:
            return self.services.ask(*self.words(step)).out
        # It is stopped first, so that the question cannot be over before it is killed.
        program = self.services.programs[victim]
        program.process.send_signal(signal.SIGSTOP)
        asking = self.begin(*self.words(step))
        wait_until(lambda: asking.process.poll() is not None or
                   is_calling(asking, self.services.endpoints), "the question was put")
        self.kill(victim)
        code = asking.ended()
        if code == 0:
            return "\n".join([*asking.lines, ""])
        if code != 3:
            raise AssertionError("\n".join(asking.lines))
        return self.services.ask(*self.words(step)).out

    def watch(self, step, victim):
        self.watcher = self.begin(*step)
        if victim is not None:
            wait_until(lambda: self.watcher.process.poll() is not None or
                       is_calling(self.watcher, self.services.endpoints), "the watcher called")
            self.kill(victim)
        self.watcher.await_line("^Watching")


class Demo(unittest.TestCase):
    """The steps of scripts/demo, with kill -9 of a service during or after each."""

    @classmethod
    def setUpClass(cls):
        services = Services()
        try:
            cls.undisturbed = DemoRun(services, {}).run()
        finally:
            services.close()

    def setUp(self):
        self.maxDiff = None

    def test_these_are_the_steps_of_the_demo(self):
        script = (ROOT / "scripts/demo").read_text()
        shown = [shlex.split(show or alerts) for show, alerts in re.findall(
            r"(?m)^show (.*)$|^ *entente (alerts.*?) --colour", script)]
        self.assertEqual([tuple(word.replace("${demo#$PWD/}/", "") for word in step)
                          for step in shown], list(DEMO))
        self.assertEqual(len(self.undisturbed[0]), len(DEMO) - 3)  # all but what goes in

    def disturbed(self, kind, kills):
        with self.subTest(kills=kills):
            services = kind()
            self.addCleanup(services.close)
            with services.explaining():
                run = DemoRun(services, kills)
                try:
                    told, answered = run.run()
                finally:
                    run.close()
                self.assertEqual(told, self.undisturbed[0])
                self.assertEqual(answered, self.undisturbed[1])
            services.close()

    def test_one_of_three_killed_at_every_step(self):
        self.disturbed(Services, {number: (Services.NAMES[number % 3], MOMENTS[number // 3 % 2])
                                  for number in range(len(DEMO))})

    def test_all_in_one_killed_at_every_step(self):
        self.disturbed(OneProcess, {number: ("serve", MOMENTS[number % 2])
                                    for number in range(len(DEMO))})

    @unittest.skipUnless("ENTENTE_TEST_ALL" in os.environ, "a minute; with ENTENTE_TEST_ALL")
    def test_each_killed_during_and_after_each_step(self):
        for kind in (Services, OneProcess):
            for name in kind.NAMES:
                for when in MOMENTS:
                    self.disturbed(kind, {number: (name, when) for number in range(len(DEMO))})


def killed_before_it_says_where(kind, moments):
    """Services each of which is killed on every start, a few times, before it takes requests."""

    class Interrupted(kind):
        interruptions = 0

        def start(self, name, **how):
            for files in moments:
                program = self.launch(name)
                # A moment is how many files of its own it has opened.
                wait_until(lambda: program.lines or self.opened(program, name) >= files,
                           f"{name} opened {files} files")
                if not program.lines:
                    Interrupted.interruptions += 1
                program.kill()
            super().start(name, **how)

        def opened(self, program, name):
            count = 0
            try:
                for file in pathlib.Path(f"/proc/{program.process.pid}/fd").iterdir():
                    count += os.readlink(file).startswith(f"{self.base / name}/")
            except OSError:  # it closed one meanwhile
                pass
            return count

    return Interrupted


class Starting(unittest.TestCase):
    """kill -9 before a program has said where it listens: on nothing, and on what it wrote."""

    def test_killed_while_it_starts(self):
        moments = range(12) if "ENTENTE_TEST_ALL" in os.environ else (0, 1, 4)
        undisturbed = Services()
        self.addCleanup(undisturbed.close)
        undisturbed.ask("append", SAMPLE)
        expected = answers(undisturbed, SAMPLE_EVENTS)
        undisturbed.close()
        lines = SAMPLE.read_text().splitlines(keepends=True)
        for kind in (Services, OneProcess):
            with self.subTest(kind.__name__):
                services = killed_before_it_says_where(kind, moments)()
                self.addCleanup(services.close)
                with services.explaining():
                    services.entente("append", "-", stdin="".join(lines[:len(lines) // 2])).ok()
                    for name in services.NAMES:
                        services.kill(name)
                    for name in services.NAMES:
                        services.start(name)
                    services.ask("append", SAMPLE)
                    self.assertEqual(answers(services, SAMPLE_EVENTS), expected)
                    self.assertGreaterEqual(services.interruptions, 2 * len(services.NAMES))
                services.close()


if __name__ == "__main__":
    unittest.main()
