#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logging in to several targets at the same time, and waiting for logical units."""

import json
import selectors
import socket
import subprocess
import sys

from runner import IMACTL, Schemas, Tap, World

PRODUCTION = 'iqn.2026-11.sim.example:array.production'
BACKUP = 'iqn.2026-11.sim.example:backup'
OLD = 'iqn.2026-11.sim.example:array.old'
AT_ONCE = 32  # BATCH_THREADS


def start(world, *args):
    return subprocess.Popen([IMACTL, *args], env=world.env, cwd=world.folder, text=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def result_of(child):
    out, _ = child.communicate(timeout=120)
    return child.returncode, json.loads(out)


def waiting(tap, schemas):
    with World('ima-simulator', scenario='server') as world:
        world.run('lu', 'unexpose', BACKUP, '0')
        # The time is what a slow machine needs to log in; both wait for nothing meanwhile.
        one, two = (start(world, '--json', 'target', 'login', *targets, '--wait', '--timeout', '5')
                    for targets in ([OLD], [OLD, PRODUCTION]))
        code, doc = result_of(one)
        tap.equal((code, 'LUN 0 is not exposed' in doc['error']['text'], doc['error']['status']),
                  (5, True, None), 'what is missing after the time is said', doc)
        code, doc = result_of(two)
        tap.equal((code, [row['exitCode'] for row in doc['data']], schemas.problems(doc)),
                  (5, [5, 5], []), 'of several targets too', doc)
        for target, luns in ((PRODUCTION, '0, 1, 2, 256'), (OLD, '0')):
            child = start(world, '--json', 'target', 'login', target, '--wait', '--timeout', '60')
            for lun in luns.split(', '):
                world.run('lu', 'expose', target, lun)
            out, err = child.communicate(timeout=90)
            tap.equal((child.returncode, err), (0, ''), f'{target}: the wait ends once LUNs {luns} '
                      'are exposed by another process', out)
        done = world.json('target', 'login', PRODUCTION, '--wait')
        tap.equal((done.code, [(lu['lunText'], bool(lu['osDeviceName'])) for lu in done.data['lus']],
                   schemas.problems(done.doc)),
                  (0, [('0', True), ('1', True), ('2', True), ('256', True)], []),
                  'then the logical units and their devices are shown', done)
        world.run('sim', 'fault', 'IMA_LuReportLuns', 'scsi=check-condition', 'sense=06/29/00',
                  'count=3')
        done = world.json('target', 'login', PRODUCTION, '--wait', '--timeout', '60')
        tap.equal(done.code, 0, 'a UNIT ATTENTION is asked again', done)
        world.run('sim', 'fault', 'IMA_LuReportLuns', 'status=IMA_ERROR_NOT_SUPPORTED',
                  'count=always')
        done = world.json('target', 'login', PRODUCTION, '--wait')
        tap.equal(done.code, 4, 'an initiator without REPORT LUNS cannot wait', done)


def many(tap, schemas):
    with World('ima-simulator', scenario='laptop') as world:
        world.run('sim', 'run', 'generate targets=60 lus=1 name=iqn.2026-11.sim.example:many '
                  'portal=192.0.2.10:3260 array=box')
        world.run('discovery', 'run')
        listed = [row['name'] for row in world.json('target', 'list').data]
        lost = [name for name in listed if ':many' in name][::3]
        for name in lost:
            world.run('sim', 'run', f'target {name} lose')
        tap.ok(len(listed) > 60 and len(lost) == 20, 'there are many targets', listed)
        world.run('target', 'logout', '--all')
        done = world.json('target', 'login', '--portal', '192.0.2.10', '--timeout', '60')
        rows = {row['target']: row for row in done.data}
        tap.equal((done.code, schemas.problems(done.doc)), (6, []),
                  'the exit code is the largest of all: one wants CHAP', done.err)
        tap.equal([name for name, row in rows.items() if row['exitCode'] == 5], lost,
                  'those that are lost failed, the others did not')
        tap.equal([name for name in listed if name in rows], list(rows),
                  'rows are in the order of the list')
        tap.equal({(rows[name]['error']['object']['name'], rows[name]['sessions'])
                   for name in lost}, {(name, 0) for name in lost},
                  'every error is about its own target')


def at_the_same_time(tap):
    """Targets that accept and say nothing: all are waited for together."""
    with World('ima-user') as world, selectors.DefaultSelector() as ready:
        servers = []
        for i in range(AT_ONCE + 4):
            server = socket.create_server(('127.0.0.1', 0))
            servers.append(server)
            ready.register(server, selectors.EVENT_READ)
            world.run('static', 'add', f'iqn.2003-01.org.example:silent{i}',
                      f'127.0.0.1:{server.getsockname()[1]}')
        child = start(world, '--json', 'target', 'login', '--all', '--timeout', '60')
        connections = {}
        while len(connections) < AT_ONCE:
            found = ready.select(timeout=60)
            if not found:
                break
            for key, _ in found:
                connections[key.fileobj] = key.fileobj.accept()[0]
        tap.equal(len(connections), AT_ONCE, f'{AT_ONCE} logins run at the same time')
        tap.equal(ready.select(timeout=0.2), [], 'and no more')
        for server in servers:
            ready.unregister(server)
            server.close()
        for connection in connections.values():
            connection.close()
        child.terminate()
        child.communicate(timeout=60)


def main():
    tap, schemas = Tap(), Schemas()
    waiting(tap, schemas)
    many(tap, schemas)
    at_the_same_time(tap)
    tap.end()


sys.exit(main())
