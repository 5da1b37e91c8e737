"""./scripts/demo shows what it promises, and leaves nothing behind that it does not name."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

from running import BIN, CLEAN, PATIENCE, ROOT, entente


def runs(pid):
    """Whether it has not ended; in a container without an init nobody may have waited for it."""
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except FileNotFoundError:
        return False


class Demo(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        self.place = pathlib.Path(directory.name)

    def demo(self, *options, killed=False):
        environment = {**CLEAN, "ENTENTE_BIN_DIR": str(BIN), "ENTENTE_DEMO_DIR": str(self.place)}
        done = subprocess.run([ROOT / "scripts/demo", *options], env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=4 * PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        if not killed:
            self.assertNotIn("was killed", done.stdout)
        return done.stdout

    def test_it_shows_timeline_partners_pending_and_an_alert(self):
        shown = self.demo()
        for promise in (r"marked SAMPLE", r"22 appended, 0 duplicates, none refused",
                        r"3 February 2021 +held", r"March 2021 +held", r"Germany +1 +1",
                        r"8th partner", r"Japan-India.* postponed +no new date",
                        r"● .*Japan-India two-plus-two now set for 10 July 2021",
                        r"19 appended", r"11 or 12 June 2023, disputed", r"as of position 22",
                        r"Stopped\. "):
            self.assertRegex(shown, promise)
        self.assertEqual((self.place / "data/MARKER").read_text().strip(), "SAMPLE")
        self.assertEqual(entente("--data", self.place / "data", "status").code, 3)

    def test_kept_it_goes_on_until_stopped_or_shown_again(self):
        shown = self.demo("--keep")
        pid = int(re.search(r"^    kill (\d+)$", shown, re.M)[1])
        self.assertIn(f"export ENTENTE_DATA={self.place / 'data'}", shown)
        entente("--data", self.place / "data", "status").ok()
        self.assertIn("Stopping the server that an earlier demo left running", self.demo("--keep"))
        self.assertFalse(runs(pid))
        second = int((self.place / "pid").read_text())
        entente("--data", self.place / "data", "status").ok()
        os.kill(second, signal.SIGTERM)
        self.demo()

    @unittest.skipUnless("ENTENTE_TEST_ALL" in os.environ, "10 seconds; with ENTENTE_TEST_ALL")
    def test_a_server_that_does_not_stop_is_killed_and_named(self):
        self.demo("--keep")
        pid = int((self.place / "pid").read_text())
        os.kill(pid, signal.SIGSTOP)  # it hears of nothing now
        shown = self.demo(killed=True)
        self.assertIn(f"process {pid} did not stop within 10 s and was killed", shown)
        self.assertFalse(runs(pid))

    def test_it_removes_nothing_that_is_not_its_own(self):
        (self.place / "data").mkdir()
        (self.place / "data/precious").write_text("mine")
        environment = {**CLEAN, "ENTENTE_BIN_DIR": str(BIN), "ENTENTE_DEMO_DIR": str(self.place)}
        done = subprocess.run([ROOT / "scripts/demo"], env=environment, capture_output=True,
                              text=True, timeout=4 * PATIENCE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("not marked SAMPLE", done.stderr)
        self.assertEqual((self.place / "data/precious").read_text(), "mine")


if __name__ == "__main__":
    unittest.main()
