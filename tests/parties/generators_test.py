#!/usr/bin/python3
"""A mistake in data/ stops the build with a sentence: each generator, on data with one mistake.

    generators_test.py SOURCE_DIR ISO_CODES_DIR
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, ISO_CODES = map(pathlib.Path, sys.argv[1:3])

# file, text in it, what the mistake puts there, what the generator says
PARTY_MISTAKES = (
    ("parties.toml", "[country.JE]", "[country.JQ]", "country.JQ: not in ISO 3166-1"),
    ("parties.toml", "short_name = \"US\"", "shortname = \"US\"", "unknown key shortname"),
    ("parties.toml", "[former.SU]", "[former.SQ]", "former.SQ: not in ISO 3166-3"),
    ("parties.toml", "until = 1991-12-26", "until = \"1991\"", "former.SU: write a date"),
    ("parties.toml", "= [\"KR\", \"KP\"]", "= [\"KR\", \"KQ\"]", "there is no party KQ"),
    ("parties.toml", "= [\"KR\", \"KP\"]", "= [\"KR\"]", "one party is an alias"),
    ("not-names.toml", "JP = [\"Japanese\"]", "JQ = [\"Japanese\"]", "there is no party JQ"),
    ("organisations.toml", "[organisation.eu]", "[organisation.e-u]", "an id is lower-case"),
    ("organisations.toml", "members = \"AU GB US\"", "members = \"AU UK US\"",
     "there is no party UK"),
    ("organisations.toml", "until = 2020-01-31", "until = 1972-12-31", "ends before it begins"),
    ("organisations.toml", "members = \"AU GB US\"", "members = \"AU GB GB\"",
     "two memberships of GB overlap"),
)
WORD_MISTAKES = (
    ("kinds.toml", "level = \"leaders\"", "level = \"kings\"", "unknown level"),
    ("kinds.toml", "id = \"summit\"", "id = \"Summit\"", "Summit: not an id"),
    ("kinds.toml", "id = \"summit\"", "id = \"visit\"", "visit: stands twice"),
    ("kinds.toml", "[[kind]]", "[[kin]]", "unknown table"),
    ("series.toml", "kind = \"two-plus-two\"", "kind = \"tea\"", "unknown kind"),
    ("series.toml", "[\"AU\", \"JP\"]", "[\"JP\", \"AU\"]", "by code, sorted"),
    ("series.toml", "[\"AU\", \"JP\"]", "[\"DE\", \"JP\"]", "the same kind and parties as"),
    ("topics.toml", "broader = \"security\"", "broader = \"safety\"", "no broader topic safety"),
    ("topics.toml", "name = \"security\"", "name = \"security\"\nbroader = \"deterrence\"",
     "go round in a circle"),
    ("relations.toml", "use = \"topic\"", "use = \"talk\"", "use is topic or meeting"),
    ("reasons.toml", "name = \"epidemic\"", "nam = \"epidemic\"", "unknown key"),
)


class Generators(unittest.TestCase):
    def run_on(self, script, arguments, data):
        with tempfile.TemporaryDirectory() as directory:
            out = pathlib.Path(directory) / "tables.cpp"
            done = subprocess.run(
                [sys.executable, SOURCE / "scripts" / script, *arguments, data, out],
                capture_output=True, text=True, check=False)
            return done, out.exists()

    def check(self, script, arguments, mistakes):
        for file, text, mistake, sentence in mistakes:
            with self.subTest(file=file, mistake=mistake), tempfile.TemporaryDirectory() as copy:
                data = pathlib.Path(copy) / "data"
                shutil.copytree(SOURCE / "data", data)
                content = (data / file).read_text()
                self.assertIn(text, content)
                (data / file).write_text(content.replace(text, mistake, 1))
                done, written = self.run_on(script, arguments, data)
                self.assertNotEqual(done.returncode, 0)
                self.assertFalse(written, "tables were written all the same")
                self.assertIn(sentence, done.stderr)
                self.assertIn(file, done.stderr)
                self.assertNotIn("Traceback", done.stderr)

    def test_parties(self):
        self.check("generate-parties", [ISO_CODES], PARTY_MISTAKES)

    def test_vocabulary(self):
        self.check("generate-vocabulary", [], WORD_MISTAKES)

    def test_the_data_as_they_are(self):
        for script, arguments in (("generate-parties", [ISO_CODES]), ("generate-vocabulary", [])):
            done, written = self.run_on(script, arguments, SOURCE / "data")
            self.assertEqual((done.returncode, done.stderr, written), (0, "", True))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
