"""History brought in late is in every timeline and alerts nobody; what is refused is not lost."""

import json
import pathlib
import tempfile
import unittest

from running import Services, entente, event

TODAY = ["--today", "2021-06-30"]
PARTIES = {"kind": "two-plus-two", "parties": [{"name": "JP"}, {"name": "IN"}]}


def scheduled(name, **changes):
    return event(**{"stream": f"meeting/imported-{name}", "id": name, "meeting": PARTIES,
                    "meeting_scheduled": {"date": {"edtf": "2021-07-10"}}, **changes})


class Import(unittest.TestCase):
    def setUp(self):
        self.services = Services()
        self.addCleanup(self.services.close)
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def bring_in(self, lines, *options, name="history.jsonl"):
        file = self.directory / name
        file.write_text("".join(lines))
        return self.services.entente("import", file, *TODAY, *options)

    def dumped(self):
        return self.services.ask("log", "dump").dumped

    def alerts(self):
        """The ids of the reports that are told, up to the last, which is."""
        program = self.services.watch("--from", "0", "--json")
        self.services.entente("append", "-", stdin=scheduled("sentinel")).ok()
        program.await_line("imported-sentinel")
        program.stop()
        positions = [int(json.loads(line)["change"]["position"]) for line in program.lines
                     if line.startswith("{")]
        ids = {int(one["position"]): one["event"]["id"] for one in self.dumped()}
        return [ids[position] for position in positions][:-1]

    def listed(self, *options):
        answer = self.services.ask("timeline", "--json", *TODAY, *options)
        return {one["meeting"]["id"] for one in answer.objects if "meeting" in one}

    def test_what_is_old_is_in_the_timeline_and_alerts_nobody(self):
        answer = self.bring_in([scheduled("old", reported="2021-06-22"),
                                scheduled("of-a-year", reported="2020"),
                                scheduled("recent", reported="2021-06-23")]).ok()
        self.assertIn("3 appended (2 as history), 0 duplicates, none refused", answer.err)
        self.assertEqual(self.listed(), {"meeting/imported-old", "meeting/imported-of-a-year",
                                         "meeting/imported-recent"})
        # As what was said, it counts as of its own day.
        self.assertEqual(self.listed("--as-of", "2021-06-22"),
                         {"meeting/imported-old", "meeting/imported-of-a-year"})
        self.assertEqual(self.alerts(), ["recent"])

    def test_backfill_never_alerts_and_always_does_not(self):
        self.bring_in([scheduled("old", reported="2020-01-01"),
                       scheduled("marked", backfill=True)], "--backfill", "never").ok()
        self.bring_in([scheduled("recent", reported="2021-06-30")], "--backfill", "always").ok()
        self.assertEqual(self.alerts(), ["old", "marked"])

    def test_how_it_came_is_told_and_is_no_part_of_it(self):
        line = scheduled("old", reported="2020-01-01")
        of_a_feed = scheduled("fed", origin={"importer": "a feed", "version": "7"})
        self.bring_in([line, of_a_feed]).ok()
        again = self.services.entente("append", "-", stdin=line).ok()
        self.assertIn("0 appended, 1 duplicate, none refused", again.err)
        again = self.bring_in([line, of_a_feed], "--backfill", "never").ok()
        self.assertIn("0 appended, 2 duplicates, none refused", again.err)
        version = entente("--version").ok().out.split()[1]
        old, fed = [one["event"] for one in self.dumped()]
        self.assertEqual((old["origin"], old["backfill"]),
                         ({"importer": "entente import", "version": version}, True))
        self.assertEqual(fed["origin"], {"importer": "a feed", "version": "7"})

    def test_a_dry_run_stores_and_writes_nothing(self):
        answer = self.bring_in([scheduled("one", reported="2020"), "nonsense\n"], "--dry-run")
        self.assertEqual(answer.code, 1)
        self.assertIn("1 would be appended (1 as history), 0 duplicates, 1 refused", answer.err)
        self.assertEqual(self.dumped(), [])
        self.assertEqual([file.name for file in self.directory.iterdir()], ["history.jsonl"])

    def test_what_is_refused_is_put_right_and_imported_again(self):
        wrong = {"kind": "two-plus-two", "parties": [{"name": "Japn"}, {"name": "IN"}]}
        answer = self.bring_in([
            scheduled("good"), scheduled("party", meeting=wrong, meeting_scheduled={
                "date": {"edtf": "2021-06-31"}}), "no event\n", scheduled("also-good"),
            scheduled("field", meeting_hold={}), scheduled("good", reported="2021-06-02")])
        self.assertEqual(answer.code, 1)
        self.assertIn("2 appended (2 as history), 0 duplicates, 4 refused", answer.err)
        quarantine = self.directory / "history.refused.jsonl"
        self.assertIn(f"entente import {quarantine}", answer.err)
        kept = {one["refused"]["line"]: one for one in map(
            json.loads, quarantine.read_text().splitlines())}
        reasons = {line: [error.split()[0].rstrip(":") for error in one["refused"]["errors"]]
                   for line, one in kept.items()}
        self.assertEqual(
            reasons, {2: ["DATE_INVALID", "PARTY_UNKNOWN"], 3: ["JSON_MALFORMED"],
                      5: ["FIELD_UNKNOWN"], 6: ["BATCH_DUPLICATE_ID"]})
        self.assertEqual(kept[3]["text"], "no event")

        # As it is, nothing of it goes in, and nothing is lost or written over.
        before = quarantine.read_text()
        again = self.services.entente("import", quarantine, *TODAY)
        self.assertIn("0 appended, 0 duplicates, 4 refused", again.err)
        self.assertEqual(quarantine.read_text(), before)
        second = [json.loads(line) for line in
                  (self.directory / "history.refused-2.jsonl").read_text().splitlines()]
        for one in second + list(kept.values()):
            del one["refused"]
        self.assertCountEqual(second, kept.values())

        mended = before.replace("Japn", "Japan").replace("2021-06-31", "2021-06-30")
        mended = mended.replace('"no event"', json.dumps(scheduled("text")))
        mended = mended.replace('"meeting_hold": {}, ', "").replace(', "meeting_hold": {}', "")
        mended = mended.replace('"2021-06-02"', '"2021-06-01"')
        quarantine.write_text(mended)
        self.assertIn("3 appended (3 as history), 1 duplicate, none refused",
                      self.services.entente("import", quarantine, *TODAY).ok().err)
        self.assertIn("0 appended, 4 duplicates, none refused",
                      self.services.entente("import", quarantine, *TODAY).ok().err)
        self.assertCountEqual([one["event"]["id"] for one in self.dumped()],
                              ["good", "also-good", "party", "text", "field"])

    def test_of_a_pipe_it_lies_where_it_is_said(self):
        quarantine = self.directory / "refused.jsonl"
        answer = self.services.entente("import", "-", "--quarantine", quarantine,
                                       stdin=scheduled("one") + "nonsense\n")
        self.assertEqual(answer.code, 1)
        self.assertEqual(json.loads(quarantine.read_text())["text"], "nonsense")
        same = self.services.entente("import", quarantine, "--quarantine", quarantine)
        self.assertEqual(same.code, 2, same.err)
        nowhere = self.services.entente("import", "-", "--quarantine", self.directory / "no/where",
                                        stdin="nonsense\n" + scheduled("two"))
        self.assertNotEqual(nowhere.code, 0)
        self.assertIn("a refused line cannot be kept", nowhere.err)
        self.assertNotIn("two", [one["event"]["id"] for one in self.dumped()])


if __name__ == "__main__":
    unittest.main()
