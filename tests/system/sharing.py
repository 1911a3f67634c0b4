# SPDX-License-Identifier: LGPL-2.1-or-later
"""Others use open-iscsi too: programs at the same time, ordinary users, a lock left behind."""
import subprocess

from machine import (IMACTL, begin, done_with, equal, finish, guest, imactl, ok, sessions, sh)

TARGETS = [f'iqn.2024-01.test:t{i}' for i in range(1, 5)]
LOCK = '/run/lock/iscsi/lock.write'

begin()
guest('''start_lio
for i in 1 2 3 4; do lio_disk d$i 4; lio_target iqn.2024-01.test:t$i "127.0.0.1:3260" \
    "rd_mcp_0/d$i"; done
start_iscsid''')
imactl('discovery', 'add', '127.0.0.1')
done_with(imactl('discovery', 'run'), 0, 'discovery')

# --- At the same time
busy = subprocess.Popen('while :; do iscsiadm -m node; iscsiadm -m session; done >/dev/null 2>&1',
                        shell=True, start_new_session=True)
logins = [subprocess.Popen([IMACTL, 'target', 'login', name], stdout=subprocess.DEVNULL)
          for name in TARGETS]
equal([p.wait(timeout=60) for p in logins], [0] * 4, 'four processes log in at once')
equal(len(sessions()), 4, 'each to its target')
twice = [subprocess.Popen([IMACTL, 'target', 'login', TARGETS[0]], stdout=subprocess.DEVNULL)
         for _ in range(2)]
equal([p.wait(timeout=60) for p in twice], [0] * 2, 'two log in to the same target')
equal(len(sessions()), 4, 'which gives no second session')
sets = [subprocess.Popen([IMACTL, 'param', 'set', key, value, '--target', TARGETS[1]],
                         stdout=subprocess.DEVNULL)
        for key, value in (('FirstBurstLength', '4096'), ('DefaultTime2Wait', '7'))]
equal([p.wait(timeout=60) for p in sets], [0] * 2, 'two change the same target')
record = sh(f'iscsiadm -m node -T {TARGETS[1]}').stdout
ok('FirstBurstLength = 4096' in record and 'DefaultTime2Wait = 7' in record,
   'and neither change is lost', record)
sh(f'kill -- -{busy.pid}')

# --- An ordinary user
user = ('setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups')
result = imactl('session', 'list', prefix=user)
equal(len(result[1]), 4, 'an ordinary user sees the sessions')
equal(len(imactl('lu', 'list', prefix=user)[1]), 4, 'and the LUs')
result = imactl('target', 'logout', TARGETS[0], prefix=user)
ok(result[0] != 0 and 'root' in str(result), 'but may not log out, and is told why', result)
equal(len(sessions()), 4, 'nothing was changed')

# --- A lock left behind
sh(f'touch /run/lock/iscsi/lock; ln /run/lock/iscsi/lock {LOCK}; date -s "+2 minutes"')
result = imactl('param', 'set', 'FirstBurstLength', '8192', '--target', TARGETS[2])
ok(result[0] != 0 and 'lock.write' in str(result), 'a stale lock is reported', result)
done_with(imactl('target', 'list'), 0, 'and does not keep anybody from reading')
sh(f'rm {LOCK}')
done_with(imactl('param', 'set', 'FirstBurstLength', '8192', '--target', TARGETS[2]), 0,
          'once it is gone changes work')

for name in TARGETS:
    imactl('target', 'logout', name)
equal(sessions(), [], 'all are logged out')
finish()
