"""The rules of the house, held against the tree. Each failure says what to do instead."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Which of our folders a folder may include, beside itself and the generated proto headers.
MAY_INCLUDE = {
    "values": set(),
    "domain": {"values"},
    "bus": {"values"},
    "log": {"domain", "values"},
    "views": {"log", "domain", "values"},
    "formats": {"domain", "values"},
    "client": {"bus", "domain", "values"},
    "services": {"values", "domain", "bus", "log", "views", "formats", "client"},
    # `log` and `views` for what it does to a directory: docs/adr/0005.
    "cli": {"services", "log", "views", "client", "formats", "domain", "values"},
}
# Libraries that stay behind one door: header prefix -> folders that may include it.
BEHIND_A_DOOR = {
    "zmq": {"bus", "client", "services", "cli"},
    "rocksdb/": {"log", "views", "services"},
    "CLI/": {"services", "cli"},
    "thread": {"bus", "log", "views", "client", "services", "cli"},
    "mutex": {"log", "views", "services", "client"},
}
# The folders of a package of protobuf, which `proto/README.md` speaks of, and the files of a store.
WITHOUT_README = ("proto/entente", "tests/golden/log-format-1")
EMPTY_NAMES = {"util", "utils", "common", "helper", "helpers", "misc", "manager", "managers"}
CODE = {".h", ".cpp"}


def tracked():
    """Every file git knows or would know, so that the test also works before a commit."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n")
    return sorted({pathlib.Path(f) for f in listed if f and (ROOT / f).is_file()})


FILES = tracked()


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def room(path):
    """The part of the include table a file belongs to; None for tests, bench and examples."""
    parts = path.parts
    if parts[0] == "lib":
        return parts[1]
    return parts[0] if parts[0] in ("services", "cli") else None


def includes(path):
    for number, line in enumerate(text(path).splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if found:
            yield number, found[1] == '"', found[2]


class House(unittest.TestCase):
    def fail_with(self, sentences):
        if sentences:
            self.fail("\n" + "\n".join(sorted(sentences)))

    def test_includes_go_downwards(self):
        wrong = []
        for path in FILES:
            here = room(path)
            if path.suffix not in CODE or here not in MAY_INCLUDE:
                continue
            for number, ours, header in includes(path):
                there = header.split("/")[0]
                if ours and there in MAY_INCLUDE and there != here \
                        and there not in MAY_INCLUDE[here]:
                    wrong.append(f"{path}:{number}: {here} includes {header}. {here} may include "
                                 f"{sorted(MAY_INCLUDE[here]) or 'nothing of ours'}: move what you "
                                 f"need down, or pass it in.")
                for door, folders in BEHIND_A_DOOR.items():
                    if not ours and header.startswith(door) and here not in folders:
                        wrong.append(f"{path}:{number}: <{header}> belongs to {sorted(folders)}. "
                                     f"Ask them for what you need through their headers.")
        self.fail_with(wrong)

    def test_every_source_is_built(self):
        wrong = []
        headers = {header for path in FILES if path.suffix in CODE
                   for _, _, header in includes(path)}
        for path in FILES:
            if path.suffix == ".cpp":
                listings = [p / "CMakeLists.txt" for p in path.parents]
                if not any((ROOT / listing).is_file()
                           and re.search(rf"(?<![\w/.-]){re.escape(str(path.relative_to(listing.parent)))}(?![\w.])",
                                         text(listing))
                           for listing in listings):
                    wrong.append(f"{path}: nobody builds it. List it in the CMakeLists.txt of its "
                                 f"folder, or delete it.")
            elif path.suffix == ".h":
                names = {str(path), str(path.relative_to(path.parts[0])) if len(path.parts) > 1
                         else str(path), path.name}
                if not names & headers:
                    wrong.append(f"{path}: nobody includes it. Use it, or delete it.")
        self.fail_with(wrong)

    def test_names_say_something(self):
        self.fail_with([
            f"{path}: \"{part}\" does not say what is inside. Name the idea; if it needs an "
            f"\"and\", make two."
            for path in FILES for part in path.parts
            if {word for word in re.split(r"[_.\-]", part.lower())} & EMPTY_NAMES])

    def test_every_folder_says_what_it_is(self):
        wrong = []
        folders = {folder for path in FILES for folder in path.parents if folder.parts}
        for folder in sorted(folders):
            if folder.parts[0].startswith(".") or any(
                    folder.is_relative_to(whole) for whole in WITHOUT_README):
                continue
            readme = folder / "README.md"
            if readme not in FILES:
                wrong.append(f"{folder}: has no README.md. Write a few lines: the idea, what it "
                             f"may include, what it never knows.")
                continue
            words = text(readme).lower()
            lines = text(readme).count("\n")
            holds_code = any(p.parent == folder and p.suffix in CODE for p in FILES)
            if folder.parts[0] in ("lib", "services", "cli") and holds_code:
                for phrase in ("may include", "never knows"):
                    if phrase not in words:
                        wrong.append(f"{readme}: does not say what the folder \"{phrase}\". Add it.")
                if lines > 60:
                    wrong.append(f"{readme}: {lines} lines. A few are enough; move the rest to "
                                 f"docs/.")
        self.fail_with(wrong)

    def test_promises_are_those_that_tests_print(self):
        table = re.search(r"^### What is promised\n(.*?)^### ", text(pathlib.Path("docs/protocol.md")),
                          re.M | re.S)[1]
        promised = [row for row in re.findall(r"^\| ([^|]+?) \| [^|\n]+ \|$", table, re.M)
                    if row not in ("promise", "---")]
        header = pathlib.Path("tests/services/query/promises.h")
        printed = re.findall(r'std::string_view k\w+ = "([^"]+)";', text(header))
        names = re.findall(r"std::string_view (k\w+) =", text(header))
        tests = "\n".join(text(p) for p in FILES if p.suffix == ".cpp" and p.parts[0] == "tests")
        self.fail_with(
            [f"docs/protocol.md, section 7, promises \"{one}\", and no test can print it. Add it to "
             f"{header}, and check it." for one in set(promised) - set(printed)]
            + [f"{header}: \"{one}\" is promised nowhere. Add it to docs/protocol.md, section 7."
               for one in set(printed) - set(promised)]
            + [f"{header}: {one} is printed by no test. Check that promise, or take it out."
               for one in names if f"promise::{one}" not in tests]
            + ([] if len(promised) > 5 else ["docs/protocol.md: the table of promises is gone."]))

    def test_every_invariant_names_a_test_that_exists(self):
        architecture = text(pathlib.Path("docs/architecture.md"))
        tests = "\n".join(text(p) for p in FILES if p.parts[0] == "tests"
                          and p.suffix in (".cpp", ".py", ".h"))
        numbered = re.findall(r"^(\d+)\. \*\*(.+?)\*\*(.*?)(?=^\d+\. \*\*|^#|\Z)", architecture,
                              re.M | re.S)
        wrong = []
        if [int(n) for n, _, _ in numbered] != list(range(1, len(numbered) + 1)) or not numbered:
            wrong.append("docs/architecture.md: number the invariants 1, 2, 3 … as `1. **…**`.")
        for number, name, rest in numbered:
            named = re.findall(r"`([A-Za-z]\w*\.\w+|tests/[\w./-]+)`", rest)
            if not named:
                wrong.append(f"docs/architecture.md: invariant {number} ({name}) names no test. "
                             f"Name one as `Suite.Test` or `tests/path`.")
            for test in named:
                if test.startswith("tests/"):
                    exists = (ROOT / test).exists()
                else:
                    suite, case = test.split(".", 1)
                    exists = re.search(rf"TEST(_F|_P)?\(\s*{suite},\s*{case}\s*\)"
                                       rf"|RC_GTEST_PROP\(\s*{suite},\s*{case}\s*,"
                                       rf"|class {suite}\b[\s\S]*?def {case}\b", tests)
                if not exists:
                    wrong.append(f"docs/architecture.md: invariant {number} names `{test}`, which "
                                 f"does not exist. Write that test, or name the one that holds it.")
        self.fail_with(wrong)

    def test_generated_files_are_current(self):
        wrong = []
        for what, kept in (("proto", "proto/entente/v1/error_reason.proto"),
                           ("doc", "docs/errors.md")):
            with tempfile.NamedTemporaryFile("r", suffix=f".{what}") as made:
                subprocess.run([ROOT / "scripts/generate-errors", what, made.name], check=True)
                if made.read() != text(pathlib.Path(kept)):
                    wrong.append(f"{kept}: is not what lib/values/errors.toml says. Run "
                                 f"`scripts/generate-errors {what} {kept}`.")
        self.fail_with(wrong)

    def test_tests_await_conditions(self):
        self.fail_with([
            f"{path}:{number}: waits by the clock. Await a condition with a deadline."
            for path in FILES if path.parts[0] == "tests" and path.suffix in (".cpp", ".h", ".py")
            and path.name != "house_test.py"
            for number, line in enumerate(text(path).splitlines(), 1)
            if re.search(r"sleep_for|sleep_until|\busleep\(|time\.sleep\(", line)])

    def test_no_notes_to_self(self):
        self.fail_with([
            f"{path}:{number}: a note to self. Do it now, or describe the limit in the docs."
            for path in FILES if path.suffix in (".cpp", ".h", ".py", ".proto", ".cmake", ".toml")
            and path.name != "house_test.py"
            for number, line in enumerate(text(path).splitlines(), 1)
            if re.search(r"\b(TODO|FIXME|HACK)\b", line)])

    def test_mains_are_short(self):
        self.fail_with([
            f"{path}: {lines} lines. A main under 100 only wires parts together: move the rest."
            for path in FILES if path.name == "main.cpp"
            if (lines := text(path).count("\n")) >= 100])


def longest_files():
    """The five longest, so that the trend is seen: `house_test.py --longest`, as scripts/test does."""
    return sorted(((text(path).count("\n"), str(path)) for path in FILES
                   if path.suffix in (".h", ".cpp", ".py", ".proto")), reverse=True)[:5]


if __name__ == "__main__":
    if "--longest" in sys.argv[1:]:
        print("The longest files:")
        for lines, path in longest_files():
            print(f"{lines:6} {path}")
    else:
        unittest.main()
