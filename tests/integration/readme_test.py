"""Runs the README's blocks and holds what they print against what stands there.

    readme_test.py           a test
    readme_test.py --write   puts what they print into the README
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from running import BIN, CLEAN, PATIENCE, ROOT

README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.S | re.M)
# The only things that may differ from run to run.
MASKS = (
    (re.compile(
        r"(recorded\s+)\d{4}-\d\d-\d\d(\s+)\d\d:\d\d:\d\d"), r"\g<1>2026-11-23\g<2>16:00:00"),
    (re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"'), '"2026-11-23T16:00:00Z"'),
    *((re.compile(rf"^({name} .*127\.0\.0\.1:)\d+", re.M), rf"\g<1>{port}") for name, port in (
        ("ingest", 7400), ("projector", 7401), ("query", 7402), (r"tail \(PUB\)", 7403))),
    # As wide as those ports are.
    (re.compile(r"(endpoint) +(version)"), r"\g<1>              \g<2>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "0123456789abcdef" * 4),
)


def masked(text):
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return re.sub(r" +$", "", text, flags=re.M)


class Shell:
    """One bash for all blocks, in the root of the tree, with a home of its own."""

    END = "--- end of output ---"

    def __init__(self, home):
        free = {f"ENTENTE_{name}": "tcp://127.0.0.1:*" for name in
                ("INGEST_LISTEN", "PROJECTOR_LISTEN", "QUERY_LISTEN", "QUERY_TAIL")}
        environment = {**CLEAN, **free, "HOME": home, "COLUMNS": "100",
                       "PATH": f"{BIN}:{os.environ['PATH']}"}
        for name in ("XDG_DATA_HOME", "XDG_STATE_HOME"):
            environment.pop(name, None)
        self.bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, command):
        if command.startswith("export PATH="):  # the programs under test are found already
            return ""
        self.bash.stdin.write(f"{command}\n")
        # What goes on in the background has been printed once it says so.
        end = "Ready. Ctrl-C stops it." if command.endswith("&") else self.END
        if end == self.END:
            self.bash.stdin.write(f"echo '{self.END}'\n")
        self.bash.stdin.flush()
        printed = []
        for line in self.bash.stdout:
            if line.rstrip("\n") == self.END:
                break
            printed.append(line)
            if line.rstrip("\n") == end:
                break
        return "".join(printed)

    def close(self):
        self.bash.stdin.write("kill %% 2>/dev/null; wait\n")
        self.bash.stdin.close()
        self.bash.wait(PATIENCE)
        self.bash.stdout.close()


def replayed(block, shell):
    """The block as it would read after running its commands now."""
    out = []
    for line in block.splitlines():
        if line.startswith("$ "):
            out.append(line + "\n" + shell.run(line[2:]))
    return "".join(part if part.endswith("\n") else part + "\n" for part in out)


def replay_all():
    with tempfile.TemporaryDirectory(prefix="entente-test-") as home:
        shell = Shell(home)
        try:
            return [replayed(match[1], shell) for match in BLOCK.finditer(README.read_text())]
        finally:
            shell.close()


class Readme(unittest.TestCase):
    maxDiff = None

    def test_every_block_prints_what_stands_there(self):
        written = [match[1] for match in BLOCK.finditer(README.read_text())]
        self.assertGreater(len(written), 10)
        for stands, prints in zip(written, replay_all(), strict=True):
            with self.subTest(block=stands.splitlines()[0]):
                self.assertEqual(masked(stands), masked(prints))


def write():
    blocks = iter(replay_all())
    README.write_text(BLOCK.sub(lambda _: f"```console\n{masked(next(blocks))}```",
                                README.read_text()))


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        unittest.main()
