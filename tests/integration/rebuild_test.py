"""`entente serve` on one directory: views rebuilt from the log are the same, byte for byte."""

import pathlib
import re
import tempfile
import unittest

from crash_test import answers
from running import BIN, CLEAN, SAMPLE, SAMPLE_EVENTS, Program, entente


class Server:
    """`entente serve`, asked by its directory."""

    def __init__(self, data, *options):
        self.data = data
        free = [f"--{name}=tcp://127.0.0.1:*" for name in
                ("ingest-listen", "projector-listen", "query-listen", "query-tail")]
        self.program = Program(BIN / "entente", "serve", "--data", data, *free, *options)
        self.program.await_line("^Ready")

    def ask(self, *arguments):
        return entente("--data", self.data, *arguments).ok()

    def stop(self):
        return self.program.stop()


class Rebuild(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        self.data = pathlib.Path(directory.name) / "data"

    def rebuild(self):
        return entente("--data", self.data, "rebuild")

    def test_the_same_bytes_and_the_same_answers(self):
        server = Server(self.data)
        server.ask("append", SAMPLE)
        before = answers(server, SAMPLE_EVENTS)
        self.assertEqual(server.stop(), 0)
        first = self.rebuild().ok().out
        self.assertIn("Byte for byte the same as ", first)
        self.assertRegex(first, rf"Built \S+ up to position {SAMPLE_EVENTS}: \d+ rows")
        second = self.rebuild().ok().out
        digest = re.compile("digest ([0-9a-f]{64})")
        self.assertEqual(digest.search(first)[1], digest.search(second)[1])
        server = Server(self.data)
        self.assertEqual(answers(server, SAMPLE_EVENTS), before)
        self.assertEqual(server.stop(), 0)

    def test_views_are_proved_beside_running_services_and_without(self):
        server = Server(self.data)
        server.ask("append", SAMPLE)
        server.ask("timeline", "--at-least", SAMPLE_EVENTS)
        running = server.ask("verify", "views").out
        self.assertIn(f"Proved at position {SAMPLE_EVENTS}: ", running)
        server.stop()
        before = {path: path.stat().st_mtime_ns for path in (self.data / "views").rglob("*")}
        stopped = entente("--data", self.data, "verify", "views").ok().out
        self.assertEqual(running, stopped)
        after = {path: path.stat().st_mtime_ns for path in (self.data / "views").rglob("*")}
        self.assertEqual(before, after)
        as_json = entente("--data", self.data, "--json", "verify", "views").ok().objects
        self.assertEqual(as_json[0]["at"]["position"], str(SAMPLE_EVENTS))
        self.assertNotIn("first_difference", as_json[0])

    def test_views_that_are_gone_come_back(self):
        server = Server(self.data)
        server.ask("append", SAMPLE)
        before = answers(server, SAMPLE_EVENTS)
        server.stop()
        (self.data / "views").rename(self.data / "views-moved-away")
        self.assertIn("no views before", self.rebuild().ok().out)
        server = Server(self.data)
        self.assertEqual(answers(server, SAMPLE_EVENTS), before)
        server.stop()

    def test_not_while_it_runs(self):
        server = Server(self.data)
        refused = self.rebuild()
        self.assertEqual(refused.code, 6, refused.err)
        self.assertIn("STORE_BUSY", refused.err)
        self.assertIn(str(server.program.process.pid), refused.err)
        server.stop()

    def test_one_directory_one_server(self):
        server = Server(self.data, "--marker", "SAMPLE")
        second = entente("serve", "--data", self.data, "--ingest-listen", "tcp://127.0.0.1:*")
        self.assertEqual(second.code, 6, second.err)
        self.assertIn(str(server.program.process.pid), second.err)
        self.assertIn("marked SAMPLE", server.ask("status").out)
        server.stop()
        # Stopped cleanly, it is no longer found; once marked, always marked.
        gone = entente("--data", self.data, "status")
        self.assertEqual(gone.code, 3)
        self.assertIn(f"entente serve --data {self.data}", gone.err)
        again = Server(self.data)
        self.assertIn("marked SAMPLE", again.ask("status").out)
        again.stop()

    def test_ephemeral_leaves_nothing(self):
        with tempfile.TemporaryDirectory(prefix="entente-test-") as place:
            free = [f"--{name}=tcp://127.0.0.1:*" for name in
                    ("ingest-listen", "projector-listen", "query-listen", "query-tail")]
            program = Program(BIN / "entente", "serve", "--ephemeral", *free,
                              env={**CLEAN, "TMPDIR": place})
            data = program.await_line(r"Data directory: (\S+)")[1]
            program.await_line("^Ready")
            entente("--data", data, "append", SAMPLE).ok()
            self.assertEqual(program.stop(), 0)
            self.assertEqual(list(pathlib.Path(place).iterdir()), [])


if __name__ == "__main__":
    unittest.main()
