"""What lies in the package for Debian, made of a program that is none."""

import gzip
import os
import re
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from homemedia import __version__
from homemedia.core.places import Places
from homemedia.desktop.autostart import DesktopFile
from tests.support.programs import program

ROOT = Path(__file__).parents[2]
DEBIAN = ROOT / "packaging" / "debian"
# A folder named as people name them.
PLACE = r"Tom & Jerry | 100 % `$new\old"


@pytest.fixture(scope="module")
def package(payload: Path, made: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    program("dpkg-deb", required_as="dpkg-deb")
    return made("make_deb.py", "--payload", payload, "--out", tmp_path_factory.mktemp("deb"), "--level", 0)


@pytest.fixture(scope="module")
def installed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything where the package puts it, below `DEBIAN` what it says to dpkg."""
    folder = tmp_path_factory.mktemp("installed")
    output("dpkg-deb", "-R", package, folder)
    return folder


def output(name: str, *words: object, cwd: Path | None = None) -> str:
    """What a program writes that ends well."""
    command = [program(name, required_as="dpkg-deb"), *map(str, words)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True).stdout


def field(package: Path, name: str) -> str:
    return output("dpkg-deb", "-f", package, name).strip()


def test_package_is_named_by_version_and_processor(package: Path) -> None:
    assert package.name == f"homemedia_{__version__}_{field(package, 'Architecture')}.deb"
    assert field(package, "Version") == __version__


def test_newest_entry_of_the_changelog_is_of_this_version(installed: Path) -> None:
    with gzip.open(installed / "usr/share/doc/homemedia/changelog.gz", "rt") as file:
        assert file.readline().startswith(f"homemedia ({__version__}) ")


def test_program_says_by_what_it_came(installed: Path) -> None:
    assert (installed / "usr/lib/homemedia/_internal/install.txt").read_text() == "deb\n"


def test_command_leads_to_the_program(installed: Path) -> None:
    link = installed / "usr/bin/homemedia"

    assert link.is_symlink()
    assert link.resolve() == installed / "usr/lib/homemedia/homemedia"


def test_everything_is_readable_by_all_and_written_by_root_alone(package: Path) -> None:
    lines = [line.split(maxsplit=2) for line in output("dpkg-deb", "-c", package).splitlines()]

    assert {words[1] for words in lines} == {"root/root"}
    assert {words[0] for words in lines} <= {"drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "lrwxrwxrwx"}


def test_libraries_are_not_programs(installed: Path) -> None:
    library = installed / "usr/lib/homemedia/_internal/libpart.so.1"

    assert stat.S_IMODE(library.stat().st_mode) == 0o644
    assert (library.parent / "libpart.so").is_symlink()


def test_every_file_has_its_sum(installed: Path) -> None:
    assert output("md5sum", "--check", "--quiet", "DEBIAN/md5sums", cwd=installed) == ""
    listed = {line.split("  ", 1)[1] for line in (installed / "DEBIAN/md5sums").read_text().splitlines()}
    files = [path for path in installed.rglob("*") if path.is_file() and not path.is_symlink()]
    rest = {str(path.relative_to(installed)) for path in files} - listed
    assert {name for name in rest if not name.startswith("DEBIAN/")} == {
        name.lstrip("/") for name in (installed / "DEBIAN/conffiles").read_text().split()
    }


def test_old_systems_are_refused_by_the_libraries_they_lack(package: Path) -> None:
    assert "libc6 (>= 2.36)" in field(package, "Depends")


def test_tray_is_recommended_and_not_needed(package: Path) -> None:
    tray = {"python3-gi", "gir1.2-gtk-3.0", "gir1.2-ayatanaappindicator3-0.1"}

    assert tray <= set(field(package, "Recommends").split(", "))
    assert not any(name in field(package, "Depends") for name in tray)


def test_same_program_makes_the_same_package(
    package: Path, payload: Path, made: Callable[..., Path], tmp_path: Path
) -> None:
    for path in payload.rglob("*"):
        if not path.is_symlink():
            os.utime(path)

    again = made("make_deb.py", "--payload", payload, "--out", tmp_path, "--level", 0)

    assert again.read_bytes() == package.read_bytes()


def test_what_comes_before_a_release_sorts_before_it(payload: Path, made: Callable[..., Path], tmp_path: Path) -> None:
    program("dpkg-deb", required_as="dpkg-deb")
    early = made("make_deb.py", "--payload", payload, "--out", tmp_path, "--level", 0, "--version", "1.0.0rc1")

    assert field(early, "Version") == "1.0.0~rc1"
    output("dpkg", "--compare-versions", field(early, "Version"), "lt", "1.0.0")


def test_package_is_for_the_processor_of_the_program(made: Callable[..., Path], tmp_path: Path) -> None:
    program("dpkg-deb", required_as="dpkg-deb")
    folder = tmp_path / "homemedia"
    folder.mkdir()
    # An ELF header says it in its bytes 18 and 19.
    (folder / "homemedia").write_bytes(b"\x7fELF" + b"\0" * 14 + b"\xb7\0" + b"\0" * 44)
    (folder / "homemedia").chmod(0o755)

    package = made("make_deb.py", "--payload", folder, "--out", tmp_path, "--level", 0)

    assert package.name.endswith("_arm64.deb")
    assert field(package, "Architecture") == "arm64"


def test_licences_of_all_parts_come_along(installed: Path) -> None:
    folder = installed / "usr/share/doc/homemedia/licences"
    told = (folder / "README.md").read_text()
    listed = re.findall(r"^\| \[[\w.-]+\]\(([\w.-]+)\)", told, re.MULTILINE)

    assert {"aiohttp.txt", "av.txt", "imageio-ffmpeg.txt", "pyinstaller.txt"} <= set(listed)
    assert [name for name in listed if not (folder / name).read_text(errors="replace").strip()] == []
    assert (folder / "web-client.txt").is_file()


@pytest.mark.parametrize("name", ["postinst", "prerm", "postrm"])
def test_scripts_are_plain_shell(installed: Path, name: str) -> None:
    script = installed / "DEBIAN" / name

    assert script.stat().st_mode & 0o111
    assert subprocess.run(["/bin/sh", "-n", str(script)], check=False).returncode == 0
    assert "\nset -e\n" in script.read_text()


def test_purge_keeps_what_was_sent_and_takes_the_rest(tmp_path: Path) -> None:
    state, cache = tmp_path / "var/lib/homemedia", tmp_path / "var/cache/homemedia"
    films = tmp_path / "srv/films"
    for folder in (state / "media/photos/ab", state / "media/staging", state / "backups", cache / "x", films):
        folder.mkdir(parents=True)
    for file in (state / "media/photos/ab/1.jpg", state / "homemedia.db", state / ".hidden", films / "a.mkv"):
        file.write_text("")
    (state / "backups" / "linked").symlink_to(films)

    said = purged(tmp_path)

    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "srv/films/a.mkv",
        "var/lib/homemedia/media/photos/ab/1.jpg",
    ]
    assert not cache.exists()
    assert "are left in" in said


def test_purge_knows_what_the_service_keeps_and_leaves_what_it_does_not(tmp_path: Path) -> None:
    state = tmp_path / "var/lib/homemedia"
    places = Places(data_dir=state, transcode_dir=tmp_path / "var/cache/homemedia")
    named = [getattr(places, name) for name, what in vars(Places).items() if isinstance(what, property)]
    assert len(named) > 10
    for place in named:
        (place / "x").mkdir(parents=True)
    (state / "films").mkdir()
    (state / "films" / "a.mkv").write_text("")

    said = purged(tmp_path)

    assert [path.name for path in state.iterdir()] == ["films"]
    assert (state / "films" / "a.mkv").exists()
    assert said == f"homemedia: what others have put there is left in {state}\n"


def test_purge_of_an_empty_household_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "var/lib/homemedia/media/staging").mkdir(parents=True)

    assert purged(tmp_path) == ""
    assert not (tmp_path / "var/lib/homemedia").exists()


def test_purge_leaves_a_data_folder_that_is_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "disk"
    elsewhere.mkdir()
    (elsewhere / "homemedia.db").write_text("")
    (tmp_path / "var/lib").mkdir(parents=True)
    (tmp_path / "var/lib/homemedia").symlink_to(elsewhere)

    purged(tmp_path)
    purged(tmp_path)

    assert (elsewhere / "homemedia.db").exists()


def purged(root: Path) -> str:
    """What the script says when the package is purged on a machine below `root`, which has no systemd."""
    tools = root / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("find", "rm", "rmdir"):
        if not (tools / name).exists():
            (tools / name).symlink_to(str(shutil.which(name)))
    done = subprocess.run(
        ["/bin/sh", str(DEBIAN / "postrm"), "purge"],
        env={"PATH": str(tools), "DPKG_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(tools)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_archive_holds_one_folder_with_the_program(payload: Path, made: Callable[..., Path], tmp_path: Path) -> None:
    archive = made("make_tarball.py", "--payload", payload, "--out", tmp_path, "--xz")

    assert re.fullmatch(rf"homemedia-{re.escape(__version__)}-linux-\w+\.tar\.xz", archive.name)
    with tarfile.open(archive) as tar:
        names = tar.getnames()
        assert {name.split("/")[0] for name in names} == {f"homemedia-{__version__}"}
        assert {member.uid for member in tar.getmembers()} == {0}
        tar.extractall(tmp_path / "out", filter="data")
    folder = tmp_path / "out" / f"homemedia-{__version__}"
    assert (folder / "_internal/install.txt").read_text() == "tarball\n"
    assert os.access(folder / "homemedia", os.X_OK)


def test_archive_enters_the_menu_and_leaves_it(payload: Path, made: Callable[..., Path], tmp_path: Path) -> None:
    archive = made("make_tarball.py", "--payload", payload, "--out", tmp_path, "--xz")
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / PLACE, filter="data")
    folder = tmp_path / PLACE / f"homemedia-{__version__}"
    home = tmp_path / "home"
    home.mkdir()
    entry = home / ".local/share/applications/homemedia.desktop"

    def install(*words: str) -> None:
        command = [str(folder / "install.sh"), *words]
        subprocess.run(command, env={"HOME": str(home), "PATH": "/usr/bin:/bin"}, check=True, capture_output=True)

    install()
    install()
    assert (DesktopFile(entry.parent).command() or [])[0] == f"{folder}/homemedia"
    assert re.search(r'^Exec=".*/homemedia" start$', entry.read_text(), re.MULTILINE)
    done = subprocess.run([str(home / ".local/bin/homemedia"), "--version"], capture_output=True, check=True)
    assert done.stdout.startswith(b"HomeMedia")

    install("--remove")
    assert [path for path in home.rglob("*") if path.is_file() or path.is_symlink()] == []
    assert (folder / "homemedia").exists()
