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


BACKUP = 'iqn.2026-11.sim.example:backup'
ADDRESS = '198.51.100.30'
MUTUAL = 'the-other-way-16'


def login(world):
    """The exit code of a new login."""
    world.run('target', 'logout', BACKUP)
    return world.run('target', 'login', BACKUP).code


def of_one_target(tap):
    """Against a simulated target that wants the name and secret of its account."""
    with World('ima-simulator', scenario='server') as world:
        wrong, mutual = world.write('wrong', SECRET), world.write('mutual', MUTUAL)
        tap.equal(login(world), 0, 'the login of the LHBA is good')
        done = world.json('auth', 'set', '--target', BACKUP, '--name', 'server', '--secret-file',
                          wrong)
        tap.equal((done.code, done.data['object'], login(world)), (0, BACKUP, 6),
                  'a target with a wrong secret of its own refuses the login', done)
        shown = world.json('auth', 'show', '--target', BACKUP).data['chap']
        tap.equal(shown, {'set': True, 'source': 'target', 'name': 'server'},
                  'auth show tells that the target has its own')
        done = world.json('auth', 'remove', '--target', BACKUP)
        tap.equal((done.code, done.data['changed'], login(world)), (0, True, 0),
                  'without it the target follows its LHBA', done)
        done = world.json('auth', 'set', '--mutual', '--target', BACKUP, '--secret-fd', '0',
                          stdin=MUTUAL)
        tap.equal((done.code, login(world)), (0, 6),
                  'a target that cannot prove itself is refused', done)
        world.run('sim', 'script', '-', stdin=f'account array add chap-name=array '
                  f'chap-secret={MUTUAL}\ntarget {BACKUP} set mutual-account=array\n')
        tap.equal(login(world), 0, 'one that can is not')
        world.run('auth', 'set', '--mutual', '--target', BACKUP, '--name', 'other',
                  '--secret-file', mutual)
        tap.equal(login(world), 6, 'the name of the target counts if it is given')
        done = world.json('auth', 'set', '--target', BACKUP, '--name', 'server',
                          '--secret-file', mutual)
        tap.equal((done.code, done.error['status']['name']), (2, 'IMA_ERROR_INVALID_PARAMETER'),
                  'the same secret in both directions is refused', done)
        done = world.json('auth', 'remove', '--mutual', '--target', BACKUP)
        tap.equal((done.code, done.data['changed'], login(world)), (0, True, 0),
                  'mutual CHAP is taken back', done)
        world.run('sim', 'run', f'target {BACKUP} set mutual-account=none')
        world.run('auth', 'set', '--mutual', '--secret-file', mutual)
        tap.equal(login(world), 6, 'the LHBA wants every target to prove itself')
        done = world.json('auth', 'set', '--no-mutual', '--target', BACKUP)
        tap.equal((done.code, done.data['object'], login(world)), (0, BACKUP, 0),
                  'but for one', done)
        shown = world.json('auth', 'show', '--target', BACKUP).data['mutualChap']
        tap.equal(shown, {'set': False, 'source': 'target', 'name': None}, 'auth show tells so')
        done = world.json('auth', 'remove', '--mutual', '--target', BACKUP)
        tap.equal((done.code, done.data['changed'], login(world)), (0, True, 6),
                  'it is no exception any more', done)
        shown = world.json('auth', 'show', '--target', BACKUP).data['mutualChap']
        tap.equal(shown, {'set': True, 'source': 'lhba', 'name': None}, 'as auth show tells')


def of_an_address(tap):
    with World('ima-simulator', scenario='server') as world:
        wrong = world.write('wrong', SECRET)
        world.run('sim', 'run', f'target {BACKUP} set discovery-auth=chap')
        tap.equal(world.run('discovery', 'run', ADDRESS).code, 0,
                  'discovery with the secret of the LHBA')
        done = world.json('auth', 'set', '--address', ADDRESS, '--name', 'server',
                          '--secret-file', wrong)
        tap.equal((done.code, done.data['object']), (0, ADDRESS + ':3260'),
                  'a discovery address gets a secret of its own', done)
        tap.ok(world.run('discovery', 'run', ADDRESS).code != 0, 'a wrong one finds nothing')
        shown = world.json('auth', 'show', '--address', ADDRESS).data['chap']
        tap.equal(shown['source'], 'address', 'auth show tells where it is from')
        tap.equal(world.run('auth', 'remove', '--address', ADDRESS).code, 0, 'it is taken back')
        tap.equal(world.run('discovery', 'run', ADDRESS).code, 0, 'and discovery works again')


def new_ones_come_out_nowhere(tap):
    with World('ima-simulator', scenario='server') as world:
        path = world.write('s', SECRET)
        said = [world.json('auth', 'set', '--target', BACKUP, '--name', 'x', '--secret-file', path),
                world.json('auth', 'show', '--target', BACKUP), world.json('auth', 'show'),
                world.run('auth', 'set', '--mutual', '--target', BACKUP, '--secret-file', path),
                world.run('auth', 'show', '--target', BACKUP), world.run('sim', 'show'),
                world.run('sim', 'show', 'state'), world.json('auth', 'remove')]
        tap.ok(all(SECRET not in str(result) for result in said),
               'no output has the secret of a target', '\n'.join(map(str, said)))


def main():
    tap = Tap()
    every_way_in(tap)
    descriptor(tap)
    terminal(tap)
    strangers_file(tap)
    comes_out_nowhere(tap)
    of_one_target(tap)
    of_an_address(tap)
    new_ones_come_out_nowhere(tap)
    tap.end()


if __name__ == '__main__':
    sys.exit(main())
