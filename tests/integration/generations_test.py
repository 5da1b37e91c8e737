"""Views are built anew, swapped, gone back to and dropped while `entente serve` answers."""

import pathlib
import tempfile
import unittest

from crash_test import answers
from running import SAMPLE, SAMPLE_EVENTS, Server, event


def states(reply):
    return {one["name"]: one["state"] for one in reply["generations"]}


class Generations(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        self.server = Server(pathlib.Path(directory.name) / "data")
        self.addCleanup(self.server.stop)
        self.server.ask("append", SAMPLE)
        self.server.ask("timeline", "--at-least", SAMPLE_EVENTS)
        self.maxDiff = None

    def change(self, *command):
        """What there is after a change that is watched to its end, where it has one."""
        return self.server.ask(*command, "--json").objects[-1]

    def generations(self):
        (reply,) = self.server.ask("generations", "--json").objects
        return reply

    def test_a_rebuild_takes_over_and_the_answers_are_the_same(self):
        before = answers(self.server, SAMPLE_EVENTS)
        self.assertEqual(states(self.generations()), {"g1": "current"})
        reply = self.change("rebuild", "--watch")
        self.assertEqual(states(reply), {"g1": "kept", "g2": "current"})
        self.assertNotIn("building", reply)
        self.assertEqual(answers(self.server, SAMPLE_EVENTS), before)
        self.assertIn("Proved at position", self.server.ask("verify", "views").out)
        timeline = self.server.ask("timeline", "--json").objects[-1]
        self.assertEqual(timeline["answered"]["generation"], "g2")

    def test_what_is_appended_meanwhile_is_in_the_new_views(self):
        reply = self.change("rebuild", "--hold", "--watch")
        self.assertEqual(states(reply), {"g1": "current", "g2": "building"})
        self.assertTrue(reply["building"]["held"])
        self.assertRegex(self.server.ask("generations").out, r"(?m)^g2 +held ")
        self.assertIn("waits for: entente generations swap", self.server.ask("status").out)
        self.server.entente("append", "-", stdin=event(
            stream="meeting/new-one", meeting={"kind": "summit",
                                               "parties": [{"name": "JP"}, {"name": "BR"}]},
            meeting_announced={"date": {"edtf": "2031-07"}})).ok()
        brazil = ["timeline", "--country", "BR", "--json", "--at-least", SAMPLE_EVENTS + 1]
        self.assertEqual(len(self.server.ask(*brazil).objects), 2)
        swapped = self.change("generations", "swap", "--watch")
        self.assertEqual(states(swapped), {"g1": "kept", "g2": "current"})
        self.assertEqual(len(self.server.ask(*brazil).objects), 2)

    def test_going_back_and_forth(self):
        before = answers(self.server, SAMPLE_EVENTS)
        self.change("rebuild", "--watch")
        self.assertEqual(states(self.change("rollback", "g1", "--watch")),
                         {"g1": "current", "g2": "kept"})
        self.assertEqual(answers(self.server, SAMPLE_EVENTS), before)
        self.assertEqual(states(self.change("rollback", "--watch")),
                         {"g1": "kept", "g2": "current"})

    def test_dropping(self):
        self.change("rebuild", "--watch")
        current = self.server.entente("drop", "g2")
        self.assertEqual(current.code, 1, current.err)
        self.assertIn("FIELD_INVALID", current.err)
        missing = self.server.entente("drop", "g7")
        self.assertEqual(missing.code, 4, missing.err)
        self.assertEqual(states(self.change("drop", "g1")), {"g2": "current"})
        gone = self.server.entente("rollback")
        self.assertEqual(gone.code, 4, gone.err)

    def test_one_at_a_time_and_given_up(self):
        self.change("rebuild", "--hold", "--watch")
        second = self.server.entente("rebuild")
        self.assertEqual(second.code, 6, second.err)
        self.assertIn("STORE_BUSY", second.err)
        self.assertEqual(states(self.change("generations", "cancel")), {"g1": "current"})
        nothing = self.server.entente("generations", "swap")
        self.assertNotEqual(nothing.code, 0)

    def test_nothing_is_parked(self):
        self.assertIn("No event is parked", self.server.ask("parked").out)
        self.assertEqual(self.server.ask("parked", "--json").objects[-1].get("generation"), "g1")


if __name__ == "__main__":
    unittest.main()
