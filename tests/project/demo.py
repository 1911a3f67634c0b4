#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""demo.py BUILD-FOLDER - the demo shows what it promises and leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path[:0] = [os.path.join(ROOT, 'tests', 'support'), os.path.join(ROOT, 'tests', 'project')]
import tgtd  # noqa: E402
from tap import Tap, skip_all  # noqa: E402

OPEN, SAFE = 'iqn.2003-01.org.example:open', 'iqn.2003-01.org.example:safe'
COLUMNS = '--columns lun,capacity,type,vendor,product,identifier'
STARTED = re.compile(r'private tgtd \(process (\d+)\) listens on ([\d.:]+)')

# What is to be seen, and the command in whose output.
FACTS = [
    ('the plugin is listed', 'plugin list', r'ima-user\.so'),
    ('the node has an iSCSI name', 'node show', r'iqn\.\d{4}-\d\d\.\S+:\S+'),
    ('discovery finds the open target', 'discovery run', re.escape(OPEN)),
    ('discovery finds the target with CHAP', 'discovery run', re.escape(SAFE)),
    ('what was offered differs from what was agreed', f'target login {OPEN}',
     r'MaxBurstLength +1048576 +262144'),
    ('the logical units have names', f'lu list {OPEN} --long {COLUMNS}', 'DEMO DISK'),
    ('INQUIRY is decoded', f'lu inquiry {OPEN} 1', 'EXAMPLE'),
    ('page 0x83 is decoded', f'lu inquiry {OPEN} 1 --page 0x83', r'(?i)naa|t10'),
    ('the capacity is that of the backing file', f'lu capacity {OPEN} 1', '67108864|64 ?MiB'),
    ('a target that wants CHAP refuses us without a secret', f'lu list {SAFE}',
     '(?i)authentication'),
    ('it answers once the secret is set', f'lu list {SAFE} --long {COLUMNS}', 'DEMO DISK'),
    ('the table has both targets', 'target list', f'{re.escape(OPEN)}[^$]*{re.escape(SAFE)}'),
    ('the C program prints the logical units of both', 'inquire',
     f'{re.escape(OPEN)} 1 EXAMPLE[^$]*{re.escape(SAFE)} 2 EXAMPLE'),
]


def start(build):
    return subprocess.Popen([os.path.join(ROOT, 'demo', 'demo'), build], text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)


def outputs(text):
    """{command: its output}"""
    parts = re.split(r'^\$ (?:imactl )?(.*)\n', text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def document(text):
    """The JSON document at the begin of a text."""
    try:
        return json.JSONDecoder().raw_decode(text.lstrip())[0]
    except json.JSONDecodeError:
        return {}


def exists(pid):
    return os.path.exists(f'/proc/{pid}')


def folder_of(build, demo):
    return os.path.join(build, f'demo-{demo.pid}')


def nothing_left(build, demo, output):
    """What should be gone of this demo and is not; others may run or have been killed."""
    pid = STARTED.search(output).group(1)
    left = [folder_of(build, demo)] if os.path.exists(folder_of(build, demo)) else []
    return left + ([f'process {pid}'] if exists(pid) else [])


def check_run(tap, build):
    demo = start(build)
    output = demo.communicate(timeout=120)[0]
    tap.check(demo.returncode == 0, 'the demo succeeds', output)
    shown = outputs(output)
    for name, command, pattern in FACTS:
        tap.check(re.search(pattern, shown.get(command, '')), name,
                  shown.get(command, f'{command} was not run'))
    targets = document(shown.get('target list --json', ''))
    tap.check(targets.get('schema') == 'imactl/target-list/1'
              and [t['name'] for t in targets['data']] == [OPEN, SAFE],
              'JSON has the targets', targets)
    units = document(shown.get(f'lu list {OPEN} --long --json', ''))
    sizes = re.findall(r'(?:64|256) ?<< ?20|67108864|268435456', json.dumps(units))
    tap.check(sizes == ['67108864', '268435456'], 'JSON has the sizes in bytes', units)
    left = nothing_left(build, demo, output)
    tap.check(not left, 'nothing is left', left)


def read_until_login(demo):
    output = ''
    for line in demo.stdout:
        output += line
        if line.startswith('$ imactl target login'):
            break
    return output


def check_killed(tap, build):
    """Who is killed cleans nothing up; the next demo does."""
    killed = start(build)
    read_until_login(killed)
    killed.kill()
    killed.communicate(timeout=60)
    was_there = os.path.exists(folder_of(build, killed))
    check_run(tap, build)
    tap.check(was_there and not os.path.exists(folder_of(build, killed)),
              'what a killed demo left is removed by the next one')


def check_interrupted(tap, build, number):
    demo = start(build)
    output = read_until_login(demo)
    demo.send_signal(number)
    output += demo.communicate(timeout=60)[0]
    left = nothing_left(build, demo, output)
    tap.check(demo.returncode != 0 and not left,
              f'nothing is left when {signal.Signals(number).name} ends it',
              f'exit code {demo.returncode}, left {left}')


def main():
    if not tgtd.available():
        return skip_all('tgtd is not installed (package tgt)')
    tap = Tap()
    build = os.path.abspath(sys.argv[1])
    check_killed(tap, build)
    for number in (signal.SIGINT, signal.SIGTERM):
        check_interrupted(tap, build, number)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
