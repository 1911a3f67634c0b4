# SPDX-License-Identifier: LGPL-2.1-or-later
"""The kernel's initiator and the one in user space in one library, as they are installed."""
from machine import (Monitor, begin, done_with, equal, finish, guest, imactl, ok, read, sessions,
                     sh)

TARGETS = ['iqn.2024-01.test:t1', 'iqn.2024-01.test:t2']
KERNEL, USER = 'ima-linux', 'ima-user'
NAME = 'iqn.2024-01.test:both'
ALIAS = 'the "both" of it; exit 7'


def lhbas(*words):
    """The rows of a list by their LHBA."""
    rows = {KERNEL: [], USER: []}
    for row in imactl(*words)[1]:
        rows[row['lhba']].append(row)
    return rows


begin('linux', 'user')
guest('''start_lio
for i in 1 2; do lio_disk d$i 4; lio_target iqn.2024-01.test:t$i "127.0.0.1:3260" "rd_mcp_0/d$i"; done
start_iscsid''')

equal([row['name'] for row in imactl('lhba', 'list')[1]], [KERNEL, USER], 'both are listed')

# --- One name for both
before = read('/etc/iscsi/initiatorname.iscsi').split('=', 1)[1]
node = imactl('node', 'show')[1]
equal(node['name'], before, 'the machine has the name that open-iscsi gave it')
done_with(imactl('node', 'set-name', NAME), 0, 'it gets another one')
done_with(imactl('node', 'set-alias', ALIAS), 0, 'and an alias')
equal(sh('. /etc/iscsi/initiatorname.iscsi; echo "$InitiatorName"').stdout, NAME + '\n',
      'who boots with the name of open-iscsi gets it')
equal(sh('/lib/open-iscsi/startup-checks.sh').returncode, 0, 'and so does who starts iscsid')
sh('pkill -x iscsid')
guest(f'''start_iscsid
cd $LIO/iscsi/{TARGETS[0]}/tpgt_1
mkdir -p acls/{NAME}/lun_0
ln -s $LIO/iscsi/{TARGETS[0]}/tpgt_1/lun/lun_0 acls/{NAME}/lun_0/lun''')

# --- What is said of one is done by one
result = imactl('discovery', 'add', '127.0.0.1')
ok(result[0] == 2 and KERNEL in str(result) and USER in str(result),
   'an address for either of them is refused', result)
for lhba in (KERNEL, USER):
    done_with(imactl('discovery', 'add', '127.0.0.1', '--lhba', lhba), 0, f'{lhba} gets it')
done_with(imactl('discovery', 'run'), 0, 'both look for targets')
for lhba, rows in lhbas('target', 'list').items():
    equal(sorted(row['name'] for row in rows), TARGETS, f'{lhba} finds them')
result = imactl('target', 'login', TARGETS[0])
ok(result[0] == 2 and '--lhba' in str(result), 'a login by either of them is refused', result)
equal(sessions(), [], 'nothing was done')

# --- All at once
monitor = Monitor()
code, rows = imactl('target', 'login', '--all')
equal((code, [row['sessions'] for row in rows]), (0, [1] * 4), 'a login of all is to all by both')
equal({(row['lhba'], row['lasting']) for row in rows}, {(KERNEL, True), (USER, False)},
      'and tells whose sessions last')
ok(monitor.wait('appeared', 'logical unit', 2), 'the LUs of the kernel are an event', monitor.all())
equal(len(sessions()), 2, 'the kernel has its sessions')
seen = sh('cat /sys/kernel/config/target/iscsi/*/tpgt_1/dynamic_sessions').stdout
equal(seen.replace('\0', '').split(), [NAME], 'under the new name')
info = read(f'/sys/kernel/config/target/iscsi/{TARGETS[0]}/tpgt_1/acls/{NAME}/info')
ok(ALIAS in info, 'and alias', info)
equal([len(rows) for rows in lhbas('lu', 'list').values()], [2, 0],
      'its LUs are listed, the others ended with the command')
code, lu = imactl('lu', 'show', TARGETS[0], '0', '--lhba', USER)
ok(code == 0 and not lu['exposedToOs'], 'the other initiator has its own look at a LU', lu)
equal(lu['identifier'], imactl('lu', 'show', TARGETS[0], '0', '--lhba', KERNEL)[1]['identifier'],
      'which is the same one')
done_with(imactl('target', 'logout', '--all'), 0, 'all are logged out')
equal(sessions(), [], 'no session is left')
monitor.end()
finish()
