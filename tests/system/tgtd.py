# SPDX-License-Identifier: LGPL-2.1-or-later
"""Against a target in user space, tgtd: discovery, login, logical units, login keys, CHAP."""
from machine import (as_sysfs_says, begin, disks, done_with, equal, finish, guest, imactl, ok,
                     same_bytes, session_attr, sessions, sh, traffic_moves)

MANY, CHAP = 'iqn.2024-01.test:t1', 'iqn.2024-01.test:t2'
LUNS = 64
SECRET, TARGETS, OTHER = 'initiatorsecret1', 'targetsecret4567', 'anothersecret123'


def tgtadm(words):
    return sh(f'timeout 20 tgtadm --lld iscsi {words}', check=True)


def status_of(result):
    return (result[1].get('error', {}).get('status') or {}).get('name')


def update(**values):
    words = ' '.join(f'-n node.session.auth.{key} -v {value}' for key, value in values.items())
    sh(f'iscsiadm -m node -T {CHAP} -o update {words}', check=True)


begin()
guest(f'''start_tgtd 127.0.0.2:3260 [::1]:3260
tgt_target 1 {LUNS}
tgt_target 2 1
start_iscsid''')

# --- Discovery and login
done_with(imactl('discovery', 'add', '127.0.0.1'), 0, 'a discovery address is added')
done_with(imactl('discovery', 'add', '::1'), 0, 'and one of IPv6')
imactl('discovery', 'add', '127.0.0.2')  # tgtd tells of the portal that is asked only
done_with(imactl('discovery', 'run'), 0, 'discovery')
targets = {t['name']: t for t in imactl('target', 'list')[1]}
equal(sorted(targets), [MANY, CHAP], 'finds the targets')
equal(sorted(p['host'] for p in targets[MANY]['portals']), ['127.0.0.1', '127.0.0.2', '::1'],
      'with all their portals')
done_with(imactl('lu', 'inquiry', MANY, '1'), 0, 'INQUIRY works without a session of the kernel')
equal((sessions(), disks()), ([], []), 'and makes none')
for key, value in (('FirstBurstLength', '16384'), ('MaxBurstLength', '131072'),
                   ('ImmediateData', 'No'), ('InitialR2T', 'Yes')):
    done_with(imactl('param', 'set', key, value, '--target', MANY), 0, f'{key} is set')
done_with(imactl('target', 'login', MANY), 0, f'login to {LUNS} LUNs at all portals')
equal(len(sessions()), 3, 'there is a session for each portal')
equal(len(disks()), 3 * LUNS, 'and every disk of each has its device')
equal(session_attr(sessions()[0], 'first_burst_len'), '16384', 'the target took what was set')
as_sysfs_says(MANY, sessions()[0])
# LUN 0 of tgtd is a controller.
equal([lu['lun'] for lu in imactl('lu', 'list', MANY)[1]], list(range(LUNS + 1)),
      'every LUN is one logical unit')

# --- SCSI, statistics
same_bytes(MANY, 5, ('0x00', '0x80', '0x83', '0xb0', '0xb2'))
traffic_moves(MANY, 5)

# --- LUNs come and go
tgtadm(f'--op new --mode logicalunit --tid 1 --lun {LUNS + 1} -b /run/disk2.1')
done_with(imactl('target', 'login', MANY), 0, 'a login looks again')
ok(LUNS + 1 in [lu['lun'] for lu in imactl('lu', 'list', MANY)[1]], 'and finds a new LUN')
done_with(imactl('target', 'logout', MANY), 0, 'logout')
equal((sessions(), disks()), ([], []), 'ends all sessions')

# --- CHAP
tgtadm(f'--op new --mode account --user user1 --password {SECRET}')
tgtadm('--op bind --mode account --tid 2 --user user1')
equal(status_of(imactl('target', 'login', CHAP)), 'IMA_ERROR_LOGIN_REJECTED',
      'a login without a secret is refused')
imactl('auth', 'set', 'chap', '--name', 'user1', '--secret-file', '-', stdin=SECRET)
imactl('auth', 'methods', 'chap')
done_with(imactl('target', 'login', CHAP), 0, 'with name and secret it succeeds')
equal({session_attr(sid, 'username') for sid in sessions()}, {'user1'}, 'as the kernel says')
imactl('target', 'logout', CHAP)
tgtadm(f'--op new --mode account --user target1 --password {TARGETS}')
tgtadm('--op bind --mode account --tid 2 --user target1 --outgoing')
update(username_in='target1', password_in=TARGETS)
done_with(imactl('target', 'login', CHAP), 0, 'mutual authentication succeeds')
equal({session_attr(sid, 'username_in') for sid in sessions()}, {'target1'},
      'the target proved itself')
imactl('target', 'logout', CHAP)
done_with(imactl('lu', 'inquiry', CHAP, '1'), 0, 'also in an informational session')
update(password_in=OTHER)
equal(status_of(imactl('target', 'login', CHAP)), 'IMA_ERROR_LOGIN_REJECTED',
      'a target with another secret is left')
equal(status_of(imactl('lu', 'inquiry', CHAP, '1')), 'IMA_ERROR_LOGIN_REJECTED',
      'also by an informational session')
sh(f"sed -i '/_in = /d' /etc/iscsi/nodes/{CHAP}/*/default")
imactl('auth', 'set', 'chap', '--name', 'user1', '--secret-file', '-', stdin=OTHER)
done_with(imactl('target', 'login', CHAP), 6, 'a wrong secret is refused')
imactl('auth', 'set', 'chap', '--name', 'nobody', '--secret-file', '-', stdin=SECRET)
done_with(imactl('target', 'login', CHAP), 6, 'and so is a wrong name')
equal(sessions(), [], 'there is no session then')
finish()
