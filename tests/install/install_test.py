"""The C++ client as others get it: installed, found by CMake and by pkg-config, and the examples
built and run against it. ENTENTE_TEST_ALL builds all of them."""

import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import tomllib
import unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["ENTENTE_BUILD_DIR"])
PROGRAM = BUILD / "bin/entente"
ALL = "ENTENTE_TEST_ALL" in os.environ
DEADLINE_S = 60


def run(*words, **options):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="entente-install-"))
        cls.prefix = cls.scratch / "prefix"
        run("cmake", "--install", BUILD, "--component", "client", "--prefix", cls.prefix)
        cls.addClassCleanup(shutil.rmtree, cls.scratch)
        cls.data = cls.scratch / "data"
        anywhere = "tcp://127.0.0.1:*"
        cls.server = subprocess.Popen(
            [PROGRAM, "serve", "--data", cls.data, "--ingest-listen", anywhere,
             "--projector-listen", anywhere, "--query-listen", anywhere, "--query-tail", anywhere],
            stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop)
        for line in cls.server.stdout:
            if line.startswith("Ready"):
                break
        cls.at = tomllib.loads((cls.data / "endpoints.toml").read_text())
        run(PROGRAM, "append", "--data", cls.data, TREE / "examples/two-plus-two-2021.jsonl")
        run(PROGRAM, "timeline", "--data", cls.data, "--at-least", 22)
        cls.examples = cls.scratch / "examples"
        which = "append.cpp;ask.cpp;watch.cpp;consume.cpp;listen.cpp" if ALL else \
            "watch.cpp;consume.cpp;listen.cpp"
        run("cmake", "-S", TREE / "examples/cpp", "-B", cls.examples, "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={cls.prefix}", f"-DENTENTE_EXAMPLES={which}")
        run("cmake", "--build", cls.examples)

    @classmethod
    def stop(cls):
        cls.server.terminate()
        cls.server.communicate(timeout=DEADLINE_S)

    def two_lines(self, *words):
        """Of a program that does not end by itself; it has dealt with the first."""
        with subprocess.Popen([str(word) for word in words], cwd=self.scratch,
                              stdout=subprocess.PIPE, text=True) as process:
            ready, _, _ = select.select([process.stdout], [], [], DEADLINE_S)
            lines = [process.stdout.readline().strip() for _ in range(2 if ready else 0)]
            process.kill()
        self.assertEqual(len(lines), 2, words)
        return lines

    def saved_place(self):
        return tuple(int(part) for part in (self.scratch / "watch.cursor").read_text().split())

    def test_each_has_about_twenty_lines(self):
        for example in (TREE / "examples/cpp").glob("*.cpp"):
            code = [line for line in example.read_text().splitlines()
                    if line and not line.startswith(("//", "#include"))]
            self.assertLessEqual(len(code), 22, example.name)

    def test_watch_goes_on_where_it_stood(self):
        watch = self.examples / "watch", self.at["query"]["endpoint"]
        first, second = self.two_lines(*watch)
        self.assertIn("two-plus-two", first)
        saved = self.saved_place()
        self.assertGreaterEqual(saved, (1, 0))
        # The second may have been printed and its place not kept.
        again, _ = self.two_lines(*watch)
        self.assertNotEqual(again, first)
        self.assertGreater(self.saved_place(), saved)

    def test_consume(self):
        told, _ = self.two_lines(self.examples / "consume", self.at["query"]["endpoint"])
        self.assertIn("two-plus-two", told)
        listed = run(PROGRAM, "subscription", "list", "--data", self.data)
        self.assertIn("desk", listed)

    @unittest.skipUnless(ALL, "with ENTENTE_TEST_ALL")
    def test_append_and_ask(self):
        said = run(self.examples / "append", self.at["ingest"]["endpoint"])
        self.assertRegex(said, r"^position \d+$")
        listed = run(self.examples / "ask", self.at["query"]["endpoint"])
        self.assertIn("meeting/jp-us-two-plus-two-2021-03", listed)

    def test_listen(self):
        """It is told of what comes while it listens, which may be the second or third of them."""
        with subprocess.Popen([self.examples / "listen", self.at["query"]["endpoint"],
                               self.at["query"]["tail"]],
                              stdout=subprocess.PIPE, text=True) as process:
            for number in range(1, 2 * DEADLINE_S):
                event = {"stream": f"meeting/jp-in-{number}", "reported": "2021-05-05",
                         "source": {"publisher": "a daily", "class": "media"},
                         "meeting": {"kind": "two-plus-two",
                                     "parties": [{"name": "JP"}, {"name": "IN"}]},
                         "meeting_announced": {"date": {"edtf": "2021-06"}}}
                run(PROGRAM, "append", "--data", self.data, "-", input=json.dumps(event) + "\n")
                ready, _, _ = select.select([process.stdout], [], [], 0.5)
                if ready:
                    break
            told = process.stdout.readline() if ready else ""
            process.kill()
        self.assertIn("Japan-India two-plus-two", told)

    def test_pkg_config_says_the_same(self):
        found = run("pkg-config", "--cflags", "--libs", "entente", env=os.environ | {
            "PKG_CONFIG_PATH": str(next(self.prefix.glob("lib*/**/pkgconfig")))})
        run("g++", "-std=c++20", TREE / "examples/cpp/ask.cpp", "-o", self.scratch / "ask",
            *found.split())
        self.assertIn("meeting/", run(self.scratch / "ask", self.at["query"]["endpoint"]))


if __name__ == "__main__":
    unittest.main()
