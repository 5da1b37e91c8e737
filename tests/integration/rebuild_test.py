"""`entente serve` on one directory: views rebuilt from the log are the same, byte for byte."""

import base64
import pathlib
import re
import tempfile
import unittest

import rocks
from crash_test import answers
from running import BIN, CLEAN, SAMPLE, SAMPLE_EVENTS, Program, Server, entente


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

    def test_the_new_generation_is_served_after_a_restart(self):
        def served(server):
            (*_, last) = server.ask("timeline", "--json", "--at-least", SAMPLE_EVENTS).objects
            generations = server.ask("generations", "--json").objects[0]["generations"]
            (current,) = [one["name"] for one in generations if one["state"] == "current"]
            self.assertEqual(last["answered"]["generation"], current)
            return current
        server = Server(self.data)
        server.ask("append", SAMPLE)
        before = served(server)
        self.assertEqual(server.stop(), 0)
        built = re.search(r"^Built (\S+) up to", self.rebuild().ok().out)[1]
        self.assertNotEqual(built, before)
        server = Server(self.data)
        self.assertEqual(served(server), built)
        server.ask("rollback", "--watch")
        self.assertEqual(served(server), before)
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

    def test_a_row_that_was_changed_or_dropped_is_named(self):
        server = Server(self.data)
        server.ask("append", SAMPLE)
        server.ask("timeline", "--at-least", SAMPLE_EVENTS)
        self.assertEqual(server.stop(), 0)
        (views,) = (path for path in (self.data / "views").iterdir() if path.is_dir())
        meeting = b"jp-de-two-plus-two"

        def verdict(*flags):
            answer = entente("--data", self.data, *flags, "verify", "views")
            self.assertEqual(answer.code, 5, answer.out + answer.err)
            return answer

        with rocks.opened(views) as store:
            key, value = next((key, value) for key, value in store.rows().items()
                              if key[0] == 0x40 and meeting in key)
            flipped = value[:20] + bytes([value[20] ^ 1]) + value[21:]
            store.put(key, flipped)
        said = verdict().out
        self.assertIn(f"The views of {views.name} at position {SAMPLE_EVENTS} are not what the log "
                      "says.", said)
        self.assertIn("meeting/" + meeting.decode(), re.search("(?m)^  row .*", said)[0])
        (as_json,) = verdict("--json").objects
        self.assertEqual(base64.b64decode(as_json["first_difference"]["key"]), key)
        self.assertNotEqual(as_json["first_difference"]["stored"],
                            as_json["first_difference"]["folded"])
        with rocks.opened(views) as store:
            store.delete(key)
        self.assertRegex(verdict().out, r"(?m)^  stored +no such row$")
        with rocks.opened(views) as store:
            store.put(key, value)
        self.assertIn("Proved at", entente("--data", self.data, "verify", "views").ok().out)

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

    def test_a_rehearsal_says_what_would_change_and_changes_nothing(self):
        server = Server(self.data)
        server.ask("append", SAMPLE)
        server.ask("timeline", "--at-least", SAMPLE_EVENTS)
        running = server.ask("rebuild", "--dry-run").out
        self.assertRegex(running, r"A rebuild would change nothing that is said of \d+ meetings\.")
        self.assertRegex(running, rf"g1 at position {SAMPLE_EVENTS}, of projection version \d+")
        server.stop()
        before = {path: path.stat().st_mtime_ns for path in (self.data / "views").rglob("*")}
        self.assertEqual(entente("--data", self.data, "rebuild", "--dry-run").ok().out, running)
        (reply,) = entente("--data", self.data, "--json", "rebuild", "--dry-run").ok().objects
        self.assertEqual(reply["to_position"], str(SAMPLE_EVENTS))
        after = {path: path.stat().st_mtime_ns for path in (self.data / "views").rglob("*")}
        self.assertEqual(before, after)

    def test_what_only_a_running_projector_can_do_is_refused_without_one(self):
        server = Server(self.data)
        server.ask("append", SAMPLE)
        server.stop()
        refused = entente("--data", self.data, "rebuild", "--hold")
        self.assertEqual(refused.code, 2, refused.err)
        self.assertIn("--hold", refused.err)
        self.assertIn("Built ", entente("--data", self.data, "rebuild", "--stop-at-poison").ok().out)
        for command in (["generations"], ["rollback"], ["drop", "g1"], ["parked"]):
            refused = entente("--data", self.data, *command)
            self.assertEqual(refused.code, 3, refused.err)
            self.assertIn(f"entente serve --data {self.data}", refused.err)

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
