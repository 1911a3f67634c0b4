#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""seen.py tgtd|lio - libiscsi's utilities (iscsi-ls, iscsi-inq, iscsi-readcapacity16) and imactl
with the user-space initiator ask the same targets: they see the same portals, LUNs, capacities."""

import os
import re
import shutil
import subprocess
import sys

SOURCE = os.environ['IMA_SOURCE']
sys.path += [os.path.join(SOURCE, 'tests', folder) for folder in ('support', 'cli')]
# pylint: disable=wrong-import-position
import lio  # noqa: E402
import tgtd  # noqa: E402
from runner import Tap, World  # noqa: E402

NAME = 'iqn.2003-01.org.example:'
NAMES = ONE, MANY, HIGH = [NAME + name for name in ('one', 'many', 'high')]
NONE = NAME + 'none'
ADDRESSES, MORE = ('127.0.0.1', '127.0.0.2'), ('127.0.0.3', '127.0.0.4')
TOOLS = ('iscsi-ls', 'iscsi-inq', 'iscsi-readcapacity16')
LUNS = {MANY: range(1, 257), HIGH: (255, 256, 300, 16383)}
DISK = {'vendor_id': 'EXAMPLE', 'product_id': 'TEST DISK', 'product_rev': '0042'}


def targets(folder):
    """1 and 256 LUNs, and numbers that need another way of addressing; besides LUN 0, which every
    target has that has any. A disk may be the backing of many LUNs."""
    shared = os.path.join(folder, 'shared')
    with open(shared, 'wb') as file:
        file.truncate(1 << 20)
    return [tgtd.Target(ONE, [tgtd.Lun(16, params=DISK)])] + [
        tgtd.Target(name, [tgtd.Lun(1, lun=number, path=shared) for number in luns])
        for name, luns in LUNS.items()]


def tgtd_server(folder):
    return tgtd.Tgtd(targets(folder), ADDRESSES)


def lio_server(folder):
    return lio.Lio(targets(folder), ADDRESSES, ipv6=True)


SERVERS = {'tgtd': tgtd_server, 'lio': lio_server}


class Theirs:
    """What libiscsi's utilities see, as the initiator of this name. It is ours, because a LU tells
    each initiator of each change, and they give up when they are told."""

    def __init__(self, name):
        self.name = name

    def run(self, tool, *words):
        """The output of one of them."""
        return subprocess.run([tool, '-i', self.name, *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=True).stdout

    def portals(self, portal):
        """{(target, portal, portal group tag)} as SendTargets reports them."""
        lines = self.run('iscsi-ls', f'iscsi://{portal}').splitlines()
        return {re.fullmatch(r'Target:(\S+) Portal:(\S+),(\d+)', line).groups() for line in lines}

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
        """{(target, portal)} through this one address."""
        self.data('discovery', 'add', portal)
        found = self.data('discovery', 'run', portal)
        self.data('discovery', 'remove', portal)
        return {(row['name'], f"[{p['host']}]:{p['port']}" if ':' in p['host']
                 else f"{p['host']}:{p['port']}") for row in found for p in row['portals']}

    def luns(self, target):
        """{LUN as libiscsi shows it: LUN as a number}; each LU is asked for its capacity."""
        return {int(row['lunBytes'][:4], 16): row['lun']
                for row in self.data('lu', 'list', target, '--long')}

    def capacity(self, target, lun):
        """Bytes, and bytes of a block."""
        data = self.data('lu', 'capacity', target, str(lun))
        return data['capacity'], data['blockLength']

    def inquiry(self, target, lun):
        """Vendor, product, revision."""
        data = self.data('lu', 'inquiry', target, str(lun))
        return [data[field] for field in ('t10VendorIdentification', 'productIdentification',
                                          'productRevisionLevel')]


def same_portals(tap, ours, theirs, server):
    """Whichever portal of whichever group is asked."""
    everywhere = {(portal, str(tag)) for tag, portals in server.groups.items()
                  for portal in portals}
    for here in sorted(everywhere):
        portal = here[0]
        expected = theirs.portals(portal)
        told = everywhere if server.tells_all else {here}
        tap.equal(expected, {(name, *where) for name in [*NAMES, NONE] for where in told},
                  f'all targets, portals and groups are seen at {portal}')
        tap.equal(ours.portals(portal), {(name, at) for name, at, _ in expected}, 'by both')


def portal_groups(tap, server):
    """A session is with the group whose portal is known."""
    for tag, portals in server.groups.items():
        for portal in portals:
            with World('ima-user') as world:
                ours = Ours(world)
                ours.data('static', 'add', ONE, portal)
                sessions = ours.data('target', 'login', ONE)['sessions']
                tap.equal([session['targetPortalGroupTag'] for session in sessions], [tag],
                          f'login at {portal} makes a session with portal group {tag}')


def same_luns(tap, ours, theirs, server):
    found = {target: set(ours.luns(target)) for target in NAMES}
    expected = theirs.luns(server.portal)
    for target, count in ((ONE, 1), (MANY, 256), (HIGH, 4)):
        tap.equal(found[target], expected[target], f'the same LUNs of {target}')
        tap.equal(len(expected[target]), 1 + count, f'namely {count} besides LUN 0')
    tap.equal(set(ours.luns(HIGH).values()) - {0}, set(LUNS[HIGH]), 'with the same numbers')


def same_disks(tap, ours, theirs, portal):
    for target, lun in ((ONE, 1), (MANY, 200), (MANY, 256), (HIGH, 255), (HIGH, 300),
                        (HIGH, 16383)):
        raw = {number: raw for raw, number in ours.luns(target).items()}[lun]
        tap.equal(ours.capacity(target, lun), theirs.capacity(portal, target, raw),
                  f'the same capacity of LUN {lun}')
        tap.equal(ours.inquiry(target, lun), theirs.inquiry(portal, target, raw),
                  f'the same INQUIRY data of LUN {lun}')


def added_lun(tap, ours, theirs, server):
    before = set(ours.luns(ONE))
    number = server.add_lun(ONE, tgtd.Lun(8), 2)
    tap.equal(set(ours.luns(ONE)), before | {number}, 'a LUN that is added is seen')
    tap.equal(theirs.luns(server.portal)[ONE], before | {number}, 'by both')
    tap.equal(ours.capacity(ONE, number), theirs.capacity(server.portal, ONE, number),
              'with the same capacity')
    server.remove_lun(ONE, number)
    tap.equal(set(ours.luns(ONE)), before, 'a LUN that is removed is gone')
    tap.equal(theirs.luns(server.portal)[ONE], before, 'for both')


def no_luns(tap, ours, theirs, server):
    """REPORT LUNS has LUN 0 in any case, even if nothing is behind it."""
    server.add(tgtd.Target(NONE))
    ours.data('discovery', 'run')
    tap.equal(set(ours.luns(NONE)), {0}, 'a target without disks has LUN 0')
    tap.equal(theirs.luns(server.portal)[NONE], {0}, 'for both')


def why_not(kind):
    """Why nothing can be compared on this machine, or None."""
    if kind == 'tgtd' and not tgtd.available():
        return 'no tgtd'
    return next((f'no {tool}' for tool in TOOLS if not shutil.which(tool)), None)


def main():
    tap, kind = Tap(), sys.argv[1]
    reason = why_not(kind)
    if reason:
        tap.skip('libiscsi and imactl', reason)
        tap.end()
    with World('ima-user') as world, SERVERS[kind](world.folder) as server:
        ours = Ours(world)
        theirs = Theirs(ours.data('node', 'show')['name'])
        ours.data('discovery', 'add', server.portal)
        ours.data('discovery', 'run')
        same_luns(tap, ours, theirs, server)
        same_disks(tap, ours, theirs, server.portal)
        added_lun(tap, ours, theirs, server)
        no_luns(tap, ours, theirs, server)
        if hasattr(server, 'add_group'):
            server.add_group(2, MORE)
        ours.data('discovery', 'remove', server.portal)
        same_portals(tap, ours, theirs, server)
        portal_groups(tap, server)
    tap.end()


main()
