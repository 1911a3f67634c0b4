#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets go in by file, descriptor, standard input and terminal, and come out nowhere."""

import os
import pty
import select
import subprocess
import sys
import time

from runner import IMACTL, Tap, World

SECRET = 'correct-horse-16'
SET = ['auth', 'set', 'chap', '--name', 'alice']


def is_set(world):
    return world.json('auth', 'show').data['chap'] == {
        'name': 'alice', 'secretSet': True, 'retries': 0, 'minValueLength': 0,
        'maxValueLength': 0} and world.run('auth', 'methods', 'chap').code == 0


def read_until(fd, text, seconds=30):
    """What a terminal shows, up to text."""
    shown, end = '', time.monotonic() + seconds
    while text not in shown and time.monotonic() < end:
        if not select.select([fd], [], [], 0.5)[0]:
            continue
        try:
            shown += os.read(fd, 4096).decode()
        except OSError:
            break
    return shown


def type_secret(world, typed):
    """(exit code, everything the terminal showed)"""
    master, slave = pty.openpty()
    child = subprocess.Popen([IMACTL, *SET, '--secret-file', '-'], env=world.env,
                             cwd=world.folder, stdin=slave, stdout=slave, stderr=slave,
                             start_new_session=True)
    os.close(slave)
    shown = read_until(master, 'Secret: ')
    # The echo is switched off after the prompt is out: what is typed too early would show.
    for _ in range(300):
        import termios
        if not termios.tcgetattr(master)[3] & termios.ECHO:
            break
        time.sleep(0.01)
    os.write(master, typed.encode())
    shown += read_until(master, 'uses them') if len(typed) > 1 else read_until(master, 'empty')
    code = child.wait(timeout=60)
    os.close(master)
    return code, shown


def every_way_in(tap):
    ways = {
        'a file': lambda w: w.run(*SET, '--secret-file', w.write('s', SECRET)),
        'a file with a line end': lambda w: w.run(*SET, '--secret-file',
                                                  w.write('s', SECRET + '\n')),
        'a file with the line end of Windows': lambda w: w.run(*SET, '--secret-file',
                                                               w.write('s', SECRET + '\r\n')),
        'a file only its owner may read': lambda w: w.run(*SET, '--secret-file',
                                                          w.write('s', SECRET, 0o400)),
        'standard input': lambda w: w.run(*SET, '--secret-file', '-', stdin=SECRET + '\n'),
        'descriptor 0': lambda w: w.run(*SET, '--secret-fd', '0', stdin=SECRET),
    }
    for name, way in ways.items():
        with World('ima-user') as world:
            result = way(world)
            tap.ok(result.code == 0 and is_set(world), f'a secret from {name}', result)
            tap.ok(SECRET not in result.out + result.err, f'{name}: the secret is not shown')


def descriptor(tap):
    with World('ima-user') as world:
        out, into = os.pipe()
        os.write(into, SECRET.encode())
        os.close(into)
        os.set_inheritable(out, True)
        result = world.run(*SET, '--secret-fd', str(out), pass_fds=[out])
        os.close(out)
        tap.ok(result.code == 0 and is_set(world), 'a secret from a pipe at a descriptor', result)


def terminal(tap):
    with World('ima-user') as world:
        code, shown = type_secret(world, SECRET + '\n')
        tap.ok(code == 0 and is_set(world), 'a secret typed at a terminal', shown)
        tap.ok(SECRET not in shown, 'the terminal does not show it', shown)
        code, shown = type_secret(world, '\n')
        tap.ok(code == 2 and 'empty' in shown, 'an empty line is no secret', shown)


def strangers_file(tap):
    if os.geteuid() != 0:
        tap.skip('a secret file of somebody else is refused', 'only root can make one')
        return
    with World('ima-user') as world:
        path = world.write('s', SECRET)
        os.chown(path, 12345, -1)
        result = world.run(*SET, '--secret-file', path)
        tap.ok(result.code == 2 and 'belongs to somebody else' in result.err,
               'a secret file of somebody else is refused', result)


def comes_out_nowhere(tap):
    with World('ima-user') as world:
        world.env['IMA_DEBUG'] = 'debug'
        path = world.write('s', SECRET)
        said = [world.json(*SET, '--secret-file', path), world.json('auth', 'show'),
                world.run('auth', 'show'), world.run('auth', 'methods', 'chap'),
                world.run('lhba', 'show')]
        tap.ok(all(SECRET not in str(result) for result in said),
               'no output, no error and no log has the secret', '\n'.join(map(str, said)))
        open_files = [os.path.join(folder, name)
                      for folder, _, names in os.walk(world.state) for name in names
                      if os.stat(os.path.join(folder, name)).st_mode & 0o077]
        holding = [name for name in open_files if SECRET.encode() in open(name, 'rb').read()]
        tap.equal(holding, [], 'no file that others may read has it')


def main():
    tap = Tap()
    every_way_in(tap)
    descriptor(tap)
    terminal(tap)
    strangers_file(tap)
    comes_out_nowhere(tap)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
