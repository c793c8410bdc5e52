"""What a download may reach: names that deceive, addresses nobody asked for, programs with an address."""

import ipaddress
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from homemedia.clips.download.guard import AddressInfo, ForbiddenAddressError, Guard

PUBLIC = "93.184.215.14"


def resolver(answers: Mapping[str, Sequence[str]]) -> Callable[..., list[AddressInfo]]:
    """Knows these names alone; each answer is a text of addresses, one answer a call, the last for ever."""
    waiting = {name: list(texts) for name, texts in answers.items()}

    def look_up(host: Any, port: Any, *_: Any, **__: Any) -> list[AddressInfo]:
        texts = waiting.get(str(host), [str(host)])
        text = texts.pop(0) if len(texts) > 1 else texts[0]
        found: list[AddressInfo] = []
        for address in text.split():
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            where: tuple[Any, ...] = (address, int(port), 0, 0) if ":" in address else (address, int(port))
            found.append((family, socket.SOCK_STREAM, 6, "", where))
        return found

    return look_up


def test_name_of_the_net_is_resolved_once_and_connected_to_what_it_said() -> None:
    guard = Guard(look_up=resolver({"tiktok.com": [f"{PUBLIC} 2606:2800:21f::1"]}))

    found = guard.addresses("tiktok.com", 443)
    for one in found:
        guard.check_connection(one[4])

    assert len(found) == 2
    assert guard.refused == []


@pytest.mark.parametrize(
    "answer",
    [
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",  # noqa: S104 - an answer, no binding
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
        f"{PUBLIC} 192.168.1.1",
    ],
)
def test_name_that_leads_into_the_house_is_refused(answer: str) -> None:
    guard = Guard(look_up=resolver({"evil.example": [answer]}))

    with pytest.raises(ForbiddenAddressError):
        guard.addresses("evil.example", 80)

    assert guard.refused == ["evil.example"]
    with pytest.raises(ForbiddenAddressError):
        guard.check_connection((answer.split(maxsplit=1)[0], 80))


def test_devices_of_the_house_with_public_addresses_are_refused() -> None:
    guard = Guard(own=[ipaddress.ip_network("2606:2800:21f::/64")], look_up=resolver({}))

    with pytest.raises(ForbiddenAddressError):
        guard.addresses("2606:2800:21f::5", 443)


def test_name_that_changes_its_answer_is_judged_each_time() -> None:
    guard = Guard(look_up=resolver({"rebind.example": [PUBLIC, "192.168.1.1"]}))
    guard.addresses("rebind.example", 80)

    with pytest.raises(ForbiddenAddressError):
        guard.addresses("rebind.example", 80)

    guard.check_connection((PUBLIC, 80))
    with pytest.raises(ForbiddenAddressError):
        guard.check_connection(("192.168.1.1", 80))


def test_address_that_was_judged_for_one_port_is_not_for_another() -> None:
    guard = Guard(look_up=resolver({}))
    guard.addresses(PUBLIC, 443)

    with pytest.raises(ForbiddenAddressError):
        guard.check_connection((PUBLIC, 22))


@pytest.mark.parametrize("address", ["/run/docker.sock", ("example.com", 80), b"/x", None, ()])
def test_address_that_nobody_judged_is_refused(address: object) -> None:
    with pytest.raises(ForbiddenAddressError):
        Guard(look_up=resolver({})).check_connection(address)


def test_host_the_household_lists_is_let_through_with_its_port_alone() -> None:
    guard = Guard(allowed="nas.local:8080", look_up=resolver({"nas.local": ["192.168.1.5"]}))

    found = guard.addresses("nas.local", 8080)
    guard.check_connection(found[0][4])

    for host, port in (("nas.local", 80), ("192.168.1.5", 8080), ("192.168.1.1", 8080)):
        with pytest.raises(ForbiddenAddressError):
            guard.addresses(host, port)


def test_host_that_was_let_through_for_a_while_is_shut_again() -> None:
    guard = Guard(look_up=resolver({}))
    guard.let("127.0.0.1:8000")
    guard.check_connection(guard.addresses("127.0.0.1", 8000)[0][4])

    guard.forbid("127.0.0.1:8000")

    with pytest.raises(ForbiddenAddressError):
        guard.addresses("127.0.0.1", 8000)
    with pytest.raises(ForbiddenAddressError):
        guard.check_connection(("127.0.0.1", 8000))


@pytest.mark.parametrize(
    ("executable", "arguments"),
    [
        (None, ["/opt/ffmpeg-7", "-i", "file:/work/c1.mp4", "-c", "copy", "file:/work/c1.temp.mp4"]),
        ("/opt/ffmpeg-7", ["ffmpeg", "-bsfs"]),
        (None, ["node", "--permission", "-"]),
        (None, b'"C:\\tools\\node" -'),
    ],
)
def test_known_program_starts(executable: str | None, arguments: Any) -> None:
    guard = Guard(look_up=resolver({}))
    guard.let_start("/opt/ffmpeg-7", "node", "C:\\tools\\node")

    guard.check_program(executable, arguments)


@pytest.mark.parametrize(
    ("executable", "arguments"),
    [
        (None, ["/opt/ffmpeg-7", "-i", "http://192.168.1.1/live.m3u8"]),
        (None, ["/opt/ffmpeg-7", "-i", "concat:rtmp://x/y|z"]),
        (None, "/opt/ffmpeg-7 -i http://192.168.1.1/"),
        (None, ["curl", "192.168.1.1"]),
        ("/bin/sh", ["/opt/ffmpeg-7", "-c", "id"]),
        (None, []),
        (None, None),
    ],
)
def test_other_program_or_one_with_an_address_does_not_start(executable: str | None, arguments: Any) -> None:
    guard = Guard(look_up=resolver({}))
    guard.let_start("/opt/ffmpeg-7", "node")

    with pytest.raises(PermissionError):
        guard.check_program(executable, arguments)


WAYS_OUT = """
import _socket, os, socket, subprocess, sys, urllib.request
sys.path.append({home!r})
from homemedia.clips.download.guard import Guard
guard = Guard()
guard.let_start({python!r})
guard.install()
where = ("127.0.0.1", {port})

def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.sendto(b"x", where)

ways = [
    lambda: _socket.socket().connect(where),
    lambda: socket.socket().connect_ex(where),
    lambda: socket.create_connection(where),
    lambda: socket.create_connection(("localhost", {port})),
    udp,
    lambda: urllib.request.urlopen("http://127.0.0.1:{port}/"),
    lambda: socket.gethostbyname("localhost"),
    lambda: os.system("true"),
    lambda: os.fork(),
    lambda: os.execv("/bin/true", ["true"]),
    lambda: os.posix_spawn("/bin/true", ["true"], {{}}),
    lambda: subprocess.run(["true"]),
    lambda: subprocess.run("true", shell=True),
    lambda: subprocess.run([{python!r}, "http://127.0.0.1/"]),
]
for number, way in enumerate(ways):
    try:
        way()
    except OSError as err:
        print(number, "refused" if isinstance(getattr(err, "reason", err), PermissionError) else repr(err))
    else:
        print(number, "open")
subprocess.run([{python!r}, "-c", ""], check=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="not every way is there")
def test_every_way_out_of_the_process_is_guarded() -> None:
    home = str(Path(__file__).resolve().parents[3])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        script = WAYS_OUT.format(home=home, python=sys.executable, port=listening.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
        with pytest.raises(TimeoutError):
            listening.accept()

    assert done.returncode == 0, done.stderr
    assert [line.split(" ", 1)[1] for line in done.stdout.splitlines()] == ["refused"] * 14
