# SPDX-License-Identifier: LGPL-2.1-or-later
"""CHAP with the kernel's target: one-way and mutual, all algorithms, wrong secrets; and that no
secret is ever an argument of a program."""
import os

from machine import (STATE, begin, done_with, equal, finish, guest, imactl, ok, read, session_attr,
                     sessions, sh)

TARGET = 'iqn.2024-01.test:chap'
GROUP = f'/sys/kernel/config/target/iscsi/{TARGET}/tpgt_1'
SECRET, OTHER, TARGETS = 'initiatorsecret1', 'anothersecret123', 'targetsecret4567'
LOG = '/run/arguments'


def put(value, name):
    with open(f'{GROUP}/auth/{name}', 'w', encoding='ascii') as file:
        file.write(value)


def set_secret(name, secret):
    return imactl('auth', 'set', 'chap', '--name', name, '--secret-file', '-', stdin=secret)


def update(**values):
    words = ' '.join(f'-n node.session.auth.{key} -v {value}' for key, value in values.items())
    sh(f'iscsiadm.real -m node -T {TARGET} -o update {words}', check=True)


begin()
guest(f'''start_lio
lio_disk d 4
lio_target {TARGET} "127.0.0.1:3260" "rd_mcp_0/d"
put user1 {GROUP}/auth/userid
put {SECRET} {GROUP}/auth/password
put 1 {GROUP}/attrib/authentication
start_iscsid''')
# Every run of iscsiadm leaves its arguments and its environment behind.
sh(f'''mv /usr/sbin/iscsiadm /usr/sbin/iscsiadm.real
printf '#!/bin/sh\\n(echo "$@"; env) >>{LOG}\\nexec /usr/sbin/iscsiadm.real "$@"\\n' \
    >/usr/sbin/iscsiadm
chmod +x /usr/sbin/iscsiadm''')
imactl('discovery', 'add', '127.0.0.1')
done_with(imactl('discovery', 'run'), 0, 'discovery needs no authentication')

result = imactl('target', 'login', TARGET)
done_with(result, 6, 'a login without a secret is refused as a matter of authentication')
done_with(set_secret('user1', SECRET), 0, 'name and secret are set')
in_use = [m['method'] for m in imactl('auth', 'show')[1]['methods'] if m['inUse']]
equal(in_use, ['None'], 'CHAP is not in use by that')
done_with(imactl('target', 'login', TARGET), 6, 'and a login does not use it')
done_with(imactl('lu', 'inquiry', TARGET, '0'), 6, 'nor does an informational session')
done_with(imactl('auth', 'methods', 'chap'), 0, 'CHAP is chosen')
done_with(imactl('target', 'login', TARGET), 0, 'the login succeeds then')
equal(session_attr(sessions()[0], 'username'), 'user1', 'with the name that was set')
equal(imactl('session', 'list')[1][0]['authMethod'], 'CHAP', 'and the session says so')
done_with(imactl('target', 'logout', TARGET), 0, 'logout')

for algorithm in ('MD5', 'SHA1', 'SHA256', 'SHA3-256', 'SHA3-256,SHA256,SHA1,MD5'):
    update(chap_algs=algorithm)
    done_with(imactl('target', 'login', TARGET), 0, f'login with {algorithm}')
    imactl('target', 'logout', TARGET)
    done_with(imactl('lu', 'inquiry', TARGET, '0'), 0,
              f'so does an informational session with {algorithm}')
equal(sessions(), [], 'which leaves nothing behind')

put('target1', 'userid_mutual')
put(TARGETS, 'password_mutual')
update(username_in='target1', password_in=TARGETS, chap_algs='SHA256')
done_with(imactl('target', 'login', TARGET), 0, 'mutual authentication succeeds')
equal(session_attr(sessions()[0], 'username_in'), 'target1', 'the target proved itself')
imactl('target', 'logout', TARGET)
done_with(imactl('lu', 'inquiry', TARGET, '0'), 0, 'also in an informational session')
update(password_in=OTHER)
result = imactl('target', 'login', TARGET)
equal((result[1].get('error', {}).get('status') or {}).get('name'), 'IMA_ERROR_LOGIN_REJECTED',
      'a target with another secret is left')
result = imactl('lu', 'inquiry', TARGET, '0')
equal((result[1].get('error', {}).get('status') or {}).get('name'), 'IMA_ERROR_LOGIN_REJECTED',
      'also by an informational session')
equal(sessions(), [], 'there is no session then')
sh(f"sed -i '/_in = /d' /etc/iscsi/nodes/{TARGET}/*/default")

done_with(set_secret('user1', OTHER), 0, 'another secret is set')
result = imactl('target', 'login', TARGET)
done_with(result, 6, 'a wrong secret is refused')
ok(OTHER not in str(result), 'the error does not show it')
ok(TARGET in str(result), 'the error names the target')
result = imactl('lu', 'inquiry', TARGET, '0')
done_with(result, 6, 'an informational session is refused too')
equal((result[1]['error']['login'] or {}).get('class'), 2, 'with the class of the login status')

done_with(set_secret('user1', SECRET), 0, 'the right secret is set')
done_with(imactl('target', 'login', TARGET), 0, 'which is used at once, because CHAP is in use')
imactl('target', 'logout', TARGET)
done_with(imactl('auth', 'methods', 'none'), 0, 'None is chosen')
done_with(imactl('target', 'login', TARGET), 6, 'then the secret is not used')
done_with(imactl('auth', 'methods', 'chap'), 0, 'CHAP is chosen again')
done_with(imactl('target', 'login', TARGET), 0, 'and needs no secret again')
imactl('target', 'logout', TARGET)
done_with(imactl('auth', 'clear', 'chap'), 0, 'CHAP is given up')
record = sh(f'iscsiadm.real -m node -T {TARGET} -S').stdout
ok(OTHER not in record and SECRET not in record, 'then no record has a secret')
kept = read(f'{STATE}/linux.secrets') or ''
ok(OTHER not in kept and SECRET not in kept, 'and it is kept nowhere else')

said = read(LOG) or ''
ok('--login' in said, 'iscsiadm was run')
ok(not any(secret in said for secret in (SECRET, OTHER, TARGETS)),
   'and never with a secret in its arguments or environment')
ok(all((os.stat(path).st_mode & 0o077) == 0 for path in ['/etc/iscsi/iscsid.conf']),
   'iscsid.conf is readable for root only')
finish()
