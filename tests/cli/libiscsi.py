#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""libiscsi's utilities (iscsi-ls, iscsi-inq, iscsi-readcapacity16) and imactl with the user-space
initiator ask the same target, tgtd: they see the same targets, portals, LUNs and capacities."""

import os
import re
import shutil
import subprocess
import sys

from runner import SOURCE, Tap, World

sys.path.insert(0, os.path.join(SOURCE, 'tests', 'support'))
import tgtd  # noqa: E402  pylint: disable=wrong-import-position

NAME = 'iqn.2003-01.org.example:'
NONE, ONE, MANY, HIGH = (NAME + name for name in ('none', 'one', 'many', 'high'))
TOOLS = ('iscsi-ls', 'iscsi-inq', 'iscsi-readcapacity16')
DISK = {'vendor_id': 'EXAMPLE', 'product_id': 'TEST DISK', 'product_rev': '0042'}


def targets(folder):
    """0, 1 and 256 LUNs, and numbers that need the other way of addressing. tgtd itself adds LUN 0, a
    controller. A file may be the backing of many LUNs."""
    shared = os.path.join(folder, 'shared')
    with open(shared, 'wb') as file:
        file.truncate(1 << 20)
    many = [tgtd.Lun(lun=number, path=shared) for number in range(1, 256)]
    high = [tgtd.Lun(lun=number, path=shared) for number in (255, 256, 300, 16383)]
    return [tgtd.Target(NONE), tgtd.Target(ONE, [tgtd.Lun(16, params=DISK)]),
            tgtd.Target(MANY, many), tgtd.Target(HIGH, high)]


class Theirs:
    """What libiscsi's utilities see."""

    @staticmethod
    def run(*command):
        """The output of one of them."""
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=True).stdout

    def portals(self, portal):
        """{(target, portal)} as SendTargets reports them."""
        lines = self.run('iscsi-ls', f'iscsi://{portal}').splitlines()
        return {re.fullmatch(r'Target:(\S+) Portal:(\S+),\d+', line).groups() for line in lines}

    def luns(self, portal):
        """{target: {LUN}}; they show the first two bytes of a LUN as a number."""
        found = {}
        for line in self.run('iscsi-ls', '--show-luns', f'iscsi://{portal}').splitlines():
            if line.startswith('Target:'):
                luns = found.setdefault(line.split()[0][len('Target:'):], set())
            else:
                luns.add(int(re.match(r'Lun:(\d+)', line).group(1)))
        return found

    def capacity(self, portal, target, lun):
        """Bytes, and bytes of a block."""
        text = self.run('iscsi-readcapacity16', f'iscsi://{portal}/{target}/{lun}')
        return (int(re.search(r'Total size:(\d+)', text).group(1)),
                int(re.search(r'LENGTH IN BYTES:(\d+)', text).group(1)))

    def inquiry(self, portal, target, lun):
        """Vendor, product, revision."""
        text = self.run('iscsi-inq', f'iscsi://{portal}/{target}/{lun}')
        return [re.search(rf'^{field}:(.*)$', text, re.M).group(1).strip()
                for field in ('Vendor', 'Product', 'Revision')]


class Ours:
    """What imactl sees."""

    def __init__(self, world):
        self.world = world

    def data(self, *words):
        """The data of a command."""
        done = self.world.json(*words)
        if done.code:
            raise RuntimeError(f'imactl {" ".join(words)}: {done}')
        return done.data

    def portals(self, portal):
        """The same as above, through this one address."""
        self.data('discovery', 'add', portal)
        found = self.data('discovery', 'run', portal)
        self.data('discovery', 'remove', portal)
        return {(row['name'], f"[{p['host']}]:{p['port']}" if ':' in p['host']
                 else f"{p['host']}:{p['port']}") for row in found for p in row['portals']}

    def luns(self, target):
        """LUNs as libiscsi shows them."""
        return {int(row['lunBytes'][:4], 16) for row in self.data('lu', 'list', target)}

    def capacity(self, target, lun):
        """Bytes, and bytes of a block."""
        data = self.data('lu', 'capacity', target, str(lun))
        return data['capacity'], data['blockLength']

    def inquiry(self, target, lun):
        """Vendor, product, revision."""
        data = self.data('lu', 'inquiry', target, str(lun))
        return [data[field] for field in ('t10VendorIdentification', 'productIdentification',
                                          'productRevisionLevel')]


def same_portals(tap, ours, theirs, portals):
    for portal in portals:
        expected = theirs.portals(portal)
        tap.equal(ours.portals(portal), expected, f'the same targets and portals at {portal}')
        tap.equal({name for name, _ in expected}, {NONE, ONE, MANY, HIGH}, 'which are all')


def same_luns(tap, ours, theirs, portal):
    expected = theirs.luns(portal)
    for target, count in ((NONE, 1), (ONE, 2), (MANY, 256), (HIGH, 5)):
        tap.equal(ours.luns(target), expected[target], f'the same LUNs of {target}')
        tap.equal(len(expected[target]), count, f'namely {count}')


def same_disks(tap, ours, theirs, portal):
    for target, lun, raw in ((ONE, 1, 1), (MANY, 200, 200), (HIGH, 255, 255),
                             (HIGH, 300, 0x412c), (HIGH, 16383, 0x7fff)):
        tap.equal(ours.capacity(target, lun), theirs.capacity(portal, target, raw),
                  f'the same capacity of LUN {lun}')
        tap.equal(ours.inquiry(target, lun), theirs.inquiry(portal, target, raw),
                  f'the same INQUIRY data of LUN {lun}')


def added_lun(tap, ours, theirs, server):
    number = server.add_lun(ONE, tgtd.Lun(8), 2)
    tap.equal(ours.luns(ONE), {0, 1, number}, 'a LUN that is added is seen')
    tap.equal(theirs.luns(server.portal)[ONE], {0, 1, number}, 'by both')
    tap.equal(ours.capacity(ONE, number), theirs.capacity(server.portal, ONE, number),
              'with the same capacity')
    server.remove_lun(ONE, number)
    tap.equal(ours.luns(ONE), {0, 1}, 'a LUN that is removed is gone')
    tap.equal(theirs.luns(server.portal)[ONE], {0, 1}, 'for both')


def main():
    tap = Tap()
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if not tgtd.available() or missing:
        tap.skip('libiscsi and imactl', 'no tgtd' if not missing else f'no {missing[0]}')
        tap.end()
    with World('ima-user') as world, tgtd.Tgtd(targets(world.folder),
                                               addresses=('127.0.0.1', '127.0.0.2')) as server:
        portals = [server.portal, f'127.0.0.2:{server.port}']
        ours, theirs = Ours(world), Theirs()
        same_portals(tap, ours, theirs, portals + ([server.portal6] if server.ipv6 else []))
        ours.data('discovery', 'add', server.portal)
        ours.data('discovery', 'run')
        same_luns(tap, ours, theirs, server.portal)
        same_disks(tap, ours, theirs, server.portal)
        added_lun(tap, ours, theirs, server)
    tap.end()


main()
