"""Whatever comes in: an error of the catalogue that says where, the service goes on, and the log
holds what was acknowledged and nothing else."""

import random
import re
import tomllib
import unittest

import wire
from running import BIN, PATIENCE, ROOT, Program, Services, event

REASONS = {entry["reason"]: entry["number"] for entry in tomllib.loads(
    (ROOT / "lib/values/errors.toml").read_text())["error"]}
PARTIES = {"kind": "two-plus-two", "parties": [{"name": "JP"}, {"name": "IN"}]}


def held(stream="meeting/jp-in-test", edtf="2021-07-10", **changes):
    return event(**{"stream": stream, "meeting": PARTIES,
                    "meeting_held": {"date": {"edtf": edtf}}, **changes})


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.services = Services()
        cls.acknowledged = {}  # id: position, of all that any of these tests was told is stored

    @classmethod
    def tearDownClass(cls):
        try:
            cls.holds_what_was_acknowledged()
        finally:
            cls.services.close()

    @classmethod
    def holds_what_was_acknowledged(cls):
        """Nothing partial is stored, whatever came in before."""
        stored = {line["event"]["id"]: line["position"]
                  for line in cls.services.ask("log", "dump").dumped}
        if stored != cls.acknowledged:
            raise AssertionError(f"acknowledged but not so stored: "
                                 f"{sorted(cls.acknowledged.items() - stored.items())}; stored "
                                 f"but never acknowledged: "
                                 f"{sorted(stored.items() - cls.acknowledged.items())}")
        places = sorted(map(int, stored.values()))
        if places != list(range(1, len(places) + 1)):
            raise AssertionError(f"positions with gaps: {places}")
        cls.services.ask("log", "verify")

    def append(self, lines, *options):
        answer = self.services.entente("append", "-", "--json", *options, stdin=lines)
        if "--dry-run" not in options:
            self.acknowledged.update((one["id"], one["position"]) for one in answer.objects)
        return answer

    def refused(self, line, expected, *options):
        answer = self.append(line, *options)
        self.assertEqual(answer.code, 1, answer.err)
        self.assertRegex(answer.err, expected)
        self.assertRegex(answer.err, r"\b0 appended|\b1 refused")

    def test_lines_that_are_no_event(self):
        for line, expected in {
            "{": r"line 1: JSON_MALFORMED: column 2",
            "no json\n": r"line 1: JSON_MALFORMED: column 1",
            held().replace("meeting_held", "meeting_hold"):
                r"line 1: FIELD_UNKNOWN at meeting_hold: .*did you mean .*meeting_held",
            held(meeting={"kind": "two-plus-two", "parties": [{"name": "Japn"}]}):
                r"line 1: PARTY_UNKNOWN at meeting\.parties\[0\]\.name: .*did you mean .*J",
            held(meeting={"kind": "two-plus-too", "parties": [{"name": "JP"}]}):
                r"line 1: WORD_UNKNOWN at meeting\.kind: .*two-plus-two",
            held(edtf="2021-02-30"): r"line 1: DATE_INVALID at meeting_held\.date\.edtf: .*olumn 9",
            held(edtf="soon"): r"line 1: DATE_INVALID at meeting_held\.date\.edtf",
            held(source=None): r"line 1: PROVENANCE_MISSING at source",
            held(reported=None): r"line 1: PROVENANCE_MISSING at reported",
            held(stream="meeting/X"): r"line 1: STREAM_INVALID at stream",
            held(meeting_held=None): r"line 1: FIELD_REQUIRED",
        }.items():
            with self.subTest(line=line[:60]):
                self.refused(line, expected)

    def test_good_lines_go_in_beside_bad_ones(self):
        lines = (held("meeting/beside-one") + "nonsense\n" + "\n" +
                 held("meeting/beside-two", meeting={"parties": [{"name": "Atlantis"}]}) +
                 held("meeting/beside-three"))
        answer = self.append(lines)
        self.assertEqual(answer.code, 1)
        self.assertIn("line 2: JSON_MALFORMED", answer.err)
        self.assertIn("line 4: PARTY_UNKNOWN at meeting.parties[0].name", answer.err)
        self.assertIn("2 appended, 0 duplicates, 2 refused", answer.err)
        self.assertEqual(self.services.ask("meeting", "beside-three", "--at-least",
                                           self.head()).code, 0)
        self.assertEqual(self.services.entente("meeting", "beside-two").code, 4)

    def test_atomic_is_all_or_nothing(self):
        before = self.head()
        answer = self.append(held("meeting/atomic-one") +
                             held("meeting/atomic-two", edtf="2021-13"), "--atomic")
        self.assertEqual(answer.code, 1)
        self.assertIn("0 appended, 0 duplicates, 2 refused", answer.err)
        self.assertEqual(self.head(), before)

    def test_dry_run_stores_nothing(self):
        before = self.head()
        answer = self.append(held("meeting/dry-run"), "--dry-run")
        self.assertEqual(answer.code, 0, answer.err)
        self.assertIn("1 would be appended", answer.err)
        self.assertEqual(self.head(), before)

    def test_an_id_with_other_content_is_a_conflict_that_names_the_first(self):
        first = self.append(held("meeting/conflict", id="the-same")).err
        position = re.search(r"at position (\d+)", first)[1]
        self.refused(held("meeting/conflict", id="the-same", edtf="2022"),
                     rf"line 1: ID_CONFLICT .*\[position {position}\]")

    def test_an_expectation_that_does_not_hold(self):
        self.append(held("meeting/expected"))
        answer = self.append(held("meeting/expected", edtf="2022"),
                             "--expect", "meeting/expected=no_stream")
        self.assertEqual(answer.code, 1)
        self.assertIn("REVISION_CONFLICT", answer.err)
        self.assertIn("0 appended, 0 duplicates, 1 refused", answer.err)

    def test_lines_and_events_that_are_too_large(self):
        summary = {"who": "somebody", "summary": "x" * (2 << 20)}
        self.refused(held(meeting_held=None, statement_made=summary),
                     r"line 1: MESSAGE_TOO_LARGE: .*1048576 bytes")
        self.refused("{" + " " * (17 << 20) + "}", r"line 1: MESSAGE_TOO_LARGE: .*16 MiB")

    def test_messages_that_are_none_of_ours(self):
        sent = {
            "PROTOCOL_MAGIC": [wire.header(2, magic=b"HTTP"), b""],
            "PROTOCOL_VERSION": [wire.header(2, magic=b"ENT9"), b""],
            "PROTOCOL_FRAME": [wire.header(2, frames=2), b""],
            "MESSAGE_TYPE": [wire.header(999), b""],
            "MESSAGE_MALFORMED": [wire.header(10), b"\xff\xff\xff"],
        }
        for name, endpoint in self.services.endpoints.items():
            for reason, frames in sent.items():
                if reason == "MESSAGE_MALFORMED" and name != "ingest":
                    continue
                with self.subTest(service=name, reason=reason):
                    dealer = wire.Dealer(endpoint, PATIENCE)
                    dealer.send(*frames)
                    self.assertEqual(wire.reasons(dealer.receive()), [REASONS[reason]])
                    dealer.close()
            self.still_serving()

    def test_a_header_that_is_cut(self):
        for name, endpoint in self.services.endpoints.items():
            dealer = wire.Dealer(endpoint, PATIENCE)
            dealer.send(b"ENT1")
            self.assertIn(wire.reasons(dealer.receive())[0],
                          (REASONS["PROTOCOL_FRAME"], REASONS["PROTOCOL_MAGIC"]), name)
            dealer.close()

    def test_unknown_fields_of_an_append_are_refused(self):
        unknown = wire.length_delimited(15, b"what is this")  # no such field of AppendRequest
        dealer = wire.Dealer(self.services.endpoints["ingest"], PATIENCE)
        dealer.send(wire.header(10), unknown)
        self.assertIn(REASONS["FIELD_UNKNOWN"], wire.reasons(dealer.receive()))
        dealer.close()

    def test_frames_that_are_too_large(self):
        body = bytes((16 << 20) + 1)
        for name, endpoint in self.services.endpoints.items():
            with self.subTest(service=name):
                dealer = wire.Dealer(endpoint, PATIENCE)
                dealer.send(wire.header(10), body)
                self.assertEqual(wire.reasons(dealer.receive()), [REASONS["MESSAGE_TOO_LARGE"]])
                # One is taken for what it announces, and cut off before it comes.
                dealer.announce(1 << 40)
                with self.assertRaises(ConnectionError):
                    dealer.receive()
                dealer.close()
        self.still_serving()

    def test_random_bytes_on_every_socket(self):
        source = random.Random(20210505)
        listener = wire.Subscriber(self.services.tail, PATIENCE)
        self.addCleanup(listener.close)
        listener.subscribe(b"country/JP/")
        self.tail_message(listener)
        for endpoint in (*self.services.endpoints.values(), self.services.tail):
            for _ in range(20):
                connection = wire.raw(endpoint, PATIENCE)
                try:
                    connection.sendall(source.randbytes(source.randrange(1, 2000)))
                except OSError:
                    pass  # it was cut off, as it may be
                connection.close()
        for endpoint in self.services.endpoints.values():
            dealer = wire.Dealer(endpoint, PATIENCE)
            for _ in range(50):  # well-framed garbage
                dealer.send(*[source.randbytes(source.randrange(0, 300))
                              for _ in range(source.randrange(1, 5))])
            dealer.close()
            for _ in range(50):  # a good header before a garbage body
                dealer = wire.Dealer(endpoint, PATIENCE)
                dealer.send(wire.header(source.randrange(0, 70)), source.randbytes(100))
                dealer.close()
        chatty = wire.Subscriber(self.services.tail, PATIENCE)
        for _ in range(50):  # the tail takes subscriptions, and nothing else
            chatty.send(*[source.randbytes(source.randrange(0, 300))
                          for _ in range(source.randrange(1, 5))])
        chatty.announce(1 << 40)
        with self.assertRaises(ConnectionError):
            chatty.receive()
        chatty.close()
        self.still_serving()
        self.tail_message(listener)
        later = wire.Subscriber(self.services.tail, PATIENCE)
        later.subscribe(b"country/JP/")
        self.tail_message(later)
        later.close()
        self.holds_what_was_acknowledged()

    def tail_message(self, listener):
        """Appends until a change comes: a subscription is not answered, so it may come late."""
        for _ in range(int(PATIENCE / 0.2)):
            self.append(held(f"meeting/tail-{len(self.acknowledged)}")).ok()
            if (message := listener.receive(within=0.2)) is None:
                continue
            topic, header, body = message
            self.assertEqual(topic, b"country/JP/")
            self.assertEqual(wire.HEADER.unpack(header)[1], 70)
            self.assertIn(b"meeting/", body)
            return
        self.fail("no change came")

    def test_a_second_process_on_a_directory_says_who_holds_it(self):
        for name in Services.NAMES:
            with self.subTest(service=name):
                pid = self.services.programs[name].process.pid
                second = Program(BIN / f"entente-{name}", "--data", self.services.base / name,
                                 "--listen", "tcp://127.0.0.1:*")
                self.assertIn("STORE_BUSY", second.await_line("STORE_BUSY").string)
                self.assertIn(str(pid), "\n".join(second.lines))
                self.assertEqual(second.ended(), 3)

    def test_questions_that_cannot_be_asked(self):
        for command, expected in {
            ("timeline", "--country", "Japn"): r"PARTY_UNKNOWN at --country: .*did you mean",
            ("timeline", "--from", "2021-13"): r"DATE_INVALID at --from",
            ("timeline", "--status", "perhaps"): r"WORD_UNKNOWN at --status",
            ("timeline", "--as-of", "yesterday"): r"DATE_INVALID at --as-of",
            ("stats", "--by", "partner"): r"QUERY_INVALID at --by",
            ("changes", "--since", "then"): r"QUERY_INVALID at --since",
            ("alerts", "--from", "then"): r"QUERY_INVALID at --from",
            ("append", "-", "--expect", "x"): r"QUERY_INVALID at --expect",
            ("append", "/no/such/file"): r"FILE_UNREADABLE at /no/such/file",
            ("timeline", "--no-such-option"): r"--no-such-option",
            ("no-such-command",): r"no-such-command",
        }.items():
            answer = self.services.entente(*command)
            self.assertEqual(answer.code, 2, (command, answer.err))
            self.assertRegex(answer.err, expected)
        missing = self.services.entente("meeting", "no-such-meeting")
        self.assertEqual(missing.code, 4)
        self.assertIn("NOT_FOUND", missing.err)

    def head(self):
        return self.services.ask("status", "--json").objects[0].get("durable_position", "0")

    def still_serving(self):
        head = self.head()
        answer = self.append(held("meeting/still-serving", edtf="2021-01-01"))
        self.assertEqual(answer.code, 0, answer.err)
        self.assertGreaterEqual(int(self.head()), int(head))
        self.assertEqual(self.services.ask("timeline", "--at-least", self.head()).code, 0)
        for program in self.services.programs.values():
            self.assertIsNone(program.process.poll(), program.lines)


if __name__ == "__main__":
    unittest.main()
