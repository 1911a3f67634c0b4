#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private tgtd: own port, own control socket, ended in every case.

As a module:

    with Tgtd([Target("iqn.2003-01.org.example:a", luns=[Lun(16)])]) as tgtd:
        print(tgtd.portal)              # 127.0.0.1:PORT

As a program it runs a command while the targets are there; $TGTD_PORTAL tells the command
where, $TGTD_PORTAL6 the same for IPv6 if the machine has it; more is in Tgtd.environment(). SIGUSR1 to the process
$TARGET_SERVICE ends tgtd, SIGUSR2 starts it again:

    tests/support/tgtd.py --target iqn.2003-01.org.example:a --lun 16 --lun 32 \\
        --target iqn.2003-01.org.example:b --lun 16 --chap user secret -- command ...

Its exit status is that of the command; 77 (skipped) when there is no tgtd.

tgtd ignores SIGTERM while it has targets, so it is killed, by its process id; should this
process be killed itself, the kernel does it (PR_SET_PDEATHSIG). Nothing needs root.
"""

import argparse
import ctypes
import dataclasses
import os
import queue
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SKIP = 77
PR_SET_PDEATHSIG = 1
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


class TgtdError(Exception):
    """tgtd cannot be started or does not do what it is told."""


@dataclasses.dataclass
class Lun:
    """One logical unit: megabytes of zeros, or content; numbered from 1 if lun is None.

    params are those of "tgtadm --op update --params": vendor_id, product_id, scsi_sn, ...
    """
    megabytes: int = 16
    content: bytes = None
    lun: int = None
    path: str = None
    params: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Target:
    """One target. chap: (user, secret) an initiator must know; mutual: (user, secret) of the
    target itself; params: target parameters such as MaxBurstLength."""
    name: str
    luns: list = dataclasses.field(default_factory=list)
    chap: tuple = None
    mutual: tuple = None
    params: dict = dataclasses.field(default_factory=dict)


def available():
    """Whether tgtd and tgtadm are installed."""
    return all(shutil.which(name, path=PATH) for name in ("tgtd", "tgtadm"))


def have_ipv6():
    """Whether a socket can be bound to ::1."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def free_port(ipv6=False):
    """A port that was free a moment ago, on 127.0.0.1 and on ::1 too."""
    for _ in range(50):
        with socket.socket() as four, socket.socket(socket.AF_INET6) as six:
            four.bind(("127.0.0.1", 0))
            port = four.getsockname()[1]
            try:
                if ipv6:
                    six.bind(("::1", port))
                return port
            except OSError:
                continue
    raise TgtdError("no free port")


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Tgtd:
    """A running tgtd with the given targets."""
    algorithms = ("MD5",)
    tells_all = False  # of its portals, only that which is asked

    def __init__(self, targets=(), addresses=("127.0.0.1",), ipv6=None, directory=None):
        if not available():
            raise TgtdError("tgtd is not installed (package tgt)")
        self.ipv6 = have_ipv6() if ipv6 is None else ipv6
        self.addresses = list(addresses)
        self.process = None
        self.tids = {}
        self.targets = []
        self.accounts = set()
        # A socket path has 107 bytes at most: not below a build folder.
        self.directory = directory or tempfile.mkdtemp(prefix="tgtd.")
        self.own_directory = directory is None
        try:
            self._start()
            for target in targets:
                self.add(target)
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def portal(self):
        """host:port of the first address."""
        return f"{self.addresses[0]}:{self.port}"

    @property
    def portal6(self):
        """[::1]:port, or None without IPv6."""
        return f"[::1]:{self.port}" if self.ipv6 else None

    @property
    def pid(self):
        """Process id of tgtd."""
        return self.process.pid

    @property
    def groups(self):
        """Portals by portal group tag; tgtd knows one group."""
        portals = [f"{address}:{self.port}" for address in self.addresses]
        return {1: portals + ([self.portal6] if self.ipv6 else [])}

    def environment(self):
        """What a command is told. TARGET_... every kind of target tells: TARGET_ADD_LUN and
        TARGET_REMOVE_LUN are for a shell and change LUN $LUN, of 8 MiB, of the first target."""
        lun = self.admin_command() + " --mode logicalunit --tid 1 --lun $LUN --op "
        backing = shlex.quote(os.path.join(self.directory, "added"))
        told = {"TARGET_PORTAL": self.portal, "TARGET_ALGORITHMS": ",".join(self.algorithms),
                "TARGET_ADD_LUN": f"truncate --size=8M {backing} && {lun} new -b {backing}",
                "TARGET_REMOVE_LUN": f"{lun} delete",
                "TGTD_PORTAL": self.portal}
        return told | ({"TGTD_PORTAL6": self.portal6} if self.portal6 else {})

    def _start(self):
        for _ in range(5):
            self.port = free_port(self.ipv6)
            self._spawn()
            if self._wait_until_ready():
                return
            self._kill()
        raise TgtdError("tgtd does not start: " + self.log())

    def _spawn(self):
        self.control = os.getpid() % 32768
        self.env = dict(os.environ, PATH=PATH,
                        TGT_IPC_SOCKET=os.path.join(self.directory, "socket"))
        portals = [f"portal={a}:{self.port}" for a in self.addresses]
        if self.ipv6:
            portals.append(f"portal=[::1]:{self.port}")
        with open(os.path.join(self.directory, "log"), "ab") as log:
            self.process = subprocess.Popen(
                ["tgtd", "-f", "-C", str(self.control), "-t", "1", "--iscsi", ",".join(portals)],
                env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=_die_with_parent)

    def _wait_until_ready(self):
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.admin("--mode", "sys", "--op", "show")
                socket.create_connection((self.addresses[0], self.port), 2).close()
                return True
            except (TgtdError, OSError):
                time.sleep(0.02)
        return False

    def admin(self, *arguments):
        """Run tgtadm; its output, or TgtdError."""
        command = ["tgtadm", "-C", str(self.control), "--lld", "iscsi", *map(str, arguments)]
        try:
            done = subprocess.run(command, env=self.env, timeout=20, text=True,
                                  stdin=subprocess.DEVNULL, capture_output=True, check=False)
        except subprocess.TimeoutExpired:
            raise TgtdError("tgtadm does not return") from None
        if done.returncode:
            raise TgtdError(f"tgtadm {' '.join(arguments[:6])}: {done.stderr.strip()}")
        return done.stdout

    def admin_command(self):
        """How a shell calls tgtadm; targets are numbered from 1."""
        return shlex.join(["env", f"PATH={PATH}", f"TGT_IPC_SOCKET={self.env['TGT_IPC_SOCKET']}",
                           "timeout", "20", "tgtadm", "-C", str(self.control), "--lld", "iscsi"])

    def add(self, target):
        """Make one more target."""
        tid = len(self.tids) + 1
        self.admin("--mode", "target", "--op", "new", "--tid", tid, "--targetname", target.name)
        self.tids[target.name] = tid
        self.targets.append(target)
        for index, lun in enumerate(target.luns, 1):
            self.add_lun(target.name, lun, index)
        for name, value in target.params.items():
            self.admin("--mode", "target", "--op", "update", "--tid", tid,
                       "--name", name, "--value", value)
        if target.chap:
            self._account(tid, target.chap)
        if target.mutual:
            self._account(tid, target.mutual, "--outgoing")
        self.admin("--mode", "target", "--op", "bind", "--tid", tid, "-I", "ALL")

    def add_lun(self, name, lun, number=None):
        """Add a logical unit to a target; its number."""
        tid = self.tids[name]
        number = lun.lun if lun.lun is not None else number
        path = lun.path or os.path.join(self.directory, f"{tid}.{number}")
        if lun.path is None:
            with open(path, "wb") as backing:
                backing.write(lun.content or b"")
                backing.truncate(max(lun.megabytes << 20, len(lun.content or b"")))
        self.admin("--mode", "logicalunit", "--op", "new", "--tid", tid, "--lun", number,
                   "-b", path)
        for key, value in lun.params.items():
            self.admin("--mode", "logicalunit", "--op", "update", "--tid", tid,
                       "--lun", number, "--params", f"{key}={value}")
        return number

    def remove_lun(self, name, number):
        """Take a logical unit away."""
        self.admin("--mode", "logicalunit", "--op", "delete", "--tid", self.tids[name],
                   "--lun", number)

    def remove(self, name):
        """Take a target away, with its sessions."""
        self.targets = [target for target in self.targets if target.name != name]
        self.admin("--mode", "target", "--op", "delete", "--force", "--tid", self.tids.pop(name))

    def _account(self, tid, account, *options):
        user, secret = account
        if user not in self.accounts:
            self.admin("--mode", "account", "--op", "new", "--user", user, "--password", secret)
            self.accounts.add(user)
        self.admin("--mode", "account", "--op", "bind", "--tid", tid, "--user", user, *options)

    def log(self):
        """What tgtd wrote so far."""
        try:
            with open(os.path.join(self.directory, "log"), encoding="utf-8",
                      errors="replace") as log:
                return log.read()
        except OSError:
            return ""

    def pause(self):
        """Make tgtd deaf until resume()."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self):
        """End of pause()."""
        os.kill(self.pid, signal.SIGCONT)

    def end(self):
        """As a crash would, with all its sessions."""
        self._kill()

    def start_again(self):
        """The same targets at the same port."""
        targets, self.targets, self.tids, self.accounts = self.targets, [], {}, set()
        self._spawn()
        if not self._wait_until_ready():
            raise TgtdError("tgtd does not start again: " + self.log())
        for target in targets:
            self.add(target)

    def _kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()

    def stop(self):
        """Kill tgtd and remove its files. May be called again."""
        self._kill()
        if self.own_directory:
            shutil.rmtree(self.directory, ignore_errors=True)


class _AppendTarget(argparse.Action):
    def __call__(self, parser, namespace, values, option=None):
        namespace.targets.append(Target(values))


class _AppendLun(argparse.Action):
    def __call__(self, parser, namespace, values, option=None):
        if not namespace.targets:
            parser.error("--lun comes after a --target")
        namespace.targets[-1].luns.append(Lun(values))


class _Param(argparse.Action):
    def __call__(self, parser, namespace, values, option=None):
        if not namespace.targets:
            parser.error("--param comes after a --target")
        namespace.targets[-1].params[values[0]] = values[1]


class _Chap(argparse.Action):
    def __call__(self, parser, namespace, values, option=None):
        if not namespace.targets:
            parser.error(f"{option} comes after a --target")
        setattr(namespace.targets[-1], self.dest, tuple(values))


def _serve(orders):
    while True:
        orders.get()()


def _obey_signals(running):
    """One after the other, in a thread: a handler may interrupt another one half way."""
    orders = queue.SimpleQueue()
    threading.Thread(target=_serve, args=(orders,), daemon=True).start()
    signal.signal(signal.SIGUSR1, lambda *_: orders.put(running.end))
    signal.signal(signal.SIGUSR2, lambda *_: orders.put(running.start_again))


def run_command(server):
    """Run a command while the targets of the command line are there; its exit status."""
    parser = argparse.ArgumentParser(description=f"run a command against a {server.__name__}")
    parser.set_defaults(targets=[])
    parser.add_argument("--target", action=_AppendTarget, metavar="NAME")
    parser.add_argument("--lun", action=_AppendLun, type=int, metavar="MEGABYTES")
    parser.add_argument("--chap", action=_Chap, nargs=2, metavar=("USER", "SECRET"))
    parser.add_argument("--mutual", action=_Chap, nargs=2, metavar=("USER", "SECRET"))
    parser.add_argument("--param", action=_Param, nargs=2, metavar=("NAME", "VALUE"))
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with server(options.targets) as running:
        _obey_signals(running)
        env = os.environ | running.environment() | {"TARGET_SERVICE": str(os.getpid())}
        return subprocess.run(options.command, env=env, check=False).returncode


def main():
    """The same with tgtd, if it is installed."""
    if not available():
        print("1..0 # SKIP tgtd is not installed (package tgt)")
        return SKIP
    return run_command(Tgtd)


if __name__ == "__main__":
    sys.exit(main())
