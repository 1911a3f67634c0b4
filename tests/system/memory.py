# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory: commands and programs under valgrind, on a real initiator."""
import os
import signal
import subprocess

from machine import (BUILD, IMACTL, begin, equal, finish, guest, imactl, ok, sessions, sh,
                     wait_until)

TARGET = 'iqn.2024-01.test:t1'
LOG = '/run/valgrind.log'
VALGRIND = ('valgrind', '-q', '--leak-check=full', '--show-leak-kinds=definite,indirect',
            '--errors-for-leak-kinds=definite,indirect', '--error-exitcode=99',
            '--child-silent-after-fork=yes', f'--log-file={LOG}')


def complaints():
    """What it found; it also tells of system calls that it does not know."""
    with open(LOG, encoding='utf8', errors='replace') as file:
        return ''.join(line for line in file if line.startswith('=='))


def clean(words, code=0, stdin=None):
    done = subprocess.run([*VALGRIND, *words], input=stdin, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=200)
    name = ' '.join(os.path.basename(word) for word in words)
    ok(done.returncode == code and not complaints(), f'valgrind has nothing to say to: {name}',
       f'exit code {done.returncode}\n{done.stdout[-500:]}\n{complaints()}')


def command(line, code=0, stdin=None):
    clean([IMACTL, *line.split(), '--timeout', '100'], code, stdin)


begin()
guest(f'''start_lio
lio_disk d 4
lio_target {TARGET} "127.0.0.1:3260" "rd_mcp_0/d"
start_iscsid''')
command('discovery add 127.0.0.1')
command('discovery run')
command(f'lu inquiry {TARGET} 0')  # without a session of the kernel
command(f'param set FirstBurstLength 32768 --target {TARGET}')
command(f'target login {TARGET}')
equal(len(sessions()), 1, 'it was done')
for line in ('target list', 'session show --json', 'lu list --all --long', 'lhba show',
             f'param list --target {TARGET}', f'stats show {TARGET}', 'lnp list',
             f'lu inquiry {TARGET} 0 --page 0x83'):
    command(line)
command('target login iqn.2024-01.test:nowhere', 3)
clean([BUILD + '/examples/example-list-targets'])

watch = subprocess.Popen([*VALGRIND, IMACTL, 'monitor', '--count', '2'], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT)


def provoke():
    sh('iscsiadm -m iface -I heard -o new; iscsiadm -m iface -I heard -o delete')
    return watch.poll() is not None


ok(wait_until(provoke, 100), 'events come under valgrind')
if watch.poll() is None:
    watch.send_signal(signal.SIGKILL)
equal((watch.wait(), complaints()), (0, ''), 'and it has nothing to say to that either')
command(f'target logout {TARGET}')
equal(sessions(), [], 'it was done')
command('auth set chap --name user --secret-file -', stdin='secretsecret1')
command('auth clear chap')
done = imactl('discovery', 'remove', '127.0.0.1')
equal(done[0], 0, 'what is left is removed')
finish()
