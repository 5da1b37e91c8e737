"""One report streamed through the three services, and everything an analyst must then read off."""

import unittest

from running import SAMPLE, SAMPLE_EVENTS, Services, entente

DAY = ["--today", "2021-05-05"]
GB, US, ID, DE, IN, AGAIN = (
    "meeting/jp-gb-two-plus-two-2021-02", "meeting/jp-us-two-plus-two-2021-03",
    "meeting/jp-id-two-plus-two-2021-03", "meeting/jp-de-two-plus-two-2021-04",
    "meeting/jp-in-two-plus-two-2021-04", "meeting/jp-us-two-plus-two-2021-again")
# Of no meeting in particular.
BACKGROUND = ("deterrence", "east-china-sea", "south-china-sea", "hong-kong", "xinjiang",
              "european-engagement-in-the-indo-pacific")


def meetings(answer):
    return [line["meeting"]["id"] for line in answer.objects if "meeting" in line]


def cited(said_by, reports):
    """Who says so, of a fact in JSON: publisher, day and paragraph."""
    return [(reports[one]["source"]["publisher"], reports[one]["reported"],
             reports[one]["source"]["locator"]) for one in said_by]


def from_the_report(*locators):
    return [("a Japanese English-language daily", "2021-05-05", locator) for locator in locators]


def who_says(meeting):
    """The reports that decide how it stands, as the words beneath it name them."""
    if "said_by" in meeting.get("outcome", {}):
        said_by = meeting["outcome"]["said_by"]
    elif meeting["date"].get("state") == "postponed":
        said_by = meeting["reason"]["said_by"]
    else:
        said_by = meeting["date"]["fact"]["said_by"]
    return cited(said_by, meeting["reports"])


def without_horizon(text):
    return text.split("Horizon: ", maxsplit=1)[0]


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

    def test_what_counts_the_year_says_that_it_is_not_over(self):
        counting = (["timeline"], ["timeline", "--country", "JP", "--status", "held"],
                    ["timeline", "--topic", "maritime-security"], ["stats", "--by", "year"],
                    ["stats", "--country", "JP", "--kind", "two-plus-two", "--by", "partner"])
        for command in counting:
            self.assertIn("; 2021 is not over;", self.ask(*command).out, command)
            horizon = self.ask(*command, "--json").objects[-1]["answered"]["horizon"]
            self.assertIs(horizon["year_unfinished"], True, command)
            closed = [*command, "--to", "2020"]
            self.assertNotIn("is not over", self.ask(*closed).out, closed)
            horizon = self.ask(*closed, "--json").objects[-1]["answered"]["horizon"]
            self.assertNotIn("year_unfinished", horizon, closed)
        (year, _) = self.ask("stats", "--by", "year", "--json").objects
        self.assertEqual((year["key"], year["unfinished"]), ("2021", True))

    def test_the_count_of_the_year(self):
        by_year = ["stats", "--kind", "two-plus-two", "--country", "JP", "--by", "year"]
        (year, _) = self.ask(*by_year, "--json").objects
        self.assertEqual({key: year.get(key) for key in (
            "key", "certain", "possible", "planned", "first", "last")},
            {"key": "2021", "certain": 4, "possible": 4, "planned": 1, "first": "2021-02-03",
             "last": "2021-04-30"})
        words = self.ask(*by_year)
        self.assertRegex(line_with(words, "2021 (not over)"),
                         r"^2021 \(not over\) +4 +4 +1 +\d +3 February 2021 to 30 April 2021$")
        self.assertIn("planned ones never count as held", words.out)

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
        entries = self.services.ask("timeline", "--pair", "JP-US", "--today", "2026-11-23",
                                    "--json").objects[:-1]
        self.assertEqual([(entry["meeting"]["id"], entry["meeting"]["status"],
                           entry["meeting"]["last_reported"]) for entry in entries],
                         [(US, "status_held", "2021-05-05"),
                          (AGAIN, "status_lapsed", "2021-05-05")])
        self.assertEqual(who_says(entries[1]["meeting"]), from_the_report("p. 5"))
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
        source = "(a Japanese English-language daily, 5 May 2021, p. 4)"
        self.assertIn(f"claimed: the 8th partner of Japan in two-plus-two {source}. Not "
                      "contradicted, not confirmed: our log holds 4 partners",
                      line_with(words, "8th partner"))
        self.assertIn(f"claimed: their first two-plus-two {source}. Not contradicted, not "
                      "confirmed: our log holds no earlier one.",
                      line_with(words, "their first two-plus-two ("))
        meeting = self.ask("meeting", DE)
        for claim in ("their first two-plus-two.", "the 8th partner of Japan in two-plus-two."):
            self.assertIn("Not contradicted, not confirmed", line_with(meeting, claim))
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
            for command, words in ((["pending"], "Nothing is pending."),
                                   (["stats", "--by", "year"], "Nothing to count."),
                                   (["stats", "--country", "JP", "--by", "partner"],
                                    "Nothing to count."),
                                   (["topics"], "The log holds none yet."),
                                   (["countries"], "The log holds none yet.")):
                self.assertIn(words, self.services.ask(*command, "--as-of", day).out, command)
                (last,) = self.services.ask(*command, "--as-of", day, "--json").objects
                self.assertNotIn("reports_from", last["answered"]["horizon"], command)

    def test_as_of_the_day_of_the_report_all_of_it_was_known(self):
        as_of = ["--at-least", SAMPLE_EVENTS, "--as-of", "2021-05-05"]
        day = self.services.ask("timeline", *as_of, "--json")
        self.assertEqual(set(meetings(day)), {GB, US, ID, DE, IN, AGAIN})
        for command in (["timeline"], ["timeline", "--country", "JP", "--status", "held"],
                        ["timeline", "--topic", "free-and-open-indo-pacific"], ["pending"],
                        ["stats", "--country", "JP", "--by", "year"],
                        ["stats", "--country", "JP", "--kind", "two-plus-two", "--by", "partner"],
                        ["topics"], ["countries"], ["meeting", IN], ["meeting", DE],
                        ["subject", "kind/two-plus-two"], ["subject", "pair/IN-JP"]):
            words = self.services.ask(*command, *as_of).out
            self.assertIn("asked as of 5 May 2021; first meeting 3 February 2021", words, command)
            self.assertEqual(without_horizon(words), without_horizon(self.ask(*command).out))
            told = self.services.ask(*command, *as_of, "--json").objects
            now = self.ask(*command, "--json").objects
            for objects in (told, now):
                objects[-1]["answered"].pop("rows_examined", None)
            self.assertEqual(told, now, command)

    def test_topics_belong_to_the_meetings_that_had_them(self):
        def with_topic(topic):
            answer = self.ask("timeline", "--topic", topic, "--json")
            words = self.ask("timeline", "--topic", topic).out
            self.assertEqual([line.split(" · ")[0].strip() for line in words.splitlines()
                              if line.strip().startswith("jp-")],
                             [meeting[len("meeting/"):] for meeting in meetings(answer)])
            self.assertIn({0: "Nothing matches.", 1: "\n1 meeting.", 4: "\n4 meetings."}[
                len(meetings(answer))], words)
            return set(meetings(answer))
        self.assertEqual(with_topic("free-and-open-indo-pacific"), {GB, US, ID, DE})
        self.assertEqual(with_topic("maritime-security"), {US})
        for topic in BACKGROUND:
            self.assertEqual(with_topic(topic), set(), topic)
        counted = {one["id"]: one.get("meetings") for one in
                   self.ask("topics", "--json").objects[:-1]}
        words = self.ask("topics")
        for topic, count in (("free-and-open-indo-pacific", "4"), ("maritime-security", "1")):
            self.assertEqual(counted[topic], count)
            self.assertRegex(line_with(words, topic + " "), rf"^{topic} .* {count}\b")
        for topic in BACKGROUND:
            self.assertNotIn(topic, counted)
            self.assertNotRegex(words.out, rf"(?m)^{topic} ")

    def test_one_statement_gave_all_four_the_indo_pacific(self):
        stated = set()
        for meeting in (GB, US, ID, DE):
            told = self.ask("meeting", meeting, "--json").objects[0]["meeting"]
            (topic,) = [one for one in told["topics"]
                        if one["topic"] == "free-and-open-indo-pacific"]
            self.assertEqual(cited(topic["said_by"], told["reports"]), from_the_report("p. 7"))
            self.assertEqual(topic["relation"], "statement")
            report = told["reports"][topic["said_by"][0]]
            self.assertIn("statement_made", report["facts"])
            stated.add((report["event_id"], report["position"], report["stream"]))
            (statement,) = [one for one in told["statements"]
                            if "Free and Open Indo-Pacific" in one["summary"]]
            self.assertEqual(statement["said_by"], topic["said_by"])
            self.assertEqual(statement["said_on"], "2021-02/2021-04")
            words = self.ask("meeting", meeting)
            number = f"[{topic['said_by'][0] + 1}]"
            self.assertIn(number, line_with(words, "free-and-open-indo-pacific (statement)"))
            self.assertIn("statement made",
                          line_with(words, f"  {number} ", "5 May 2021, p. 7 (media)"))
            self.assertIn("between February and April 2021: In all four talks of the year",
                          line_with(words, "Free and Open Indo-Pacific"))
        ((event, _, stream),) = stated
        self.assertEqual((event, stream),
                         ("daily-2021-05-05-p07-indo-pacific", "kind/two-plus-two"))

    def test_what_belongs_to_no_meeting_stands_with_kind_and_pair(self):
        defence, foreign, daily = ("a senior official of Japan's defence ministry",
                                   "a senior official of Japan's foreign ministry",
                                   "a Japanese English-language daily")
        often, why = ("Japan's two-plus-two talks have never been held as often as now",
                      "Security cannot be fully discussed by foreign ministers alone, so defence "
                      "ministers join: the reason why the talks are so frequent")
        for subject, statements in (
                ("kind/two-plus-two", (
                    (defence, often, [], "p. 6"), (foreign, why, [], "p. 9"),
                    (daily, "Deterrence and the East and South China Seas stand behind the talks",
                     ["deterrence", "east-china-sea", "south-china-sea"], "p. 2"),
                    (daily, "European countries engage in the Indo-Pacific",
                     ["european-engagement-in-the-indo-pacific"], "p. 11"),
                    (daily, "Human rights in Hong Kong and in Xinjiang stand behind the talks",
                     ["hong-kong", "xinjiang"], "p. 12"))),
                ("country/JP", ((defence, often, [], "p. 6"), (foreign, why, [], "p. 9"))),
                ("pair/IN-JP", ((daily, "Japan is stepping up collaboration with India", [],
                                 "p. 13"),))):
            words = self.ask("subject", subject)
            told = self.ask("subject", subject, "--json").objects[0]["subject"]
            self.assertEqual(told["id"], subject)
            self.assertCountEqual(
                [(one["who"], one["summary"], one.get("topics", []),
                  cited(one["said_by"], told["reports"])) for one in told["statements"]],
                [(*said, from_the_report(locator)) for *said, locator in statements])
            for who, summary, topics, locator in statements:
                line = line_with(words, who, summary)
                for topic in topics:
                    self.assertIn(topic, line.split("; topics: ")[1])
                number = line.rsplit(maxsplit=1)[-1]
                line_with(words, f"  {number} ", f"5 May 2021, {locator} (media)")
        kind = self.ask("subject", "kind/two-plus-two", "--json").objects[0]["subject"]
        (claim,) = kind["claims"]
        self.assertEqual((claim["claim"], claim["scope"]["party"], claim["verdict"]),
                         ("most_frequent", "JP", "open"))
        self.assertEqual(cited(claim["said_by"], kind["reports"]), from_the_report("p. 6"))
        self.assertIn("Not contradicted, not confirmed", line_with(
            self.ask("subject", "kind/two-plus-two"),
            "more two-plus-two meetings of Japan than ever"))

    def test_each_answer_cites_the_report_and_its_paragraph(self):
        locators = {GB: "p. 3", US: "p. 3", ID: "p. 3", DE: "p. 4", IN: "p. 14", AGAIN: "p. 5"}
        lines = self.ask("timeline").out.splitlines()
        for meeting, locator in locators.items():
            note = next(line for line in lines if line.strip().startswith(meeting[8:] + " · "))
            self.assertTrue(note.endswith(f"a Japanese English-language daily, 5 May 2021, "
                                          f"{locator}"), note)
        for command in (["timeline"], ["pending"]):
            entries = self.ask(*command, "--json").objects[:-1]
            self.assertEqual({entry["meeting"]["id"]: who_says(entry["meeting"])
                              for entry in entries},
                             {entry["meeting"]["id"]: from_the_report(
                                 locators[entry["meeting"]["id"]]) for entry in entries})
        self.assertEqual({entry["meeting"]["id"] for entry in entries}, {IN, AGAIN})
        for meeting, locator in locators.items():
            told = self.ask("meeting", meeting, "--json").objects[0]["meeting"]
            self.assertEqual(who_says(told), from_the_report(locator), meeting)
            for party in told["parties"]:
                self.assertEqual(cited(party["said_by"], told["reports"]),
                                 from_the_report(locator), meeting)

    def test_each_claim_cites_the_report_and_its_paragraph(self):
        claimed = {}
        for count in self.ask("stats", "--kind", "two-plus-two", "--country", "JP", "--by",
                              "partner", "--json").objects[:-1]:
            for claim in count.get("claims", []):
                claimed[count["key"], claim["claim"]] = cited(claim["said_by"], count["reports"])
        self.assertEqual(claimed, {("DE", "first"): from_the_report("p. 4"),
                                   ("DE", "nth_partner"): from_the_report("p. 4"),
                                   ("GB", "first_of_year"): from_the_report("p. 3")})
        for meeting, claims in ((DE, {"first": "p. 4", "nth_partner": "p. 4"}),
                                (GB, {"first_of_year": "p. 3"})):
            told = self.ask("meeting", meeting, "--json").objects[0]["meeting"]
            self.assertEqual({one["claim"]: cited(one["said_by"], told["reports"])
                              for one in told["claims"]},
                             {claim: from_the_report(locator) for claim, locator in claims.items()})

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
