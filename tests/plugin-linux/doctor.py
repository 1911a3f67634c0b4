#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""imactl doctor on a recorded tree: table, document, exit code."""

import os
import re

from machine import Machine
from runner import Schemas, Tap, World

CHECKS = ['transport', 'programs', 'daemon', 'lock', 'initiator-name', 'database', 'permissions',
          'records', 'sessions', 'disks', 'authentication']


RECORD = 'etc/iscsi/nodes/iqn.2024-01.test:lio/127.0.0.1,3260,1/default'


class Healthy(Machine):
    """The recorded machine without its weak secret, whose record says that CHAP is not used."""

    def __init__(self):
        super().__init__('two-interfaces')
        with open(os.path.join(self.root, RECORD), encoding='utf8') as file:
            record = file.read()
        self.weak = record, re.sub('node.session.auth.(username|password) = .*\n', '', record)
        self.put(RECORD, self.weak[1], 0o600)
        self.program('iscsiadm', 'echo iscsiadm version 2.1.8')
        self.program('iscsid', 'echo iscsid version 2.1.8')
        self.put('proc/77/comm', 'iscsid\n')
        self.put('proc/net/unix', '0: 2 0 1 1 1 9 @ISCSIADM_ABSTRACT_NAMESPACE\n')


def main():
    tap, schemas = Tap(), Schemas()
    with Healthy() as world:
        result = world.run('doctor')
        tap.equal(result.code, 0, 'a healthy machine: exit code 0', result)
        lines = result.out.splitlines()
        tap.equal(lines[0].split()[:4], ['SEVERITY', 'CHECK', 'OBJECT', 'FINDING'],
                  'the table has headings')
        tap.equal([line.split()[:2] for line in lines[1:]], [['ok', name] for name in CHECKS],
                  'every check says that it found nothing')
        before = world.snapshot()
        world.program('iscsid', 'echo iscsid version 2.1.11')
        result = world.json('doctor')
        tap.equal(result.code, 1, 'a problem: exit code 1', result)
        tap.equal(schemas.problems(result.doc), [], 'the document follows its schema')
        problems = [f for f in result.data if f['severity'] == 'problem']
        tap.equal([f['check'] for f in problems], ['programs'], 'it is the one there is')
        tap.ok('2.1.11' in problems[0]['finding'] and problems[0]['advice'],
               'it says what was found and what to do', problems)
        tap.equal(problems[0]['plugin'], 'ima-linux', 'and whose problem it is')
        result = world.run('doctor', '--no-headings')
        tap.ok(result.code == 1 and not result.err, 'there is no error beside the table', result)
        world.program('iscsid', 'echo iscsid version 2.1.8')
        world.put('etc/iscsi/initiatorname.iscsi',
                  'InitiatorName=iqn.2024-01.test:a\nInitiatorName=iqn.2024-01.test:b\n')
        result = world.json('doctor')
        tap.equal((result.code, [f['check'] for f in result.data if f['severity'] == 'warning']),
                  (0, ['initiator-name']), 'a warning leaves the exit code 0', result)
        world.put(RECORD, world.weak[0], 0o600)
        result = world.json('doctor')
        tap.ok(any(f['check'] == 'authentication' and '12 bytes' in f['finding']
                   for f in result.data), 'a weak secret counts without CHAP too', result)
        world.put(RECORD, world.weak[1], 0o600)
        world.program('iscsiadm', 'exec sleep 60')
        result = world.json('doctor', '--timeout', '2')
        tap.ok(any(f['check'] == 'programs' and f['severity'] == 'problem' for f in result.data),
               'a program that hangs is a problem, not a wait', result)
        tap.equal(world.snapshot(), before, 'nothing was changed')
    with World() as world:
        tap.equal(world.run('doctor').code, 4, 'without a plugin that can: exit code 4')
    tap.end()


main()
