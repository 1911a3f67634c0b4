#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""golden.py [--update] - what imactl prints, compared with the files in expected/.

Each transcript runs twice in a world of its own, as text and with --json, against a scenario
of the simulator. Every JSON document is held against its schema. --update writes the files
anew: look at the difference before you commit it.
"""

import difflib
import json
import os
import shlex
import sys

from runner import SOURCE, Schemas, Tap, World, schema_names

EXPECTED = os.path.join(SOURCE, 'tests', 'cli', 'expected')

PRODUCTION = 'iqn.2026-11.sim.example:array.production'
OLD = 'iqn.2026-11.sim.example:array.old'
BACKUP = 'iqn.2026-11.sim.example:backup'
VOL1 = 'iqn.2026-11.sim.example:filer.vol1'
VOL2 = 'iqn.2026-11.sim.example:filer.vol2'
SICK = 'iqn.2026-11.sim.example:sick'
METRO = 'iqn.2026-11.sim.example:metro.a'

# name: (scenario, commands); '-' before a command: as text only, '+': as JSON only.
TRANSCRIPTS = {
    'help': (None, '''
-
- --help
- target --help
- lu inquiry --help
- auth set --help
- sim --help
- sim run --help
- monitor --help
--version
'''),
    'plugin': ('server', '''
- plugin list --columns NAME,VENDOR
+ plugin list
plugin show
plugin show simulator
plugin show 1
plugin show nothing
library show
'''),
    'no-plugin': (None, '''
doctor
plugin list
lhba list
lhba show
target list
node show
discovery run
'''),
    'node': ('server', '''
node list
node show
node set-name iqn.2026-11.sim.example:renamed
node set-name iqn.2026-11.sim.example:renamed
node set-alias 'Gr\u00fc\u00dfe aus dem Rechenzentrum'
node show
node clear-alias
node clear-alias
node set-name nonsense
node set-alias ''
node show 7
'''),
    'node-own': ('offload', '''
node list
node show 2
node set-alias 'slot 3' --node 2
node set-name iqn.2026-11.sim.example:other --node iqn.2026-11.sim.example:hba0
'''),
    'lhba': ('server', '''
lhba list
lhba show
lhba show host0
lhba list --plugin simulator
- lhba list --plugin simulator --no-headings --columns device,name
lhba list --plugin user
lhba remove-stale-data
lhba remove-stale-data
'''),
    'several': ('multipath', '''
lhba list
param list
param show MaxConnections --lhba host9
target list --lhba 2
target list --lhba nobody
'''),
    'discovery': ('server', '''
discovery show
discovery list
discovery add 192.0.2.20:3261
discovery add 192.0.2.20:3261
discovery add [2001:db8::1]
discovery list
discovery remove 192.0.2.20:3261
discovery remove 192.0.2.20:3261
discovery enable sendtargets --target iqn.2026-11.sim.example:backup
discovery remove 198.51.100.30
discovery enable isns --isns-server 198.51.100.5:
discovery enable isns --isns-server [2001:db8::5]:3206
discovery show
discovery enable isns --isns-server 198.51.100.5:3205
discovery enable slp
discovery enable slp
discovery disable slp
discovery enable telepathy
discovery enable static --isns-server 198.51.100.5
discovery enable static --target iqn.2026-11.sim.example:backup
discovery show
discovery run
discovery run 192.0.2.77
'''),
    'discovery-ports': ('offload', '''
discovery show --phba 1
discovery list
discovery add 203.0.113.77
discovery add 203.0.113.77 --pnp 2
discovery list --pnp 2
discovery list --lhba host4
discovery remove 203.0.113.77
static list
static add iqn.2026-11.sim.example:new 203.0.113.60 --pnp 1
static remove iqn.2026-11.sim.example:new --pnp 1
'''),
    'isns-slp': ('server', '''
isns show
isns enable 198.51.100.5
isns enable 198.51.100.5:3206
isns show
isns enable 198.51.100.5:65536
isns enable 198.51.100.5 --isns-method slp
isns enable --isns-method magic
isns show
isns disable
isns disable
slp show
slp enable
slp enable
slp show
slp disable
slp enable everything
- isns --help
'''),
    'static': ('server', f'''
static list
static add {PRODUCTION} 198.51.100.20
static add {PRODUCTION} 198.51.100.20:3260
static add iqn.2003-01.org.example:{"x" * 210} 198.51.100.20
static add target 198.51.100.20
static add {PRODUCTION} 198.51.100.20:port
static list
static remove {PRODUCTION} 192.0.2.1
static remove {PRODUCTION}
static remove {OLD}
static remove {OLD}
static list
'''),
    'target': ('server', f'''
target list
- target list --columns NAME,PORTALS --no-headings
target show {PRODUCTION}
target show {PRODUCTION.upper()}
target show {PRODUCTION} --lus
- target show {OLD} --columns name,portals
target show iqn.2026-11.sim.example:array
target login {OLD}
target logout {BACKUP}
target logout {BACKUP}
target login {BACKUP}
target logout {PRODUCTION}
'''),
    'targets': ('server', f'''
target login
target login --all {BACKUP}
target login {BACKUP} nobody
target login --portal portal.example
target login --portal 192.0.2.99
target login --all
target logout --portal 198.51.100.30
target logout --all
target login {BACKUP} {OLD} {BACKUP}
sim run 'target {BACKUP} lose' 'target {OLD} refuse'
target logout {OLD} {BACKUP}
target login {OLD} {BACKUP} {PRODUCTION}
- target login --help
'''),
    'targets-fabrics': ('multipath', f'''
target login {METRO}
target login {METRO} {METRO}
target login {METRO} --lhba 1 --wait
target login --all --wait
'''),
    'session': ('server', f'''
session list
session list {BACKUP}
session show {PRODUCTION}
session show {BACKUP} --lus
connection list
target logout {BACKUP}
session list {BACKUP}
'''),
    'lu': ('server', f'''
lu list
lu list {PRODUCTION}
lu list {PRODUCTION} --long
lu list --all
lu show {PRODUCTION} 0
lu show {PRODUCTION} 256
lu show {PRODUCTION} 0x100
lu show {PRODUCTION} 0100000000000000
lu show {PRODUCTION} 7
lu show {PRODUCTION}
lu show /dev/sdb
lu show /dev/nothing
lu expose {PRODUCTION} 2
lu expose {PRODUCTION} 2
lu list
lu unexpose {PRODUCTION} 2
lu unexpose {PRODUCTION} 2
lu unexpose {PRODUCTION} 0
'''),
    'scsi': ('server', f'''
lu inquiry {PRODUCTION} 1
- lu inquiry {PRODUCTION} 1 --hex
lu inquiry {PRODUCTION} 1 --page 0
lu inquiry {PRODUCTION} 1 --page 0x80
lu inquiry {PRODUCTION} 1 --page 0x83
lu inquiry {PRODUCTION} 1 --page 0xb0
lu inquiry {PRODUCTION} 1 --page 0xb1
lu inquiry {PRODUCTION} 1 --page 0xb2
lu inquiry {PRODUCTION} 1 --page 0xc0
lu inquiry {BACKUP} 1
lu capacity {PRODUCTION} 2
lu capacity {PRODUCTION} 2 --cdb 10
lu capacity {BACKUP} 2
lu capacity {BACKUP} 2 --cdb 16
- lu capacity {PRODUCTION} 0 --cdb 10 --hex
lu report {PRODUCTION}
lu report {PRODUCTION} --well-known
lu report {PRODUCTION} --select 2
lu report {BACKUP} --well-known
'''),
    'scsi-vendor': ('offload', f'''
lu inquiry {VOL2} 0 --page 0xc0
lu inquiry {VOL1} 0 --page 0x83
lu list {VOL1} --long
'''),
    'broken': ('broken', f'''
phba list
pnp list
lnp list
node list
lhba list
target list
target login iqn.2026-11.sim.example:silent
lu list {SICK} --long
lu inquiry {SICK} 0
lu inquiry {SICK} 3
lu capacity {SICK} 1
lu capacity {SICK} 2
lu capacity {SICK} 3
auth show --lhba 1
discovery run
discovery run 192.0.2.99
stats show {SICK}
stats enable --phba 2
'''),
    'param': ('server', f'''
param list
param list --target {PRODUCTION}
param show MaxBurstLength
param set maxburstlength 524288
param set MaxBurstLength 524288
param set FirstBurstLength 65536 --target {PRODUCTION}
param show FirstBurstLength --target {PRODUCTION}
param set ImmediateData no
param show ImmediateData
param set MaxBurstLength 65536
param set MaxBurstLength 511
param set MaxBurstLength many
param set InitialR2T maybe
param set NoSuchKey 1
'''),
    'param-reboot': ('offload', '''
param set MaxBurstLength 524288
param set MaxBurstLength 262145
param set MaxConnections 2
param show DataSequenceInOrder
'''),
    'auth': ('server', '''
auth show
auth methods
auth methods none
auth methods none
auth methods chap none
auth methods chap chap
auth methods srp
auth methods password
auth set chap --name server
auth clear chap
auth show
auth clear chap
auth clear none
'''),
    'auth-own': ('server', f'''
auth show --target {BACKUP}
auth show --address 198.51.100.30
auth methods --target {BACKUP}
auth set chap --target {BACKUP} --name backup
auth set --mutual --name array
auth set --algorithms sha256,SHA3-256,sha-1
auth set --algorithms md4
auth set --algorithms md5,sha1,md5
auth set --algorithms md5 --address 198.51.100.30
auth set srp --target {BACKUP} --name backup
auth set --algorithms md5 --target {BACKUP}
auth show --target {BACKUP}
auth show
auth methods none --target {BACKUP}
auth methods none --target {BACKUP}
auth methods chap none --address 198.51.100.30
auth methods --target {BACKUP}
auth show --address 198.51.100.30
auth remove --target {BACKUP} --mutual
auth remove --target {BACKUP}
auth remove --target {BACKUP}
auth remove --address 198.51.100.30
auth show --target {BACKUP}
auth show --target {BACKUP} --address 198.51.100.30
auth show --address 192.0.2.77
auth remove --mutual
auth remove
auth show
'''),
    'digest': ('server', f'''
digest show
digest set header crc32c,none
digest set header crc32c,none
digest set both crc32c --target {BACKUP}
digest show --target {BACKUP}
digest show
digest set trailer crc32c
digest set data sha256
digest reset data --target {BACKUP}
digest show --target {BACKUP}
digest reset --target {BACKUP}
digest reset --target {BACKUP}
digest reset
digest show
- digest --help
'''),
    'reset': ('server', f'''
param set MaxBurstLength 524288 --target {PRODUCTION}
param set ImmediateData no --target {PRODUCTION}
param reset maxburstlength --target {PRODUCTION}
param reset MaxBurstLength --target {PRODUCTION}
param list --target {PRODUCTION}
param reset all --target {PRODUCTION}
param reset all --target {PRODUCTION}
param reset MaxConnections
param reset nothing
param set MaxBurstLength 2097152
param set FirstBurstLength 2097152
param reset MaxBurstLength
param reset all
param list
'''),
    'rescan': ('server', f'''
target rescan
target rescan {BACKUP}
sim run 'lu {BACKUP}/9 add size=1G' 'lu {PRODUCTION}/0 remove'
target rescan {PRODUCTION}
target rescan {BACKUP}
target rescan nobody
sim run 'target {BACKUP} lose'
target rescan {BACKUP}
'''),
    'auth-all': ('offload', '''
auth show
auth set srp --name adapter
auth methods srp chap
auth methods krb5
auth show
auth clear srp
'''),
    'stats': ('server', f'''
stats show {PRODUCTION}
stats show {PRODUCTION} 0
stats show {PRODUCTION} 2
stats disable {PRODUCTION}
stats disable {PRODUCTION}
stats show {PRODUCTION}
stats enable {PRODUCTION}
stats show
'''),
    'stats-ports': ('offload', f'''
stats show --pnp 1
stats disable --phba 1
stats show --pnp 1
stats enable --phba 1
stats show {VOL1} --pnp 1
'''),
    'phba': ('offload', '''
phba list
phba show
phba status 1
phba show EA2K-0007
phba show 2
phba check 1 no-such-file
phba check 1 ima.conf
phba download 1 ima.conf
phba download 1 ima.conf --type tape
'''),
    'port': ('offload', '''
pnp list
pnp show 1
pnp show
pnp ip 1
pnp ip 02:00:00:ea:20:01
pnp set-subnet-mask 1 255.255.0.0
pnp set-subnet-mask 1 255.255.255.0
pnp set-gateway 1 203.0.113.254
pnp set-gateway 2 203.0.113.254
pnp set-gateway 1 gateway
pnp set-dns 1 203.0.113.8 203.0.113.9
pnp set-dns 1
pnp set-ip-method 1 dhcp
pnp set-ip-method 2 dhcp
pnp set-ip-method 1 magic
lnp list
lnp show
portal list
portal set-address 203.0.113.40 203.0.113.41
portal set-address 203.0.113.41 203.0.113.41
portal set-address 2001:db8:113::40 2001:db8:113::41
'''),
    'sim': ('server', f'''
sim version
sim show clock
sim clock +10s
sim clock yesterday
sim show clock
sim show host:array.sim.example
sim list lu
sim fault IMA_LuInquiry scsi=check-condition sense=06/29/00
sim show faults
lu inquiry {PRODUCTION} 0
lu inquiry {PRODUCTION} 0 --page 0
sim run 'target {BACKUP} lose' 'lu {PRODUCTION}/9 add size=10G'
target login {BACKUP}
lu show {PRODUCTION} 9
sim run target {BACKUP} restore
sim run 'target {BACKUP} restore' 'target nobody lose'
sim run
sim run 'show clock' '# nothing' 'show faults'
- --quiet sim run 'target {BACKUP} set alias="New name"'
- target list --columns name,alias
sim reset
- sim help
sim show nonsense
sim script no-such-file
sim script ima.conf
sim reboot
sim version --plugin user
'''),
    'fabrics': ('multipath', f'''
target list
session list
target show {METRO} --lus
phba list
lnp list
portal list
'''),
}


def commands_of(text, as_json):
    for line in text.strip('\n').split('\n'):
        only = line[0] if line.startswith(('- ', '+ ')) or line == '-' else ''
        if only != ('-' if as_json else '+'):
            yield shlex.split(line[1:] if only else line)


def transcript(world, text, as_json):
    """What is typed and what comes back; and the documents."""
    lines, documents = [], []
    for args in commands_of(text, as_json):
        args = (['--json'] if as_json else []) + args
        result = world.run(*args)
        lines.append('$ ' + shlex.join(['imactl', *args]))
        lines += world.plain(result.out).splitlines()
        lines += ['! ' + line for line in world.plain(result.err).splitlines()]
        lines += [f'=> {result.code}', '']
        if as_json:
            documents.append((shlex.join(args), result))
    return '\n'.join(lines), documents


def compare(tap, name, found, update):
    path = os.path.join(EXPECTED, name)
    if update:
        with open(path, 'w', encoding='utf-8') as file:
            file.write(found)
    wanted = ''
    if os.path.exists(path):
        with open(path, encoding='utf-8') as file:
            wanted = file.read()
    difference = difflib.unified_diff(wanted.splitlines(), found.splitlines(), 'expected/' + name,
                                      'found', lineterm='')
    tap.ok(found == wanted, f'{name} is as expected', '\n'.join(difference))


def check_documents(tap, name, documents, schemas):
    problems = []
    for command, result in documents:
        try:
            wrong = schemas.problems(json.loads(result.out))
            is_error = result.doc['schema'] == 'imactl/error/1'
        except ValueError as error:
            wrong, is_error = [f'no JSON: {error}'], False
        may_fail = result.doc['schema'] == 'imactl/target-results/1'
        if not may_fail and is_error != (result.code != 0):
            wrong.append(f'exit code {result.code}, schema {result.doc.get("schema")}')
        if is_error and result.error['exitCode'] != result.code:
            wrong.append(f'exit code {result.code}, in the document {result.error["exitCode"]}')
        problems += [f'{command}: {line}' for line in wrong]
    tap.ok(not problems, f'{name}: every document follows its schema', '\n'.join(problems))


def main():
    update = sys.argv[1:] == ['--update']
    tap, schemas = Tap(), Schemas()
    tap.equal(schemas.unsound(), [], 'every schema is a schema')
    if update:
        os.makedirs(EXPECTED, exist_ok=True)
    for name, (scenario, text) in TRANSCRIPTS.items():
        for as_json in (False, True):
            with World(*(['ima-simulator'] if scenario else []), scenario=scenario) as world:
                found, documents = transcript(world, text, as_json)
            compare(tap, f'{name}.{"json" if as_json else "text"}', found, update)
            if as_json:
                check_documents(tap, name, documents, schemas)
    # Those that no transcript can have: other tests hold them against their schemas.
    elsewhere = {'doctor', 'event', 'node-generate-name', 'phba-check'}
    tap.equal(sorted(set(schema_names()) - schemas.used - elsewhere), [],
              'every schema belongs to a command')
    tap.equal(sorted(set(os.listdir(EXPECTED)) -
                     {f'{name}.{form}' for name in TRANSCRIPTS for form in ('text', 'json')}), [],
              'every expected file belongs to a transcript')
    tap.end()


main()
