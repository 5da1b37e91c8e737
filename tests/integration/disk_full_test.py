"""On a full disk nothing dies: ingest says so and takes nothing more, questions are answered, and
with room and a restart everything goes in."""

import ctypes
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from running import BIN, SAMPLE_EVENTS, SAMPLE, Program, entente, event

CLONE_NEWNS, CLONE_NEWUSER = 0x00020000, 0x10000000


def own_mounts():
    """Gives this process and its children a view of the mounts of their own; why not, else None."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0:
        return f"no namespace of its own: {os.strerror(ctypes.get_errno())}"
    try:
        pathlib.Path("/proc/self/setgroups").write_text("deny")
        pathlib.Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        pathlib.Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    except OSError as fault:
        return f"no namespace of its own: {fault}"
    return None


class DiskFull(unittest.TestCase):
    def setUp(self):
        if why_not := own_mounts():
            self.skipTest(why_not)
        directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.addCleanup(directory.cleanup)
        self.disk = pathlib.Path(directory.name)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", self.disk],
                                 capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            self.skipTest(f"no disk of its own: {mounted.stderr}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=True)

    def serve(self):
        listen = [f"--{name}-listen=tcp://127.0.0.1:*" for name in ("ingest", "projector", "query")]
        program = Program(BIN / "entente", "serve", "--data", self.disk / "data", *listen,
                          "--query-tail=tcp://127.0.0.1:*")
        self.addCleanup(program.stop)
        program.await_line("^Ready")
        return program

    def entente(self, *arguments, stdin=""):
        return entente("--data", self.disk / "data", *arguments, stdin=stdin)

    def fill(self):
        """Leaves a few pages."""
        with open(self.disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(bytes(1 << 16))
            except OSError:
                ballast.truncate(ballast.tell() - (1 << 14))

    def test_is_said_and_survived(self):
        program = self.serve()
        self.entente("append", SAMPLE).ok()
        self.entente("timeline", "--at-least", SAMPLE_EVENTS).ok()
        self.fill()
        lines = "".join(event(stream="kind/two-plus-two",
                              statement_made={"who": "a test", "summary": f"{n} " + "x" * 900})
                        for n in range(1_000))

        refused = self.entente("append", "-", "--batch", "100", stdin=lines)
        self.assertEqual(refused.code, 3, refused.err)
        self.assertRegex(refused.err, "LOG_READ_ONLY|STORE_IO")
        self.assertIn("No space left on device", refused.err)
        again = self.entente("append", "-", stdin=lines)
        self.assertEqual(again.code, 3, again.err)
        self.assertIn("LOG_READ_ONLY", again.err)

        self.assertEqual(len(self.entente("timeline", "--json", "--country", "JP").ok().objects), 7)
        status = {one["service"]: one for one in self.entente("status", "--json").objects}
        self.assertEqual(status["ingest"]["health"], "red")
        self.assertIn("No space left on device", json.dumps(status["ingest"]["notes"]))

        # RocksDB's own log would be one more file that cannot be written, and its failure, seconds
        # later, is an assertion that ends the process (log/no_info_log.h).
        self.assertEqual(list(self.disk.rglob("LOG")), [])

        (self.disk / "ballast").unlink()
        self.assertEqual(program.stop(), 0, program.lines)
        self.serve()
        self.entente("append", "-", stdin=lines).ok()
        self.entente("timeline", "--at-least", SAMPLE_EVENTS + 1_000).ok()
        self.assertRegex(self.entente("log", "verify").ok().out,
                         f"^{SAMPLE_EVENTS + 1_000} events in .* unbroken chain")


if __name__ == "__main__":
    unittest.main()
