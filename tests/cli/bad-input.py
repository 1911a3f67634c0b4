#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bad input to the user-space initiator: a clear error on standard error and as JSON, the
documented exit code, and nothing changed."""

import json
import os
import re

from runner import Schemas, Tap, World

FAILED, USAGE, NOT_FOUND, NOT_SUPPORTED = 1, 2, 3, 4
IQN = 'iqn.2003-01.org.example:disk'
LONG = 'iqn.2003-01.org.example:' + 'x' * 200
BROKEN_UTF8 = os.fsdecode(b'iqn.2003-01.org.example:\xff\xfe')

COMMAND_LINE = [
    ([], USAGE, 'a noun is missing'),
    (['frobnicate'], USAGE, 'no noun "frobnicate"'),
    (['targets'], USAGE, 'do you mean target'),
    (['Target', 'list'], USAGE, 'no noun "Target"'),
    (['target'], USAGE, 'a verb is missing'),
    (['target', 'lst'], USAGE, 'do you mean list'),
    (['target', ''], USAGE, 'no verb ""'),
    (['target', 'show'], USAGE, 'TARGET is missing'),
    (['param', 'set', 'MaxBurstLength'], USAGE, 'VALUE is missing'),
    (['static', 'add', IQN], USAGE, 'ADDRESS is missing'),
    (['target', 'show', IQN, 'more'], USAGE, '"more" is one argument too many'),
    (['monitor', 'now'], USAGE, '"now" is one argument too many'),
    (['target', 'list', '--frobnicate'], USAGE, 'no option --frobnicate'),
    (['target', 'list', '-Z'], USAGE, 'no option -Z'),
    (['target', 'list', '--lus'], USAGE, '--lus has no meaning for target list'),
    (['target', 'list', '--secret', 'x'], USAGE, 'no option --secret'),
    (['target', 'list', '--no-headings=1'], USAGE, 'takes no value'),
    (['target', 'list', '--lhba'], USAGE, 'takes a value'),
    (['target', 'list', '-l'], USAGE, 'takes a value'),
    (['--', '--target'], USAGE, 'no noun "--target"'),
    (['target', 'list', '--columns', 'NOTHING'], USAGE, 'no column "NOTHING"'),
    (['target', 'list', '--columns', 'NAME,,ALIAS'], USAGE, 'no column ""'),
    (['target', 'list', '--columns', ''], USAGE, 'no column ""'),
    (['target', 'list', '--columns', 'NAME,'], USAGE, 'no column ""'),
]

TIMEOUTS = ['0', '0.0', '-1', '+1', '0.0001', '3601', '3600.001', 'abc', '', '1e3', '0x10', '1.',
            '.5', ' 1', '1 ', '1s', 'nan', 'inf', '1.2.3', '1,5', '99999999999999999999', '\u0661']

ADDRESSES = ['', ':', ':3260', '192.0.2.1:', '192.0.2.1:0', '192.0.2.1:65536', '192.0.2.1:-1',
             '192.0.2.1:+1', '192.0.2.1:0x1', '192.0.2.1:3260,1', '192.0.2.1:http',
             '192.0.2.1:99999999999999999999', '192.0.2.256', '192.0.2', '1', '0.0.0.0', '::',
             '224.0.0.1', '255.255.255.255', 'ff02::1', '[2001:db8::1', '2001:db8::1]',
             '[2001:db8::1]:', '[2001:db8::1]:x', '[2001:db8::1]x', '[192.0.2.1]', '[]', '[::1%]',
             'fe80::1%a-very-long-interface-name', 'host name', 'host/path', '-host', 'host-.x',
             'a..b', '.a', 'x' * 64, 'x.' * 200, 'h\u00f6st', 'host\n', '\x1b[31mred', BROKEN_UTF8,
             'iscsi://192.0.2.1/iqn', '192.0.2.1 192.0.2.2', '2001:db8::1::2', '[::1]:65536']

NAMES = ['', 'x', 'disk', 'iqn', 'iqn.', 'iqn.2003', 'iqn.2003-1.org.example',
         'iqn.2003-13.org.example:x', 'iqn.2003-00.org.example:x', 'iqn.2003-01.', 'iqn.2003-01:x',
         'iqn.2003-01.org.example: x', 'iqn.2003-01.org.example:a b', 'iqn.2003-01.org.example:\t',
         'iqn.2003-01.org.example:/', 'iqn.2003-01.org.example:a,b', 'eui.', 'eui.0',
         'eui.02004567A425678', 'eui.02004567A425678DD', 'eui.02004567A425678G', 'naa.',
         'naa.52004567BA64678', 'naa.52004567BA64678DD', 'naa.5200456ZBA64678D', LONG,
         'EUI', 'http://disk', BROKEN_UTF8, 'iqn.2003-01.org.example:\x1b[31m', ' ' + IQN, IQN + ' ']

LUNS = ['', '-1', '+1', 'x', '1x', ' 1', '1.0', '0x', '0xg', '1e2', '18446744073709551616',
        '0x10000000000000000', '000000000000000g', '00-00-00-00-00-00-00', '\u0661']

KEYS = [
    ('MaxBurstLength', '511', 'takes 512 to'),
    ('MaxBurstLength', '16777216', 'takes 512 to'),
    ('MaxBurstLength', '-1', 'takes a number'),
    ('MaxBurstLength', '', 'takes a number'),
    ('MaxBurstLength', '64k', 'takes a number'),
    ('MaxBurstLength', '1e5', 'takes a number'),
    ('MaxBurstLength', '99999999999999999999', 'takes a number'),
    ('MaxBurstLength', 'Yes', 'takes a number'),
    ('DefaultTime2Wait', '3601', 'takes 0 to'),
    ('DefaultTime2Retain', '3601', 'takes 0 to'),
    ('InitialR2T', 'maybe', 'takes Yes or No'),
    ('InitialR2T', '', 'takes Yes or No'),
    ('InitialR2T', '2', 'takes Yes or No'),
    ('FirstBurstLength', '16777215', ''),
    ('NoSuchKey', '1', 'no login key'),
    ('', '1', 'no login key'),
    ('HeaderDigest', 'CRC32C', 'no login key'),
]

OBJECTS = [
    (['target', 'show', IQN], NOT_FOUND, 'no target'),
    (['target', 'show', ''], NOT_FOUND, 'no target'),
    (['target', 'show', '\x1b[31m'], NOT_FOUND, 'no target'),
    (['target', 'show', BROKEN_UTF8], NOT_FOUND, 'no target'),
    (['target', 'login', IQN], NOT_FOUND, 'no target'),
    (['target', 'logout', IQN], NOT_FOUND, 'no target'),
    (['lu', 'list', IQN], NOT_FOUND, 'no target'),
    (['lu', 'report', IQN], NOT_FOUND, 'no target'),
    (['lu', 'inquiry', IQN, '1'], NOT_FOUND, 'no target'),
    (['lu', 'inquiry', IQN], USAGE, 'a LUN is missing'),
    (['lu', 'show', '/dev/null'], NOT_FOUND, 'has the device /dev/null'),
    (['lu', 'show', '/no/such/device'], NOT_FOUND, 'has the device'),
    (['lhba', 'show', 'nobody'], NOT_FOUND, 'no LHBA'),
    (['lhba', 'show', '0'], NOT_FOUND, 'no LHBA'),
    (['lhba', 'show', '2'], NOT_FOUND, 'no LHBA'),
    (['lhba', 'show', ''], NOT_FOUND, 'no LHBA'),
    (['target', 'list', '--lhba', 'nobody'], NOT_FOUND, 'no LHBA'),
    (['target', 'list', '--plugin', 'nobody'], NOT_FOUND, 'no plugin'),
    (['plugin', 'show', '99'], NOT_FOUND, 'no plugin'),
    (['node', 'show', 'iqn.2003-01.org.example:nobody'], NOT_FOUND, 'no node'),
    (['node', 'set-alias', 'x', '--node', 'nobody'], NOT_FOUND, 'no node'),
    (['discovery', 'run', '192.0.2.99'], NOT_FOUND, 'is no discovery address'),
    (['discovery', 'enable', 'telepathy'], USAGE, 'no discovery method'),
    (['discovery', 'enable', ''], USAGE, 'no discovery method'),
    (['discovery', 'enable', 'slp', '--isns-server', 'x'], USAGE, 'go with isns only'),
    (['discovery', 'enable', 'isns', '--isns-method', 'magic'], USAGE, 'static, dhcp or slp'),
    (['discovery', 'enable', 'isns', '--isns-server', '0.0.0.0'], USAGE, 'unspecified'),
    (['auth', 'set', '--no-mutual'], USAGE, 'for one target or address'),
    (['auth', 'set', '--no-mutual', '--mutual', '--target', IQN], USAGE, 'no secret'),
    (['auth', 'set', '--no-mutual', '--name', 'a', '--target', IQN], USAGE, 'no secret'),
    (['auth', 'set', 'srp', '--no-mutual', '--target', IQN], USAGE, 'go with chap only'),
    (['discovery', 'enable', 'isns', '--isns-server', 'x:0'], USAGE, 'no valid port'),
    (['discovery', 'enable', 'isns', '--isns-server', 'x', '--isns-method', 'slp'], USAGE,
     'goes with --isns-method static'),
    (['discovery', 'enable', 'static', '--target', IQN], USAGE, 'goes with sendtargets only'),
    (['discovery', 'enable', 'sendtargets', '--target', IQN], NOT_FOUND, 'no target'),
    (['discovery', 'add', '192.0.2.1', '--pnp', '1'], NOT_FOUND, 'no PNP'),
    (['discovery', 'add', '192.0.2.1', '--pnp', '1', '--lhba', '1'], USAGE, 'exclude each other'),
    (['param', 'set', 'MaxBurstLength', '65536', '--target', IQN], NOT_FOUND, 'no target'),
    (['phba', 'show'], NOT_FOUND, 'no PHBA'),
    (['phba', 'download', '1', '/no/such/file'], NOT_FOUND, 'cannot find the file'),
    (['pnp', 'ip', '1'], NOT_FOUND, 'no PNP'),
    (['lnp', 'show', 'x'], NOT_FOUND, 'no LNP'),
    (['portal', 'set-address', '1', '192.0.2.1'], NOT_FOUND, 'no network portal'),
    (['portal', 'set-address', '1', '192.0.2.300'], USAGE, 'neither an IPv4'),
    (['pnp', 'set-gateway', '1', ''], USAGE, 'neither an IPv4'),
    (['pnp', 'set-ip-method', '1', 'bootp'], USAGE, 'dhcp or static'),
    (['stats', 'show'], USAGE, 'TARGET is missing'),
    (['stats', 'show', IQN, '--pnp', '1'], USAGE, 'not both'),
    (['stats', 'enable', IQN, '--phba', '1'], USAGE, 'not both'),
    (['monitor', '--count', '0'], USAGE, '--count takes'),
    (['monitor', '--count', 'x'], USAGE, '--count takes'),
    (['lu', 'inquiry', IQN, '0', '--page', '256'], USAGE, 'no page code'),
    (['lu', 'inquiry', IQN, '0', '--page', '0x100'], USAGE, 'no page code'),
    (['lu', 'inquiry', IQN, '0', '--page', 'b0'], USAGE, 'no page code'),
    (['lu', 'inquiry', IQN, '0', '--page', ''], USAGE, 'no page code'),
    (['lu', 'capacity', IQN, '0', '--cdb', '12'], USAGE, '10 or 16'),
    (['lu', 'capacity', IQN, '0', '--cdb', 'long'], USAGE, '10 or 16'),
    (['lu', 'report', IQN, '--select', '256'], USAGE, '0 to 255'),
    (['lu', 'report', IQN, '--select', '-1'], USAGE, '0 to 255'),
]

AUTH = [
    (['auth', 'methods', 'password'], USAGE, 'no authentication method'),
    (['auth', 'methods', ''], USAGE, 'no authentication method'),
    (['auth', 'methods', 'chap', 'CHAP'], USAGE, 'given twice'),
    (['auth', 'methods', 'chap'], USAGE, 'has no parameters yet'),
    (['auth', 'set', 'none'], USAGE, 'has no parameters'),
    (['auth', 'set', 'kerberos', '--secret-file', 'good'], USAGE, 'no authentication method'),
    (['auth', 'set', 'chap'], USAGE, 'the name is missing'),
    (['auth', 'set', 'chap', '--name', ''], USAGE, 'the name is missing'),
    (['auth', 'set', 'chap', '--name', 'x' * 513, '--secret-file', 'good'], USAGE, 'longer than 512'),
    (['auth', 'set', 'chap', '--name', 'a'], USAGE, 'the secret is missing'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', 'good', '--secret-fd', '0'], USAGE,
     'exclude each other'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', 'missing'], NOT_FOUND,
     'cannot read the secret from missing'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', ''], NOT_FOUND, 'cannot read'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', '.'], USAGE, 'is a folder'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', 'public'], USAGE,
     r'others can read the secret file public \(mode 0644\)'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', 'group'], USAGE, 'mode 0640'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', 'empty'], USAGE, 'it is empty'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', 'newline'], USAGE, 'it is empty'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', 'long'], USAGE, 'at most'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-file', '-'], USAGE, 'it is empty'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-fd', '77'], FAILED, 'Bad file descriptor'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-fd', 'stdin'], USAGE, 'no file descriptor'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-fd', '-1'], USAGE, 'no file descriptor'),
    (['auth', 'set', 'chap', '--name', 'a', '--secret-fd', '4294967296'], USAGE,
     'no file descriptor'),
    (['auth', 'set', 'srp', '--name', 'a', '--secret-file', 'good'], USAGE, 'no place'),
    (['auth', 'set', 'krb5', '--name', 'a', '--secret-file', 'good'], USAGE, 'no meaning for KRB5'),
    (['auth', 'clear', 'none'], USAGE, 'has no parameters'),
    (['auth', 'clear', 'password'], USAGE, 'no authentication method'),
]

ALIASES = [('', 'is empty'), ('x' * 256, 'longer than 255'), ('\u00fc' * 128, 'longer than 255'),
           ('a\nb', 'control character'), ('a\x7f', 'control character'),
           (os.fsdecode(b'\xff'), 'no UTF-8')]


def cases():
    yield from COMMAND_LINE
    for text in TIMEOUTS:
        yield ['target', 'list', '--timeout', text], USAGE, '--timeout takes seconds'
    for text in ADDRESSES:
        yield ['discovery', 'add', '--', text], USAGE, 'the address "'
        yield ['static', 'add', '--', IQN, text], USAGE, 'the address "'
    yield ['discovery', 'remove', '192.0.2.1:x'], USAGE, 'the address "'
    yield ['discovery', 'run', '192.0.2.1:x'], USAGE, 'the address "'
    for text in NAMES:
        yield ['node', 'set-name', '--', text], USAGE, 'the name "'
        yield ['static', 'add', '--', text, '192.0.2.1'], USAGE, 'the target name "'
        yield ['static', 'remove', '--', text], USAGE, 'the target name "'
    for text, why in ALIASES:
        yield ['node', 'set-alias', '--', text], USAGE, why
    for text in LUNS:
        yield ['lu', 'show', '--', IQN, text], USAGE, 'is no LUN'
    for key, value, why in KEYS:
        yield ['param', 'set', '--', key, value], USAGE, why
    yield from OBJECTS
    yield from AUTH


def problems_of(world, schemas, args, code, why):
    """What is wrong with the answers to a command line, as text and as JSON."""
    found = []
    text = world.run(*args)
    if text.code != code:
        found.append(f'exit code {text.code}, not {code}')
    if not re.match('imactl: .', text.err) or not re.search(why, text.err):
        found.append(f'says: {text.err!r}')
    if re.search('[\x00-\x09\x0b-\x1f\x7f\ufffd]', text.err.replace('\ufffd', '')):
        found.append(f'control characters: {text.err!r}')
    if text.out:
        found.append(f'output: {text.out!r}')
    if '--columns' in args:
        return found
    try:
        form = world.json(*args)
        found += schemas.problems(form.doc)
        if form.code != code or form.error['exitCode'] != code:
            found.append(f'JSON: exit code {form.code} and {form.error["exitCode"]}')
        if not re.search(why, form.error['text']):
            found.append(f'JSON says: {form.error["text"]!r}')
    except (ValueError, KeyError) as error:
        found.append(f'no JSON error: {error}: {form}')
    return found


def settings(world):
    """What bad input must not change."""
    commands = ['node show', 'discovery show', 'discovery list', 'static list', 'param list',
                'auth show', 'target list']
    return [world.json(*command.split()).out for command in commands]


def prepare(world):
    world.write('good', 'a-good-secret-16')
    world.write('public', 'a-good-secret-16', 0o644)
    world.write('group', 'a-good-secret-16', 0o640)
    world.write('empty', '')
    world.write('newline', '\r\n')
    world.write('long', 'x' * 257)
    for command in ('node set-name iqn.2003-01.org.example:host', 'discovery add 192.0.2.7',
                    'discovery disable sendtargets', 'param set MaxBurstLength 524288'):
        result = world.run(*command.split())
        assert result.code == 0, result


def main():
    tap, schemas = Tap(), Schemas()
    with World('ima-user') as world:
        prepare(world)
        before = settings(world)
        assert all('"data"' in text for text in before), before
        for args, code, why in cases():
            wrong = problems_of(world, schemas, args, code, why)
            tap.ok(not wrong, json.dumps(args)[1:-1][:150], '\n'.join(wrong))
        tap.equal(settings(world), before, 'nothing was changed by any of it')
    tap.end()


main()
