# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes on the target and their events; several interfaces; discovery with iSNS."""
import os
import socket
import threading

from machine import (Monitor, begin, disk_of, done_with, equal, finish, guest, imactl, ok,
                     session_attr, sessions, sh, wait_until)

TARGET, SECOND = 'iqn.2024-01.test:grows', 'iqn.2024-01.test:second'
GROUP = f'/sys/kernel/config/target/iscsi/{TARGET}/tpgt_1'
CORE = '/sys/kernel/config/target/core'
NETLINK_KOBJECT_UEVENT = 15
LU = 'logical unit'


def luns():
    return [lu['lun'] for lu in imactl('lu', 'list', TARGET)[1] if lu['exposedToOs']]


def methods_of(name):
    return sorted(method for target in imactl('target', 'list')[1] if target['name'] == name
                  for method in target['discoveryMethods'])


class Kernel(threading.Thread):
    """The kernel's own announcements."""
    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_KOBJECT_UEVENT)
        self.socket.bind((0, 1))
        self.heard = []
        self.start()

    def run(self):
        while True:
            self.heard.append(self.socket.recv(16384))

    def announced(self, word):
        return any(word in text for text in self.heard)


begin()
guest(f'''start_lio
lio_disk d0 4
lio_disk late 4
lio_file grows 16
lio_target {TARGET} "127.0.0.1:3260" "rd_mcp_0/d0 fileio_0/grows"
lio_target {SECOND} "127.0.0.1:3260 127.0.0.2:3260" "rd_mcp_0/d0"
start_iscsid''')
imactl('discovery', 'add', '127.0.0.1')
imactl('discovery', 'run')
kernel, monitor = Kernel(), Monitor()

# --- A session begins
done_with(imactl('target', 'login', TARGET), 0, 'login')
seen = monitor.wait('appeared', LU, 2)
ok(len(seen) == 2, 'each logical unit appears', seen)
ok(monitor.wait('changed', 'target'), 'and the target has changed')

# --- A LUN more
monitor.mark()
os.makedirs(f'{GROUP}/lun/lun_7')
os.symlink(f'{CORE}/rd_mcp_0/late', f'{GROUP}/lun/lun_7/store')
sh(f'sg_turs /dev/{disk_of(TARGET, 0)}; sg_turs /dev/{disk_of(TARGET, 0)}')
seen = monitor.wait('changed', 'target')
ok(wait_until(lambda: kernel.announced(b'REPORTED_LUNS')) and seen,
   'when the target reports other LUNs it has changed', monitor.all())
done_with(imactl('target', 'login', TARGET), 0, 'a login to a target with a session looks again')
seen = monitor.wait('appeared', LU)
ok(seen, 'a LUN that was added on the target appears', monitor.all())
equal(luns(), [0, 1, 7], 'and is listed')

# --- A larger one
monitor.mark()
disk = disk_of(TARGET, 1)
sh('truncate -s 32M /run/lio-grows')
with open(f'{CORE}/fileio_0/grows/control', 'w', encoding='ascii') as file:
    file.write(f'fd_dev_size={32 << 20}')
sh(f'echo 1 >/sys/block/{disk}/device/rescan')
seen = monitor.wait('changed', LU, name='LUN 1')
ok(seen, 'a logical unit that grew has changed', monitor.all())
equal(imactl('lu', 'capacity', TARGET, '1')[1]['bytes'][:16], f'{(32 << 11) - 1:016x}',
      'and has the new capacity')

# --- One less
monitor.mark()
os.unlink(f'{GROUP}/lun/lun_7/store')
os.rmdir(f'{GROUP}/lun/lun_7')
sh(f'echo 1 >/sys/block/{disk_of(TARGET, 7)}/device/delete')
seen = monitor.wait('disappeared', LU, name='LUN 7')
ok(seen, 'a LUN that was removed disappears', monitor.all())
equal(luns(), [0, 1], 'and is no longer listed')
monitor.mark()
done_with(imactl('target', 'logout', TARGET), 0, 'logout')
ok(len(monitor.wait('disappeared', LU, 2)) == 2, 'the others disappear with the session')
monitor.end()

# --- iSNS
guest('''ip addr add 127.0.0.9/8 dev lo
cat >/run/isns.conf <<END
SourceName = iqn.2024-01.test:isns
Security = 0
SLPRegister = 0
DefaultDiscoveryDomain = 1
BindAddress = 127.0.0.1
PIDFile = /run/isnsd.pid
ServerAddress = 127.0.0.1
END
setsid isnsd -f -4 -c /run/isns.conf >/run/isnsd.log 2>&1 &
await isnsadm -c /run/isns.conf --query entity-name
isnsadm -c /run/isns.conf --register entity=e portal=127.0.0.2:3260 target=''' + SECOND)
done_with(imactl('discovery', 'remove', '127.0.0.1'), 0, 'the address is forgotten')
ok(SECOND not in str(imactl('target', 'list')), 'and what was found with it')
done_with(imactl('discovery', 'enable', 'isns', '--isns-server', '127.0.0.1'), 0,
          'a server for iSNS is set')
done_with(imactl('discovery', 'run'), 0, 'discovery asks it')
found = {t['name']: t for t in imactl('target', 'list')[1]}
ok('isns' in found.get(SECOND, {}).get('discoveryMethods', []), 'a target is found with iSNS',
   found)
done_with(imactl('target', 'login', SECOND), 0, 'login to it')
imactl('target', 'logout', SECOND)
imactl('discovery', 'add', '127.0.0.2')
done_with(imactl('discovery', 'run'), 0, 'discovery asks both')
equal(methods_of(SECOND), ['isns', 'sendtargets'], 'a target that both know is found with both')
done_with(imactl('discovery', 'disable', 'isns'), 0, 'iSNS is switched off')
imactl('discovery', 'run')
equal(methods_of(SECOND), ['sendtargets'], 'then only the other has found it')
imactl('discovery', 'remove', '127.0.0.2')
equal({d['method']: d['enabled'] for d in imactl('discovery', 'show')[1]}['isns'], False,
      'and shown so')

# --- Several interfaces
sh('iscsiadm -m iface -I left -o new; iscsiadm -m iface -I right -o new', check=True)
sh('iscsiadm -m iface -I right -o update -n iface.initiatorname -v iqn.2024-01.test:right',
   check=True)
names = [lhba['name'] for lhba in imactl('lhba', 'list')[1]]
equal(len(names), 3, 'an LHBA for each interface')
left, right = (next(name for name in names if side in name) for side in ('left', 'right'))
for lhba in (left, right):
    done_with(imactl('static', 'add', SECOND, '127.0.0.2', '--lhba', lhba), 0,
              f'the target is known to {lhba} too')
    done_with(imactl('target', 'login', SECOND, '--lhba', lhba), 0, f'login through {lhba}')
equal(sorted(session_attr(sid, 'ifacename') for sid in sessions()), ['left', 'right'],
      'each through its interface')
equal(sorted(session_attr(sid, 'initiatorname') for sid in sessions()),
      ['iqn.2024-01.test:init', 'iqn.2024-01.test:right'],
      'and with the name that the interface has')
equal(sorted(s['lhba'] for s in imactl('session', 'list')[1]), sorted([left, right]),
      'and imactl shows the same')
done_with(imactl('target', 'logout', SECOND, '--lhba', left), 0, 'logout of one')
equal([session_attr(sid, 'ifacename') for sid in sessions()], ['right'], 'leaves the other')
imactl('target', 'logout', SECOND, '--lhba', right)
finish()
