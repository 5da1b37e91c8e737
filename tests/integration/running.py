"""Starts, kills and asks the real programs."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("ENTENTE_BIN_DIR", ROOT / "build/dev/bin"))
SAMPLE = ROOT / "examples/two-plus-two-2021.jsonl"
SAMPLE_EVENTS = sum(1 for line in SAMPLE.read_text().splitlines() if line)

# Seconds a condition may take; sanitized builds ask for more.
PATIENCE = 30 * float(os.environ.get("ENTENTE_TEST_PATIENCE", "1"))

# A port that nobody has.
FREE = "tcp://127.0.0.1:*"

# Nothing of the caller's may reach the programs.
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith("ENTENTE_")}
# What the command remembers is remembered here, and gone with the test.
STATE = tempfile.TemporaryDirectory(prefix="entente-test-state-")
CLEAN["XDG_STATE_HOME"] = STATE.name


class Program:
    """A running program whose output is kept, line by line."""

    def __init__(self, *command, env=None, **how):
        self.command = [str(part) for part in command]
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env=env or CLEAN, **how)
        self.lines = []
        self._changed = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def await_line(self, pattern):
        """The match in the first line that has one; fails when the program ends before."""
        def found():
            return next((m for m in (re.search(pattern, line) for line in self.lines) if m), None)
        with self._changed:
            self._changed.wait_for(lambda: found() or self._ended, PATIENCE)
            match = found()
        if match is None:
            raise AssertionError(f"{self.command} did not print /{pattern}/:\n" +
                                 "\n".join(self.lines))
        return match

    def await_count(self, pattern, count):
        """Waits until so many lines have a match."""
        def counted():
            return sum(1 for line in self.lines if re.search(pattern, line))
        with self._changed:
            self._changed.wait_for(lambda: counted() >= count or self._ended, PATIENCE)
            if counted() < count:
                raise AssertionError(f"{self.command} printed /{pattern}/ {counted()} times, not "
                                     f"{count}:\n" + "\n".join(self.lines))

    def kill(self):
        self.process.kill()
        self.ended()

    def stop(self):
        """Asks it to stop and gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self):
        """Waits for its end and gives its exit code."""
        try:
            code = self.process.wait(4 * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"{self.command} did not end:\n" + "\n".join(self.lines))
        self._reader.join(PATIENCE)
        self.process.stdout.close()
        return code


class Answer:
    """What a run of `entente` printed, and how it ended."""

    def __init__(self, command, done):
        self.command = command
        self.out, self.err, self.code = done.stdout, done.stderr, done.returncode

    def ok(self):
        if self.code != 0:
            raise AssertionError(f"{self.command}: exit code {self.code}\n{self.out}{self.err}")
        return self

    @property
    def objects(self):
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def dumped(self):
        """The events of a dump of the log, without the lines of its commits."""
        return [line["event"] for line in self.objects if "event" in line]


class Services:
    """Ingest, projector and query as three processes with three data directories."""

    NAMES = ("ingest", "projector", "query")

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="entente-test-")
        self.base = pathlib.Path(self.directory.name)
        self.programs = {}
        self.ran = []
        self.endpoints = {}  # where requests are taken
        self.tail = FREE     # where query publishes
        for name in self.NAMES:
            self.start(name)

    def launch(self, name, **how):
        """Begins to start a service, on the endpoint it had before if it had one."""
        listen = self.endpoints.get(name, FREE)
        more = []
        if name == "projector":
            more = ["--ingest", self.endpoints["ingest"]]
        if name == "query":
            more = ["--projector", self.endpoints["projector"], "--ingest",
                    self.endpoints["ingest"], "--tail", self.tail,
                    "--subscriptions", self.base / "subscriptions"]
        program = Program(BIN / f"entente-{name}", "--data", self.base / name, "--listen", listen,
                          *more, **how)
        self.programs[name] = program
        self.ran.append(program)
        return program

    def start(self, name, **how):
        """Starts a service, and returns once it takes requests."""
        program = self.launch(name, **how)
        self.endpoints[name] = program.await_line(rf"^{name} (tcp://\S+)")[1]
        if name == "query":
            self.tail = program.await_line(r"^tail (tcp://\S+)")[1]

    def kill(self, name):
        self.programs.pop(name).kill()

    def stop(self, name):
        return self.programs.pop(name).stop()

    def close(self):
        for name in reversed(self.NAMES):
            if name in self.programs:
                self.stop(name)
        self.directory.cleanup()

    @contextlib.contextmanager
    def explaining(self):
        """Puts what every program said, killed ones too, beneath whatever fails inside."""
        try:
            yield
        except Exception as failure:
            for program in self.ran:
                failure.add_note("\n".join([f"---- {' '.join(program.command)}: exit code "
                                            f"{program.process.poll()}", *program.lines]))
            raise

    @property
    def where(self):
        return [f"--{name}={self.endpoints[name]}" for name in self.NAMES]

    def entente(self, *arguments, stdin=""):
        return entente(*self.where, *arguments, stdin=stdin)

    def ask(self, *arguments):
        return self.entente(*arguments).ok()

    def watch(self, *arguments):
        program = Program(BIN / "entente", *self.where, "alerts", *arguments)
        program.await_line("^Watching")
        return program


class OneProcess(Services):
    """The same three as one: `entente serve`, started, killed and asked as Services are."""

    NAMES = ("serve",)
    FLAGS = {"ingest": "--ingest-listen", "projector": "--projector-listen",
             "query": "--query-listen"}

    def launch(self, name, **how):
        listen = [f"{flag}={self.endpoints.get(part, FREE)}" for part, flag in self.FLAGS.items()]
        program = Program(BIN / "entente", "serve", "--data", self.base / name, *listen,
                          f"--query-tail={self.tail}", **how)
        self.programs[name] = program
        self.ran.append(program)
        return program

    def start(self, name, **how):
        program = self.launch(name, **how)
        program.await_line("^Ready")
        for part in self.FLAGS:
            self.endpoints[part] = program.await_line(rf"^{part} +(tcp://\S+)")[1]
        self.tail = program.await_line(r"^tail \(PUB\) +(tcp://\S+)")[1]

    @property
    def where(self):
        return [f"--data={self.base / 'serve'}"]


class Server:
    """`entente serve`, asked by its directory."""

    def __init__(self, data, *options):
        self.data = data
        free = [f"--{name}={FREE}" for name in
                ("ingest-listen", "projector-listen", "query-listen", "query-tail")]
        self.program = Program(BIN / "entente", "serve", "--data", data, *free, *options)
        self.program.await_line("^Ready")

    def entente(self, *arguments, stdin=""):
        return entente("--data", self.data, *arguments, stdin=stdin)

    def ask(self, *arguments):
        return self.entente(*arguments).ok()

    def kill(self):
        self.program.kill()

    def stop(self):
        return self.program.stop()


def wait_until(condition, what):
    """Looks until it holds: for what another process does and nobody tells of."""
    end = time.monotonic() + PATIENCE
    between = threading.Event()
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"it never came that {what}")
        between.wait(0.005)


def entente(*arguments, stdin="", env=None):
    command = [str(BIN / "entente"), *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, env=env or CLEAN,
                          timeout=4 * PATIENCE, check=False)
    return Answer(command, done)


def event(**fields):
    """A line for `entente append`."""
    whole = {"reported": "2021-06-01",
             "source": {"publisher": "a test", "locator": "l. 1", "class": "official"}, **fields}
    return json.dumps({key: value for key, value in whole.items() if value is not None}) + "\n"
