"""`--help` teaches by example, and its examples are true."""

import pathlib
import re
import subprocess
import tempfile
import unittest

from running import BIN, CLEAN, PATIENCE, ROOT, SAMPLE, SAMPLE_EVENTS, Server, entente, event

# Examples that change something, or that show one part of a story: each by how it begins.
NOT_READING = ("serve", "append", "import", "rebuild --watch", "rebuild --hold", "rebuild --data",
               "generations swap", "generations cancel", "rollback", "drop", "log load",
               "log erase", "subscription create", "subscription delete", "subscription parked",
               "subscription replay", "watchlist save", "watchlist mute", "watchlist remove")
# What these need: a list of this name, a subscription of this name, a directory where nothing runs.
NEEDING = ("alerts --watchlist", "timeline --watchlist", "alerts --group", "log verify --data")


def commands(path=()):
    """Every command there is, as the words that name it, with its help."""
    answer = entente(*path, "--help")
    yield path, answer
    listed = re.search(r"(?ms)^Subcommands:\n(.*?)(?:\n\n|\Z)", answer.out)
    for name in re.findall(r"(?m)^  ([a-z-]+)\b", listed[1]) if listed else ():
        yield from commands((*path, name))


def examples(text):
    """The lines beneath "Examples:", each without its remark; one may go on over several lines."""
    block = re.search(r"(?ms)^Examples: *\n(.*?)(?:\n\n|\Z)", text)
    found = []
    for line in block[1].splitlines() if block else ():
        if re.match(r" {1,3}\S", line):
            found.append(line.strip())
        elif found and not re.match(r" {20,}\S", line):  # further right it is a remark
            found[-1] += "\n" + line.strip()
    return [re.split(r" {2,}", line)[0] for line in found]


class Help(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.commands = dict(commands())
        cls.directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        base = pathlib.Path(cls.directory.name)
        (base / "examples").symlink_to(ROOT / "examples")
        cls.server = Server(base / "data")
        cls.server.ask("append", SAMPLE)
        cls.server.ask("timeline", "--at-least", SAMPLE_EVENTS)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.directory.cleanup()

    def test_all_commands_are_walked(self):
        names = {" ".join(path) for path in self.commands}
        self.assertGreater(len(names), 40)
        for name in ("serve", "timeline", "log erase", "subscription replay", "watchlist mute",
                     "verify views", "generations cancel", "series"):
            self.assertIn(name, names)

    def test_each_has_an_example_that_begins_with_its_name(self):
        for path, answer in self.commands.items():
            name = " ".join(("entente", *path))
            with self.subTest(name):
                self.assertEqual((answer.code, answer.err), (0, ""))
                own = [line for line in examples(answer.out)
                       if line == name or line.startswith(name + " ")]
                self.assertTrue(own, answer.out)

    def test_help_of_a_command_is_its_help(self):
        for path, answer in self.commands.items():
            if len(path) == 1:
                self.assertEqual(examples(entente("help", *path).ok().out), examples(answer.out))
        for topic in ("exit-codes", "dates", "times", "json", "places"):
            self.assertIn(topic, entente("help", "--help").ok().out)
            self.assertGreater(len(entente("help", topic).ok().out.splitlines()), 3, topic)

    def test_examples_that_only_read_work_on_the_sample(self):
        shown = {line for answer in self.commands.values() for line in examples(answer.out)}
        ran = 0
        for line in sorted(shown):
            words = line.removeprefix("entente ")
            if words == line or words.startswith(NOT_READING + NEEDING):
                continue
            with self.subTest(line):
                self.shell(line)
                ran += 1
        self.assertGreater(ran, 45)

    def test_examples_of_a_story_work_one_after_the_other(self):
        """Those that make, use and remove a thing of their own."""
        for command in ("watchlist", "subscription"):
            for line in examples(self.commands[command,].out):
                if "subscription replay desk 18" in line:  # nothing was parked
                    continue
                with self.subTest(line):
                    if "--group" in line:  # it is told what comes from now on
                        self.server.entente("append", "-", stdin=event(
                            stream="meeting/jp-in-two-plus-two-2021-04",
                            meeting_rescheduled={"new_date": {"edtf": "2021-07-10"}})).ok()
                    self.shell(line, also=4 if "replay" in line else 0)

    def shell(self, line, also=0):
        """Runs an example as it stands, but for what would wait for something to come."""
        if " alerts " in f" {line} " and "--rehearse" not in line:
            line += " --count 1" if "--group" in line else " --until-now"
        base = pathlib.Path(self.directory.name)
        done = subprocess.run(
            ["bash", "-c", line], cwd=base, text=True, capture_output=True, timeout=PATIENCE,
            check=False, stdin=subprocess.DEVNULL,
            env={**CLEAN, "PATH": f"{BIN}:{CLEAN['PATH']}", "ENTENTE_DATA": str(base / "data"),
                 "XDG_CONFIG_HOME": str(base / "config")})
        self.assertIn(done.returncode, (0, also), f"{line}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    unittest.main()
