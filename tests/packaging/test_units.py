"""What the package tells the system: units, the menu, software centres, the firewall, the manual."""

import gzip
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest

from homemedia import cli, settings
from tests.support.programs import program

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
DEBIAN = PACKAGING / "debian"
# As low as it gets for a server that reads every disk, uses the graphics card and answers the network.
EXPOSED_AT_MOST = 2.0


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, Any]]:
    sys.path.insert(0, str(PACKAGING))
    yield {name: runpy.run_path(str(PACKAGING / f"{name}.py")) for name in ("make_deb", "man", "licences")}
    sys.path.remove(str(PACKAGING))


def said(*command: str, **variables: str) -> tuple[int, str]:
    done = subprocess.run(
        command,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "whose"), [("homemedia.service", "--system"), ("homemedia.user.service", "--user")])
def test_unit_is_understood_in_every_line(tmp_path: Path, name: str, whose: str) -> None:
    analyze = program("systemd-analyze", required_as="systemd-analyze")
    # It looks whether the program is there, too.
    text = (DEBIAN / name).read_text().replace("/usr/bin/homemedia", str(shutil.which("true")))
    unit = tmp_path / "homemedia.service"
    unit.write_text(text)

    # (A root that is empty: the units of this machine are none of ours to judge.)
    status, words = said(analyze, "verify", "--man=no", whose, str(unit), XDG_RUNTIME_DIR=str(tmp_path))

    assert [line for line in words.splitlines() if "homemedia" in line] == []
    assert status == 0, words


def test_system_unit_may_do_little() -> None:
    analyze = program("systemd-analyze", required_as="systemd-analyze")

    _, words = said(analyze, "security", "--offline=true", "--no-pager", str(DEBIAN / "homemedia.service"))

    found = re.search(r"Overall exposure level for homemedia.service: ([\d.]+)", words)
    assert found is not None, words
    assert float(found[1]) <= EXPOSED_AT_MOST


def test_service_has_a_user_and_folders_of_its_own() -> None:
    text = (DEBIAN / "homemedia.service").read_text()

    assert "\nUser=homemedia\n" in text
    assert "\nStateDirectory=homemedia\n" in text
    assert re.search(r"^u homemedia ", (DEBIAN / "homemedia.sysusers").read_text(), re.MULTILINE)
    # By these the program finds the folders that systemd makes for it.
    own = {"XDG_CONFIG_HOME=/etc", "XDG_DATA_HOME=/var/lib", "XDG_CACHE_HOME=/var/cache"}
    environment = re.search(r"^Environment=(.*)$", text, re.MULTILINE)
    assert environment is not None
    assert set(environment[1].split()) == own
    assert own <= set((DEBIAN / "homemedia-service").read_text().split())


def test_nothing_is_enabled_by_being_installed() -> None:
    assert "disable homemedia.service" in (DEBIAN / "homemedia.preset").read_text()
    assert "disable homemedia.service" in (DEBIAN / "homemedia.user.preset").read_text()
    assert "deb-systemd-helper enable" not in re.sub(
        r"if deb-systemd-helper --quiet was-enabled.*?fi\n", "", (DEBIAN / "postinst").read_text(), flags=re.DOTALL
    )


def test_settings_file_holds_settings_that_exist(tmp_path: Path) -> None:
    text = (DEBIAN / "homemedia.toml").read_text()
    switched_on = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    file = tmp_path / "homemedia.toml"

    file.write_text(switched_on)
    found = settings.load(file=file, environment={})
    assert found.data_dir == "/var/lib/homemedia"
    # As it comes it changes nothing.
    assert all(not section for section in tomllib.loads(text).values())
    file.write_text(text)
    assert msgspec.to_builtins(settings.load(file=file, environment={})) == msgspec.to_builtins(settings.Settings())


def test_firewall_opens_the_ports_that_the_server_answers_at() -> None:
    ports = {str(settings.Settings().server.port), str(settings.Settings().server.tls_port)}

    ufw = re.search(r"^ports=(.*)$", (DEBIAN / "homemedia.ufw").read_text(), re.MULTILINE)
    assert ufw is not None
    assert ufw[1] == f"{','.join(sorted(ports))}/tcp|5353/udp"
    service = ET.parse(DEBIAN / "homemedia.firewalld.xml").getroot()  # noqa: S314 - a file of our own
    assert {port.get("port") for port in service.iter("port")} == ports
    assert [include.get("service") for include in service.iter("include")] == ["mdns"]


def test_menu_entry_is_valid() -> None:
    validate = program("desktop-file-validate", required_as="desktop-file-validate")

    assert said(validate, "--warn-kde", str(DEBIAN / "homemedia.desktop")) == (0, "")


def test_menu_starts_commands_that_exist() -> None:
    lines = re.findall(r"^Exec=homemedia (.*)$", (DEBIAN / "homemedia.desktop").read_text(), re.MULTILINE)

    assert lines == ["start", "start --no-browser", "stop"]
    for line in lines:
        cli._parser().parse_args(line.split())


@pytest.mark.parametrize("homepage", ["", "https://homemedia.example"])
def test_software_centres_are_told_valid_words(scripts: dict[str, Any], tmp_path: Path, homepage: str) -> None:
    appstream = program("appstreamcli", required_as="appstreamcli")
    file = tmp_path / "org.homemedia.HomeMedia.metainfo.xml"
    file.write_text(scripts["make_deb"]["metainfo"]("1.2.3", homepage))

    status, words = said(appstream, "validate", "--no-net", "--strict", str(file))

    assert status == 0, words
    root = ET.fromstring(file.read_text())  # noqa: S314 - a file of our own
    assert root.findtext("launchable") == "homemedia.desktop"
    assert root.find("content_rating") is not None
    assert [release.get("version") for release in root.iter("release")] == ["1.2.3"]
    assert (root.find("screenshots") is not None) == bool(homepage)


def test_manual_page_names_every_command_and_no_other(scripts: dict[str, Any]) -> None:
    page = scripts["man"]["page"]().replace(r"\-", "-")
    section = page.partition(".SH COMMANDS\n")[2].partition("\n.SH ")[0]

    parser = cli._parser()
    told = {tuple(words) for words, _, _ in scripts["man"]["commands"](parser, [])}
    assert {words[0] for words in told} == set(re.findall(r"[a-z]+", _choices(parser)))
    assert set(re.findall(r"^\\fB([a-z][a-z -]+)\\fR", section, re.MULTILINE)) == {" ".join(words) for words in told}


def _choices(parser: Any) -> str:
    done = re.search(r"\ncommands:\n(.*)", parser.format_help(), re.DOTALL)
    assert done is not None
    return " ".join(re.findall(r"^    ([a-z]+)", done[1], re.MULTILINE))


@pytest.mark.parametrize("name", ["homemedia.1", "homemedia-service.8"])
def test_manual_page_is_clean_troff(scripts: dict[str, Any], tmp_path: Path, name: str) -> None:
    groff = program("groff", required_as="groff")
    man = scripts["man"]
    page = tmp_path / name
    page.write_text(man["page"]() if name == "homemedia.1" else man["filled"](f"{name}.in"))

    assert said(groff, "-man", "-Tutf8", "-ww", "-z", str(page)) == (0, "")


def test_libraries_in_machine_code_are_known_by_their_names(scripts: dict[str, Any], tmp_path: Path) -> None:
    for name in ("libx264-d6533a8d.so.165", "libav.libs/libxcb-shape-7716c890.so.0.0.0", "libdb-5.3.so", "libz.so.1"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")

    found = scripts["licences"]["libraries"](tmp_path)

    assert found == {"x264", "xcb-shape", "db", "z"}
    known = tomllib.loads((PACKAGING / "native.toml").read_text())["libraries"]
    assert found <= set(known)


def test_packed_program_holds_no_library_of_unknown_licence(scripts: dict[str, Any]) -> None:
    packed = ROOT / "dist" / "homemedia"
    if not packed.is_dir():
        pytest.skip("there is no packed program; packaging/build.py makes one")
    known = {name.lower() for name in tomllib.loads((PACKAGING / "native.toml").read_text())["libraries"]}

    assert {name for name in scripts["licences"]["libraries"](packed) if name.lower() not in known} == set()


def test_manual_pages_are_packed_as_debian_reads_them(scripts: dict[str, Any]) -> None:
    packed = scripts["make_deb"]["_packed"]("words")

    assert gzip.decompress(packed) == b"words"
    assert packed == scripts["make_deb"]["_packed"]("words")
