"""kill -9 at any point and a start afterwards give the same answers as if nothing had happened."""

import json
import os
import pathlib
import random
import tempfile
import unittest

from running import BIN, PATIENCE, SAMPLE, SAMPLE_EVENTS, Program, Server, Services, event

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


if __name__ == "__main__":
    unittest.main()
