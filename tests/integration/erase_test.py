"""`entente log erase`: what an event said is gone from every file, and nothing else is."""

import pathlib
import tempfile
import time
import unittest

from running import PATIENCE, Server, Services, entente, event

SECRET = "Villa-Hammerschmidt"


def talks(**fields):
    return event(stream="meeting/the-talks", id="r1",
                 meeting={"kind": "summit", "parties": [{"name": "JP"}, {"name": "DE"}]},
                 meeting_held={"date": {"edtf": "2021-05-04"}, "place": SECRET, **fields})


def others():
    return "".join(event(stream=f"meeting/other-{n}", id=f"o{n}",
                         meeting={"kind": "summit", "parties": [{"name": "JP"}, {"name": "IN"}]},
                         meeting_held={"date": {"edtf": "2021-05-04"}, "place": "Tokyo"})
                   for n in range(20))


def files_with(directory, text):
    """What lies under the directory and holds the text, but for sockets and what goes meanwhile."""
    found = []
    for path in sorted(pathlib.Path(directory).rglob("*")):
        try:
            if path.is_file() and text.encode() in path.read_bytes():
                found.append(str(path.relative_to(directory)))
        except FileNotFoundError:
            pass
    return found


def until(probe):
    """What the probe gives once that is true; what it gave last if it never is."""
    deadline = time.monotonic() + PATIENCE
    while not (found := probe()) and time.monotonic() < deadline:
        pass
    return found


class OneProcess(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        self.data = pathlib.Path(directory.name) / "data"
        self.server = Server(self.data)
        self.addCleanup(lambda: self.server.stop())
        self.append(talks()).ok()
        self.append(others()).ok()
        self.server.ask("timeline", "--at-least", 21)

    def append(self, lines):
        return self.server.entente("append", "-", stdin=lines)

    def log(self, *arguments):
        return entente("--data", self.data, "log", *arguments)

    def erase(self, position, *more):
        return self.log("erase", position, "--reason", "by order", *more)

    def restart(self):
        self.server = Server(self.data)

    def test_no_file_of_the_log_holds_it_and_verify_names_it(self):
        self.server.stop()
        self.assertNotEqual(files_with(self.data / "log", SECRET), [])
        erased = self.erase(1, "--by", "Landgericht Berlin", "--yes").ok().out
        words = (r"Position 1 was erased by order of Landgericht Berlin "
                 r"\(position 22, \d{4}-\d\d-\d\d\): by order")
        self.assertRegex(erased, words)
        self.assertEqual(files_with(self.data / "log", SECRET), [])
        stopped = self.log("verify").ok().out
        self.assertRegex(stopped, words)
        self.assertIn("22 events", stopped)
        self.restart()
        self.assertEqual(self.server.ask("log", "verify").out, stopped)
        read = self.server.ask("log", "dump").dumped[0]
        self.assertEqual((read["position"], read["revision"], read["event"]),
                         ("1", "1", {"stream": "meeting/the-talks", "id": "r1"}))

    def test_views_are_made_anew_without_it(self):
        self.server.ask("meeting", "the-talks")
        self.server.stop()
        self.erase(1, "--yes").ok()
        self.restart()
        self.assertTrue(until(lambda: [one["name"] for one in self.server.ask(
            "generations", "--json").objects[0]["generations"]] == ["g2"]))
        gone = self.server.entente("meeting", "the-talks")
        self.assertEqual(gone.code, 4, gone.out + gone.err)
        self.assertEqual(len(self.server.ask("timeline", "--json", "--country", "IN").objects), 21)
        self.assertIn("Proved at position", self.server.ask("verify", "views").out)
        self.assertTrue(until(lambda: not files_with(self.data, SECRET)),
                        files_with(self.data, SECRET))
        back = self.server.entente("rollback", "g1")
        self.assertEqual(back.code, 4, back.err)

    def test_sent_again_it_is_a_duplicate(self):
        self.server.stop()
        self.erase(1, "--yes").ok()
        self.restart()
        self.assertIn("0 appended, 1 duplicate", self.append(talks()).ok().err)
        conflict = self.append(talks(mode="video"))
        self.assertNotEqual(conflict.code, 0)
        self.assertIn("ID_CONFLICT", conflict.err)

    def test_what_is_refused(self):
        running = self.erase(1, "--yes")
        self.assertEqual(running.code, 6, running.err)
        self.assertIn("STORE_BUSY", running.err)
        self.server.stop()
        nobody = self.erase(1)
        self.assertEqual(nobody.code, 2, nobody.err)
        self.assertIn("--yes", nobody.err)
        missing = self.erase(22, "--yes")
        self.assertEqual(missing.code, 4, missing.err)
        self.assertIn("positions 1 to 21", missing.err)
        self.assertEqual(self.erase(0, "--yes").code, 4)
        self.erase(1, "--yes").ok()
        again = self.erase(1).ok()
        self.assertIn("erased before", again.err)
        self.assertIn("(position 22,", again.out)
        of_the_log = self.erase(22, "--yes")
        self.assertEqual(of_the_log.code, 1, of_the_log.err)
        self.assertIn("admin/erasures", of_the_log.err)
        self.assertIn("22 events", self.log("verify").ok().out)

    def test_its_dump_makes_the_same_log_again(self):
        self.server.stop()
        self.erase(1, "--yes").ok()
        dump = self.log("dump").ok()
        self.assertNotIn(SECRET, dump.out)
        self.assertEqual(set(dump.dumped[0]["event"]), {"stream", "id"})
        copy = self.data.parent / "copy"
        entente("--data", copy, "log", "load", "-", stdin=dump.out).ok()
        self.assertEqual(entente("--data", copy, "log", "dump").ok().out, dump.out)
        self.assertEqual(entente("--data", copy, "log", "verify").ok().out,
                         self.log("verify").ok().out)


class ThreeProcesses(unittest.TestCase):
    def test_a_replica_that_was_away_moves_over(self):
        services = Services()
        self.addCleanup(services.close)
        services.entente("append", "-", stdin=talks()).ok()
        services.entente("append", "-", stdin=others()).ok()
        services.ask("meeting", "the-talks", "--at-least", "21")
        services.kill("query")
        services.stop("ingest")
        entente("--data", services.base / "ingest", "log", "erase", 1, "--reason", "by order",
                "--yes").ok()
        self.assertEqual(files_with(services.base / "ingest", SECRET), [])
        services.start("ingest")
        self.assertTrue(until(lambda: [one["name"] for one in services.ask(
            "generations", "--json").objects[0]["generations"]] == ["g2"]))
        self.assertNotEqual(files_with(services.base / "query", SECRET), [])
        services.start("query")
        with services.explaining():
            gone = until(lambda: services.entente(
                "meeting", "the-talks", "--at-least", "22").code == 4)
            self.assertTrue(gone)
            self.assertTrue(until(lambda: not files_with(services.base, SECRET)),
                            files_with(services.base, SECRET))


if __name__ == "__main__":
    unittest.main()
