"""A log that cannot be written: ingest says so, takes nothing more and goes on answering, and with
room and a restart everything goes in. Without a disk of its own: no file may grow beyond a size."""

import json
import resource
import signal
import unittest

from running import SAMPLE, SAMPLE_EVENTS, Services, event

ROOM = 1 << 20
EVENTS = 2_000


def keep_files_small():
    """In ingest before it begins: a write beyond fails, as on a full disk, and kills nobody."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


class ReadOnly(unittest.TestCase):
    def setUp(self):
        self.services = Services()
        self.addCleanup(self.services.close)

    def stored(self):
        return {one["event"]["id"]: one["position"]
                for one in self.services.ask("log", "dump").dumped}

    def status(self):
        answer = self.services.entente("status", "--json")
        return answer.code, {one["service"]: one for one in answer.objects}

    def test_is_said_and_survived(self):
        services = self.services
        self.assertEqual(services.stop("ingest"), 0)
        services.start("ingest", preexec_fn=keep_files_small)
        acknowledged = {one["id"]: one["position"]
                        for one in services.ask("append", SAMPLE, "--json").objects}
        self.assertEqual(self.status()[1]["ingest"]["health"], "green")

        lines = "".join(event(stream="kind/two-plus-two", id=f"long-{n}",
                              statement_made={"who": "a test", "summary": f"{n} " + "x" * 900})
                        for n in range(EVENTS))
        with services.explaining():
            refused = services.entente("append", "-", "--batch", "50", "--json", stdin=lines)
            self.assertEqual(refused.code, 3, refused.err)
            self.assertRegex(refused.err, "LOG_READ_ONLY|STORE_IO")
            self.assertIn("File too large", refused.err)
            acknowledged |= {one["id"]: one["position"] for one in refused.objects}
            self.assertLess(len(acknowledged), SAMPLE_EVENTS + EVENTS)

            one = event(stream="kind/two-plus-two", id="one-more",
                        statement_made={"who": "a test", "summary": "short"})
            again = services.entente("append", "-", stdin=one)
            self.assertEqual(again.code, 3, again.err)
            self.assertIn("LOG_READ_ONLY", again.err)
            self.assertIn("0 appended", again.err)

            code, status = self.status()
            self.assertEqual((code, status["ingest"]["health"]), (6, "red"))
            self.assertIn("File too large", json.dumps(status["ingest"]["notes"]))
            words = services.entente("status")
            self.assertEqual(words.code, 6)
            self.assertIn("LOG_READ_ONLY", words.out)
            # Questions are answered, and what was acknowledged is all there is.
            self.assertEqual(len(services.ask("timeline", "--json", "--country", "JP",
                                              "--at-least", SAMPLE_EVENTS).objects), 7)
            self.assertIsNone(services.programs["ingest"].process.poll())

            self.assertEqual(services.stop("ingest"), 0)
            services.start("ingest")
            stored = self.stored()
            self.assertEqual({key: stored.get(key) for key in acknowledged}, acknowledged)
            self.assertNotIn("one-more", stored)
            self.assertEqual(self.status()[1]["ingest"]["health"], "green")
            services.entente("append", "-", stdin=lines + one).ok()
            total = SAMPLE_EVENTS + EVENTS + 1
            services.ask("timeline", "--at-least", total)
            self.assertEqual(len(self.stored()), total)
            self.assertRegex(services.ask("log", "verify").out,
                             f"^{total} events in .* unbroken chain")
            self.assertEqual({one["health"] for one in self.status()[1].values()}, {"green"})


if __name__ == "__main__":
    unittest.main()
