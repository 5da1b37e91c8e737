"""What only a person at a terminal sees: progress, colour, and lines as wide as the window."""

import fcntl
import os
import pathlib
import re
import struct
import subprocess
import tempfile
import termios
import unicodedata
import unittest

from running import BIN, CLEAN, PATIENCE, SAMPLE, SAMPLE_EVENTS, Services, entente, event

LARGE = 3_000
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WIPE = "\r\x1b[K"
PROGRESS = re.compile(r"[█░]{30} +\d+ %  \d+ events, \d+ a second")
# Neither may come from where the test is run.
PLAIN = {key: value for key, value in CLEAN.items() if key not in ("NO_COLOR", "COLUMNS")}


def on_a_terminal(*arguments, columns=100, **variables):
    """All that `entente` prints on a terminal this wide, and its exit code."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [BIN / "entente", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=theirs,
        stderr=theirs, env={**PLAIN, "TERM": "xterm-256color", **variables})
    os.close(theirs)
    printed = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:  # nobody holds the other end any longer
            break
        if not piece:
            break
        printed += piece
    os.close(ours)
    return printed.decode().replace("\r\n", "\n"), process.wait(PATIENCE)


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in COLOUR.sub("", line) if not unicodedata.combining(c))


def on_screen(line):
    """What of a line is seen once all of it was printed."""
    return line.rsplit(WIPE, 1)[-1]


class Terminal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.services = Services()
        cls.services.ask("append", SAMPLE)
        cls.services.ask("timeline", "--at-least", SAMPLE_EVENTS)
        cls.timeline = [*cls.services.where, "timeline", "--country", "JP", "--today",
                        "2021-05-05", "--at-least", SAMPLE_EVENTS]

    @classmethod
    def tearDownClass(cls):
        cls.services.close()

    def append(self, name):
        """A file that takes a while, and the words that append it."""
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        path = pathlib.Path(directory.name) / "large.jsonl"
        path.write_text("".join(
            event(stream=f"meeting/{name}-{i}", id=f"{name}-{i}",
                  meeting={"kind": "summit", "parties": [{"name": "FJ"}, {"name": "TO"}]},
                  meeting_announced={"date": {"edtf": "2031-07"}}) for i in range(LARGE)))
        # Each of them is an fsync of its own.
        return [*self.services.where, "append", path, "--batch", "1"]

    def test_progress_is_shown_and_wiped(self):
        printed, code = on_a_terminal(*self.append("shown"))
        self.assertEqual(code, 0, printed)
        bars = PROGRESS.findall(printed)
        self.assertTrue(bars, printed)
        self.assertEqual(len(bars), len(set(bars)), "the same bar was drawn again")
        self.assertTrue(any("█" in bar and "░" in bar for bar in bars), bars)
        for bar in bars:
            self.assertLessEqual(width(bar), 100)
        # Of all that was drawn over each other the summary is what stays.
        self.assertEqual([on_screen(line) for line in printed.split("\n")],
                         [f"{LARGE} appended, 0 duplicates, none refused. The log stands at "
                          f"position {self.head()}.", ""])

    def head(self):
        return self.services.ask("status", "--json").objects[0]["durable_position"]

    def test_no_progress_in_a_pipe(self):
        answer = entente(*self.append("piped"), env=PLAIN).ok()
        self.assertEqual(answer.out, "")
        self.assertEqual(answer.err, f"{LARGE} appended, 0 duplicates, none refused. The log "
                                     f"stands at position {self.head()}.\n")

    def test_lines_are_as_wide_as_the_window(self):
        widest = {}
        for columns in (80, 100, 160):
            # The window counts, whatever a shell exported when it was another.
            printed, code = on_a_terminal(*self.timeline, columns=columns, COLUMNS="40")
            self.assertEqual(code, 0, printed)
            widest[columns] = max(map(width, printed.splitlines()))
            self.assertLessEqual(widest[columns], columns, printed)
            self.assertEqual(printed.count("two-plus-two-2021-"), 6)
        # No room is given away where there is something to put into it.
        self.assertGreater(widest[100], 80)
        self.assertGreater(widest[160], 100)
        piped = entente(*self.timeline, env=PLAIN).ok().out
        self.assertEqual(entente(*self.timeline, env={**PLAIN, "COLUMNS": "80"}).ok().out,
                         COLOUR.sub("", on_a_terminal(*self.timeline, columns=80)[0]))
        self.assertGreater(max(map(width, piped.splitlines())), 80)

    def test_every_answer_fits_into_eighty_columns(self):
        for command in (["timeline"], ["meeting", "jp-us-two-plus-two-2021-03"], ["pending"],
                        ["stats", "--by", "year"], ["stats", "--by", "topic"],
                        ["stats", "--country", "JP", "--by", "partner"],
                        ["changes", "--since", "0"], ["diff", "--from", "0"], ["countries"],
                        ["topics"], ["kinds"], ["series"], ["subject", "kind/two-plus-two"],
                        ["status"], ["generations"]):
            printed, code = on_a_terminal(*self.services.where, *command, columns=80)
            self.assertEqual(code, 0, printed)
            for line in printed.splitlines():
                self.assertLessEqual(width(line), 80, line)

    def test_colour_is_for_terminals(self):
        coloured = on_a_terminal(*self.timeline)[0]
        self.assertRegex(coloured, COLOUR)
        plain = COLOUR.sub("", coloured)
        self.assertNotIn("\x1b", plain)
        wide = {**PLAIN, "COLUMNS": "100"}
        self.assertEqual(entente(*self.timeline, env=wide).ok().out, plain)
        # What a person wants wins, in the order in which it was said.
        self.assertEqual(on_a_terminal(*self.timeline, NO_COLOR="1")[0], plain)
        self.assertEqual(on_a_terminal(*self.timeline, NO_COLOR="")[0], coloured)
        self.assertEqual(on_a_terminal(*self.timeline, TERM="dumb")[0], plain)
        self.assertEqual(on_a_terminal(*self.timeline, "--colour", "never")[0], plain)
        self.assertEqual(on_a_terminal(*self.timeline, "--color=always", NO_COLOR="1")[0], coloured)
        self.assertEqual(entente(*self.timeline, "--colour", "always", env=wide).ok().out, coloured)

    def test_json_is_for_programs(self):
        printed, code = on_a_terminal(*self.timeline, "--json", columns=40)
        self.assertEqual(code, 0, printed)
        self.assertEqual(printed, entente(*self.timeline, "--json", env=PLAIN).ok().out)


if __name__ == "__main__":
    unittest.main()
