#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What scripts/run-tests counts."""

import contextlib
import io
import json
import os
import sys
import tempfile
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True


def load(path):
    loader = SourceFileLoader('run_tests', path)
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


RUN = load(os.path.join(ROOT, 'scripts', 'run-tests'))

# what a test printed, how meson says it ended, and the cases: passed, failed, skipped
CASES = [
    ('a plan and two results', '1..2\nok 1 - a\nok 2 - b\n', 'OK', (2, 0, 0)),
    ('a failure among passes', '1..2\nok 1 - a\nnot ok 2 - b\n', 'FAIL', (1, 1, 0)),
    ('names with # in them', 'ok 1 - page #83\nok 2 - a # b\n1..2\n', 'OK', (2, 0, 0)),
    ('a skipped case', 'ok 1 - a # SKIP no IPv6\n1..1\n', 'OK', (0, 0, 1)),
    ('a skipped file', '1..0 # SKIP no tgtd\n', 'SKIP', (0, 0, 1)),
    ('an expected failure', 'not ok 1 - a # TODO later\n1..1\n', 'OK', (1, 0, 0)),
    ('nested results do not count', '    ok 1 - x\nok 1 - a\n1..1\n', 'OK', (1, 0, 0)),
    ('diagnostics do not count', '# ok\nok 1\n1..1\nokay\n', 'OK', (1, 0, 0)),
    ('a test without TAP that passes', 'hello\n', 'OK', (1, 0, 0)),
    ('a test without TAP that fails', 'hello\n', 'FAIL', (0, 1, 0)),
    ('a test without TAP that skips', 'no kernel\n', 'SKIP', (0, 0, 1)),
    ('a crash after passes is a failure', 'ok 1 - a\n', 'ERROR', (1, 1, 0)),
    ('a timeout after passes is a failure', 'ok 1 - a\n', 'TIMEOUT', (1, 1, 0)),
    ('what cmocka skips', '# not root\nnot ok 1 # SKIP a\nok 2 - b\n1..2\n', 'FAIL', (1, 0, 1)),
    ('a failure is not counted twice', 'not ok 1 - a\n', 'ERROR', (0, 1, 0)),
]


def counted(output, result):
    run = RUN.Run()
    code = 0 if 'SKIP' in output else 1
    with tempfile.NamedTemporaryFile('w', suffix='.json') as log:
        json.dump({'name': 'x', 'stdout': output, 'result': result, 'returncode': code}, log)
        log.flush()
        run.add_log('normal', log.name)
    return run


def main():
    print(f'1..{len(CASES) + 2}')
    for number, (name, output, result, expected) in enumerate(CASES, 1):
        got = tuple(counted(output, result).counts.values())
        print(f'{"ok" if got == expected else "not ok"} {number} - {name}: {expected}, {got}')

    lines = io.StringIO()
    with contextlib.redirect_stdout(lines):
        code = counted('1..3\nok 1\nnot ok 2 - b\nok 3 # SKIP c', 'FAIL').report()
    last = lines.getvalue().splitlines()[-1]
    right = code == 1 and last == '1 passed, 1 failed, 1 skipped'
    print(f'{"ok" if right else "not ok"} {len(CASES) + 1} - the last line counts: {last}')
    right = 'FAILED normal: x: b' in lines.getvalue() and '    not ok 2' in lines.getvalue()
    print(f'{"ok" if right else "not ok"} {len(CASES) + 2} - a failure is shown with its output')


if __name__ == '__main__':
    sys.exit(main())
