#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""imactl with the user-space initiator and a real target (tgtd)."""

import os
import socket
import subprocess
import sys

from runner import IMACTL, SOURCE, Schemas, Tap, World

sys.path.insert(0, os.path.join(SOURCE, 'tests', 'support'))
import tgtd  # noqa: E402

OPEN = 'iqn.2003-01.org.example:open'
SAFE = 'iqn.2003-01.org.example:safe'
PROVEN = 'iqn.2003-01.org.example:proven'
SECRET = 'correct-horse-16'
OWN_SECRET = 'battery-staple-16'
DISK = {'vendor_id': 'EXAMPLE', 'product_id': 'TEST DISK', 'scsi_sn': 'SN-0001'}


class Checker:
    """Runs commands as JSON and holds every document against its schema."""

    def __init__(self, tap, world):
        self.tap, self.world, self.schemas = tap, world, Schemas()

    def run(self, *args, code=0):
        result = self.world.json(*args)
        wrong = self.schemas.problems(result.doc)
        self.tap.ok(result.code == code and not wrong,
                    f'{" ".join(args)} ends with {code}'.replace(self.world.folder, ''),
                    f'{wrong}\n{result}')
        return result


def discovery(check, portal):
    tap = check.tap
    host, port = portal.rsplit(':', 1)
    check.run('discovery', 'add', portal)
    check.run('discovery', 'add', portal)
    found = check.run('discovery', 'run').data
    tap.equal(sorted(row['name'] for row in found), [OPEN, PROVEN, SAFE], 'all targets are found')
    tap.equal(found[0]['portals'], [{'host': host, 'port': int(port)}], 'with their portal')
    tap.equal(found[0]['discoveryMethods'], ['sendtargets'], 'and how')
    listed = check.run('target', 'list').data
    tap.equal(sorted(row['name'] for row in listed), [OPEN, PROVEN, SAFE],
              'another process knows them too')
    tap.equal([row['name'] for row in check.run('discovery', 'run', portal).data],
              [row['name'] for row in found], 'through the one address the same are found')


def login(check):
    tap = check.tap
    check.run('param', 'set', 'MaxBurstLength', '1048576')
    data = check.run('target', 'login', OPEN).data
    tap.equal((data['already'], data['lasting'], len(data['sessions'])), (False, False, 1),
              'the session is new, and ends with the command')
    keys = {row['key']: row for row in data['sessions'][0]['keys'] if row['scope'] == 'session'}
    tap.equal(keys['MaxBurstLength']['offered'], 1048576, 'what is offered is what was set')
    tap.equal(keys['MaxBurstLength']['negotiated'], 262144, 'what is agreed on is less')
    text = check.world.run('target', 'login', OPEN)
    tap.ok('until this command ends' in text.out, 'the text says that the session ends', text)
    check.run('session', 'list')
    check.run('target', 'logout', OPEN)


def logical_units(check):
    tap = check.tap
    rows = check.run('lu', 'list', OPEN, '--long').data
    tap.equal([row['lun'] for row in rows], [0, 1, 2, 300], 'every LUN, of both addressing methods')
    disk = rows[1]
    tap.equal((disk['t10VendorIdentification'], disk['productIdentification'], disk['capacity'],
               disk['blockLength'], disk['peripheralDeviceType']),
              ('EXAMPLE', 'TEST DISK', 16 << 20, 512, 0), 'what and how large a disk is')
    tap.ok(disk['identifier'].startswith('naa.6'), 'its identifier', disk['identifier'])
    inquiry = check.run('lu', 'inquiry', OPEN, '1').data
    tap.equal((inquiry['t10VendorIdentification'], inquiry['lunText']), ('EXAMPLE', '1'),
              'standard INQUIRY data')
    for page in ('0x00', '0x80', '0x83', '0xb0'):
        check.run('lu', 'inquiry', OPEN, '1', '--page', page)
    serial = check.run('lu', 'inquiry', OPEN, '1', '--page', '0x80').data
    tap.equal(serial['productSerialNumber'].strip(), 'SN-0001', 'the serial number')
    error = check.run('lu', 'inquiry', OPEN, '1', '--page', '0xc9', code=1).error
    tap.equal((error['scsi']['sense']['senseKey'], error['scsi']['sense']['asc']), (5, 0x24),
              'a page the disk does not have: ILLEGAL REQUEST, INVALID FIELD IN CDB')
    for cdb in ('10', '16'):
        capacity = check.run('lu', 'capacity', OPEN, '2', '--cdb', cdb).data
        tap.equal((capacity['capacity'], capacity['blockLength'], capacity['blocks']),
                  (32 << 20, 512, 65536), f'READ CAPACITY ({cdb})')
    luns = check.run('lu', 'report', OPEN).data
    tap.equal(([lun['lunBytes'] for lun in luns['luns']], luns['complete']),
              (['0000000000000000', '0001000000000000', '0002000000000000', '412c000000000000'],
               True), 'REPORT LUNS')
    check.run('lu', 'report', OPEN, '--well-known', code=1)
    tap.equal(check.run('lu', 'show', OPEN, '300').data['lunAddressing'], 'flat space',
              'LUN 300 is found by its number')
    check.run('lu', 'show', OPEN, '9', code=3)


def authentication(check):
    tap, world = check.tap, check.world
    error = check.run('target', 'login', SAFE, code=6).error
    tap.equal((error['status']['name'], error['login']['class'], error['login']['detail']),
              ('IMA_ERROR_LOGIN_REJECTED', 2, 1), 'without CHAP: authentication failure')
    check.run('auth', 'set', 'chap', '--name', 'alice', '--secret-file',
              world.write('wrong', 'incorrect-horse1'))
    check.run('auth', 'methods', 'chap', 'none')
    check.run('target', 'login', SAFE, code=6)
    check.run('auth', 'set', 'chap', '--name', 'bob', '--secret-file', world.write('s', SECRET))
    check.run('target', 'login', SAFE, code=6)
    check.run('auth', 'set', 'chap', '--name', 'alice', '--secret-file', world.path('s'))
    data = check.run('target', 'login', SAFE).data
    tap.equal(data['sessions'][0]['authMethod'], 'CHAP', 'with the right secret CHAP is done')
    check.run('lu', 'list', SAFE)
    check.run('lu', 'list', OPEN)
    check.run('auth', 'clear', 'chap')
    check.run('target', 'login', SAFE, code=6)


def one_target(check):
    """What is set for one target only, against a target that checks it."""
    tap, world = check.tap, check.world
    good, wrong = world.write('good', SECRET), world.write('wrong', 'incorrect-horse1')
    check.run('target', 'login', SAFE, code=6)
    done = check.run('auth', 'set', '--target', SAFE, '--name', 'alice', '--secret-file', good)
    tap.ok(f'imactl auth methods chap --target {SAFE}' in done.data['text'],
           'the next step is told', done)
    check.run('auth', 'methods', 'chap', '--target', SAFE)
    data = check.run('target', 'login', SAFE).data
    tap.equal(data['sessions'][0]['authMethod'], 'CHAP', 'a target with CHAP of its own')
    tap.equal(check.run('target', 'login', OPEN).data['sessions'][0]['authMethod'], 'None',
              'the other target does without')
    shown = check.run('auth', 'show', '--target', SAFE).data
    tap.equal((shown['methods'], shown['chap']['source'], shown['chap']['name']),
              (['CHAP'], 'target', 'alice'), 'auth show tells so')
    check.run('auth', 'set', '--algorithms', 'md5', '--target', SAFE)
    check.run('target', 'login', SAFE)
    done = check.run('auth', 'set', '--mutual', '--target', SAFE, '--secret-file', good, code=2)
    tap.ok('secret' in done.error['text'], 'one secret for both directions is refused', done)
    check.run('auth', 'set', '--mutual', '--target', SAFE, '--secret-file', wrong)
    error = check.run('target', 'login', SAFE, code=6).error
    tap.equal((error['login']['class'], error['login']['detail']), (2, 1),
              'tgtd, which has no secret of its own, says that it cannot prove itself')
    rows = world.json('target', 'login', OPEN, SAFE)
    tap.equal([row['exitCode'] == 0 for row in rows.data],
              [row['target'] == OPEN for row in rows.data], 'one of two logins fails', rows)
    check.run('auth', 'remove', '--target', SAFE, '--mutual')
    check.run('target', 'login', SAFE)
    check.run('digest', 'set', 'both', 'crc32c', '--target', OPEN)
    done = check.run('target', 'login', OPEN, code=1)
    tap.ok('HeaderDigest' in done.error['text'], 'tgtd without digests is refused', done)
    check.run('digest', 'set', 'both', 'crc32c,none', '--target', OPEN)
    connections = check.run('target', 'login', OPEN).data['sessions'][0]['connections']
    tap.equal((connections[0]['headerDigest'], connections[0]['dataDigest']),
              ('None', 'None'), 'with a choice it does without')
    check.run('lu', 'list', OPEN, '--long')
    check.run('digest', 'reset', '--target', OPEN)
    check.run('param', 'set', 'MaxBurstLength', '524288', '--target', OPEN)
    check.run('param', 'reset', 'all', '--target', OPEN)
    check.run('target', 'rescan', OPEN)
    lus = check.run('target', 'login', OPEN, '--wait').data['lus']
    tap.equal([lu['lunText'] for lu in lus], ['0', '1', '2', '300'],
              'every logical unit is waited for')
    check.run('auth', 'set', '--mutual', '--secret-file', wrong)
    check.run('target', 'login', SAFE, code=6)
    check.run('auth', 'set', '--no-mutual', '--target', SAFE)
    check.run('target', 'login', SAFE)
    check.run('auth', 'remove', '--mutual')
    check.run('auth', 'remove', '--target', SAFE)
    check.run('target', 'login', SAFE, code=6)


def mutual(check):
    """A target that proves who it is, with the right secret and with another."""
    tap, world = check.tap, check.world
    good, own = world.write('good', SECRET), world.write('own', OWN_SECRET)
    wrong = world.write('wrong', 'incorrect-horse1')
    check.run('auth', 'set', '--target', PROVEN, '--name', 'alice', '--secret-file', good)
    check.run('auth', 'methods', 'chap', '--target', PROVEN)
    check.run('auth', 'set', '--mutual', '--target', PROVEN, '--secret-file', own)
    data = check.run('target', 'login', PROVEN).data
    tap.equal(data['sessions'][0]['authMethod'], 'CHAP', 'the target proves itself')
    check.run('auth', 'set', '--mutual', '--target', PROVEN, '--secret-file', wrong)
    error = check.run('target', 'login', PROVEN, code=6).error
    tap.equal((error['status']['name'], error['login'], error['layer']),
              ('IMA_ERROR_LOGIN_REJECTED', None, 'iSCSI'),
              'a wrong answer of the target is a failure of authentication')
    check.run('auth', 'remove', '--target', PROVEN)


def unreachable(check):
    """A portal that refuses, one that is silent, a name that is not there, a target that is
    not there."""
    tap, port = check.tap, tgtd.free_port()
    check.run('static', 'add', 'iqn.2003-01.org.example:gone', f'127.0.0.1:{port}')
    error = check.run('target', 'login', 'iqn.2003-01.org.example:gone', code=5).error
    tap.equal((error['errno'] or {}).get('name'), 'ECONNREFUSED', 'refused: errno says so')
    with socket.socket() as silent:
        silent.bind(('127.0.0.1', 0))
        silent.listen()
        check.run('static', 'add', 'iqn.2003-01.org.example:silent',
                  f'127.0.0.1:{silent.getsockname()[1]}')
        check.run('target', 'login', 'iqn.2003-01.org.example:silent', '--timeout', '0.5', code=5)
        check.run('lu', 'list', 'iqn.2003-01.org.example:silent', '--timeout', '0.5', code=5)
    rows = check.run('lu', 'list', '--all', '--timeout', '20')
    tap.ok(len(rows.data) == 4 and len(rows.doc['warnings']) == 4,
           'targets that do not answer are warnings among those that do', rows)


def unknown_target(check, portal):
    check.run('static', 'add', 'iqn.2003-01.org.example:nobody', portal)
    error = check.run('target', 'login', 'iqn.2003-01.org.example:nobody', code=3).error
    check.tap.equal((error['login']['class'], error['login']['detail']), (2, 3),
                    'the target knows no such name')


def in_parallel(check):
    """Many processes at once: nothing is lost."""
    names = [f'iqn.2003-01.org.example:parallel{n:02}' for n in range(24)]
    children = [subprocess.Popen([IMACTL, 'static', 'add', name, '192.0.2.1', '--quiet'],
                                 env=check.world.env) for name in names]
    codes = [child.wait(timeout=120) for child in children]
    listed = {row['target'] for row in check.run('static', 'list').data}
    check.tap.equal((codes, set(names) - listed), ([0] * 24, set()),
                    '24 processes add a target each, and none is lost')


def main():
    tap = Tap()
    if not tgtd.available():
        tap.skip('imactl with a real target', 'no tgtd')
        tap.end()
    luns = [tgtd.Lun(16, params=DISK), tgtd.Lun(32, params=DISK), tgtd.Lun(1, lun=300)]
    targets = [tgtd.Target(OPEN, luns), tgtd.Target(SAFE, luns, chap=('alice', SECRET)),
               tgtd.Target(PROVEN, luns[:1], chap=('alice', SECRET),
                           mutual=('target', OWN_SECRET))]
    with World('ima-user') as world, tgtd.Tgtd(targets) as server:
        check = Checker(tap, world)
        discovery(check, server.portal)
        login(check)
        logical_units(check)
        authentication(check)
        one_target(check)
        mutual(check)
        unknown_target(check, server.portal)
        check.run('static', 'remove', 'iqn.2003-01.org.example:nobody')
        unreachable(check)
        in_parallel(check)
    tap.end()


main()
