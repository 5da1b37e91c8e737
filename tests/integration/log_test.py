"""`entente log`: the same log from its dump, its events in another, and the first break by name."""

import hashlib
import json
import pathlib
import re
import tempfile
import unittest

from crash_test import answers
from rebuild_test import Server
from running import SAMPLE, SAMPLE_EVENTS, entente

HEAD = re.compile(r"Head: position (\d+), hash ([0-9a-f]{64})")


class Log(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        self.base = pathlib.Path(directory.name)
        self.data = self.base / "data"
        self.dump = self.base / "dump.jsonl"
        self.server = Server(self.data)
        self.addCleanup(lambda: self.server.stop())
        # In two commits at least: what waits for the disk at the same time may share one.
        lines = SAMPLE.read_text().splitlines(keepends=True)
        for part in lines[:10], lines[10:]:
            self.server.entente("append", "-", stdin="".join(part)).ok()
        self.verdict = self.server.ask("log", "verify").out
        self.dump.write_text(self.server.ask("log", "dump").out)

    def on(self, data, *arguments):
        return entente("--data", data, "log", *arguments)

    def files(self):
        """What lies in the log's directory, but for the lock."""
        return {path: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted((self.data / "log").rglob("*"))
                if path.is_file() and path.name != "lock"}

    def test_a_dump_makes_the_same_log_again(self):
        before = answers(self.server, SAMPLE_EVENTS)
        copy = self.base / "copy"
        loaded = self.on(copy, "load", self.dump).ok().out
        self.assertIn(f"Loaded {SAMPLE_EVENTS} events", loaded)
        self.assertEqual(HEAD.search(loaded)[0], HEAD.search(self.verdict)[0])
        self.assertEqual(self.on(copy, "verify").ok().out, self.verdict)
        self.assertEqual(self.on(copy, "dump").ok().out, self.dump.read_text())
        other = Server(copy)
        self.assertEqual(answers(other, SAMPLE_EVENTS), before)
        again = other.ask("append", SAMPLE)
        self.assertIn(f"0 appended, {SAMPLE_EVENTS} duplicates", again.err)
        self.assertEqual(other.stop(), 0)

    def test_a_dump_that_was_changed_leaves_no_log(self):
        lines = self.dump.read_text().splitlines()
        self.assertIn("2021", lines[-1])
        changes = {
            "a digit of an event": lines[:-1] + [lines[-1].replace("2021", "2022")],
            "the last line missing": lines[:-1],
            "a line missing": lines[:3] + lines[4:],
        }
        copy = self.base / "copy"
        for what, changed in changes.items():
            with self.subTest(what):
                self.dump.write_text("\n".join(changed) + "\n")
                refused = self.on(copy, "load", self.dump)
                self.assertNotEqual(refused.code, 0)
                self.assertEqual(self.on(copy, "verify").code, self.on(self.base, "verify").code)
                self.assertFalse((copy / "log" / "commits").exists())
        self.dump.write_text("\n".join(lines) + "\n")
        self.on(copy, "load", self.dump).ok()
        twice = self.on(copy, "load", self.dump)
        self.assertIn("there is a log already", twice.err)

    def test_its_events_are_appended_to_another_log(self):
        before = answers(self.server, SAMPLE_EVENTS)
        other = Server(self.base / "other")
        loaded = other.ask("log", "load", "--append", self.dump)
        self.assertIn(f"{SAMPLE_EVENTS} appended, 0 duplicates, none refused", loaded.err)
        self.assertEqual(answers(other, SAMPLE_EVENTS), before)
        self.assertEqual(other.stop(), 0)

    def test_a_log_that_does_not_run_is_read_and_not_changed(self):
        self.server.stop()
        before = self.files()
        self.assertEqual(self.on(self.data, "dump").ok().out, self.dump.read_text())
        self.assertEqual(self.on(self.data, "verify").ok().out, self.verdict)
        self.assertEqual(self.files(), before)

    def test_a_flipped_byte_is_named_and_left_as_it_is(self):
        self.server.stop()
        changed = 0
        for path in sorted((self.data / "log").rglob("*")):
            if path.is_file() and b"Toshimitsu" in (content := path.read_bytes()):
                path.write_bytes(content.replace(b"Toshimitsu", b"Toshimitsv", 1))
                changed += 1
                name = path.name
        self.assertEqual(changed, 1, "the event should be found on disk as it was sent")
        before = self.files()
        verified = self.on(self.data, "verify")
        self.assertEqual(verified.code, 5, verified.out + verified.err)
        self.assertIn(name, verified.err)
        self.assertRegex(verified.out, r"The log is whole up to position \d+\.")
        self.assertNotEqual(self.on(self.data, "dump").code, 0)
        self.assertEqual(self.files(), before)

    def test_a_log_that_ends_below_its_witness_is_missed(self):
        self.server.stop()
        wals = [path for path in (self.data / "log" / "commits").glob("*.log")
                if path.stat().st_size > 0]
        wals[-1].write_bytes(wals[-1].read_bytes()[:-1])
        verified = self.on(self.data, "verify")
        self.assertEqual(verified.code, 5, verified.out + verified.err)
        self.assertIn("the witness file says", verified.err)

    def test_what_is_new_since_a_time(self):
        commits = [json.loads(line)["commit"] for line in self.dump.read_text().splitlines()
                   if line.startswith('{"commit"')]
        since = commits[-1]["recorded"]
        first = next(c["first_position"] for c in commits if c["recorded"] >= since)
        def positions(answer):
            return [line["event"]["position"] for line in answer.objects if "event" in line]
        running = positions(self.server.ask("log", "dump", "--since", since))
        self.assertEqual(running, [str(p) for p in range(int(first), SAMPLE_EVENTS + 1)])
        self.assertEqual(positions(self.server.ask("log", "dump", "--since", "2999-01-01")), [])
        self.assertEqual(self.on(self.data, "dump", "--since", "soon").code, 2)
        self.server.stop()
        self.assertEqual(positions(self.on(self.data, "dump", "--since", since).ok()), running)


if __name__ == "__main__":
    unittest.main()
