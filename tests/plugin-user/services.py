#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a command while iSNS servers and SLP agents are there, good ones and bad ones.

The command finds them in its environment: ISNS_MODE and SLP_MODE are host:port, with the mode in
capitals and underscores. In $SERVICES_FOLDER are "targets", which the command writes: a line for
each target, "name alias address:port[,tag] ..." with "-" for no alias; and "log".
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../support"))
import isns_stub  # noqa: E402  pylint: disable=wrong-import-position
import slp_stub  # noqa: E402  pylint: disable=wrong-import-position

FOLDER = tempfile.mkdtemp(prefix="services.")
ISNS_MODES = ["good", "split", "no-groups", "unknown", "always-unknown", "refuse", "wrong-xid",
              "wrong-function", "no-status", "no-end-of-keys", "long-attribute", "huge-pdu",
              "signed", "too-much", "wrong-part", "truncated", "endless", "endless-empty", "slow",
              "strange", "one-by-one", "same-next"]
SLP_MODES = ["good", "signed", "strange", "late", "overflow", "silent", "garbage", "wrong-xid",
             "wrong-function", "wrong-version", "truncated", "huge", "short-urls", "long-url",
             "long-block", "refuse", "overflow-silent", "overflow-slow", "overflow-endless",
             "overflow-wrong-xid", "overflow-short"]


def targets():
    """The file "targets" as isns_stub wants it."""
    found = []
    with open(os.path.join(FOLDER, "targets"), encoding="utf-8") as file:
        for line in file:
            name, alias, *portals = line.split()
            found.append((name, "" if alias == "-" else alias, [portal(p) for p in portals]))
    return found


def portal(word):
    place, _, tag = word.partition(",")
    address, _, port = place.rpartition(":")
    return address.strip("[]"), int(port), int(tag or 1)


def url_host(address):
    return f"[{address}]" if ":" in address else address


def urls(kind, isns):
    """The URLs of a type of service. Everything is told twice: that must not matter."""
    if kind == "service:iscsi:sms":
        return ["service:iscsi:sms://" + isns]
    return 2 * [f"service:iscsi:target://{url_host(address)}:{port}/{name}"
                for name, _, portals in targets() for address, port, _ in portals]


def log(line):
    with open(os.path.join(FOLDER, "log"), "a", encoding="utf-8") as file:
        file.write(line + "\n")


def listen():
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    sock.listen(64)
    return sock


def accept_forever(sock, serve):
    def loop():
        while True:
            client, _ = sock.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(client,), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()
    return "127.0.0.1:%d" % sock.getsockname()[1]


def garbage(client):
    try:
        client.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" * 4)
        client.recv(65536)
    except OSError:
        pass
    client.close()


def variable(kind, mode):
    return f"{kind}_{mode.upper().replace('-', '_')}"


def start_isns(env):
    kept = []
    serve = {mode: lambda client, mode=mode: isns_stub.Server(client, mode, targets, log).serve()
             for mode in ISNS_MODES}
    serve.update({"silent": kept.append, "hangup": lambda client: client.close(),
                  "garbage": garbage})
    for mode, function in serve.items():
        env[variable("ISNS", mode)] = accept_forever(listen(), function)
    closed = listen()
    env["ISNS_CLOSED"] = env["SLP_CLOSED"] = "127.0.0.1:%d" % closed.getsockname()[1]
    closed.close()


def start_slp(env):
    for mode in SLP_MODES:
        agent = slp_stub.Agent(mode, lambda kind: urls(kind, env["ISNS_GOOD"]), log)
        env[variable("SLP", mode)] = "127.0.0.1:%d" % agent.port


def main():
    """Run the command."""
    env = dict(os.environ, SERVICES_FOLDER=FOLDER)
    start_isns(env)
    start_slp(env)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
