"""Each rule of the house broken once, in a small tree of its own: whoever breaks it is told, and
whoever mends it is not."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
import house_test

PAGE = "# {}\n\nAn idea.\n"
ROOM = "# {}\n\nAn idea. May include nothing. Never knows the rest.\n"
PROMISES = "### What is promised\n\n| promise | in full |\n|---|---|\n{}\n### Next\n"
SIX = ("one", "two", "three", "four", "five", "six")


def promised(names):
    return PROMISES.format("".join(f"| {name} | as it says |\n" for name in names))


def printed(names):
    return "".join(f'inline constexpr std::string_view k{name.title()} = "{name}";\n'
                   for name in names)


def checked(names):
    return "".join(f"Check(promise::k{name.title()});\n" for name in names)


# One of them is also checked from Python.
IN_PYTHON = {"tests/python/promises.py": 'ONE = "one"\n',
             "tests/python/a_test.py": "check(promises.ONE)\n"}


def copied(path):
    return (house_test.ROOT / path).read_text(encoding="utf-8")


# Rule, the tree that breaks it, what mends it (None: the file goes), and what is said.
BREACHES = {
    "an include upwards": (
        "includes_go_downwards",
        {"lib/values/a.cpp": '#include "views/row.h"\n'},
        {"lib/values/a.cpp": '#include "values/row.h"\n'},
        "lib/values/a.cpp:1: values includes views/row.h"),
    "an include upwards by a way around": (
        "includes_go_downwards",
        {"lib/values/a.cpp": '#include "../views/row.h"\n', "lib/views/row.h": ""},
        {"lib/values/a.cpp": '#include "row.h"\n', "lib/values/row.h": ""},
        "lib/values/a.cpp:1: values includes ../views/row.h"),
    "an include upwards as of a library": (
        "includes_go_downwards",
        {"lib/values/a.cpp": "#include <views/row.h>\n", "lib/views/row.h": ""},
        {"lib/views/a.cpp": "#include <views/row.h>\n", "lib/values/a.cpp": None},
        "lib/values/a.cpp:1: values includes views/row.h"),
    "a library behind a door": (
        "includes_go_downwards",
        {"lib/domain/a.cpp": "#include <rocksdb/db.h>\n"},
        {"lib/log/a.cpp": "#include <rocksdb/db.h>\n", "lib/domain/a.cpp": None},
        "<rocksdb/db.h> belongs to"),
    "a library that links upwards": (
        "libraries_link_downwards",
        {"lib/values/CMakeLists.txt": "entente_library(values SOURCES a.cpp USES entente_log)\n",
         "lib/log/CMakeLists.txt": "entente_library(log SOURCES b.cpp)\n"},
        {"lib/values/CMakeLists.txt": "entente_library(values SOURCES a.cpp)\n",
         "lib/log/CMakeLists.txt": "entente_library(log SOURCES b.cpp USES entente_values)\n"},
        "entente_values uses entente_log, which is in log"),
    "a library that is linked upwards": (
        "libraries_link_downwards",
        {"lib/values/CMakeLists.txt": "entente_library(values SOURCES a.cpp)\n"
                                      "target_link_libraries(entente_values PRIVATE entente_log)\n",
         "lib/log/CMakeLists.txt": "entente_library(log SOURCES b.cpp)\n"},
        {"lib/values/CMakeLists.txt": "entente_library(values SOURCES a.cpp)\n"},
        "entente_values uses entente_log, which is in log"),
    "a source that nobody builds": (
        "every_source_is_built",
        {"cli/CMakeLists.txt": "entente_library(cli SOURCES other/lost.cpp)\n",
         "cli/lost.cpp": "int lost;\n"},
        {"cli/CMakeLists.txt": "entente_library(cli SOURCES lost.cpp)\n"},
        "cli/lost.cpp: nobody builds it"),
    "a header whose name another one bears": (
        "every_source_is_built",
        {"lib/log/row.h": "", "lib/views/row.h": "", "lib/views/CMakeLists.txt": "a.cpp\n",
         "lib/views/a.cpp": '#include "views/row.h"\n'},
        {"lib/views/a.cpp": '#include "views/row.h"\n#include "log/row.h"\n'},
        "lib/log/row.h: nobody includes it"),
    "a test that nobody runs": (
        "every_test_in_python_is_run",
        {"tests/x/CMakeLists.txt": "foreach(promise crash demo)\n  run(${promise}_test.py)\n",
         "tests/x/disk_test.py": ""},
        {"tests/x/CMakeLists.txt": "foreach(promise crash disk)\n  run(${promise}_test.py)\n"},
        "tests/x/disk_test.py: nobody runs it"),
    "a test that no pytest collects": (
        "every_test_in_python_is_run",
        {"tests/x/pytest.ini": "[pytest]\npython_files = test_*.py\n", "tests/x/disk_test.py": ""},
        {"tests/x/pytest.ini": "[pytest]\npython_files = *_test.py\n"},
        "tests/x/disk_test.py: nobody runs it"),
    "a vocabulary that no generator reads": (
        "every_vocabulary_is_generated_from",
        {"scripts/generate-words": 'LISTS = ("kinds",)\n', "data/kinds.toml": "",
         "data/moods.toml": ""},
        {"scripts/generate-words": 'LISTS = ("kinds", "moods")\n'},
        "data/moods.toml: no generator reads it"),
    "a page that nothing links to": (
        "every_page_is_linked",
        {"docs/README.md": "[dates](dates.md)\n", "docs/dates.md": "",
         "docs/lost.md": "[myself](lost.md)\n"},
        {"docs/dates.md": "[more](../docs/lost.md#part)\n"},
        "docs/lost.md: no page links to it"),
    "a field without a comment": (
        "every_field_is_documented",
        {"proto/a.proto": "message A {\n  // Its name.\n  string name = 1;\n  oneof what {\n"
                          "    uint32 size = 2;\n  }\n}\n"},
        {"proto/a.proto": "message A {\n  // Its name.\n  string name = 1;\n  oneof what {\n"
                          "    uint32 size = 2;  // in bytes\n  }\n}\n"},
        "proto/a.proto:5: size has no comment of its own"),
    "a field below the comment of another": (
        "every_field_is_documented",
        {"proto/a.proto": "message A {\n  string name = 1;  // as it is\n"
                          "                    // printed\n  repeated v1.B rows = 2;\n}\n"},
        {"proto/a.proto": "message A {\n  string name = 1;  // as it is\n"
                          "                    // printed\n"
                          "  // Sorted.\n  repeated v1.B rows = 2;\n}\n"},
        "proto/a.proto:4: rows has no comment of its own"),
    "a name that says nothing": (
        "names_say_something",
        {"lib/log/log_utils.cpp": ""},
        {"lib/log/log_utils.cpp": None, "lib/log/digest.cpp": ""},
        'lib/log/log_utils.cpp: "log_utils.cpp" does not say what is inside'),
    "a folder without a README": (
        "every_folder_says_what_it_is",
        {"bench/run.cpp": ""},
        {"bench/README.md": PAGE.format("bench")},
        "bench: has no README.md"),
    "a README without an idea": (
        "every_folder_says_what_it_is",
        {"bench/README.md": "# bench\n\n| file | what |\n"},
        {"bench/README.md": PAGE.format("bench")},
        "bench/README.md: does not begin with its name and the idea"),
    "a room that does not say what it may include": (
        "every_folder_says_what_it_is",
        {"lib/README.md": ROOM.format("lib"), "lib/log/a.cpp": "",
         "lib/log/README.md": "# log\n\nAn idea. Never knows the rest.\n"},
        {"lib/log/README.md": ROOM.format("log")},
        'lib/log/README.md: does not say what the folder "may include"'),
    "a room above others that does not say what it never knows": (
        "every_folder_says_what_it_is",
        {"lib/README.md": "# lib\n\nAn idea. May include nothing.\n", "lib/log/a.cpp": "",
         "lib/log/README.md": ROOM.format("log")},
        {"lib/README.md": ROOM.format("lib")},
        'lib/README.md: does not say what the folder "never knows"'),
    "a README that goes on and on": (
        "every_folder_says_what_it_is",
        {"cli/a.cpp": "", "cli/README.md": ROOM.format("cli") + "More.\n" * 60},
        {"cli/README.md": ROOM.format("cli")},
        "A few are enough"),
    "a folder that is on no map": (
        "every_folder_is_on_the_map",
        {"docs/architecture.md": "## The folders\n\n**`docs/`** Pages. **`cli/`** Gone.\n\n## Next\n",
         "lib/log/a.cpp": ""},
        {"docs/architecture.md": "## The folders\n\n**`docs/`** Pages. **`lib/log/`** The log.\n\n"
                                 "## Next\n"},
        "docs/architecture.md: lib/log/ is not on the map"),
    "a promise that no test prints": (
        "promises_are_those_that_tests_print",
        {"docs/protocol.md": promised(SIX), "tests/services/query/promises.h": printed(SIX[1:]),
         "tests/services/query/a.cpp": checked(SIX[1:]), **IN_PYTHON},
        {"tests/services/query/promises.h": printed(SIX),
         "tests/services/query/a.cpp": checked(SIX)},
        'promises "one", and no test can print it'),
    "a promise that is checked by no test": (
        "promises_are_those_that_tests_print",
        {"docs/protocol.md": promised(SIX), "tests/services/query/promises.h": printed(SIX),
         "tests/services/query/a.cpp": checked(SIX[1:]), **IN_PYTHON},
        {"tests/services/query/a.cpp": checked(SIX)},
        "kOne is printed by no test"),
    "a promise in other words": (
        "promises_are_those_that_tests_print",
        {"docs/protocol.md": promised(SIX), "tests/services/query/promises.h": printed(SIX),
         "tests/services/query/a.cpp": checked(SIX), **IN_PYTHON,
         "tests/python/promises.py": 'ONE = "the one"\n'},
        IN_PYTHON,
        'tests/python/promises.py: "the one" is promised nowhere'),
    "a promise that is checked by no test in Python": (
        "promises_are_those_that_tests_print",
        {"docs/protocol.md": promised(SIX), "tests/services/query/promises.h": printed(SIX),
         "tests/services/query/a.cpp": checked(SIX), **IN_PYTHON,
         "tests/python/a_test.py": "check(promises.TWO)\n"},
        IN_PYTHON,
        "tests/python/promises.py: ONE is printed by no test"),
    "an invariant whose test is gone": (
        "every_invariant_names_a_test_that_exists",
        {"docs/architecture.md": "1. **It holds.** `LogTest.ItHolds`\n",
         "tests/log/b.cpp": "// TEST_F(LogTest, ItHolds)\n"},
        {"tests/log/a.cpp": "TEST_F(LogTest, ItHolds) {}\n"},
        "invariant 1 names `LogTest.ItHolds`, which does not exist"),
    "an invariant without a test": (
        "every_invariant_names_a_test_that_exists",
        {"docs/architecture.md": "1. **It holds.** Believe me.\n"},
        {"docs/architecture.md": "1. **It holds.** `tests/log`\n", "tests/log/a.cpp": ""},
        "invariant 1 (It holds.) names no test"),
    "a generated file that is not what it is made from": (
        "generated_files_are_current",
        {"lib/values/errors.toml": copied("lib/values/errors.toml"),
         "proto/entente/v1/error_reason.proto": copied("proto/entente/v1/error_reason.proto"),
         "docs/errors.md": copied("docs/errors.md") + "\nMore.\n"},
        {"docs/errors.md": copied("docs/errors.md")},
        "docs/errors.md: is not what lib/values/errors.toml says"),
    "a test that sleeps": (
        "tests_await_conditions",
        {"tests/a_test.py": "time.sleep(1)\n"},
        {"tests/a_test.py": "until(ready)\n"},
        "tests/a_test.py:1: waits by the clock"),
    "a note to self": (
        "no_notes_to_self",
        {"lib/log/a.cpp": "// TODO: tidy up\n"},
        {"lib/log/a.cpp": "// Tidy.\n"},
        "lib/log/a.cpp:1: a note to self"),
    "a main that does the work itself": (
        "mains_are_short",
        {"cli/main.cpp": "\n" * 100},
        {"cli/main.cpp": "\n" * 99},
        "cli/main.cpp: 100 lines"),
}


def told(rule, tree):
    """What a rule of the house says to a tree, path -> text; empty: nothing."""
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        for path, text in tree.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        if "lib/values/errors.toml" in tree:
            (root / "scripts").mkdir()
            shutil.copy(house_test.ROOT / "scripts/generate-errors", root / "scripts")
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        with mock.patch.object(house_test, "ROOT", root):
            with mock.patch.object(house_test, "FILES", house_test.tracked()):
                result = unittest.TestResult()
                house_test.House(f"test_{rule}").run(result)
        if result.errors:
            raise AssertionError(result.errors[0][1])
        return "\n".join(text for _, text in result.failures)


class HouseSelf(unittest.TestCase):
    def test_who_breaks_a_rule_is_told(self):
        for breach, (rule, broken, mend, sentence) in BREACHES.items():
            with self.subTest(breach):
                self.assertIn(sentence, told(rule, broken))
                mended = {path: text for path, text in (broken | mend).items() if text is not None}
                self.assertEqual(told(rule, mended), "")

    def test_every_rule_is_broken_once(self):
        rules = {name.removeprefix("test_") for name in dir(house_test.House)
                 if name.startswith("test_")}
        self.assertEqual(rules, {rule for rule, *_ in BREACHES.values()})


if __name__ == "__main__":
    unittest.main()
