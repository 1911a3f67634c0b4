#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""imactl monitor: events of another process, as lines of text and of JSON."""

import json
import os
import select
import signal
import subprocess
import time

from runner import IMACTL, Schemas, Tap, World

PRODUCTION = 'iqn.2026-11.sim.example:array.production'


class Monitor:
    """A running monitor; its lines are read as they come."""

    def __init__(self, world, *args):
        self.child = subprocess.Popen([IMACTL, 'monitor', *args], env=world.env,
                                      cwd=world.folder, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.text = b''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.kill()
        self.child.communicate()

    def line(self, seconds=30):
        """The next line, '' if there is none in time."""
        end = time.monotonic() + seconds
        while b'\n' not in self.text and time.monotonic() < end:
            if select.select([self.child.stdout], [], [], 0.2)[0]:
                part = os.read(self.child.stdout.fileno(), 65536)
                if not part:
                    break
                self.text += part
        line, _, self.text = self.text.partition(b'\n')
        return line.decode()

    def wait_for(self, wanted, change):
        """Lines up to one that wanted() accepts, while change() is made again and again: the
        monitor may not be listening yet."""
        seen = []
        for _ in range(60):
            change()
            while True:
                line = self.line(0.5)
                if not line:
                    break
                seen.append(line)
                if wanted(line):
                    return line, seen
        return None, seen


class Toggle:
    """Exposes and unexposes an LU in turn, from another process."""

    def __init__(self, world):
        self.world, self.exposed = world, False

    def __call__(self):
        verb = 'unexpose' if self.exposed else 'expose'
        result = self.world.run('lu', verb, PRODUCTION, '2')
        assert result.code == 0, result
        self.exposed = not self.exposed


def as_json(tap, schemas):
    with World('ima-simulator', scenario='server') as world, Monitor(world, '--json') as monitor:
        def wanted(line):
            data = json.loads(line)['data']
            return data['type'] == 'logical unit' and data['event'] == 'changed'
        line, seen = monitor.wait_for(wanted, Toggle(world))
        if not tap.ok(line, 'an LU that another process exposes is an event', '\n'.join(seen)):
            return
        document = json.loads(line)
        tap.equal(schemas.problems(document), [], 'an event follows its schema')
        tap.equal((document['data']['name'], document['data']['plugin']),
                  (f'{PRODUCTION} LUN 2', 'ima-simulator'), 'it names the object and its plugin')
        tap.ok(all(not schemas.problems(json.loads(line)) for line in seen),
               'each line is one document', '\n'.join(seen))
        monitor.child.send_signal(signal.SIGINT)
        tap.equal(monitor.child.wait(timeout=60), 0, 'an interrupt ends it in order')


def as_text(tap):
    with World('ima-simulator', scenario='server') as world:
        with Monitor(world, '--count', '1') as monitor:
            line, seen = monitor.wait_for(lambda line: True, Toggle(world))
            words = (line or '').split()
            tap.ok(len(words) > 4 and words[0].endswith('Z') and
                   words[1] in ('appeared', 'changed', 'disappeared'), 'a line of text', seen)
            tap.equal(monitor.child.wait(timeout=60), 0, '--count ends it')


class Gone:
    """Adds and removes a discovery address in turn; knows which of its lives was seen."""

    def __init__(self, world, address):
        self.world, self.address = world, address
        self.added, self.named = True, False

    def change(self):
        self.added = not self.added
        self.world.run('discovery', 'add' if self.added else 'remove', self.address)

    def wanted(self, line):
        """What came and went before the monitor could ask for its name has none."""
        data = json.loads(line)['data']
        if data['type'] != 'discovery address':
            return False
        if data['event'] == 'appeared':
            self.named = data['name'] == self.address
        return data['event'] == 'disappeared' and (self.named or data['name'] is not None)


def gone(tap):
    """What disappears has the name it had."""
    address = '192.0.2.20:4001'
    with World('ima-simulator', scenario='server') as world:
        world.run('discovery', 'add', address)
        with Monitor(world, '--json') as monitor:
            life = Gone(world, address)
            line, seen = monitor.wait_for(life.wanted, life.change)
            tap.ok(line and json.loads(line)['data']['name'] == address,
                   'what disappears is told by the name it had', '\n'.join(seen))
            monitor.child.send_signal(signal.SIGTERM)
            tap.equal(monitor.child.wait(timeout=60), 0, 'SIGTERM ends it in order')


def main():
    tap, schemas = Tap(), Schemas()
    as_json(tap, schemas)
    as_text(tap)
    gone(tap)
    with World('ima-simulator', scenario='server') as world:
        result = world.run('monitor', '--timeout', '0.2')
        tap.equal((result.code, result.out), (0, ''), '--timeout ends it, without an error')
    with World() as world:
        tap.equal(world.run('monitor', '--timeout', '0.2').code, 0, 'without plugins too')
    tap.end()


main()
