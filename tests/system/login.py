# SPDX-License-Identifier: LGPL-2.1-or-later
"""Discovery, login, logical units, login keys, statistics: against the kernel's target."""
import os

from machine import (as_sysfs_says, begin, disk_of, disks, done_with, equal, finish, guest, imactl,
                     ok, same_bytes, session_attr, sessions, sh, traffic_moves)

MANY, THREE = 'iqn.2024-01.test:many', 'iqn.2024-01.test:three'
RESIZE = 'iqn.2024-01.test:resize'
LUNS = 64


begin()
many = ' '.join(f'rd_mcp_0/m{i}' for i in range(LUNS))
guest(f'''start_lio
for i in $(seq 0 {LUNS - 1}); do lio_disk m$i 1; done
lio_file resize 16
lio_disk late 4
lio_target {MANY} "127.0.0.1:3262" "{many}"
lio_target {THREE} "127.0.0.1:3260 127.0.0.2:3260 [::1]:3260" "rd_mcp_0/m0 rd_mcp_0/m1"
lio_target {RESIZE} "127.0.0.1:3261" "fileio_0/resize"
start_iscsid''')

# --- Discovery
done_with(imactl('static', 'add', MANY, '127.0.0.1:3262'), 0, 'a static target is added')
done_with(imactl('static', 'add', MANY, '127.0.0.1:3262'), 0, 'adding it again is a success')
equal([t['discoveryMethods'] for t in imactl('target', 'list')[1]], [['static']],
      'the target is known as static')
done_with(imactl('discovery', 'add', '127.0.0.1:3260'), 0, 'a discovery address is added')
done_with(imactl('discovery', 'add', '127.0.0.1:3260'), 0, 'adding it again is a success')
done_with(imactl('discovery', 'add', '[::1]:3260'), 0, 'so is an IPv6 address')
done_with(imactl('discovery', 'run'), 0, 'discovery finds the targets')
targets = {t['name']: t for t in imactl('target', 'list')[1]}
equal(sorted(targets), sorted([MANY, RESIZE, THREE]), 'the targets have their names')
equal(len(targets[THREE]['portals']), 3, 'one has three portals, one of them IPv6')
equal(targets[THREE]['discoveryMethods'], ['sendtargets'], 'it was discovered by SendTargets')
sh(f'iscsiadm -m node -T {THREE} -o update -n node.session.timeo.replacement_timeout -v 77')
imactl('discovery', 'run')
ok('replacement_timeout = 77' in sh(f'iscsiadm -m node -T {THREE}').stdout,
   'discovering again keeps what a record says')

# --- Without a session
done_with(imactl('lu', 'inquiry', MANY, '3'), 0, 'INQUIRY works without a session of the kernel')
done_with(imactl('lu', 'report', MANY), 0, 'so does REPORT LUNS')
equal(sessions(), [], 'and makes none')
equal(disks(), [], 'and exposes nothing')

# --- Login keys
for key, value in (('FirstBurstLength', '32768'), ('MaxBurstLength', '65536'),
                   ('ImmediateData', 'No'), ('InitialR2T', 'Yes'),
                   ('MaxRecvDataSegmentLength', '131072'), ('DefaultTime2Wait', '5')):
    done_with(imactl('param', 'set', key, value, '--target', THREE), 0, f'{key} is set')
ok(imactl('param', 'set', 'FirstBurstLength', '100000', '--target', THREE)[0] != 0,
   'FirstBurstLength above MaxBurstLength is refused')
done_with(imactl('param', 'set', 'MaxOutstandingR2T', '2'), 0, 'a default is set')
ok('MaxOutstandingR2T = 2' in sh(f'iscsiadm -m node -T {MANY}').stdout,
   'and reaches the records that follow it')

# --- Login
code, login = imactl('target', 'login', THREE)
equal((code, login.get('lasting')), (0, True), 'login at all portals succeeds, and lasts')
equal(len(sessions()), 3, 'there is a session for each portal')
equal(len(disks()), 6, 'when it returns the disks of every path have their devices')
done_with(imactl('target', 'login', THREE), 0, 'logging in again is a success')
equal(len(sessions()), 3, 'and makes no other session')
for attr, value in (('first_burst_len', '32768'), ('max_burst_len', '65536'),
                    ('immediate_data', '0'), ('initial_r2t', '1')):
    equal(session_attr(sessions()[0], attr), value, f'the kernel negotiated {attr}')
as_sysfs_says(THREE, sessions()[0])
lus = imactl('lu', 'list', THREE)[1]
equal([lu['lun'] for lu in lus], [0, 1], 'every LUN is one logical unit, whatever its paths')
done_with(imactl('target', 'login', MANY), 0, f'login to {LUNS} LUNs succeeds')
equal([lu['lun'] for lu in imactl('lu', 'list', MANY)[1]], list(range(LUNS)), 'all are there')

# --- SCSI, byte by byte; statistics
same_bytes(MANY, 5, ('0x00', '0x80', '0x83', '0xb0', '0xb2'))
traffic_moves(MANY, 5)

# --- In use
disk = disk_of(MANY, 5)
done_with(imactl('lu', 'unexpose', f'/dev/{disk}'), 0, 'a LU is taken away')
ok(not os.path.exists(f'/dev/{disk}'), 'and its device is gone')
equal({lu['lun']: lu['exposedToOs'] for lu in imactl('lu', 'list', MANY)[1]}[5], False,
      'and it is known as not exposed')
imactl('target', 'logout', MANY)
done_with(imactl('target', 'login', MANY), 0, 'after another login')
ok(5 not in [lu['lun'] for lu in imactl('lu', 'list', MANY)[1] if lu['exposedToOs']],
   'it is still away')
done_with(imactl('lu', 'expose', MANY, '5'), 0, 'it is exposed again')
equal({lu['lun']: lu['exposedToOs'] for lu in imactl('lu', 'list', MANY)[1]}[5], True,
      'and known as such')
disk = disk_of(MANY, 6)
sh(f'mkfs.ext2 -q /dev/{disk}; mkdir -p /run/mnt; modprobe ext4; mount /dev/{disk} /run/mnt')
if ok(os.path.ismount('/run/mnt'), 'a LU is mounted'):
    result = imactl('lu', 'unexpose', f'/dev/{disk}')
    ok(result[0] != 0 and '/run/mnt' in str(result[1]),
       'then it is not taken away, and the error says where it is mounted', result)
    result = imactl('target', 'logout', MANY)
    ok(result[0] != 0, 'nor is its target logged out', result)
    sh('umount /run/mnt')

# --- Changes on the target
GROUP = '/sys/kernel/config/target/iscsi/' + RESIZE + '/tpgt_1'
done_with(imactl('target', 'login', RESIZE), 0, 'login to another target succeeds')
sh(f'mkdir {GROUP}/lun/lun_7 && ln -s /sys/kernel/config/target/core/rd_mcp_0/late '
   f'{GROUP}/lun/lun_7/store')
done_with(imactl('target', 'login', RESIZE), 0, 'a login finds LUNs that came later')
equal([lu['lun'] for lu in imactl('lu', 'list', RESIZE)[1]], [0, 7], 'the new LUN is there')

# --- Logout
done_with(imactl('target', 'logout', MANY), 0, 'logout succeeds')
done_with(imactl('target', 'logout', MANY), 0, 'logging out again is a success')
imactl('target', 'logout', RESIZE)
done_with(imactl('target', 'logout', THREE), 0, 'logout ends the sessions of all portals')
equal(sessions(), [], 'no session is left')
equal(disks(), [], 'no disk is left')
done_with(imactl('static', 'remove', MANY), 0, 'a static target is removed')
done_with(imactl('discovery', 'remove', '127.0.0.1:3260'), 0, 'a discovery address is removed')
finish()
