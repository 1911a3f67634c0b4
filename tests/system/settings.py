# SPDX-License-Identifier: LGPL-2.1-or-later
"""What single targets and addresses have of their own, through the API: CHAP both ways and of
discovery, algorithms, digests, taking back; and looking for logical units again."""
import ctypes
import os

from machine import (BUILD, begin, equal, finish, guest, imactl, ok, read, session_attr, sessions,
                     sh)

TARGET = 'iqn.2024-01.test:own'
ISCSI = '/sys/kernel/config/target/iscsi'
GROUP = f'{ISCSI}/{TARGET}/tpgt_1'
SECRET, BACK, FIND = 'initiatorsecret1', 'targetsecret4567', 'findersecret8901'
LHBA, TARGET_TYPE, ADDRESS = 3, 9, 11
INITIATOR, OTHER_SIDE = 0, 1
NONE, CHAP = 0, 1
MD5, SHA1, SHA256 = 5, 6, 7
CRC32C = 1
CHAP_INITIATOR, CHAP_TARGET, HEADER_DIGEST, ALL = 17, 18, 13, 0


class Oid(ctypes.Structure):
    _fields_ = [('type', ctypes.c_int), ('owner', ctypes.c_uint32), ('number', ctypes.c_uint64)]


class OidList(ctypes.Structure):
    _fields_ = [('count', ctypes.c_ulong), ('oids', Oid * 64)]


class Parms(ctypes.Structure):
    _fields_ = [('set', ctypes.c_uint32), ('inherited', ctypes.c_uint32),
                ('name_length', ctypes.c_uint32), ('secret_length', ctypes.c_uint32),
                ('name', ctypes.c_char * 512), ('secret', ctypes.c_char * 256)]


class LastError(ctypes.Structure):
    _fields_ = [('bytes', ctypes.c_char * 4096)]


def value(status):
    return status & 0xffffffff


def fine(status, name):
    return ok(value(status) < 0x80000000, name, hex(value(status)))


def first(call, *args):
    """The first object of a list."""
    result = ctypes.POINTER(OidList)()
    fine(getattr(ima, call)(*args, ctypes.byref(result)), call)
    oid = Oid.from_buffer_copy(result.contents.oids[0])
    ima.IMA_FreeMemory(result)
    return oid


def chap(oid, direction, name, secret):
    parms = Parms(0, 0, len(name), len(secret), name.encode(), secret.encode())
    return ima.IMAX_SetChapParms(oid, direction, ctypes.byref(parms))


def numbers(*values):
    return len(values), (ctypes.c_int * len(values))(*values)


def put(text, path):
    with open(path, 'w', encoding='ascii') as file:
        file.write(text)


def connection(name):
    return read(f'/sys/class/iscsi_connection/connection{sessions()[0]}:0/{name}')


def logged_in(name):
    good = fine(ima.IMAX_LoginTarget(target), name)
    return good and len(sessions()) == 1


def log_out():
    ima.IMAX_LogoutTarget(target)


def disks():
    return sorted(name for name in os.listdir('/dev') if name.startswith('sd'))


begin()
guest(f'''start_lio
for i in 0 1 2; do lio_disk d$i 4; done
lio_target {TARGET} "127.0.0.1:3260" "rd_mcp_0/d0 rd_mcp_0/d1"
put finder {ISCSI}/discovery_auth/userid
put {FIND} {ISCSI}/discovery_auth/password
put 1 {ISCSI}/discovery_auth/enforce_discovery_auth
start_iscsid''')
ima = ctypes.CDLL(BUILD + '/lib/libima.so.1')
lhba = first('IMA_GetLhbaOidList')

# --- Discovery
imactl('discovery', 'add', '127.0.0.1')
ok(imactl('discovery', 'run')[0] != 0, 'discovery is refused without authentication')
address = first('IMA_GetDiscoveryAddressOidList', lhba)
equal(address.type, ADDRESS, 'the discovery address is one')
fine(chap(address, INITIATOR, 'finder', FIND), 'a name and a secret for discovery')
fine(ima.IMAX_SetAuthMethods(address, *numbers(CHAP)), 'CHAP for discovery')
equal(imactl('discovery', 'run')[0], 0, 'discovery succeeds with them')
target = first('IMA_GetTargetOidList', lhba)
equal(target.type, TARGET_TYPE, 'and has found the target')
put('0', f'{ISCSI}/discovery_auth/enforce_discovery_auth')
fine(ima.IMAX_RemoveSetting(address, ALL), 'taking them back')
ok(FIND not in sh('cat /etc/iscsi/send_targets/*/st_config').stdout, 'the secret is gone')
equal(imactl('discovery', 'run')[0], 0, 'discovery without authentication works then')

# --- Login
put('user1', f'{GROUP}/auth/userid')
put(SECRET, f'{GROUP}/auth/password')
put('1', f'{GROUP}/attrib/authentication')
ok(value(ima.IMAX_LoginTarget(target)) >= 0x80000000, 'a login without a secret is refused')
fine(chap(target, INITIATOR, 'user1', SECRET), 'name and secret of the target')
fine(ima.IMAX_SetAuthMethods(target, *numbers(CHAP)), 'CHAP for the target')
fine(ima.IMAX_SetChapAlgorithms(target, *numbers(SHA256, MD5)), 'SHA256 before MD5')
fine(ima.IMAX_SetHeaderDigest(target, CRC32C), 'a header digest')
ok(logged_in('login with all of it'), 'there is a session')
equal(session_attr(sessions()[0], 'username'), 'user1', 'with the name')
equal((connection('header_digest'), connection('data_digest')), ('1', '0'),
      'with a header digest only')
log_out()
fine(ima.IMAX_SetDataDigest(target, CRC32C), 'a data digest')
fine(ima.IMAX_RemoveSetting(target, HEADER_DIGEST), 'the header digest is taken back')
ok(logged_in('login'), 'there is a session')
equal((connection('header_digest'), connection('data_digest')), ('0', '1'),
      'with a data digest only')
log_out()

# --- Mutual
put('target1', f'{GROUP}/auth/userid_mutual')
put(BACK, f'{GROUP}/auth/password_mutual')
ok(value(chap(target, OTHER_SIDE, 'target1', SECRET)) >= 0x80000000,
   'the same secret in both directions is refused')
fine(chap(target, OTHER_SIDE, 'target1', BACK), 'name and secret the target proves to have')
ok(logged_in('mutual login'), 'there is a session')
equal(session_attr(sessions()[0], 'username_in'), 'target1', 'the target proved itself')
log_out()
fine(chap(target, OTHER_SIDE, 'target1', BACK + 'x'), 'another secret for the target')
ok(value(ima.IMAX_LoginTarget(target)) >= 0x80000000, 'a target that cannot prove it is refused')
fine(ima.IMAX_RemoveSetting(target, CHAP_TARGET), 'the target need not prove itself')
ok(logged_in('login'), 'there is a session')

# --- Looking again
before = disks()
equal(len(before), 2, 'two logical units')
guest(f'''mkdir {GROUP}/lun/lun_2 && ln -s $LIO/core/rd_mcp_0/d2 {GROUP}/lun/lun_2/store''')
fine(ima.IMAX_RescanTarget(target), 'looking again')
equal(len(disks()), 3, 'the new one is there')
guest(f'rm {GROUP}/lun/lun_2/store && rmdir {GROUP}/lun/lun_2')
fine(ima.IMAX_RescanTarget(lhba), 'looking again, through the LHBA')
equal(disks(), before, 'the one that was taken away is gone')
log_out()
fine(ima.IMAX_RescanTarget(target), 'without a session there is nothing to look for')
put('0', f'{GROUP}/attrib/authentication')
fine(ima.IMAX_RemoveSetting(target, ALL), 'everything is taken back')
ok(SECRET not in sh('cat /etc/iscsi/nodes/*/*/*').stdout, 'no secret is left')
ok(logged_in('login without any of it'), 'there is a session')
finish()
