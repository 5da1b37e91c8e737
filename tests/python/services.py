"""The real services as a process, on a directory and ports of their own."""

from __future__ import annotations

import os
import pathlib
import select
import signal
import subprocess
import tomllib

from entente import Endpoints
from entente.endpoints import of_data_directory

TREE = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("ENTENTE_BIN_DIR", TREE / "build/dev/bin"), "entente")
DEADLINE_S = 60.0 * float(os.environ.get("ENTENTE_TEST_PATIENCE", "1"))


class Services:
    """`entente serve`, started again on the ports it had before."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.endpoints = Endpoints()
        self._tail = ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        anywhere = "tcp://127.0.0.1:*"
        again = bool(self._tail)
        listen = {
            "--ingest-listen": self.endpoints.ingest if again else anywhere,
            "--projector-listen": self.endpoints.projector if again else anywhere,
            "--query-listen": self.endpoints.query if again else anywhere,
            "--query-tail": self._tail or anywhere}
        with open(self.directory.with_suffix(".log"), "ab") as log:
            process = subprocess.Popen(
                [PROGRAM, "serve", "--data", self.directory,
                 *(word for pair in listen.items() for word in pair)],
                stdout=subprocess.PIPE, stderr=log, start_new_session=True)
        self._process = process
        self._await_ready(process)
        self.endpoints = of_data_directory(self.directory)
        written = tomllib.loads((self.directory / "endpoints.toml").read_text())
        self._tail = written["query"]["tail"]

    def kill(self) -> None:
        """kill -9: nothing is said to anybody."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.communicate(timeout=DEADLINE_S)
            self._process = None

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        """Until it says so; it leaves early when it cannot start."""
        assert process.stdout is not None
        said = b""
        while b"Ready" not in said:
            came, _, _ = select.select([process.stdout], [], [], DEADLINE_S)
            more = os.read(process.stdout.fileno(), 4096) if came else b""
            if not more:
                raise AssertionError(said.decode() + self.directory.with_suffix(".log").read_text())
            said += more
