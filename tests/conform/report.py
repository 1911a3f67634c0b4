#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What ima-conform prints, in every form, and how it ends.

report.py IMA-CONFORM EXAMPLE.so SIMULATOR.so MUTANT.so SCENARIO SCHEMA
"""
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile

import jsonschema

CONFORM, EXAMPLE, SIMULATOR, MUTANT, SCENARIO, SCHEMA = sys.argv[1:7]
FUNCTIONS = 98
EXTENSIONS = 14
number = 0


def run(*words, **more):
    """(exit status, standard output, standard error), with an empty state folder."""
    with tempfile.TemporaryDirectory(prefix="ima-report-") as state:
        env = dict(os.environ, IMA_STATE_DIR=state, IMA_SIM_SCENARIO=SCENARIO, **more)
        done = subprocess.run([CONFORM, *words], env=env, text=True, timeout=120, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True)
    return done.returncode, done.stdout, done.stderr


def ok(fine, name, why=""):
    global number
    number += 1
    print("%sok %d - %s" % ("" if fine else "not ", number, name), flush=True)
    if not fine:
        print("# " + str(why).replace("\n", "\n# "))


class Page(html.parser.HTMLParser):
    """Every element that needs an end has one, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.rows, self.right = [], 0, True

    def handle_starttag(self, tag, attrs):
        self.rows += tag == "tr"
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.right &= bool(self.open) and self.open.pop() == tag


def broken(*words):
    """The suite on a plugin whose reserved bytes are not zero."""
    return run(*words, MUTANT, IMA_MUTANT_OF=os.path.abspath(SIMULATOR),
               IMA_MUTANT="IMA_GetLhbaProperties:reserved")


def check_json():
    with open(SCHEMA, encoding="utf-8") as file:
        schema = json.load(file)
    for words in ([], ["--destructive"]):
        code, out, err = run(*words, "--json", SIMULATOR)
        report = json.loads(out)
        jsonschema.validate(report, schema)
        ok(code == 0 and not err, "JSON follows its schema" + "".join(words), err)
        rules = [rule for function in report["data"][0]["functions"] for rule in
                 function["rules"]]
        bare = [rule for rule in rules if rule["outcome"] == "unchecked" and not rule["text"]]
        ok(not bare, "what was not checked says why" + "".join(words), bare)
    ok(len(report["data"][0]["functions"]) == FUNCTIONS, "each function has a verdict")
    ok(len(report["data"][0]["extensions"]) == EXTENSIONS, "and each extension, apart from them")
    for part, count in (("verdicts", FUNCTIONS), ("extensionVerdicts", EXTENSIONS)):
        ok(report["data"][0][part]["conforms"] == count, part + " counts its part only")


def check_tap():
    code, out, _ = run("--tap", SIMULATOR)
    lines = out.splitlines()
    cases = [line for line in lines if re.match(r"(not )?ok \d+ - (6\.2\.\d+ IMA_|extension IMAX_)\w+: [a-z-]+", line)]
    ok(code == 0 and lines[-1] == "1..%d" % len(cases), "TAP has a plan and a line for each rule")
    ok(any("# SKIP needs --destructive" in line for line in cases),
       "what was not checked is skipped in TAP, not passed")
    code, out, _ = broken("--tap")
    bad = [line for line in out.splitlines() if line.startswith("not ok")]
    ok(code == 1 and len(bad) == 1 and bad[0].endswith("IMA_GetLhbaProperties: reserved"),
       "a rule that fails is one line of TAP, and exit status 1", bad)


def check_html():
    code, out, _ = run("--html", SIMULATOR)
    page = Page()
    page.feed(out)
    ok(code == 0 and page.right and not page.open, "HTML is well formed", page.open)
    ok(page.rows == FUNCTIONS + EXTENSIONS + 2, "and has a row for each function", page.rows)
    _, out, _ = broken("--html")
    ok("reserved is not zero" in out, "and says what fails")


def check_text():
    code, out, _ = broken()
    ok(code == 1 and re.search(r"IMA_GetLhbaProperties +partly, .*\n +reserved \(8\.3\.2\): "
                               r"LHBA 1:\d+: reserved is not zero", out),
       "text names the rule, its clause, the object, and what is wrong", out)
    code, out, _ = run("--rules")
    ok(code == 0 and len(out.splitlines()) > 30 and "deadline           8.3.9" in out,
       "the rules are listed with their clauses")


def check_all():
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as config:
        config.write(f"org.libima.a {os.path.abspath(EXAMPLE)}\n"
                     f"org.libima.b {os.path.abspath(SIMULATOR)}\n")
        config.flush()
        code, out, err = run("--all", "--destructive", "--json", IMA_CONFIG=config.name)
    report = json.loads(out)["data"]
    conforming = [plugin["verdicts"]["conforms"] for plugin in report]
    ok(code == 0 and len(report) == 2, "--all checks every plugin of the configuration", err)
    ok(conforming[1] == FUNCTIONS or conforming[0] == FUNCTIONS,
       "each for itself", conforming)


def check_usage():
    for words, code in (([], 2), (["--all", EXAMPLE], 2), ([EXAMPLE, EXAMPLE], 2),
                        (["--objects", "0", EXAMPLE], 2), (["--timeout", "x", EXAMPLE], 2),
                        (["--nonsense"], 2), (["/nonexistent/plugin.so"], 3), (["--help"], 0),
                        (["--version"], 0)):
        got, out, err = run(*words)
        ok(got == code and bool(out if code == 0 else err),
           "ima-conform %s ends with %d and says why" % (" ".join(map(os.path.basename, words)),
                                                        code), (got, err))


def main():
    check_json()
    check_tap()
    check_html()
    check_text()
    check_all()
    check_usage()
    print("1..%d" % number)
    return 0


if __name__ == "__main__":
    sys.exit(main())
