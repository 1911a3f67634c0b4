#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An ordinary user on a recorded tree: what is readable is listed, changes are refused."""

import os
import subprocess
import sys

from machine import Machine
from runner import IMACTL, PLUGINS, Tap

NOBODY = 65534
LIO = 'iqn.2024-01.test:lio'
IDLE = 'iqn.2024-01.test:idle'
AS_NOBODY = {'user': NOBODY, 'group': NOBODY, 'extra_groups': []}

CHANGES = [
    ['discovery', 'add', '192.0.2.1', '--lhba', '1'],
    ['discovery', 'remove', '10.0.0.7', '--lhba', '1'],
    ['discovery', 'run'],
    ['static', 'add', 'iqn.2024-01.test:new', '192.0.2.1', '--lhba', 'ifx'],
    ['static', 'remove', 'iqn.2024-01.x:static'],
    ['target', 'logout', LIO, '--lhba', '1'],
    ['lu', 'unexpose', LIO, '0', '--lhba', '1'],
    ['param', 'set', 'MaxBurstLength', '524288', '--lhba', '1'],
    ['node', 'set-name', 'iqn.2024-01.test:mine'],
    ['node', 'set-alias', 'mine'],
    ['auth', 'set', 'chap', '--name', 'user', '--lhba', '1', '--secret-file', '-'],
]


def can_run_as_nobody():
    """Whether that user gets at what was built."""
    try:
        return subprocess.run([IMACTL, '--synopses'], check=False, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, **AS_NOBODY).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def open_up(world):
    """For everybody as a machine is: the records stay root's."""
    for path in (world.folder, world.root):
        os.chmod(path, 0o755)
    os.chmod(world.config, 0o644)
    os.makedirs(world.state)
    os.chown(world.state, NOBODY, NOBODY)


def test_reading(tap, run):
    result = run('session', 'list')
    tap.equal((result.code, len(result.data)), (0, 3), 'every session is listed', result)
    result = run('lu', 'list')
    tap.equal((result.code, len(result.data)), (0, 4), 'every LU is listed', result)
    result = run('target', 'list')
    tap.equal((result.code, sorted({t['name'] for t in result.data})),
              (0, [IDLE, LIO, 'iqn.2024-01.x:static']),
              'every target is listed whose folders are readable', result)
    for noun in ('lhba', 'discovery', 'static', 'connection', 'lnp', 'phba'):
        result = run(noun, 'list')
        tap.equal(result.code, 0, f'{noun} list works', result)
    result = run('session', 'show', LIO, '--lhba', '1')
    tap.equal(result.code, 0, 'what was negotiated is shown', result)
    result = run('stats', 'show', LIO, '--lhba', '1')
    tap.equal(result.code, 0, 'counters are shown', result)
    result = run('node', 'show')
    tap.equal(result.data['name'], 'iqn.2024-01.test:init', 'the node has its name', result)
    result = run('doctor')
    tap.ok(result.code in (0, 1) and result.data, 'the doctor comes', result)


def test_changing(tap, run):
    for change in CHANGES:
        result = run(*change, stdin='abcdefghijkl' if '-' in change else subprocess.DEVNULL)
        text = result.error['text'] if result.code else str(result)
        tap.ok(result.code == 1 and ('root' in text or 'ermi' in text),
               f'{" ".join(change[:2])} is refused and says why', result)


def main():
    tap = Tap()
    if os.geteuid() != 0 or not can_run_as_nobody():
        print('1..0 # SKIP needs root, and a build folder that other users can read')
        sys.exit(0)
    with Machine('two-interfaces') as world:
        open_up(world)
        world.program('iscsiadm', 'touch "$0.ran"')

        def run(*args, **options):
            return world.json(*args, **AS_NOBODY, **options)
        assert 'ima-linux' in PLUGINS
        test_reading(tap, run)
        test_changing(tap, run)
    tap.end()


main()
