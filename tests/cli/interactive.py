#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""At a terminal imactl says what takes long, and what to do next; elsewhere it is silent."""

import os
import pty
import re
import subprocess

from runner import IMACTL, SCENARIOS, Tap, World


def slow_world(milliseconds):
    world = World('ima-simulator')
    with open(os.path.join(SCENARIOS, 'server.conf'), encoding='utf-8') as file:
        text = file.read()
    world.env['IMA_SIM_SCENARIO'] = world.write(
        'slow.conf', f'{text}\nfault IMAX_DiscoverTargets delay={milliseconds}ms count=always\n')
    return world


def at_terminal(world, *args, term='xterm', out_too=True):
    """(exit code, what the terminal shows); standard output to it or to a pipe."""
    master, slave = pty.openpty()
    child = subprocess.Popen([IMACTL, *args], env={**world.env, 'TERM': term}, cwd=world.folder,
                             stdin=subprocess.DEVNULL, stderr=slave,
                             stdout=slave if out_too else subprocess.DEVNULL)
    os.close(slave)
    shown = b''
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    return child.wait(timeout=60), shown.decode()


def progress(tap):
    with slow_world(1500) as world:
        code, shown = at_terminal(world, 'discovery', 'run')
        tap.ok(code == 0 and re.search(r'\r[|/\\-] discovering targets \.\.\. \d\.\d s', shown),
               'what takes long is shown with the time', repr(shown))
        before, _, after = shown.partition('\r\x1b[K')
        tap.ok('discovering' in before and 'discovering' not in after and
               after.startswith('NAME'), 'the line is erased before the result', repr(shown))
        code, shown = at_terminal(world, 'discovery', 'run', out_too=False)
        tap.ok('discovering' in shown and shown.endswith('\r\x1b[K'),
               'also when the result goes elsewhere', repr(shown))
        code, shown = at_terminal(world, 'discovery', 'run', term='dumb')
        tap.ok(code == 0 and 'discovering' not in shown and '\x1b' not in shown,
               'a dumb terminal gets no progress', repr(shown))
        code, shown = at_terminal(world, 'discovery', 'run', '--timeout', '0.7')
        tap.ok(code == 5 and 'discovering' in shown and
               'imactl: ' in shown.partition('\r\x1b[K')[2],
               'an error appears after the line is erased', repr(shown))
        result = world.run('discovery', 'run')
        tap.equal((result.code, result.err), (0, ''), 'without a terminal there is silence')
    with slow_world(1) as world:
        world.run('sim', 'fault', 'IMAX_LoginTarget', 'delay=1500ms', 'count=always')
        code, shown = at_terminal(world, 'target', 'login', '--all')
        tap.ok(code == 0 and re.search(r'\r[|/\\-] logging in \(\d of 3\) \.\.\. \d+\.\d s',
                                       shown),
               'of several logins, how many are done', repr(shown))
    with slow_world(1) as world:
        code, shown = at_terminal(world, 'discovery', 'run')
        tap.ok('\r\x1b[K' not in shown and '...' not in shown, 'what is quick shows nothing',
               repr(shown))


def hints(tap):
    cases = [(['plugin', 'list'], 'no plugin is loaded'), (['target', 'list'], 'discovery add'),
             (['lhba', 'list'], 'there is no LHBA'), (['phba', 'list'], 'there is no PHBA')]
    with World() as world:
        for args, hint in cases:
            code, shown = at_terminal(world, *args)
            tap.ok(code == 0 and hint in shown, f'{" ".join(args)}: a hint when there is nothing',
                   shown)
            result = world.run(*args)
            tap.equal((result.code, result.out, result.err), (0, '', ''),
                      f'{" ".join(args)}: nothing for a script')


def output_that_fails(tap):
    with World('ima-simulator', scenario='server') as world:
        for args in (['target', 'list'], ['target', 'list', '--json'], ['--help']):
            with open('/dev/full', 'w', encoding='ascii') as full:
                done = subprocess.run([IMACTL, *args], env=world.env, stdout=full, text=True,
                                      stderr=subprocess.PIPE, check=False, timeout=60)
            tap.ok(done.returncode == 1, f'{" ".join(args)}: a full disk is an error', done)
    with World('ima-simulator', scenario='server') as world:
        result = world.run('discovery', 'add', '192.0.2.20:3261', '--quiet')
        tap.equal((result.code, result.out, result.err), (0, '', ''),
                  '--quiet says nothing about a change')
        result = world.run('node', 'generate-name', '--quiet')
        tap.ok(result.out.startswith('iqn.'), 'but what was asked for is printed', result)


def other_locales(tap):
    with World('ima-simulator', scenario='server') as world:
        world.run('node', 'set-alias', 'Gr\u00fc\u00dfe')
        world.env['LC_ALL'] = 'C'
        result = world.run('node', 'show')
        tap.ok(result.code == 0 and 'Gr\\xc3\\xbc' in result.out,
               'in a locale without UTF-8 the bytes are shown', result)
        tap.equal(world.json('node', 'show').data['alias'], 'Gr\u00fc\u00dfe',
                  'JSON is UTF-8 in every locale')


def main():
    tap = Tap()
    progress(tap)
    hints(tap)
    output_that_fails(tap)
    other_locales(tap)
    tap.end()


main()
