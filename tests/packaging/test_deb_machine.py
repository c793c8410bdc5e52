"""The package on a machine of its own: a Debian with systemd that boots in a container, without a network.

As root, with `mmdebstrap` and `systemd-nspawn` (systemd-container) and 2 GB of room, after `packaging/build.py`:

    pytest -n 0 -m long tests/packaging/test_deb_machine.py

One story, told in order: each test goes on where the one before has ended. `HOMEMEDIA_TEST_PROGRAM` names another
folder than `dist/homemedia`.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.programs import program
from tests.support.samples import a_film

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
DAY_S = 86_400
# What the package asks for, and what the machine needs to boot and to look at itself.
PACKAGES = "systemd,systemd-sysv,dbus,libpam-systemd,dbus-user-session,init-system-helpers,zlib1g,curl,procps"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
PERSON = {"username": "admin", "password": "correct horse", "serverName": "Attic"}
STATE, CACHE, SETTINGS = "/var/lib/homemedia", "/var/cache/homemedia", "/etc/homemedia/homemedia.toml"
APT = ("apt-get", "-q", "-y", "--no-install-recommends", "--allow-downgrades")

pytestmark = [pytest.mark.long, pytest.mark.skipif(sys.platform != "linux", reason="a Debian inside of a Linux")]


class Machine:
    """A Debian that runs."""

    def __init__(self, folder: Path, leader: int) -> None:
        self.folder = folder
        self._leader = str(leader)

    def path(self, inside: str) -> Path:
        """Where a file of the machine lies outside."""
        return self.folder / inside.removeprefix("/")

    def tried(self, *words: str, given: str = "") -> tuple[int, str]:
        """The exit status of a command of root inside, and all that it writes."""
        inside = ["nsenter", "-t", self._leader, "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"]
        clean = ["env", "-i", f"PATH={PATH}", "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive", "TERM=dumb"]
        done = subprocess.run(
            [*inside, *clean, *words], input=given, capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )
        return done.returncode, done.stdout + done.stderr

    def said(self, *words: str, given: str = "") -> str:
        """What a command writes that ends well."""
        status, written = self.tried(*words, given=given)
        assert status == 0, f"{words}: {written}"
        return written

    def asked(self, method: str, path: str, body: object = None) -> Any:
        """What the server inside answers, to a browser that keeps its cookies."""
        cookies = ("-b", "/root/cookies", "-c", "/root/cookies")
        url = f"http://127.0.0.1:8420{path}"
        words = ["curl", "-sS", "--fail-with-body", *cookies, "-X", method, url]
        if body is not None:
            words += ["--json", "@-"]
        return json.loads(self.said(*words, given="" if body is None else json.dumps(body)) or "null")

    def state(self) -> str:
        """Whether the service runs, in systemd's word."""
        return self.tried("systemctl", "is-active", "homemedia")[1].strip()

    def answers(self) -> bool:
        return self.tried("curl", "-sf", "http://127.0.0.1:8420/api/health")[0] == 0

    def titles(self) -> list[str]:
        libraries = self.asked("GET", "/api/libraries")["libraries"]
        return [
            item["title"]
            for library in libraries
            for item in self.asked("GET", f"/api/libraries/{library['id']}/items")["items"]
        ]


def until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < end, f"not in {PATIENCE_S:.0f} s: {what}"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def packages(made: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The package, and one that says to be newer."""
    program("dpkg-deb", required_as="dpkg-deb")
    payload = Path(os.environ.get("HOMEMEDIA_TEST_PROGRAM", ROOT / "dist" / "homemedia"))
    if not (payload / "homemedia").is_file():
        pytest.skip("there is no packed program; packaging/build.py makes one")
    out = tmp_path_factory.mktemp("packages")
    common = ("--payload", payload, "--out", out, "--level", 0)
    return {"this": made("make_deb.py", *common), "newer": made("make_deb.py", *common, "--version", "99.0")}


@pytest.fixture(scope="module")
def machine(packages: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    maker = program("mmdebstrap", required_as="mmdebstrap")
    nspawn = program("systemd-nspawn", required_as="systemd-nspawn")
    if os.geteuid() != 0:
        pytest.skip("only root may boot a machine")
    folder = tmp_path_factory.mktemp("machine") / "debian"
    wished = ["--quiet", "--variant=minbase", f"--include={PACKAGES}"]
    subprocess.run([maker, *wished, "bookworm", str(folder)], check=True)
    (folder / "opt/packages").mkdir()
    for name, package in packages.items():
        shutil.copy(package, folder / f"opt/packages/{name}.deb")
    films = folder / "srv/films"
    films.mkdir()
    film = a_film(films / "Heat (1995).mkv", seconds=4, size="160x90", rate=10, codec="mpeg4")
    os.utime(film, (time.time() - DAY_S,) * 2)
    process = subprocess.Popen(
        [nspawn, "-q", "-D", str(folder), "--boot", "--register=no", "--keep-unit", "--private-network"],
        env={"PATH": PATH, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield _booted(folder, process)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=30)
        process.kill()
        process.communicate()
        shutil.rmtree(folder)


def _booted(folder: Path, process: subprocess.Popen[bytes]) -> Machine:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        found = children.read_text().split()
        if found:
            machine = Machine(folder, int(found[0]))
            if "running" in machine.tried("systemctl", "is-system-running")[1]:
                return machine
        time.sleep(0.2)
    process.kill()
    words = process.communicate()[0].decode(errors="replace")
    pytest.skip(f"this machine boots no systemd in a container: {words[-300:]}")


def test_nothing_starts_by_being_installed(machine: Machine) -> None:
    machine.said(*APT, "install", "/opt/packages/this.deb")

    assert machine.state() == "inactive"
    assert machine.tried("systemctl", "is-enabled", "homemedia")[1].strip() == "disabled"
    assert not machine.path(STATE).exists()
    assert "homemedia video render" in machine.said("id", "-nG", "homemedia")
    assert machine.said("stat", "-c", "%U:%G %a", SETTINGS).strip() == "root:homemedia 640"


def test_doctor_looks_at_the_household_of_the_service(machine: Machine) -> None:
    said = machine.said("homemedia-service", "doctor")

    assert STATE in said
    assert SETTINGS in said
    assert machine.said("stat", "-c", "%U %a", STATE).strip() == "homemedia 700"


def test_service_runs_and_reads_what_is_there(machine: Machine) -> None:
    machine.said("systemctl", "enable", "--now", "homemedia")
    until(machine.answers, "an answer")
    machine.asked("POST", "/api/auth/setup", PERSON)
    machine.asked("POST", "/api/libraries", {"name": "Films", "type": "movie", "paths": ["/srv/films"]})

    until(lambda: machine.titles() == ["Heat"], "the film")

    assert machine.said("ps", "-o", "user=", "-C", "homemedia").split()[0] == "homemedia"
    assert "denied" not in machine.said("journalctl", "-u", "homemedia", "--no-pager").lower()


def test_film_is_converted_inside_of_the_unit(machine: Machine) -> None:
    library = machine.asked("GET", "/api/libraries")["libraries"][0]
    item = machine.asked("GET", f"/api/libraries/{library['id']}/items")["items"][0]
    file = machine.asked("GET", f"/api/media/{item['id']}")["files"][0]

    opened = machine.asked("POST", f"/api/transcode/{file['id']}", {})

    assert opened["method"] == "transcode"
    listed = machine.said("curl", "-sSf", "-b", "/root/cookies", f"http://127.0.0.1:8420{opened['playlistUrl']}")
    assert "#EXTM3U" in listed
    first = next(line for line in listed.splitlines() if not line.startswith("#"))
    url = f"http://127.0.0.1:8420{opened['playlistUrl'].rpartition('/')[0]}/{first}"
    size = machine.said("curl", "-sSf", "-b", "/root/cookies", "-o", "/dev/null", "-w", "%{size_download}", url)
    assert int(size) > 1000


def test_service_may_not_write_beside_the_films(machine: Machine) -> None:
    machine.path("/srv/films").chmod(0o777)
    pid = machine.said("systemctl", "show", "-p", "MainPID", "--value", "homemedia").strip()

    status, words = machine.tried(
        "nsenter", "-t", pid, "-m", "setpriv", "--reuid=homemedia", "--clear-groups", "touch", "/srv/films/x"
    )

    assert status != 0
    assert "Read-only" in words


def test_killed_server_comes_back(machine: Machine) -> None:
    machine.said("systemctl", "kill", "-s", "KILL", "homemedia")

    until(lambda: machine.said("systemctl", "show", "-p", "NRestarts", "homemedia").strip()[-1] == "1", "a restart")
    until(machine.answers, "an answer")


def test_upgrade_keeps_the_household_and_the_service_running(machine: Machine) -> None:
    with machine.path(SETTINGS).open("a") as file:
        file.write("# mine\n")

    machine.said(*APT, "install", "/opt/packages/newer.deb")

    until(machine.answers, "an answer")
    assert machine.titles() == ["Heat"]
    assert machine.path(SETTINGS).read_text().endswith("# mine\n")


def test_older_package_finds_the_same_household(machine: Machine) -> None:
    machine.said(*APT, "install", "/opt/packages/this.deb")

    until(machine.answers, "an answer")
    assert machine.titles() == ["Heat"]


def test_stopped_service_stays_stopped_through_an_upgrade(machine: Machine) -> None:
    machine.said("systemctl", "stop", "homemedia")

    machine.said(*APT, "install", "--reinstall", "/opt/packages/this.deb")

    assert machine.state() == "inactive"


def test_removal_leaves_everything_but_the_program(machine: Machine) -> None:
    machine.said("systemctl", "start", "homemedia")
    until(machine.answers, "an answer")

    machine.said(*APT, "remove", "homemedia")

    assert machine.state() == "inactive"
    assert not machine.path("/usr/lib/homemedia").exists()
    assert machine.path(f"{STATE}/homemedia.db").exists()
    assert machine.path(SETTINGS).exists()
    assert machine.path("/srv/films/Heat (1995).mkv").exists()


def test_program_installed_again_finds_its_household(machine: Machine) -> None:
    machine.said(*APT, "install", "/opt/packages/this.deb")
    machine.said("systemctl", "start", "homemedia")

    until(machine.answers, "an answer")

    assert machine.titles() == ["Heat"]


def test_user_has_a_service_that_outlives_an_upgrade(machine: Machine) -> None:
    machine.said("systemctl", "stop", "homemedia")
    machine.said("useradd", "--create-home", "anna")
    machine.said("loginctl", "enable-linger", "anna")
    mine = ("systemctl", "--user", "--machine=anna@")
    until(lambda: machine.tried(*mine, "is-system-running")[0] == 0, "a systemd of hers")
    machine.said(*mine, "enable", "--now", "homemedia")
    until(machine.answers, "an answer")
    before = machine.said(*mine, "show", "-p", "MainPID", "homemedia")

    machine.said(*APT, "install", "/opt/packages/newer.deb")

    until(machine.answers, "an answer")
    assert machine.said(*mine, "show", "-p", "MainPID", "homemedia") != before
    assert machine.state() == "inactive"
    machine.said(*mine, "disable", "--now", "homemedia")


def test_server_that_somebody_started_begins_anew_after_an_upgrade(machine: Machine) -> None:
    until(lambda: not machine.answers(), "a free port")
    machine.said("systemd-run", "--unit=hers", "--uid=anna", "--setenv=HOME=/home/anna", "homemedia", "serve")
    until(machine.answers, "an answer")
    pid = machine.said("systemctl", "show", "-p", "MainPID", "--value", "hers").strip()

    machine.said(*APT, "install", "/opt/packages/this.deb")

    until(lambda: machine.said("readlink", f"/proc/{pid}/exe").strip() == "/usr/lib/homemedia/homemedia", "a new start")
    until(machine.answers, "an answer")
    assert machine.said("systemctl", "show", "-p", "MainPID", "--value", "hers").strip() == pid
    machine.said("systemctl", "stop", "hers")


def test_purge_takes_data_and_never_media(machine: Machine) -> None:
    photo = machine.path(f"{STATE}/media/photos/of-a-phone.jpg")
    photo.parent.mkdir(parents=True, exist_ok=True)
    photo.write_text("")

    said = machine.said(*APT, "purge", "homemedia")

    assert "are left in /var/lib/homemedia/media" in said
    left = [path for path in machine.path(STATE).rglob("*") if path.is_file()]
    assert left == [photo]
    assert not machine.path(CACHE).exists()
    assert not machine.path(SETTINGS).exists()
    assert machine.path("/srv/films/Heat (1995).mkv").exists()
    assert machine.path("/home/anna/.local/share/homemedia/homemedia.db").exists()
    assert list(machine.path("/etc/systemd").rglob("*homemedia*")) == []
    assert "homemedia" not in machine.said("systemctl", "list-unit-files", "--no-legend", "--no-pager")
