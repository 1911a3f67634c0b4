#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private isnsd (open-isns): own port, own control socket, own database, ended in every case.

As a module:

    with Isnsd() as isnsd:
        isnsd.register("iqn.2003-01.org.example:a", ["127.0.0.1:3260"])
        print(isnsd.address)                        # 127.0.0.1:PORT

As a program it runs a command: "isnsd.py command ...". $ISNSD says where the server is, and what
$ISNSD_TOOL holds is to be put before "register NAME PORTAL ...", "deregister NAME" or "domain NAME
MEMBER ...".

It listens on 127.0.0.1 only. Should this process be killed, the kernel kills isnsd.
"""

import ctypes
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import isns_stub

PR_SET_PDEATHSIG = 1
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


class IsnsdError(Exception):
    """isnsd cannot be started or does not do what it is told."""


def available():
    """Whether isnsd and isnsadm are installed."""
    return all(shutil.which(name, path=PATH) for name in ("isnsd", "isnsadm"))


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Isnsd:
    """A running isnsd without any registration."""

    def __init__(self, default_domain=True):
        if not available():
            raise IsnsdError("isnsd is not installed (packages open-isns-server, open-isns-utils)")
        self.process, self.default_domain = None, default_domain
        self.directory = tempfile.mkdtemp(prefix="isnsd.")
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def address(self):
        """host:port."""
        return f"127.0.0.1:{self.port}"

    def path(self, name):
        """A file of this server."""
        return os.path.join(self.directory, name)

    def _write(self, name, **settings):
        with open(self.path(name), "w", encoding="ascii") as file:
            for key, value in dict(settings, Security=0,
                                   ControlSocket=self.path("control")).items():
                file.write(f"{key} = {value}\n")

    def _configure(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._write("isnsd.conf", SourceName="iqn.2003-01.org.example:isnsd",
                    BindAddress=self.address, Database=self.path("database"),
                    PIDFile=self.path("pid"), RegistrationPeriod="10m", SLPRegister=0,
                    DefaultDiscoveryDomain=int(self.default_domain))

    def _start(self):
        for _ in range(5):
            self._configure()
            with open(self.path("log"), "ab") as log:
                self.process = subprocess.Popen(
                    ["isnsd", "-f", "-4", "-c", self.path("isnsd.conf")],
                    env=dict(os.environ, PATH=PATH), stdin=subprocess.DEVNULL, stdout=log,
                    stderr=log, preexec_fn=_die_with_parent)
            if self._wait_until_ready():
                return
            self._kill()
        raise IsnsdError("isnsd does not start: " + self.log())

    def _wait_until_ready(self):
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 2).close()
                if os.path.exists(self.path("control")):
                    return True
            except OSError:
                pass
            time.sleep(0.02)
        return False

    def admin(self, *arguments, source=None):
        """Run isnsadm, as a node if source names one; its output, or IsnsdError."""
        self._write("isnsadm.conf", SourceName=source or "iqn.2003-01.org.example:admin",
                    ServerAddress=self.address)
        command = ["isnsadm", "-c", self.path("isnsadm.conf"), *([] if source else ["--local"])]
        done = subprocess.run([*command, *arguments], timeout=20, text=True,
                              env=dict(os.environ, PATH=PATH), stdin=subprocess.DEVNULL,
                              capture_output=True, check=False)
        if done.returncode or "ailed" in done.stderr or "FATAL" in done.stderr:
            raise IsnsdError(f"isnsadm {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def register(self, name, portals, alias=None):
        """A target, which does it itself, in a network entity of its own."""
        self.admin("--register", f"entity={name}",
                   f"target={name}" + (f",alias={alias}" if alias else ""),
                   *[f"portal={portal}/tcp" for portal in portals], source=name)

    def deregister(self, name):
        """Take a target away, with its portals: DevDereg of RFC 4171, which isnsadm gets wrong."""
        body = (isns_stub.attribute(32, isns_stub.text(name)) + isns_stub.attribute(0) +
                isns_stub.attribute(1, isns_stub.text(name)))
        self.send(4, body)

    def register_many(self, count, first):
        """Targets in one network entity, numbered: with one message."""
        body = [isns_stub.attribute(32, isns_stub.text("iqn.2003-01.org.example:many")),
                isns_stub.attribute(0),
                isns_stub.attribute(1, isns_stub.text(f"many-{first}")),
                isns_stub.attribute(2, isns_stub.number(2)),
                isns_stub.attribute(16, isns_stub.ip("127.0.0.1")),
                isns_stub.attribute(17, isns_stub.number(10000 + first))]
        for index in range(first, first + count):
            body.append(isns_stub.node(f"iqn.2003-01.org.example:many.{index:05}", ""))
        self.send(1, b"".join(body))

    def send(self, function, body):
        """One request of our own."""
        with socket.create_connection(("127.0.0.1", self.port), 20) as server:
            server.sendall(struct.pack(">HHHHHH", 1, function, len(body), 0x8c00, 1, 0) + body)
            answer = isns_stub.read_exactly(server, 16)
        if answer[12:] != bytes(4):
            raise IsnsdError(f"isnsd answers {answer[12:].hex()} to function {function}")

    def domain(self, name, members):
        """Make a discovery domain."""
        self.admin("--dd-register", f"dd-name={name}",
                   *[f"dd-member-name={member}" for member in members])

    def log(self):
        """What isnsd wrote so far."""
        try:
            with open(self.path("log"), encoding="utf-8", errors="replace") as log:
                return log.read()
        except OSError:
            return ""

    def _kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()

    def stop(self):
        """Kill isnsd and remove its files. May be called again."""
        self._kill()
        shutil.rmtree(self.directory, ignore_errors=True)


class Attached(Isnsd):
    """Somebody else's isnsd."""

    def __init__(self, directory, port):  # pylint: disable=super-init-not-called
        self.directory, self.port = directory, int(port)

    def do(self, verb, name, *rest):
        """One word of the tool."""
        if verb == "register":
            self.register(name, rest)
        elif verb == "deregister":
            self.deregister(name)
        elif verb == "many":
            self.register_many(int(name), int(rest[0]))
        else:
            self.domain(name, rest)


def main():
    """Run a command while isnsd is there."""
    if sys.argv[1] == "--at":
        Attached(sys.argv[2], sys.argv[3]).do(*sys.argv[4:])
        return 0
    if not available():
        print("1..0 # SKIP isnsd is not installed (open-isns-server, open-isns-utils)")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        isnsd = Isnsd()
    except IsnsdError as error:
        print("1..0 # SKIP isnsd does not run here: " + str(error).replace("\n", " "))
        return 0
    with isnsd:
        tool = [sys.executable, os.path.abspath(__file__), "--at", isnsd.directory,
                str(isnsd.port)]
        env = dict(os.environ, ISNSD=isnsd.address, ISNSD_TOOL=shlex.join(tool))
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
