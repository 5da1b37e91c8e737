"""The settings of `entente serve`, and flags that no other test gives."""

import datetime
import pathlib
import re
import tempfile
import unittest

from running import BIN, SAMPLE, SAMPLE_EVENTS, Program, Services, entente, wait_until
from sample_test import AGAIN, DE, GB, ID, IN, US, meetings


class Settings(unittest.TestCase):
    """`serve --config FILE`: each key has an effect or is refused."""

    # What the parts of one process need not be told, and cannot be told otherwise.
    INSIDE = {"projector.ingest", "query.ingest", "query.projector", "query.subscriptions_at"}
    TRIED = {"data", "allow_plaintext", "log_level", "ingest.listen", "projector.listen",
             "projector.poison", "query.listen", "query.tail", "query.subscriptions"}

    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        self.base = pathlib.Path(directory.name)
        self.listen = {part: f"ipc://{self.base}/{part}.sock"
                       for part in ("ingest", "projector", "query", "tail")}

    def file(self, **changes):
        """A file of settings on places of this test, with changes: table.key = TOML value."""
        values = {"data": f'"{self.base}/data"', "query.tail": f'"{self.listen["tail"]}"',
                  **{f"{part}.listen": f'"{self.listen[part]}"'
                     for part in ("ingest", "projector", "query")}, **changes}
        tables = {}
        for key, value in values.items():
            table, _, name = key.rpartition(".")
            tables.setdefault(table, []).append(f"{name} = {value}\n")
        path = self.base / "entente.toml"
        path.write_text("".join(tables.pop("")) + "".join(
            f"[{table}]\n{''.join(lines)}" for table, lines in sorted(tables.items())))
        return path

    def serve(self, *options, **changes):
        program = Program(BIN / "entente", "serve", "--config", self.file(**changes), *options)
        self.addCleanup(program.stop)
        program.await_line("^Ready")
        return program

    def refused(self, expected, code=2, **changes):
        """What it says instead of starting."""
        program = Program(BIN / "entente", "serve", "--config", self.file(**changes))
        self.addCleanup(program.stop)
        wait_until(lambda: program.process.poll() is not None or "Ready. Ctrl-C stops it." in
                   program.lines, "it ended or was ready")
        said = "\n".join(program.lines)
        self.assertNotIn("Ready", said)
        self.assertEqual(program.ended(), code, said)
        said = "\n".join(program.lines)
        self.assertRegex(said, expected)
        return said

    def ask(self, *arguments):
        return entente("--data", self.base / "data", *arguments).ok()

    def test_places(self):
        program = self.serve(**{"query.subscriptions": f'"{self.base}/desks"'})
        for part in ("ingest", "projector", "query"):
            self.assertEqual(program.await_line(rf"^{part} +(\S+)")[1], self.listen[part])
        self.assertEqual(program.await_line(r"^tail \(PUB\) +(\S+)")[1], self.listen["tail"])
        self.assertTrue((self.base / "data/log").is_dir())
        self.ask("append", SAMPLE)
        self.ask("subscription", "create", "desk")
        self.assertTrue(any((self.base / "desks").rglob("*")))
        self.assertFalse((self.base / "data/subscriptions").exists())

    def test_flags_win_over_the_file(self):
        other = f"ipc://{self.base}/other.sock"
        program = self.serve("--ingest-listen", other)
        self.assertEqual(program.await_line(r"^ingest +(\S+)")[1], other)
        self.assertEqual(program.await_line(r"^query +(\S+)")[1], self.listen["query"])

    def test_log_level(self):
        for level, said in (("debug", True), ("error", False)):
            program = self.serve(log_level=f'"{level}"')
            self.ask("append", SAMPLE)
            self.ask("timeline", "--at-least", SAMPLE_EVENTS)
            self.assertEqual(program.stop(), 0)
            self.assertIs(any("level=" in line for line in program.lines), said, program.lines)
        self.refused("CONFIG_INVALID at log_level: .*loud", log_level='"loud"')

    def test_plaintext_beyond_this_machine_must_be_allowed(self):
        everywhere = {"ingest.listen": '"tcp://0.0.0.0:*"'}
        self.refused("ENDPOINT_REFUSED", code=6, **everywhere)
        self.serve(allow_plaintext="true", **everywhere)
        self.refused("CONFIG_INVALID at allow_plaintext: .*true or false", allow_plaintext='"yes"')

    def test_poison(self):
        self.serve(**{"projector.poison": '"pause"'}).stop()
        self.refused("CONFIG_INVALID at projector.poison: .*drink.*park",
                     **{"projector.poison": '"drink"'})

    def test_parts_of_one_process_are_not_sent_elsewhere(self):
        for key in sorted(self.INSIDE):
            self.refused(f"CONFIG_INVALID at {key}: .*tcp://127.0.0.1:1",
                         **{key: '"tcp://127.0.0.1:1"'})
        # One file may serve all programs of a machine, so that what is so may also be said.
        self.serve(**{"projector.ingest": f'"{self.listen["ingest"]}"',
                      "query.ingest": f'"{self.listen["ingest"]}"',
                      "query.projector": f'"{self.listen["projector"]}"'})

    def test_keys_that_there_are_not(self):
        known = set()
        for key in ("dta", "ingest.liste", "projector.liste", "query.liste", "gateway.listen"):
            said = self.refused(
                rf"CONFIG_INVALID at {key.split('.')[0]}.*line \d+: there is no such key",
                **{key: '"x"'})
            known |= set(re.search(r"did you mean (.*)\?", said)[1].split(", "))
        # All there are is what these tests give.
        self.assertEqual(known, self.TRIED | self.INSIDE)
        (self.base / "no.toml").write_text("data = \n")
        for file, expected in (("no.toml", r"CONFIG_INVALID.*line 1"),
                               ("nowhere.toml", "FILE_UNREADABLE")):
            answer = entente("serve", "--config", self.base / file)
            self.assertEqual(answer.code, 2, answer.err)
            self.assertRegex(answer.err, expected)


class Flags(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.services = Services()
        cls.services.ask("append", SAMPLE)
        days = [one["recorded"][:10]
                for one in cls.ask("changes", "--since", "0", "--json").objects[:-1]]
        cls.recorded = min(days)
        cls.later = (datetime.date.fromisoformat(max(days)) + datetime.timedelta(1)).isoformat()

    @classmethod
    def tearDownClass(cls):
        cls.services.close()

    @classmethod
    def ask(cls, command, *arguments):
        return cls.services.ask(command, "--at-least", SAMPLE_EVENTS, "--today", "2021-05-05",
                                *arguments)

    def timeline(self, *arguments):
        return self.ask("timeline", *arguments, "--json")

    def test_changes_since_a_recorded_day(self):
        everything = self.ask("changes", "--since", "0", "--json").objects
        self.assertGreaterEqual(len(everything), SAMPLE_EVENTS)
        day = self.ask("changes", "--since", self.recorded, "--json").objects
        self.assertEqual(day[:-1], everything[:-1])
        words = self.ask("changes", "--since", self.recorded, "--country", "IN").out
        self.assertIn("postponed", words)
        self.assertIn(f"Next time: --since {SAMPLE_EVENTS}", words)
        self.assertEqual(self.ask("changes", "--since", self.later, "--json").objects[:-1], [])
        # The day on which it was reported is another time, and long before.
        self.assertEqual(self.ask("changes", "--since", "2021-05-06", "--json").objects[:-1],
                         everything[:-1])

    def test_alerts_from_a_recorded_day(self):
        def told(day):
            return self.services.ask("alerts", "--country", "IN", "--from", day, "--until-now",
                                     "--json").objects
        places = [int(one["change"]["position"]) for one in told(self.recorded)]
        self.assertEqual(places, [int(one["change"]["position"]) for one in told("0")])
        self.assertEqual(places, sorted(places))
        self.assertGreater(len(places), 2)
        self.assertEqual(told(self.later), [])
        words = self.services.ask("alerts", "--country", "IN", "--from", self.recorded,
                                  "--until-now").out
        self.assertEqual(words.count("●"), len(places))

    def test_one_of_several_statuses(self):
        either = self.timeline("--status", "held,postponed")
        self.assertEqual(set(meetings(either)), {GB, US, ID, DE, IN})
        self.assertEqual({entry["meeting"]["status"] for entry in either.objects[:-1]},
                         {"status_held", "status_postponed"})
        self.assertEqual(meetings(self.timeline("--status", "held", "--status", "postponed")),
                         meetings(either))
        self.assertEqual(meetings(self.timeline("--status", "reported")), [AGAIN])

    def test_certainly_and_possibly_within_dates(self):
        within = ["--from", "2021-03-10", "--to", "2021-03-20"]
        possible = self.timeline(*within, "--possible")
        self.assertEqual(set(meetings(possible)), {US, ID})
        self.assertEqual({entry.get("certain", False) for entry in possible.objects[:-1]}, {False})
        self.assertEqual(meetings(self.timeline(*within)), meetings(possible))
        self.assertEqual(meetings(self.timeline(*within, "--certain")), [])
        self.assertIn("2 meetings, 0 of them certainly within these dates.",
                      self.ask("timeline", *within).out)
        month = ["--from", "2021-03-01", "--to", "2021-03-31"]
        self.assertEqual(set(meetings(self.timeline(*month, "--certain"))), {US, ID})
        self.assertEqual(meetings(self.timeline("--to", "2021-02", "--certain")), [GB])

    def test_certain_and_possible_exclude_each_other(self):
        for command in (["timeline"], ["stats"], ["pending"], ["changes", "--since", "0"]):
            for both in (["--certain", "--possible"], ["--possible", "--certain"]):
                answer = self.services.entente(*command, *both)
                self.assertEqual(answer.code, 2, answer.err)
                self.assertIn("--certain", answer.err)
                self.assertIn("--possible", answer.err)


if __name__ == "__main__":
    unittest.main()
