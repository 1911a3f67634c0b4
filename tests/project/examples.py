#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""examples.py BUILD-FOLDER - the programs of examples/ with a real target."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(ROOT, 'tests', 'support'), os.path.join(ROOT, 'tests', 'project')]
import tgtd  # noqa: E402
from tap import Tap, skip_all  # noqa: E402

FIRST, SECOND = 'iqn.2003-01.org.example:first', 'iqn.2003-01.org.example:second'
DISK = {'vendor_id': 'EXAMPLE', 'product_id': 'TEST DISK', 'product_rev': '0007'}


class Place:
    """Programs of the build, configuration and state of our own."""

    def __init__(self, build, folder):
        self.build = build
        self.env = dict(os.environ, IMA_CONFIG=os.path.join(folder, 'ima.conf'),
                        IMA_STATE_DIR=os.path.join(folder, 'state'))
        plugin = os.path.join(build, 'plugins', 'user', 'ima-user.so')
        with open(self.env['IMA_CONFIG'], 'w', encoding='utf-8') as file:
            file.write(f'org.libima.user {plugin}\n')

    def run(self, program, *arguments):
        """(exit code, standard output, standard error)"""
        done = subprocess.run([os.path.join(self.build, program), *arguments], env=self.env,
                              text=True, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr

    def example(self, name, *arguments):
        return self.run(f'examples/example-{name}', *arguments)

    def imactl(self, *arguments):
        return self.run('tools/imactl/imactl', *arguments)


def check_watch_events(tap, place):
    """Targets that are found while the program watches appear in its output."""
    child = subprocess.Popen([os.path.join(place.build, 'examples/example-watch-events')],
                             env=place.env, text=True, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
    timer = threading.Timer(30, child.kill)
    timer.start()
    expected = {f'appeared: target {name}' for name in (FIRST, SECOND)}
    seen = []
    for line in child.stdout:
        seen.append(line.strip())
        if expected <= set(seen):
            break
    child.stdin.close()
    rest = child.stdout.read()
    code = child.wait()
    timer.cancel()
    tap.check(expected <= set(seen), 'watch-events tells of the targets a discovery finds',
              '\n'.join(seen) + rest)
    tap.check(code == 0, 'watch-events ends with its input', f'exit code {code}')


def check_lists(tap, place, portal):
    result = place.example('list-targets')
    tap.check(result == (0, f'{FIRST}\n{SECOND}\n', ''), 'list-targets prints the targets',
              result)
    lines = [f'{name} {lun} {text}\n' for name in (FIRST, SECOND)
             for lun, text in ((0, 'IET      Controller       0001'),
                               (1, 'EXAMPLE  TEST DISK        0007'))]
    result = place.example('inquire')
    tap.check(result == (0, ''.join(lines), ''), 'inquire prints what every logical unit is',
              f'{result}\nexpected {lines}')
    program = os.path.join(place.build, 'examples', 'example-portals')
    if os.path.exists(program):
        result = place.example('portals')
        tap.check(result == (0, f'{FIRST}\n    {portal}\n{SECOND}\n    {portal}\n', ''),
                  'portals prints the targets with their portals', result)


def check_set_burst(tap, place):
    code, out, err = place.example('set-burst', '524288')
    tap.check(code == 0 and re.fullmatch(r'MaxBurstLength \d+ -> 524288\n', out),
              'set-burst sets the login key', (code, out, err))
    code, out, err = place.imactl('param', 'show', 'MaxBurstLength', '--json')
    value = json.loads(out)['data'] if code == 0 else {}
    value = value[0] if isinstance(value, list) else value
    tap.check(value.get('value') == 524288, 'another program sees the new value', (code, out, err))
    code, out, err = place.example('set-burst', '1')
    tap.check(code == 1 and 'it takes ' in err and 'IMA_ERROR_INVALID_PARAMETER' in err,
              'set-burst explains a value that is refused', (code, out, err))
    code, out, err = place.example('set-burst', '512x')
    tap.check(code == 2 and err.startswith('usage'), 'set-burst explains its usage',
              (code, out, err))


def main():
    if not tgtd.available():
        return skip_all('tgtd is not installed (package tgt)')
    tap = Tap()
    targets = [tgtd.Target(name, [tgtd.Lun(16, params=DISK)]) for name in (FIRST, SECOND)]
    with tgtd.Tgtd(ipv6=False) as server, \
            tempfile.TemporaryDirectory(prefix='ima-examples.') as folder:
        place = Place(os.path.abspath(sys.argv[1]), folder)
        result = place.imactl('discovery', 'add', server.portal)
        tap.check(result[0] == 0, 'imactl adds the discovery address', result)
        # Only now: an address that is added may be asked at once, and then nothing is new.
        for target in targets:
            server.add(target)
        check_watch_events(tap, place)
        check_lists(tap, place, server.portal)
        check_set_burst(tap, place)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
