#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Targets that behave as they are told, for tests of the initiator.

    tests/plugin-user/stub.py command ...

runs the command with these in its environment:

STUB_TARGET   portal of a target. It has every target name that is asked for; LUNs 0 to 12,
              each of which answers INQUIRY in its own way, see Connection.inquiry().
STUB_SECOND   another portal of it
STUB_SILENT   accepts connections and says nothing
STUB_CLOSED   nobody listens
STUB_HANGUP   closes each connection at once
STUB_GARBAGE  answers with what is no iSCSI
STUB_REFUSE   refuses logins with the status in the last four digits of the target's name
STUB_FOLDER   a folder: "targets" holds the answer to SendTargets, one line per target: name
              and portals; what initiators sent is appended to "log". For STUB_TARGET, while they
              exist: "down" closes each connection at once, "refuse" holds the status of each
              login, "luns" the number of LUNs, and with
              "mute" the target with that name does not report any. Used up by the next INQUIRY: "cut" closes the
              connection, "nonsense" makes it say what no target says, "async" holds AsyncEvent, Parameter1 to 3 and sense data (hexadecimal)
              of an Asynchronous Message; by the next READ CAPACITY: "attention", a UNIT
              ATTENTION, REPORTED LUNS DATA HAS CHANGED

It is single-minded, not a model of a target: no authentication, no writes, no digests.
"""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading

BHS = 48
DATA_MAX = 8192
FOLDER = tempfile.mkdtemp(prefix="stub.")
LOCK = threading.Lock()
WELL_KNOWN = bytes([0xC1, 0x01, 0, 0, 0, 0, 0, 0])


def log(text):
    """One line for the test to read."""
    with LOCK, open(os.path.join(FOLDER, "log"), "a", encoding="ascii") as file:
        file.write(text + "\n")


def order(name):
    """What the test wants; None: nothing."""
    try:
        with open(os.path.join(FOLDER, name), encoding="ascii") as file:
            return file.read()
    except FileNotFoundError:
        return None


def take_order(name):
    """The same for what is to be done once."""
    with LOCK:
        value = order(name)
        if value is not None:
            os.unlink(os.path.join(FOLDER, name))
    return value


def pad(data):
    return data + bytes(-len(data) % 4)


def text(pairs):
    return b"".join(f"{key}={value}".encode() + b"\0" for key, value in pairs)


def parse(data):
    return [tuple(item.decode().split("=", 1)) for item in data.split(b"\0") if item]


class Connection:
    """One connection, served until it ends."""

    def __init__(self, sock, refuse=False):
        self.sock = sock
        self.refuse = refuse
        self.stat_sn = 1
        self.exp_cmd_sn = 1
        self.target = None
        self.attention = set()
        self.is_up = False
        self.rest = b""

    def read(self, size):
        data = b""
        while len(data) < size:
            more = self.sock.recv(size - len(data))
            if not more:
                raise EOFError
            data += more
        return data

    def receive(self):
        head = self.read(BHS)
        self.read(head[4] * 4)
        length = int.from_bytes(head[5:8], "big")
        return head, self.read(length + -length % 4)[:length]

    def send(self, opcode, flags, itt, data=b"", fields=b"", lun=bytes(8), ttt=0xFFFFFFFF,
             with_ttt=True, byte2=0, byte3=0, status_counts=True):
        """A PDU; fields are what comes after MaxCmdSN."""
        head = struct.pack(">BBBB", opcode, flags, byte2, byte3)
        head += struct.pack(">I", len(data)) + lun + itt
        head += struct.pack(">I", ttt if with_ttt else 0)
        head += struct.pack(">III", self.stat_sn, self.exp_cmd_sn, self.exp_cmd_sn + 64)
        head += fields
        self.sock.sendall(head.ljust(BHS, b"\0") + pad(data))
        if status_counts:
            self.stat_sn += 1

    def serve(self):
        handlers = {0x00: self.nop, 0x01: self.command, 0x02: self.manage, 0x04: self.text,
                    0x06: self.logout}
        try:
            self.login()
            while True:
                head, data = self.receive()
                opcode = head[0] & 0x3F
                if not head[0] & 0x40:
                    self.exp_cmd_sn += 1
                if opcode not in handlers:
                    log(f"unexpected opcode {opcode:#x}")
                    return
                handlers[opcode](head, data)
        except (EOFError, OSError):
            pass
        finally:
            self.sock.close()

    def login(self):
        """Operational negotiation: everything is accepted as it is offered."""
        while True:
            head, data = self.receive()
            keys = dict(parse(data))
            for key, value in keys.items():
                log(f"{key}={value}")
            self.exp_cmd_sn = int.from_bytes(head[24:28], "big")
            self.target = keys.get("TargetName", self.target)
            status = (self.target or "0203")[-4:] if self.refuse else order("refuse")
            if status:
                log("refused " + status)
                self.login_response(head, 0, [], int(status, 16))
                raise EOFError
            answer = self.answers(keys, head[1] >> 2 & 3)
            self.login_response(head, head[1] & 0x8F, answer, 0)
            if self.is_up:
                break
        if self.target and self.target.endswith("ping"):
            self.send(0x20, 0x80, b"\xff" * 4, ttt=7, status_counts=False)

    @staticmethod
    def answers(keys, stage):
        answer = []
        if stage == 0:
            if "AuthMethod" in keys:
                answer.append(("AuthMethod", "None"))
        else:
            own = {"MaxRecvDataSegmentLength": DATA_MAX, "HeaderDigest": "None",
                   "DataDigest": "None"}
            known = ("Max", "First", "Default", "Initial", "Immediate", "Data", "Error", "Header")
            answer = [(key, own.get(key, value)) for key, value in keys.items()
                      if key.startswith(known) and key != "MaxRecvDataSegmentLength"]
            answer.append(("MaxRecvDataSegmentLength", DATA_MAX))
        if "TargetName" in keys:
            answer += [("TargetPortalGroupTag", 1), ("TargetAlias", "stub of " + keys["TargetName"])]
        return answer

    def login_response(self, head, flags, answer, status):
        self.send_login(head, flags, text(answer), status)

    def send_login(self, head, flags, data, status=0):
        self.sock.sendall(self.login_pdu(head, flags, data, status))
        self.stat_sn += 1
        self.is_up = flags & 0x83 == 0x83

    def login_pdu(self, head, flags, data, status=0):
        pdu = struct.pack(">BBBB", 0x23, flags, 0, 0) + struct.pack(">I", len(data))
        pdu += head[8:14] + struct.pack(">H", 0x1234 if flags & 0x83 == 0x83 else 0) + head[16:20]
        pdu += bytes(4) + struct.pack(">III", self.stat_sn, self.exp_cmd_sn, self.exp_cmd_sn + 64)
        pdu += struct.pack(">H", status)
        return pdu.ljust(BHS, b"\0") + pad(data)

    def nop(self, head, _data):
        ttt = int.from_bytes(head[20:24], "big")
        log(f"nop-out {ttt:#x}")
        if head[16:20] != b"\xff" * 4:
            self.send(0x20, 0x80, head[16:20])

    def manage(self, head, _data):
        """Task management: function complete."""
        log(f"task-management {head[1] & 0x7F}")
        self.send(0x22, 0x80, head[16:20], with_ttt=False)

    def logout(self, head, _data):
        log("logout")
        self.send(0x26, 0x80, head[16:20], with_ttt=False)
        raise EOFError

    def text(self, head, data):
        """SendTargets, as many PDUs as it takes."""
        if data:
            self.rest = self.send_targets()
        part, self.rest = self.rest[:DATA_MAX], self.rest[DATA_MAX:]
        self.send(0x24, 0x40 if self.rest else 0x80, head[16:20], part,
                  ttt=5 if self.rest else 0xFFFFFFFF)

    @staticmethod
    def send_targets():
        with open(os.path.join(FOLDER, "targets"), encoding="ascii") as file:
            lines = [line.split() for line in file]
        return text((key, value) for line in lines
                    for key, value in [("TargetName", line[0])] +
                    [("TargetAddress", portal) for portal in line[1:]])

    def command(self, head, _data):
        commands = {0x12: self.inquiry, 0xA0: self.report_luns, 0x25: self.capacity}
        handler = commands.get(head[32])
        if handler:
            handler(head)
        else:
            self.respond(head, 2, self.sense(5, 0x20, 0))

    def data_in(self, head, data):
        """All data in one PDU, with status GOOD."""
        expected = int.from_bytes(head[20:24], "big")
        missing = expected - len(data)
        residual = struct.pack(">III", 0, 0, abs(missing))
        self.send(0x25, 0x81 | (2 if missing > 0 else 4 if missing < 0 else 0), head[16:20],
                  data[:expected], residual)

    @staticmethod
    def sense(key, asc, ascq, extra=b""):
        body = bytes([0x70, 0, key, 0, 0, 0, 0, 10 + len(extra), 0, 0, 0, 0, asc, ascq, 0, 0, 0, 0])
        return body + extra

    def respond(self, head, status, sense=b""):
        """A SCSI Response without data."""
        expected = int.from_bytes(head[20:24], "big")
        data = struct.pack(">H", len(sense)) + sense if sense else b""
        fields = struct.pack(">III", 0, 0, expected)
        self.send(0x21, 0x82 if expected else 0x80, head[16:20], data, fields, with_ttt=False,
                  byte2=0, byte3=status)

    def inquiry(self, head):
        """The LUN says what happens."""
        lun, size = head[9], int.from_bytes(head[35:37], "big")
        statuses = {1: 0x08, 2: 0x18, 3: 0x28, 4: 0x30, 5: 0x40, 6: 0x04, 7: 0x77}
        if take_order("cut") is not None:
            raise EOFError
        if take_order("nonsense") is not None:
            self.send(0x3C, 0x80, b"\xff" * 4)
            return
        message = take_order("async")
        if message:
            self.asynchronous(*message.split())
        if lun in statuses:
            self.respond(head, statuses[lun])
        elif lun == 8 and lun not in self.attention:
            self.attention.add(lun)
            self.respond(head, 2, self.sense(6, 0x29, 0))
        elif lun == 9:
            return
        elif lun == 10:
            raise EOFError
        elif lun == 11:
            self.respond(head, 2, self.sense(5, 0x24, 0, bytes(range(230))))
        elif lun == 12:
            self.respond(head, 2, self.sense(6, 0x2A, 9))
        else:
            self.data_in(head, bytes([0, 0, 5, 2, 31, 0, 0, 0]) + b"STUB    " + b"TARGET          " +
                         b"0001" + bytes(max(0, size - 36)) if size > 36 else bytes(size))

    def asynchronous(self, event, one, two, three, sense=""):
        data = bytes.fromhex(sense)
        fields = struct.pack(">BBHHH", int(event), 0, int(one), int(two), int(three))
        self.send(0x32, 0x80, b"\xff" * 4, struct.pack(">H", len(data)) + data if data else b"",
                  fields, with_ttt=False)

    def report_luns(self, head):
        size = int.from_bytes(head[38:42], "big")
        if self.target.endswith("mute") and order("mute") is not None:
            return
        count = 5000 if self.target.endswith("many") else int(order("luns") or 13)
        luns = b"".join(struct.pack(">BB6x", 0x40 | n >> 8 if n > 255 else 0, n & 255)
                        for n in range(count))
        self.data_in(head, (struct.pack(">II", len(luns), 0) + luns)[:size])

    def capacity(self, head):
        if take_order("attention") is not None:
            self.respond(head, 2, self.sense(6, 0x3F, 0x0E))
            return
        self.data_in(head, struct.pack(">II", 32767, 512))


def listen():
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    sock.listen(64)
    return sock


def portal(sock):
    return "127.0.0.1:%d" % sock.getsockname()[1]


def accept_forever(sock, serve):
    def loop():
        while True:
            try:
                client, _ = sock.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(client,), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()
    return portal(sock)


def target(client):
    if order("down") is None:
        Connection(client).serve()
    else:
        client.close()


def garbage(client):
    try:
        client.recv(1)
        client.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" * 4)
        client.recv(65536)
    except OSError:
        pass
    client.close()


def main(more=None):
    """Run the command; more: further peers by the name of their variable."""
    kept = []
    closed = listen()
    env = dict(os.environ, STUB_FOLDER=FOLDER, STUB_CLOSED=portal(closed))
    closed.close()
    behaviours = {
        "STUB_TARGET": target,
        "STUB_SECOND": lambda client: Connection(client).serve(),
        "STUB_SILENT": kept.append,
        "STUB_HANGUP": lambda client: client.close(),
        "STUB_GARBAGE": garbage,
        "STUB_REFUSE": lambda client: Connection(client, refuse=True).serve(),
    }
    for name, serve in {**behaviours, **(more or {})}.items():
        env[name] = accept_forever(listen(), serve)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
