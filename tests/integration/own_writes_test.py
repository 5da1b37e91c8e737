"""What somebody appended is in what the same person asks next, by another run of `entente`."""

import json
import unittest

from running import Services, event, entente


def scheduled(number):
    return event(stream=f"meeting/own-{number}", id=f"own-{number}", meeting_scheduled={
        "date": {"edtf": "2021-07-10"}}, meeting={
            "kind": "two-plus-two", "parties": [{"name": "JP"}, {"name": "IN"}]})


class OwnWrites(unittest.TestCase):
    def setUp(self):
        self.services = Services()
        self.addCleanup(self.services.close)
        self.services.ask("timeline")  # the views are there

    def test_the_next_question_sees_them(self):
        for number in range(20):
            self.services.entente("append", "-", stdin=scheduled(number)).ok()
            answer = self.services.ask("timeline", "--json")
            self.assertEqual(len(answer.objects), number + 2, answer.err)

    def test_where_the_views_are_late_the_answer_says_so(self):
        self.services.entente("append", "-", stdin=scheduled(1)).ok()
        self.services.ask("timeline")
        self.services.kill("projector")
        self.services.entente("append", "-", stdin=scheduled(2)).ok()
        late = self.services.ask("--timeout", "1", "timeline", "--json")
        self.assertEqual(len(late.objects), 2)
        self.assertIn("up to position 2, is not in the views yet", late.err)
        at_once = self.services.ask("--timeout", "1", "timeline", "--json", "--at-least", "0")
        self.assertEqual(at_once.err, "")
        self.services.start("projector")
        self.assertEqual(len(self.services.ask("timeline", "--json").objects), 3)

    def test_of_another_log_in_the_same_place_nothing_is_remembered(self):
        for number in range(3):
            self.services.entente("append", "-", stdin=scheduled(number)).ok()
        other = Services()
        self.addCleanup(other.close)
        # As if the other one had taken the place of the first: same name, shorter log.
        where = [f"--ingest={self.services.endpoints['ingest']}",
                 f"--query={other.endpoints['query']}"]
        self.services.kill("ingest")
        self.services.endpoints["ingest"], listen = "", self.services.endpoints["ingest"]
        other.stop("ingest")
        other.endpoints["ingest"] = listen
        other.start("ingest")
        first = entente(*where, "--timeout", "1", "timeline", "--json").ok()
        self.assertEqual(json.loads(first.out)["answered"].get("position", "0"), "0")
        self.assertEqual(first.err, "")

    def test_an_answer_can_be_asked_for_again_by_its_position(self):
        self.services.entente("append", "-", stdin=scheduled(1)).ok()
        before = self.services.ask("timeline", "--json").objects[:-1]
        self.services.entente("append", "-", stdin=scheduled(2)).ok()
        self.assertEqual(len(self.services.ask("timeline", "--json").objects), 3)
        self.assertEqual(self.services.ask("timeline", "--json", "--position", "1").objects[:-1],
                         before)


if __name__ == "__main__":
    unittest.main()
