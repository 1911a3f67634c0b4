#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""imactl sim: what other processes see of a change, machines in memory, plugins that are none."""

import json

from runner import Schemas, Tap, World

MEDIA = 'iqn.2026-11.sim.example:box.media'

MEMORY = """
lhba sw0 add os-device-name=host2
target iqn.2026-11.sim.example:disk add portals=192.0.2.10:3260
discovery sw0/192.0.2.10:3260 add
"""


def of_files(tap):
    with World('ima-simulator', scenario='laptop') as world:
        done = world.json('sim', 'run', f'lu {MEDIA}/7 add size=10G', '# a comment', 'clock +1s')
        tap.equal((done.code, done.data['changed'], done.data['lasting'], done.doc.get('warnings')),
                  (0, True, True, None), 'a machine in a file keeps a change', done)
        shown = world.json('lu', 'show', MEDIA, '7')
        tap.equal(shown.code, 0, 'the next process sees what was added', shown)
        done = world.run('sim', 'script', '-', stdin=f'target {MEDIA}\n\tset alias="Two\\"words"\n')
        tap.equal(done.code, 0, 'a script comes from standard input', done)
        path = world.write('script', f'lu {MEDIA}/7 remove\nlu {MEDIA}/8 remove\n')
        done = world.json('sim', 'script', path)
        tap.equal((done.code, done.error['status']['name'], 'command:2:' in done.error['text']),
                  (2, 'IMA_ERROR_INVALID_PARAMETER', True),
                  'the error tells the line of the statement that is wrong', done)
        shown = world.run('lu', 'show', MEDIA, '7')
        tap.equal(shown.code, 3, 'what stood before it was done', shown)
        done = world.run('sim', 'fault', 'IMA_GetLhbaProperties', 'status=IMA_ERROR_UNKNOWN_ERROR',
                         'count=always')
        tap.equal(done.code, 0, 'a fault is set', done)
        tap.equal(world.run('lhba', 'show').code, 1, 'it hits the next process')
        tap.equal(world.run('sim', 'fault', 'clear').code, 0, 'and is taken back')
        tap.equal(world.run('lhba', 'show').code, 0, 'the next process is well again')
        for name, text in (('a zero byte', b'show clock\0'), ('no UTF-8', b'show \xff'),
                           ('nothing', b''), ('an open quote', b'host x add address="'),
                           ('a large file', b'#' * ((8 << 20) + 1))):
            done = world.json('sim', 'script', world.write('script', text))
            tap.equal((done.code, done.doc['schema']), (2, 'imactl/error/1'),
                      f'{name} is refused', done)
        tap.equal(world.run('sim', 'script', world.folder).code, 1, 'a folder is no script')
        done = world.json('sim', 'run', 'generate targets=800 lus=4', 'show target')
        tap.ok(len(done.data['lines']) > 800, 'output of a text that changes something', done.err)
        done = world.json('sim', 'show')
        tap.ok(done.code == 0 and len(done.out) > (1 << 20), 'long output is complete',
               f'{done.code} {len(done.out)} {done.err}')


def in_memory(tap, schemas):
    with World('ima-simulator') as world:
        world.env['IMA_SIM_SCENARIO'] = world.write('memory.conf', MEMORY)
        done = world.json('sim', 'reboot')
        tap.equal((done.code, done.data['changed'], done.data['lasting'],
                   len(done.doc['warnings'])), (0, True, False, 1),
                  'a change of a machine in memory ends with imactl, which warns', done)
        tap.equal(schemas.problems(json.loads(done.out)), [], 'the warning follows its schema')
        done = world.run('sim', 'show', 'clock')
        tap.equal((done.code, done.err), (0, ''), 'showing it warns of nothing', done)


def other_plugins(tap):
    with World('ima-user', 'ima-simulator', scenario='laptop') as world:
        tap.equal(world.json('sim', 'version').data['plugin'], 'ima-simulator',
                  'the simulator is found among other plugins')
        done = world.json('sim', 'show', 'clock', '--plugin', 'user')
        tap.equal((done.code, done.error['exitCode']), (4, 4), 'another plugin is no simulator',
                  done)
    with World('ima-user') as world:
        for verb in (['version'], ['run', 'reboot'], ['reset'], ['script', '-']):
            done = world.run('sim', *verb)
            tap.equal((done.code, 'no simulator is loaded' in done.err), (4, True),
                      f'sim {verb[0]} without a simulator is not supported', done)


def main():
    tap, schemas = Tap(), Schemas()
    of_files(tap)
    in_memory(tap, schemas)
    other_plugins(tap)
    tap.end()


main()
