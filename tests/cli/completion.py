#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Completion: what imactl offers for a word, and what bash makes of it."""

import os
import shutil
import subprocess

from runner import IMACTL, SOURCE, Tap, World

PRODUCTION = 'iqn.2026-11.sim.example:array.production'
OLD = 'iqn.2026-11.sim.example:array.old'
BACKUP = 'iqn.2026-11.sim.example:backup'

# Words typed so far, the unfinished one last, and what is offered.
CASES = [
    (['nod'], ['node']),
    (['l'], ['library', 'lhba', 'lu', 'lnp']),
    (['mon'], ['monitor']),
    (['nothing'], []),
    (['target', ''], ['list', 'show', 'login', 'logout', 'rescan']),
    (['target', 'log'], ['login', 'logout']),
    (['nothing', ''], []),
    (['target', 'list', ''], []),
    (['target', 'list', '--l'], ['--lhba']),
    (['lu', 'inquiry', '--p'], ['--plugin', '--page']),
    (['target', 'show', '--lu'], ['--lus']),
    (['target', 'list', '--lu'], []),
    (['monitor', '--c'], ['--columns', '--count']),
    (['monitor', ''], []),
    (['target', 'show', ''], [PRODUCTION, BACKUP, OLD]),
    (['target', 'show', 'iqn.2026-11.sim.example:a'], [PRODUCTION, OLD]),
    (['target', 'show', 'IQN.2026-11.SIM.EXAMPLE:B'], [BACKUP]),
    (['--json', 'target', 'show', 'iqn.2026-11.sim.example:b'], [BACKUP]),
    (['target', 'show', PRODUCTION, ''], []),
    (['lu', 'show', PRODUCTION, ''], ['0', '1']),
    (['lu', 'show', 'iqn.2026-11.sim.example:nothing', ''], []),
    (['lu', 'inquiry', PRODUCTION, '0', '--page', '0xb'], ['0xb0', '0xb1', '0xb2']),
    (['isns', 'enable', '--isns-method', ''], ['static', 'dhcp', 'slp']),
    (['lu', 'capacity', '--cdb', ''], ['10', '16']),
    (['param', 'set', 'max'], ['MaxConnections', 'MaxRecvDataSegmentLength', 'MaxBurstLength',
                               'MaxOutstandingR2T']),
    (['param', 'set', 'ImmediateData', ''], ['Yes', 'No']),
    (['param', 'set', 'MaxBurstLength', ''], []),
    (['param', 'list', '--target', 'iqn.2026-11.sim.example:b'], [BACKUP]),
    (['target', 'list', '--lhba', ''], ['host0']),
    (['target', 'list', '-l', ''], ['host0']),
    (['target', 'list', '--plugin', ''], ['ima-simulator']),
    (['discovery', 'enable', ''], ['sendtargets', 'static', 'isns', 'slp']),
    (['discovery', 'enable', 'isns', '--isns-method', 'd'], ['dhcp']),
    (['discovery', 'remove', ''], ['array.sim.example:3260', '198.51.100.30:3260']),
    (['discovery', 'remove', '198'], ['198.51.100.30:3260']),
    (['static', 'remove', ''], [OLD]),
    (['static', 'remove', OLD, ''], ['192.0.2.20:3260']),
    (['static', 'add', ''], []),
    (['digest', 'set', ''], ['header', 'data', 'both']),
    (['digest', 'set', 'both', 'CRC'], ['crc32c', 'crc32c,none']),
    (['auth', 'show', '--address', '198'], ['198.51.100.30:3260']),
    (['auth', 'set', '--m'], ['--mutual']),
    (['auth', 'methods', 'c'], ['chap']),
    (['auth', 'methods', 'chap', 'n'], ['none']),
    (['auth', 'set', 'chap', '--secret-file', ''], ['//file']),
    (['node', 'show', ''], ['iqn.2026-11.sim.example:server']),
    (['phba', 'download', '1', 'x', '--type', 'o'], ['option-rom']),
    (['sim', 's'], ['script', 'show']),
    (['sim', 'show', 'fa'], ['faults']),
    (['sim', 'fault', 'IMA_LuI'], ['IMA_LuInquiry']),
    (['sim', 'fault', 'imax_log'], ['IMAX_LoginTarget', 'IMAX_LogoutTarget']),
    (['sim', 'script', ''], ['//file']),
    ([''], None),
    ([], None),
]

BASH = r'''
source "$1"
COMP_LINE=$2
COMP_POINT=${#COMP_LINE}
COMP_WORDS=("$3")
_imactl
printf '%s\n' "${COMPREPLY[@]}"
'''

# A line typed into bash, and what completes it; a colon ends a word there.
LINES = [
    ('imactl nod', ['node']),
    ('imactl target ', ['list', 'show', 'login', 'logout', 'rescan']),
    ('imactl target show iqn.2026-11.sim.example:b', ['backup']),
    ('imactl target show iqn.2026', [PRODUCTION, BACKUP, OLD]),
    ('imactl discovery remove 198.51.100.30:', ['3260']),
    ('imactl nothing at all ', ['']),
    ('imactl auth set --secret-file sec', ['secret.txt']),
]


def main():
    tap = Tap()
    with World('ima-simulator', scenario='server') as world:
        for words, offered in CASES:
            result = world.run('--complete', *words)
            found = result.out.split('\n')[:-1]
            if offered is None:
                tap.ok('target' in found and len(found) > 15, f'{words}: every noun', result)
            else:
                tap.equal(found, offered, ' '.join(words) or 'nothing', result)
        script = os.path.join(SOURCE, 'completions', 'bash', 'imactl')
        world.write('secret.txt', 'x')
        for line, offered in LINES:
            if not shutil.which('bash'):
                tap.skip(f'bash: {line}', 'no bash')
                continue
            done = subprocess.run(['bash', '--norc', '-c', BASH, 'bash', script, line, IMACTL],
                                  env=world.env, cwd=world.folder, text=True, check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            tap.equal((done.stdout.split('\n')[:-1], done.stderr), (offered, ''), f'bash: {line}')
    with World() as world:
        result = world.run('--complete', 'target', 'show', '')
        tap.equal((result.code, result.out, result.err), (0, '', ''),
                  'without plugins nothing is offered and nothing complains')
    tap.end()


main()
