"""One report streamed through the three services, and everything an analyst must then read off."""

import unittest

from running import SAMPLE, SAMPLE_EVENTS, Services, entente

DAY = ["--today", "2021-05-05"]
GB, US, ID, DE, IN, AGAIN = (
    "meeting/jp-gb-two-plus-two-2021-02", "meeting/jp-us-two-plus-two-2021-03",
    "meeting/jp-id-two-plus-two-2021-03", "meeting/jp-de-two-plus-two-2021-04",
    "meeting/jp-in-two-plus-two-2021-04", "meeting/jp-us-two-plus-two-2021-again")


def meetings(answer):
    return [line["meeting"]["id"] for line in answer.objects if "meeting" in line]


def line_with(answer, *words):
    """The line of a table that holds all these words."""
    found = [line for line in answer.out.splitlines() if all(word in line for word in words)]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} lines hold {words}:\n{answer.out}")
    return found[0]


class Sample(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.services = Services()
        cls.appended = cls.services.ask("append", SAMPLE)

    @classmethod
    def tearDownClass(cls):
        cls.services.close()

    def ask(self, command, *arguments):
        return self.services.ask(command, "--at-least", SAMPLE_EVENTS, *DAY, *arguments)

    def test_every_line_goes_in_once(self):
        self.assertIn(f"{SAMPLE_EVENTS} appended, 0 duplicates, none refused", self.appended.err)
        again = self.services.ask("append", SAMPLE)
        self.assertIn(f"0 appended, {SAMPLE_EVENTS} duplicates, none refused", again.err)
        self.assertIn(f"The log stands at position {SAMPLE_EVENTS}", again.err)

    def test_every_answer_prints_its_horizon(self):
        for command in (["timeline"], ["meeting", IN], ["stats"], ["pending"],
                        ["changes", "--since", "0"], ["countries"], ["topics"], ["kinds"],
                        ["subject", "kind/two-plus-two"]):
            text = self.ask(*command).out
            self.assertRegex(text, rf"Horizon: {SAMPLE_EVENTS} reports, all of 5 May 2021", command)
            self.assertIn("first meeting 3 February 2021", text)
            horizon = self.ask(*command, "--json").objects[-1]["answered"]["horizon"]
            self.assertEqual((horizon["reports_from"], horizon["reports_to"]),
                             ("2021-05-05", "2021-05-05"), command)
            self.assertEqual(horizon["first_meeting"], "2021-02-03")
            self.assertEqual(horizon["reports"], str(SAMPLE_EVENTS))
        stats = self.ask("stats", "--country", "JP")
        self.assertIn("2021 is not over", stats.out)

    def test_a_whole_vocabulary_as_a_table_and_as_json(self):
        for name, word in (("countries", "JP"), ("topics", "maritime-security"),
                           ("kinds", "two-plus-two"), ("series", "jp-in-two-plus-two")):
            self.assertRegex(entente(name, "--all").ok().out, rf"(?m)^{word} ", name)
            words = entente(name, "--all", "--json").ok().objects
            self.assertIn(word, [one["id"] for one in words], name)
        topics = {one["id"]: one for one in entente("topics", "--all", "--json").ok().objects}
        self.assertIn(topics["maritime-security"]["broader"], topics)

    def test_the_difference_of_two_states(self):
        lines = self.ask("diff", "--from", "0", "--country", "IN", "--json").objects
        self.assertEqual([(one["id"], one["what"]) for one in lines[:-1]], [(IN, "added")])
        self.assertEqual((lines[-1].get("from_position", "0"), lines[-1]["to_position"]),
                         ("0", str(SAMPLE_EVENTS)))
        changes = self.ask("changes", "--since", "0", "--country", "IN", "--type", "postponed",
                           "--json").objects
        postponed = int(changes[0]["change"]["position"])
        (came, _) = self.ask("diff", "--from", postponed - 1, "--to", postponed, "--json").objects
        self.assertEqual((came["id"], came["what"]), (IN, "added"))
        facts = {one["fact"]: one["after"] for one in came["facts"]}
        self.assertEqual((facts["status"], facts["reason"]), ("postponed", "epidemic"))
        since = ["diff", "--from", postponed, "--country", "IN"]
        (changed, _) = self.ask(*since, "--json").objects
        self.assertEqual((changed["id"], changed["what"]), (IN, "changed"))
        facts = {one["fact"]: one["after"] for one in changed["facts"]}
        self.assertIn("candid talks", facts["statements"])
        text = self.ask(*since)
        line_with(text, "Japan-India two-plus-two", "changed")
        self.assertIn(f"1 changed, between positions {postponed} and {SAMPLE_EVENTS}.", text.out)
        self.assertIn(f"No meeting differs between positions {postponed} and {postponed}.",
                      self.ask("diff", "--from", postponed, "--to", postponed).out)
        backwards = self.services.entente("diff", "--from", "5", "--to", "4", *DAY)
        self.assertEqual(backwards.code, 1, backwards.err)
        self.assertEqual(self.services.entente("diff", "--from", "in May").code, 2)

    def test_held_in_2021_are_four_in_their_order(self):
        words = self.ask("timeline", "--country", "JP", "--status", "held")
        self.assertEqual(
            [line[3:].split("  ")[0] for line in words.out.splitlines() if " held " in line],
            ["3 February 2021", "March 2021", "March 2021", "April 2021"])
        self.assertIn("4 meetings.", words.out)
        answer = self.ask("timeline", "--country", "JP", "--status", "held", "--json")
        held = meetings(answer)
        self.assertEqual((held[0], set(held[1:3]), held[3]), (GB, {US, ID}, DE))
        self.assertEqual((answer.objects[-1]["certain"], answer.objects[-1]["possible"]),
                         ("4", "4"))

    def test_the_order_of_the_march_talks_is_not_known(self):
        entries = self.ask("timeline", "--country", "JP", "--status", "held", "--json").objects
        self.assertEqual([entry.get("tied_with_next", False) for entry in entries[:4]],
                         [False, True, False, False])
        words = self.ask("timeline", "--country", "JP", "--status", "held").out
        march = [line for line in words.splitlines() if "March 2021" in line]
        self.assertEqual([line[0] for line in march], ["┌", "└"])
        self.assertIn("order is not known", words)

    def test_only_the_british_talks_have_a_mode(self):
        entries = self.ask("timeline", "--status", "held", "--json").objects[:-1]
        self.assertEqual({entry["meeting"]["id"]: entry["meeting"].get("mode", {}).get("value")
                          for entry in entries}, {GB: "video", US: None, ID: None, DE: None})
        words = self.ask("timeline", "--status", "held")
        self.assertIn("video", line_with(words, "Japan-Britain", "held"))
        for partner in ("Japan-US", "Japan-Indonesia", "Japan-Germany"):
            self.assertIn("unknown", line_with(words, partner, "held"))

    def test_india_is_postponed_without_a_new_date(self):
        words = self.ask("pending")
        self.assertRegex(line_with(words, "Japan-India"),
                         r"postponed +no new date \(was 24 April 2021\) +epidemic")
        entry = next(entry for entry in self.ask("pending", "--json").objects
                     if entry.get("meeting", {}).get("id") == IN)
        self.assertEqual(entry["why"], "postponed")
        meeting = entry["meeting"]
        self.assertEqual(meeting["date"]["state"], "postponed")
        self.assertEqual(meeting["date"]["fact"]["value"], "2021-04-24")
        self.assertEqual(meeting["reason"]["value"], "epidemic")
        self.assertNotIn("until", meeting)

    def test_the_second_american_talks_are_only_planned(self):
        answer = self.ask("timeline", "--pair", "JP-US", "--json")
        self.assertEqual(meetings(answer), [US, AGAIN])
        again = answer.objects[1]["meeting"]
        self.assertEqual(again["date"]["fact"]["value"], "2021-05-05/2021")
        self.assertEqual(again["status"], "status_reported")
        words = self.ask("timeline", "--pair", "JP-US")
        self.assertIn("reported", line_with(words, "between 5 May and the end of 2021"))
        counts = self.ask("stats", "--country", "JP", "--by", "year", "--json").objects
        self.assertEqual((counts[0]["certain"], counts[0]["possible"], counts[0]["planned"]),
                         (4, 4, 1))

    def test_with_todays_clock_the_plan_has_lapsed(self):
        words = self.services.ask("timeline", "--pair", "JP-US", "--today", "2026-11-23")
        self.assertIn("lapsed", line_with(words, "between 5 May and the end of 2021"))
        self.assertIn("no news since 5 May 2021", words.out)
        pending = self.services.ask("pending", "--today", "2026-11-23", "--json").objects
        self.assertEqual({entry["meeting"]["id"]: entry["why"] for entry in pending[:-1]},
                         {IN: "postponed", AGAIN: "lapsed"})

    def test_germany_is_claimed_as_first_and_eighth_and_neither_is_confirmed(self):
        counts = {count["key"]: count for count in self.ask(
            "stats", "--kind", "two-plus-two", "--country", "JP", "--by", "partner",
            "--json").objects[:-1]}
        self.assertEqual(set(counts), {"GB", "US", "ID", "DE", "IN"})
        claims = {claim["claim"]: claim for claim in counts["DE"]["claims"]}
        self.assertEqual(set(claims), {"first", "nth_partner"})
        self.assertEqual(claims["nth_partner"]["value"], 8)
        self.assertEqual({claim["verdict"] for claim in claims.values()}, {"open"})
        self.assertEqual(claims["nth_partner"]["counted"], 4)
        for partner in ("GB", "US", "ID"):
            self.assertTrue(counts[partner]["first_in_log"], partner)
        self.assertEqual(counts["IN"].get("certain", 0), 0)
        self.assertEqual(counts["IN"]["pending"], 1)
        words = self.ask("stats", "--kind", "two-plus-two", "--country", "JP", "--by", "partner")
        self.assertIn("Not contradicted, not confirmed", line_with(words, "8th partner"))
        self.assertGreaterEqual(words.out.count("first in our log"), 3)
        self.assertNotRegex(words.out, r"\bnew\b")

    def test_before_the_report_nothing_was_known(self):
        for day in ("2021-04-22", "2021-04-24"):
            answer = self.services.ask("timeline", "--as-of", day)
            self.assertIn("Nothing matches.", answer.out)
            self.assertEqual(meetings(self.services.ask("timeline", "--as-of", day, "--json")), [])
            self.assertIn("Nothing is pending.", self.services.ask("pending", "--as-of", day).out)
            missing = self.services.entente("meeting", IN, "--as-of", day)
            self.assertEqual(missing.code, 4, missing.err)
        day = self.services.ask("timeline", "--as-of", "2021-05-05", "--json")
        self.assertEqual(set(meetings(day)), {GB, US, ID, DE, IN, AGAIN})

    def test_topics_belong_to_the_meetings_that_had_them(self):
        def with_topic(topic):
            return set(meetings(self.ask("timeline", "--topic", topic, "--json")))
        self.assertEqual(with_topic("free-and-open-indo-pacific"), {GB, US, ID, DE})
        self.assertEqual(with_topic("maritime-security"), {US})
        for topic in ("deterrence", "east-china-sea", "south-china-sea", "hong-kong", "xinjiang",
                      "european-engagement-in-the-indo-pacific"):
            self.assertEqual(with_topic(topic), set(), topic)
        meeting = self.ask("meeting", GB, "--json").objects[0]["meeting"]
        topic = next(t for t in meeting["topics"] if t["topic"] == "free-and-open-indo-pacific")
        report = meeting["reports"][topic["said_by"][0]]
        self.assertEqual(report["source"]["locator"], "p. 7")
        self.assertIn("statement_made", report["facts"])

    def test_what_belongs_to_no_meeting_stands_with_kind_and_pair(self):
        words = self.ask("subject", "kind/two-plus-two").out
        for part in ("never been held as often", "defence ministers join", "hong-kong",
                     "more two-plus-two meetings of Japan than ever"):
            self.assertIn(part, words)
        self.assertIn("stepping up collaboration with India", self.ask("subject", "pair/IN-JP").out)

    def test_each_answer_cites_the_report_and_its_paragraph(self):
        cited = {GB: "p. 3", US: "p. 3", ID: "p. 3", DE: "p. 4", IN: "p. 14", AGAIN: "p. 5"}
        lines = self.ask("timeline").out.splitlines()
        for meeting, locator in cited.items():
            note = next(line for line in lines if line.strip().startswith(meeting[8:] + " · "))
            self.assertTrue(note.endswith(f"a Japanese English-language daily, 5 May 2021, "
                                          f"{locator}"), note)

    def test_the_american_talks_have_their_ministers_and_statement(self):
        words = self.ask("meeting", US).out
        for name in ("Toshimitsu Motegi", "Nobuo Kishi", "Antony Blinken", "Lloyd Austin",
                     "coast guard"):
            self.assertIn(name, words)
        meeting = self.ask("meeting", US, "--json").objects[0]["meeting"]
        self.assertEqual({(a["party"], a["post"]): a["person"]["value"]
                          for a in meeting["attendees"]},
                         {("JP", "foreign-minister"): "Toshimitsu Motegi",
                          ("JP", "defence-minister"): "Nobuo Kishi",
                          ("US", "foreign-minister"): "Antony Blinken",
                          ("US", "defence-minister"): "Lloyd Austin"})

    def test_the_german_drills_are_planned_for_summer(self):
        result = self.ask("meeting", DE, "--json").objects[0]["meeting"]["results"][0]
        self.assertEqual((result["kind"], result["date"]["edtf"]), ("planned_exercise", "2021-22"))
        self.assertIn("summer 2021", self.ask("meeting", DE).out)

    def test_the_remark_of_april_was_reported_in_may(self):
        statement = next(s for s in self.ask("meeting", IN, "--json").objects[0]["meeting"]
                         ["statements"] if s["who"] == "Toshimitsu Motegi")
        self.assertEqual(statement["said_on"], "2021-04-23")
        self.assertIn("23 April 2021", self.ask("meeting", IN).out)

    def test_changes_tell_the_story(self):
        words = self.ask("changes", "--since", "0", "--country", "IN").out
        self.assertIn("postponed", words)
        self.assertIn("p. 14", words)
        self.assertIn(f"Next time: --since {SAMPLE_EVENTS}", words)

    def test_status_has_nobody_behind(self):
        for service in self.services.ask("status", "--json").objects:
            self.assertEqual(service["health"], "green", service)
        words = self.services.ask("status").out
        for name in Services.NAMES:
            self.assertRegex(line_with(type("Text", (), {"out": words}), name + " "),
                             rf"{SAMPLE_EVENTS} +nothing")


if __name__ == "__main__":
    unittest.main()
