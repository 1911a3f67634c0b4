#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""LIO, the target in the Linux kernel, with the interface of tgtd.py; for root in the guest of
tests/system, which is thrown away afterwards: nothing is taken down.

As a program it runs a command while the targets are there, as tgtd.py does:

    tests/support/lio.py --target iqn.2003-01.org.example:a --lun 16 -- command ...
"""

import os
import subprocess
import sys

import tgtd

CONFIGFS = '/sys/kernel/config'
CORE, FABRIC = CONFIGFS + '/target/core', CONFIGFS + '/target/iscsi'
# Open to every initiator, read and write.
OPEN = {'generate_node_acls': 1, 'cache_dynamic_acls': 1, 'demo_mode_write_protect': 0}
AUTH = ({'userid': 0, 'password': 1}, {'userid_mutual': 0, 'password_mutual': 1})


def put(value, *path):
    """Write without a line feed: some attributes would take it as part of the value."""
    with open(os.path.join(*path), 'w', encoding='ascii') as file:
        file.write(str(value))


def make(*path):
    """A folder of configfs, which makes an object."""
    os.makedirs(os.path.join(*path), exist_ok=True)
    return os.path.join(*path)


class Lio:
    """The kernel's target with the given targets."""
    algorithms = ('MD5', 'SHA1', 'SHA256', 'SHA3-256')
    tells_all = True  # portals, also of other groups

    def __init__(self, targets=(), addresses=('127.0.0.1',), ipv6=False, port=3260):
        self.port, self.addresses, self.ipv6 = port, list(addresses), ipv6
        self.disks, self.targets = {}, []
        first = [f'{address}:{port}' for address in addresses]
        self.groups = {1: first + ([self.portal6] if ipv6 else [])}
        subprocess.run(['modprobe', '-a', 'target_core_mod', 'iscsi_target_mod'], check=True)
        if not os.path.isdir(CONFIGFS + '/target'):
            subprocess.run(['mount', '-t', 'configfs', 'configfs', CONFIGFS], check=True)
        os.makedirs('/var/target/pr', exist_ok=True)
        make(FABRIC)
        for target in targets:
            self.add(target)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    @property
    def portal(self):
        """host:port of the first address."""
        return f'{self.addresses[0]}:{self.port}'

    @property
    def portal6(self):
        """[::1]:port, or None without IPv6."""
        return f'[::1]:{self.port}' if self.ipv6 else None

    def _groups(self, name):
        return [f'{FABRIC}/{name}/tpgt_{tag}' for tag in self.groups]

    def add(self, target):
        """Make one more target."""
        self.targets.append(target)
        for tag in self.groups:
            self._add_to_group(target, tag)

    def add_group(self, tag, addresses):
        """Make one more portal group, of every target."""
        self.groups[tag] = [f'{address}:{self.port}' for address in addresses]
        for target in self.targets:
            self._add_to_group(target, tag)

    def _add_to_group(self, target, tag):
        group = make(FABRIC, target.name, f'tpgt_{tag}')
        for portal in self.groups[tag]:
            make(group, 'np', portal)
        for name, value in OPEN.items():
            put(value, group, 'attrib', name)
        put(int(bool(target.chap)), group, 'attrib', 'authentication')
        for account, fields in zip((target.chap, target.mutual), AUTH):
            for field, index in fields.items():
                if account:
                    put(account[index], group, 'auth', field)
        for name, value in target.params.items():
            put(value, group, 'param', name)
        # LUN 0 is what a controller is with tgtd: libiscsi's utilities want it.
        for number, lun in enumerate([tgtd.Lun(1)] + target.luns if target.luns else []):
            self._link(group, lun, lun.lun if lun.lun is not None else number)
        put(1, group, 'enable')

    def _disk(self, megabytes):
        """A RAM disk; one of a size serves for many LUNs."""
        disk = f'{CORE}/rd_mcp_0/disk{megabytes}'
        if megabytes not in self.disks:
            make(disk)
            put(f'rd_pages={megabytes * 256}', disk, 'control')
            put(1, disk, 'enable')
            put(f'serial{megabytes}', disk, 'wwn', 'vpd_unit_serial')
            self.disks[megabytes] = disk
        return disk

    def add_lun(self, name, lun, number=None):
        """Add a logical unit to a target; its number."""
        number = lun.lun if lun.lun is not None else number
        for group in self._groups(name):
            self._link(group, lun, number)
        return number

    def _link(self, group, lun, number):
        os.symlink(self._disk(lun.megabytes), make(group, 'lun', f'lun_{number}') + '/store')

    def remove_lun(self, name, number):
        """Take a logical unit away."""
        for group in self._groups(name):
            os.unlink(f'{group}/lun/lun_{number}/store')
            os.rmdir(f'{group}/lun/lun_{number}')

    def _enable(self, value):
        for target in self.targets:
            for group in self._groups(target.name):
                put(value, group, 'enable')

    def end(self):
        """With all sessions; nobody listens then."""
        self._enable(0)

    def start_again(self):
        """As before."""
        self._enable(1)

    def environment(self):
        """What tgtd.py tells a command as well."""
        lun = f'{self._groups(self.targets[0].name)[0]}/lun/lun_$LUN'
        disk = self._disk(8)
        return {'TARGET_PORTAL': self.portal, 'TARGET_ALGORITHMS': ','.join(self.algorithms),
                'TARGET_ADD_LUN': f'mkdir {lun} && ln -s {disk} {lun}/store',
                'TARGET_REMOVE_LUN': f'rm {lun}/store && rmdir {lun}'}


if __name__ == '__main__':
    sys.exit(tgtd.run_command(Lio))
