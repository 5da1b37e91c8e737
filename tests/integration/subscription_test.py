"""Subscriptions of the real programs, through kill -9 of everything in turn: nothing is missing,
and what comes twice was not acknowledged."""

import json
import os
import queue
import random
import select
import subprocess
import threading
import unittest

from running import BIN, CLEAN, PATIENCE, Program, Services, entente, event


def meeting(number):
    return event(stream=f"meeting/m{number % 60}-killed", id=f"killed-{number}",
                 meeting={"kind": "summit", "parties": [{"name": "JP"}, {"name": "FR"}]},
                 meeting_scheduled={"date": {"edtf": f"2031-07-{1 + number % 28:02}"}})


def place(line):
    change = json.loads(line)["change"]
    return int(change["position"]), change.get("ordinal", 0)


class Subscription(unittest.TestCase):
    def setUp(self):
        self.services = Services()
        self.addCleanup(self.services.close)

    def consume(self):
        consumer = Program(BIN / "entente", *self.services.where, "alerts", "--group", "desk",
                           "--consumer", "desk-1", "--json", "--timeout", str(int(PATIENCE)))
        self.services.ran.append(consumer)
        return consumer

    def follow(self):
        """A catch-up subscription from the first change on, which outlives every service."""
        follower = Program(BIN / "entente", *self.services.where, "alerts", "--from", "0", "--json",
                           "--with-confirmations", "--timeout", str(int(PATIENCE)))
        self.services.ran.append(follower)
        return follower

    def consume_into_nowhere(self):
        """A consumer whose output nobody can read: it fails with what it gets, and ends."""
        reading, writing = os.pipe()
        os.close(reading)
        try:
            done = subprocess.run(
                [BIN / "entente", *self.services.where, "alerts", "--group", "desk"], env=CLEAN,
                stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE, text=True,
                timeout=4 * PATIENCE, check=False)
        finally:
            os.close(writing)
        self.assertEqual(done.returncode, 0, done.stderr)

    def standing(self):
        (one,) = self.services.ask("subscription", "list", "--json").objects
        floor = one.get("ack_floor", {})
        return (int(floor.get("position", 0)), floor.get("ordinal", 0)), one

    def test_nothing_is_missing_whatever_is_killed(self):
        seed = int(os.environ.get("ENTENTE_TEST_SEED", random.randrange(1 << 32)))
        source = random.Random(seed)
        events, rounds = (3_000, 30) if "ENTENTE_TEST_ALL" in os.environ else (400, 5)
        with self.subTest(f"ENTENTE_TEST_SEED={seed}"), self.services.explaining():
            self.kill_in_turn(source, events, rounds)

    def kill_in_turn(self, source, events, rounds):
        services = self.services
        services.ask("subscription", "create", "desk", "--max-deliveries", 1000,
                     "--with-confirmations")
        work = queue.SimpleQueue()
        sent = threading.Event()

        def send():
            """Again and again until all is in; what is in already is a duplicate."""
            while (numbers := work.get()) is not None:
                lines = "".join(meeting(n) for n in numbers)
                while services.entente("append", "-", "--batch", "7", "--timeout", "2",
                                       stdin=lines).code != 0:
                    pass
            sent.set()

        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        follower = self.follow()
        runs = [(self.consume(), (0, 0))]
        # Each of them at least once.
        victims = source.sample((*Services.NAMES, "client"), k=4)
        victims += source.choices((*Services.NAMES, "client", "client"), k=rounds - len(victims))
        share = events // rounds
        for number, victim in enumerate(victims):
            # Killed while it is at work: there is new work for each, and some of it has come.
            came = sum(line.startswith("{") for line in runs[-1][0].lines)
            work.put(range(number * share, (number + 1) * share))
            runs[-1][0].await_count("^{", came + source.randrange(1, share // 2))
            if victim != "client":
                services.kill(victim)
                services.start(victim)
                continue
            runs[-1][0].kill()
            floor, _ = self.standing()
            runs.append((self.consume(), floor))
        work.put(None)
        sender.join(4 * PATIENCE)
        self.assertTrue(sent.is_set(), "the events are not all in")
        self.settle(events)
        self.assertEqual(runs[-1][0].stop(), 0)
        self.check(runs, events)
        follower.await_count("^{", events)
        self.assertEqual(follower.stop(), 0)
        self.check_follower(follower, events)

    def settle(self, events):
        """Until all that came is settled."""
        done = threading.Event()

        def ask():
            while not done.is_set():
                floor, one = self.standing()
                if floor[0] >= events and one.get("in_flight", 0) == 0:
                    return
            raise AssertionError("it is never done")

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(4 * PATIENCE)
        done.set()
        self.assertFalse(asking.is_alive(), f"not settled: {self.standing()}")
        self.assertEqual(int(self.standing()[1].get("parked", 0)), 0)

    def check(self, runs, events):
        told = set()
        for run, floor in runs:
            places = [place(line) for line in run.lines if line.startswith("{")]
            self.assertEqual(len(places), len(set(places)), "unique: a consumer got one twice")
            acknowledged = [one for one in places if one <= floor]
            self.assertEqual(acknowledged, [], "durable: told again below the ack floor")
            told.update(places)
        self.assertEqual({position for position, _ in told}, set(range(1, events + 1)),
                         "gap-free: some were never given")

    def check_follower(self, follower, events):
        places = [place(line) for line in follower.lines if line.startswith("{")]
        self.assertEqual(places, sorted(places), "ordered per meeting: an earlier one came later")
        self.assertEqual(len(places), len(set(places)), "resumable: some came twice")
        self.assertEqual([position for position, _ in places], list(range(1, events + 1)),
                         "gap-free: some were never given")

    def test_watchlists_and_rehearsals(self):
        services = self.services
        mine = CLEAN | {"XDG_CONFIG_HOME": str(services.base)}

        def ask(*words):
            return entente(*services.where, *words, env=mine)

        services.entente("append", "-", stdin=meeting(1) + meeting(2)).ok()
        services.ask("timeline", "--at-least", 2)
        ask("watchlist", "save", "north", "--country", "Japan,FR", "--kind", "summit").ok()
        self.assertIn("JP, FR; summit", ask("watchlist", "list").ok().out)
        self.assertEqual(ask("watchlist", "save", "odd", "--country", "Jpan").code, 2)
        listed = ask("timeline", "--watchlist", "north", "--json").ok().objects
        self.assertEqual(len(listed), 3)
        told = ask("alerts", "--watchlist", "north", "--from", "0", "--until-now", "--json").ok()
        self.assertEqual([place(line) for line in told.out.splitlines()], [(1, 0), (2, 0)])
        ask("watchlist", "mute", "north").ok()
        self.assertEqual(ask("alerts", "--watchlist", "north", "--until-now").code, 2)
        ask("watchlist", "mute", "north", "--off").ok()
        for days, count in ((("--from", "2021-06-01", "--to", "2021-06-01"), 2),
                            (("--from", "2021-06-02"), 0), ((), 2)):
            told = ask("alerts", "--watchlist", "north", "--rehearse", *days).ok()
            self.assertEqual(told.out.count("●"), count, told.out)
            self.assertIn("nothing was sent", told.err)
        silence = ask("alerts", "--country", "KE", "--from", "0", "--until-now").ok()
        self.assertEqual((silence.out, silence.err), ("", "Nothing that matches, up to position 2.\n"))
        services.entente("append", "-", "--backfill", stdin=meeting(3)).ok()
        services.ask("timeline", "--at-least", 3)
        told = ask("alerts", "--country", "FR", "--rehearse").ok()
        self.assertIn("3 alerts would have been told, 1 of them to who asks for history", told.err)
        ask("watchlist", "mute", "north", "France").ok()
        self.assertIn("FR", ask("watchlist", "list").ok().out.splitlines()[-1].split()[-1])
        self.assertEqual(ask("watchlist", "mute", "north", "India").code, 2)
        ask("watchlist", "remove", "north").ok()
        self.assertEqual(ask("timeline", "--watchlist", "north").code, 2)

    def test_a_rehearsal_is_whole_though_the_service_restarts(self):
        """In the middle of it: more is to be told than a pipe that nobody reads holds."""
        services = self.services
        events = 1_500
        services.entente("append", "-", stdin="".join(meeting(n) for n in range(events))).ok()
        services.ask("timeline", "--at-least", events, "--limit", 1, "--timeout", int(PATIENCE))
        with subprocess.Popen(
                [BIN / "entente", *services.where, "alerts", "--rehearse", "--with-confirmations",
                 "--timeout", str(int(PATIENCE))], env=CLEAN, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE) as rehearsal:
            self.assertTrue(select.select([rehearsal.stdout], [], [], PATIENCE)[0])
            services.stop("query")
            services.start("query")
            told, said = rehearsal.communicate(timeout=4 * PATIENCE)
        self.assertIn("the service ended it", said)
        self.assertIn(f"{events} alerts would have been told", said)
        self.assertEqual(told.count("●"), events)

    def test_what_a_program_cannot_take_is_parked_and_replayed(self):
        services = self.services
        services.ask("subscription", "create", "desk", "--country", "JP", "--max-deliveries", 1)
        services.entente("append", "-", stdin=meeting(1)).ok()
        self.assertEqual(services.ask("subscription", "parked", "desk").out, "Nothing is parked.\n")
        self.consume_into_nowhere()
        floor, one = self.standing()
        self.assertEqual((floor[0], one.get("in_flight", 0), one.get("parked")), (1, 0, "1"))
        (parked,) = services.ask("subscription", "parked", "desk", "--json").objects
        self.assertEqual(place(json.dumps(parked["change"])), (1, 0))
        self.assertEqual(parked["deliveries"], 1)
        self.assertIn("to replay it: 1,0", services.ask("subscription", "parked", "desk").out)
        self.assertEqual(services.entente("subscription", "replay", "desk", "2").code, 4)
        replayed = services.ask("subscription", "replay", "desk", "1,0")
        self.assertEqual(replayed.out, "1 will be delivered again.\n")
        told = services.ask("alerts", "--group", "desk", "--count", "1", "--json")
        self.assertEqual([place(line) for line in told.out.splitlines()], [(1, 0)])
        floor, one = self.standing()
        self.assertEqual((floor[0], one.get("in_flight", 0), one.get("parked", "0")), (1, 0, "0"))
        self.assertEqual(services.ask("subscription", "parked", "desk").out, "Nothing is parked.\n")
        services.ask("subscription", "delete", "desk")
        self.assertEqual(services.ask("subscription", "list").out,
                         "There are no durable subscriptions.\n")


if __name__ == "__main__":
    unittest.main()
