#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""faults.py [--sweep] - calls that fail: the exit code says how, the document says all.

The simulator fails a call on demand. --sweep: every call that reads fails in turn, under a
broad set of commands; each must end with an exit code and a sound document.
"""

import json
import os
import re
import sys

from runner import SCENARIOS, SOURCE, Schemas, Tap, World

PRODUCTION = 'iqn.2026-11.sim.example:array.production'
FAILED, USAGE, NOT_FOUND, NOT_SUPPORTED, TIMED_OUT, AUTHENTICATION = 1, 2, 3, 4, 5, 6

# What fails how, what is typed, and how that ends.
ENDS = [
    ('IMAX_LoginTarget status=IMA_ERROR_TARGET_TIMEOUT', f'target login {PRODUCTION}', TIMED_OUT),
    ('IMAX_LoginTarget status=IMA_ERROR_SYNC_TIMEOUT', f'target login {PRODUCTION}', TIMED_OUT),
    ('IMAX_LoginTarget status=IMA_ERROR_NOT_SUPPORTED', f'target login {PRODUCTION}',
     NOT_SUPPORTED),
    ('IMAX_LoginTarget status=IMA_ERROR_LOGIN_REJECTED', f'target login {PRODUCTION}', FAILED),
    ('IMAX_LoginTarget status=IMA_ERROR_OBJECT_NOT_FOUND', f'target login {PRODUCTION}',
     NOT_FOUND),
    ('IMAX_LoginTarget status=IMA_ERROR_INSUFFICIENT_MEMORY', f'target login {PRODUCTION}',
     FAILED),
    ('IMAX_LoginTarget status=IMA_ERROR_UNEXPECTED_OS_ERROR', f'target login {PRODUCTION}',
     FAILED),
    ('IMAX_LoginTarget status=IMA_ERROR_UNKNOWN_ERROR', f'target login {PRODUCTION}', FAILED),
    ('IMAX_LogoutTarget status=IMA_ERROR_LU_IN_USE', f'target logout {PRODUCTION}', FAILED),
    ('IMA_LuInquiry scsi=busy', f'lu inquiry {PRODUCTION} 0', FAILED),
    ('IMA_LuInquiry scsi=task-set-full', f'lu inquiry {PRODUCTION} 0', FAILED),
    ('IMA_LuInquiry scsi=aca-active', f'lu inquiry {PRODUCTION} 0', FAILED),
    ('IMA_LuInquiry scsi=task-aborted', f'lu inquiry {PRODUCTION} 0', FAILED),
    ('IMA_LuInquiry scsi=reservation-conflict', f'lu inquiry {PRODUCTION} 0', FAILED),
    ('IMA_LuInquiry scsi=check-condition sense=04/44/00', f'lu inquiry {PRODUCTION} 0', FAILED),
    ('IMA_LuReadCapacity scsi=check-condition sense=05/20/00 count=1',
     f'lu capacity {PRODUCTION} 0', 0),
    ('IMA_LuReadCapacity scsi=check-condition sense=05/20/00', f'lu capacity {PRODUCTION} 0',
     FAILED),
    ('IMA_LuReadCapacity status=IMA_ERROR_NOT_SUPPORTED', f'lu capacity {PRODUCTION} 0',
     NOT_SUPPORTED),
    ('IMA_LuReportLuns hang=target', f'lu report {PRODUCTION} --timeout 0.2', TIMED_OUT),
    ('IMA_LuReportLuns hang=local', f'lu list {PRODUCTION} --timeout 0.2', TIMED_OUT),
    ('IMAX_DiscoverTargets hang=target', 'discovery run --timeout 0.2', TIMED_OUT),
    ('IMA_GetTargetOidList status=IMA_ERROR_UNEXPECTED_OS_ERROR', 'target list', FAILED),
    ('IMA_GetTargetProperties status=IMA_ERROR_OBJECT_NOT_FOUND', 'target list', 0),
    ('IMA_GetTargetProperties status=IMA_ERROR_TARGET_TIMEOUT count=1', 'target list', 0),
    ('IMA_GetAddressKeys status=IMA_ERROR_TARGET_TIMEOUT', 'target list', 0),
    ('IMA_GetLhbaOidList status=IMA_ERROR_UNEXPECTED_OS_ERROR', 'lhba list', FAILED),
    ('IMA_SetMaxBurstLength status=IMA_ERROR_UNEXPECTED_OS_ERROR',
     'param set MaxBurstLength 524288', FAILED),
    ('IMA_SetMaxBurstLength status=IMA_ERROR_UNEXPECTED_OS_ERROR',
     'param set MaxBurstLength 1048576', 0),  # what it is already
    ('IMA_SetMaxBurstLength status=IMA_STATUS_REBOOT_NECESSARY',
     'param set MaxBurstLength 524288', 0),
    ('IMA_SetNodeName status=IMA_ERROR_NAME_TOO_LONG',
     'node set-name iqn.2003-01.org.example:x', USAGE),
    ('IMA_SetSlpDiscovery status=IMA_ERROR_LAST_PRIMARY_DISCOVERY_METHOD',
     'discovery enable slp', FAILED),
]

# Commands that between them call nearly everything that reads.
BROAD = [
    'plugin list', 'lhba show', 'node list', 'discovery show', 'discovery list', 'static list',
    'target list', f'target show {PRODUCTION} --lus', f'lu list {PRODUCTION} --long', 'lu list',
    f'lu show {PRODUCTION} 0', f'session show {PRODUCTION}', 'param list', 'auth show',
    f'stats show {PRODUCTION}', 'phba show', 'pnp list', 'pnp ip 1', 'lnp show', 'portal list',
    f'target login {PRODUCTION}', 'discovery run', 'discovery add 192.0.2.20:4000 --lhba host0',
]


def scenario_with(world, base, fault):
    """A scenario of the world's own: base, and a call that fails."""
    with open(os.path.join(SCENARIOS, base + '.conf'), encoding='utf-8') as file:
        text = file.read()
    if 'count=' not in fault:
        fault += ' count=always'
    world.env['IMA_SIM_SCENARIO'] = world.write('scenario.conf', f'{text}\nfault {fault}\n')


def check_ends(tap, schemas):
    for fault, command, code in ENDS:
        with World('ima-simulator') as world:
            scenario_with(world, 'server', fault)
            result = world.json(*command.split())
        wrong = schemas.problems(result.doc)
        tap.ok(result.code == code and not wrong and
               (not code or result.error['exitCode'] == code),
               f'{fault}: {command.split(" iqn")[0]} ends with {code}',
               f'{wrong}\n{result}')


def check_details(tap):
    """The error document has what is known."""
    with World('ima-simulator') as world:
        scenario_with(world, 'server', 'IMA_LuInquiry scsi=check-condition sense=04/44/00')
        error = world.json('lu', 'inquiry', PRODUCTION, '0').error
    tap.equal(error['status'], {'name': 'IMA_ERROR_SCSI_STATUS_CHECK_CONDITION',
                                'value': 0x80000100}, 'the status has name and value')
    tap.equal((error['call'], error['plugin'], error['object']['type']),
              ('IMA_LuInquiry', 'ima-simulator', 'logical unit'), 'call, plugin and object are told')
    tap.equal((error['scsi']['sense']['senseKeyText'], error['scsi']['sense']['text'],
               error['scsi']['sense']['asc']), ('HARDWARE ERROR', 'INTERNAL TARGET FAILURE', 0x44),
              'sense data are decoded')
    with World('ima-simulator') as world:
        scenario_with(world, 'server', 'IMA_GetAddressKeys status=IMA_ERROR_TARGET_TIMEOUT')
        result = world.json('target', 'list')
    tap.ok(len(result.data) == 3 and all(row['portals'] is None for row in result.data),
           'a target whose portals cannot be read is listed without', result)
    tap.equal([w['status']['name'] for w in result.doc['warnings']],
              ['IMA_ERROR_TARGET_TIMEOUT'] * 3, 'and each is a warning in the document')
    tap.equal(len(re.findall('^imactl: warning: cannot read the portals', result.err, re.M)), 3,
              'and on standard error')


def check_missing_plugins(tap, schemas):
    """What cannot be loaded is told, and does not keep the rest from working."""
    with World('ima-user') as world:
        with open(world.config, 'a', encoding='ascii') as file:
            file.write('com.example.gone /nowhere/gone.so\nnonsense\n')
        result = world.run('lhba', 'list')
        tap.ok(result.code == 0 and result.out.count('\n') == 2, 'the other plugin works', result)
        tap.ok(re.search('^imactl: warning: plugin com.example.gone is not loaded: '
                         '/nowhere/gone.so or a folder above it does not exist$',
                         result.err, re.M), 'a plugin that is not there is told', result)
        tap.ok('ima.conf:3: this line is skipped' in result.err, 'so is a line without sense')
        document = world.json('lhba', 'list').doc
        tap.ok('com.example.gone' in document['warnings'][1]['text'] and
               not schemas.problems(document), 'and in the document', document)
    with World('ima-simulator') as world:
        world.env['IMA_SIM_SCENARIO'] = world.write('broken.conf', 'hardware\n')
        result = world.run('target', 'list')
        tap.ok(result.code == 0 and 'broken.conf:1:' in result.err and
               'org.libima' not in result.out, 'the reason a plugin gives is told', result)
        result = world.json('doctor')
        tap.equal((result.code, {finding['severity'] for finding in result.data}),
                  (FAILED, {'problem'}), 'imactl doctor has it as a problem', result)
        tap.ok(not schemas.problems(result.doc) and 'warning' not in result.err,
               'and says it once', result)


def functions():
    """Calls that read, and ours."""
    path = os.path.join(SOURCE, 'plugins', 'simulator', 'functions.def')
    with open(path, encoding='utf-8') as file:
        return re.findall(r'^(?:READS\s*\(IMA_|CHANGES\s*\(IMAX_)\w+', file.read(), re.M)


def check_never_crashes(tap, schemas):
    """Whatever call fails, every command ends with an exit code and a document."""
    for line in functions():
        name, wrong = re.sub(r'.*\(', '', line), []
        for base in ('server', 'offload'):
            with World('ima-simulator') as world:
                scenario_with(world, base, f'{name} status=IMA_ERROR_UNEXPECTED_OS_ERROR')
                for command in BROAD:
                    result = world.json(*command.split())
                    try:
                        bad = schemas.problems(json.loads(result.out))
                    except ValueError as error:
                        bad = [str(error)]
                    if bad or not 0 <= result.code <= 6:
                        wrong.append(f'{command}: {bad} {result}')
        tap.ok(not wrong, f'{name} fails: every command ends in order', '\n'.join(wrong[:3]))


def main():
    tap, schemas = Tap(), Schemas()
    if sys.argv[1:] == ['--sweep']:
        check_never_crashes(tap, schemas)
    else:
        check_ends(tap, schemas)
        check_details(tap)
        check_missing_plugins(tap, schemas)
    tap.end()


main()
