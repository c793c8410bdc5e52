"""Two machines on one wire: network namespaces joined by a pair of virtual cards, for checks against real programs.

Needs root, `ip` (iproute2) and a kernel that lets us; nothing of the machine's own network is touched.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

RESOLVE_TRIES: Final = 6
PATH: Final = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
AVAHI_CONF: Final = """[server]
host-name={host}
use-ipv4=yes
use-ipv6=yes
enable-dbus=yes
disallow-other-stacks=no
[publish]
publish-workstation=no
[rlimits]
"""


class NotPossible(Exception):  # noqa: N818 - a state of this machine
    """Why this machine cannot make namespaces or lacks a program."""


class Machine(NamedTuple):
    """One end of the wire."""

    name: str
    ip: str

    def command(self, *command: str) -> list[str]:
        return ["ip", "netns", "exec", self.name, *command]

    def run(self, *command: str, env: dict[str, str] | None = None, limit_s: float = 60) -> str:
        """What a command prints here."""
        done = subprocess.run(
            self.command(*command),
            env=os.environ | {"PATH": PATH} | (env or {}),
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stderr or done.stdout}")
        return done.stdout


def _ip(*words: str) -> None:
    done = subprocess.run(
        ["ip", *words],  # noqa: S607 - wherever iproute2 is
        env=os.environ | {"PATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotPossible(f"ip {' '.join(words)}: {done.stderr.strip()}")


def require(*programs: str) -> None:
    """Raise `NotPossible` with the reason unless everything is there."""
    if sys.platform != "linux":
        raise NotPossible("network namespaces are Linux'")
    for program in ("ip", *programs):
        if shutil.which(program, path=PATH) is None:
            raise NotPossible(f"{program} is not installed")
    if os.geteuid() != 0:
        raise NotPossible("network namespaces need root")


@contextlib.contextmanager
def two_machines() -> Iterator[tuple[Machine, Machine]]:
    """Two namespaces that see each other and nothing else."""
    tag = f"hm{os.getpid()}"
    left, right = Machine(f"{tag}a", "10.77.0.1"), Machine(f"{tag}b", "10.77.0.2")
    with contextlib.ExitStack() as stack:
        for machine in (left, right):
            _ip("netns", "add", machine.name)
            stack.callback(_ip, "netns", "del", machine.name)
        # Not called veth: cards of that name are bridges to containers, which are never announced.
        _ip("link", "add", "lan0", "netns", left.name, "type", "veth", "peer", "name", "lan0", "netns", right.name)
        for machine in (left, right):
            inside = ("-n", machine.name)
            _ip(*inside, "address", "add", f"{machine.ip}/24", "dev", "lan0")
            _ip(*inside, "address", "add", f"fd77::{machine.ip[-1]}/64", "dev", "lan0", "nodad")
            _ip(*inside, "link", "set", "lo", "up")
            _ip(*inside, "link", "set", "lan0", "up")
            _ip(*inside, "route", "add", "224.0.0.0/4", "dev", "lan0")
        yield left, right


class Avahi:
    """Avahi on one machine, with a bus of its own."""

    def __init__(self, machine: Machine, place: Path) -> None:
        self._machine = machine
        self._env = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={place / 'bus'}"}

    def browse(self, kind: str) -> list[list[str]]:
        """`avahi-browse -rt`: the resolved services, each a list of the parsable form's fields."""
        text = self._machine.run("avahi-browse", "-rtp", kind, env=self._env)
        return [line.split(";", 9) for line in text.splitlines() if line.startswith("=")]

    def resolve(self, host: str) -> str:
        """`avahi-resolve -4 -n`: the address of a `.local` name. Avahi gives up after 5 s, then it is asked again."""
        for _ in range(RESOLVE_TRIES):
            words = self._machine.run("avahi-resolve", "-4", "-n", host, env=self._env).split()
            if words:
                return words[-1]
        raise LookupError(host)


@contextlib.contextmanager
def avahi(machine: Machine, *, host: str = "visitor") -> Iterator[Avahi]:
    """A running Avahi that has claimed its name."""
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hm-avahi-")))
        (place / "avahi.conf").write_text(AVAHI_CONF.format(host=host))
        # Avahi keeps one process id for the whole machine under /run: an empty /run of its own lets another one be.
        daemon = f"mount -t tmpfs tmpfs /run && exec avahi-daemon --no-drop-root --no-chroot -f {place / 'avahi.conf'}"
        bus = ["dbus-daemon", "--session", "--nofork", f"--address=unix:path={place / 'bus'}", "--print-address=1"]
        _start(stack, machine.command(*bus), {}, "unix:path=")
        found = Avahi(machine, place)
        command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", daemon]
        _start(stack, machine.command(*command), found._env, "Server startup complete")
        yield found


def _start(stack: contextlib.ExitStack, command: list[str], env: dict[str, str], ready: str) -> None:
    """A child that has said its word of readiness; ended with the stack."""
    child = subprocess.Popen(
        command,
        env=os.environ | {"PATH": PATH} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    stack.callback(child.stdout.close)
    stack.callback(child.wait, 10)
    stack.callback(child.terminate)
    said = []
    for line in child.stdout:
        said.append(line)
        if ready in line:
            return
    raise RuntimeError(f"{command} ended: {''.join(said)}")
