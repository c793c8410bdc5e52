"""Makes the package for Debian and Ubuntu from the frozen program.

    python3 packaging/build.py
    python3 packaging/make_deb.py [--payload dist/homemedia] [--out dist]

writes dist/homemedia_<version>_<processor>.deb. Needs dpkg-deb and nothing of Python but its standard library. What the
package holds beside the program stands in packaging/debian/. The same command on an arm64 machine makes the arm64 one:
the processor is read from the program. Made twice from the same program, it is the same to the byte.
"""

import argparse
import gzip
import hashlib
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

import licences
import man
from linux import (
    DEBIAN,
    PAYLOAD,
    PROGRAM,
    ROOT,
    TARGET,
    Refused,
    changed_at,
    end_tidily,
    glibc,
    processor,
    put_program,
    run,
    version,
)

BUILD_ENVIRONMENT = ROOT / "build" / "venv"
# Where files of packaging/debian go, and with which rights.
FILES = {
    "homemedia.service": ("usr/lib/systemd/system/homemedia.service", 0o644),
    "homemedia.user.service": ("usr/lib/systemd/user/homemedia.service", 0o644),
    "homemedia.preset": ("usr/lib/systemd/system-preset/50-homemedia.preset", 0o644),
    "homemedia.user.preset": ("usr/lib/systemd/user-preset/50-homemedia.preset", 0o644),
    "homemedia.sysusers": ("usr/lib/sysusers.d/homemedia.conf", 0o644),
    "homemedia.toml": ("etc/homemedia/homemedia.toml", 0o644),
    "homemedia.ufw": ("etc/ufw/applications.d/homemedia", 0o644),
    "homemedia.firewalld.xml": ("usr/lib/firewalld/services/homemedia.xml", 0o644),
    "homemedia.desktop": ("usr/share/applications/homemedia.desktop", 0o644),
    "homemedia-service": ("usr/sbin/homemedia-service", 0o755),
    "homemedia.lintian-overrides": ("usr/share/lintian/overrides/homemedia", 0o644),
    "copyright": ("usr/share/doc/homemedia/copyright", 0o644),
    "watches.conf": ("usr/share/doc/homemedia/examples/60-homemedia-watches.conf", 0o644),
}
DOCUMENTS = {"docs/settings.md": "settings.md", "docs/install/linux.md": "linux.md"}
SCRIPTS = ("postinst", "prerm", "postrm")
METAINFO = "org.homemedia.HomeMedia.metainfo.xml"


def make(payload: Path, out: Path, *, level: int, homepage: str = "", newer: str = "") -> Path:
    """Make the package; its path.

    Args:
        payload: the frozen program.
        out: folder for the package.
        level: how hard xz works, 1 to 9; 0: nothing is packed.
        homepage: address of the project, with pictures below `pictures/`; left out where empty.
        newer: version to claim in place of the program's own, to try upgrades with.

    Raises:
        Refused: a part is missing, or a tool says no.
    """
    debian, _ = processor(payload)
    told = newer or version()
    release = _debian_version(told)
    with tempfile.TemporaryDirectory(prefix="homemedia-deb-") as temporary:
        root = Path(temporary) / "root"
        root.mkdir(mode=0o755)
        put_program(payload, root / "usr/lib/homemedia", kind="deb")
        _link(root)
        _beside(root, told, homepage)
        for problem in licences.collect(
            root / "usr/share/doc/homemedia/licences", payload=payload, environment=_environment()
        ):
            print(f"note: {problem}", file=sys.stderr)
        for folder in [root, *(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())]:
            folder.chmod(0o755)
        _control(root, release, debian)
        package = out / f"homemedia_{release}_{debian}.deb"
        out.mkdir(parents=True, exist_ok=True)
        run(
            "dpkg-deb",
            "--root-owner-group",
            *(["-Zxz", f"-z{level}"] if level else ["-Znone"]),
            "--build",
            str(root),
            str(package),
        )
    return package


def _environment() -> Path | None:
    return BUILD_ENVIRONMENT if BUILD_ENVIRONMENT.is_dir() else None


def _debian_version(told: str) -> str:
    """A version as Debian sorts it: what comes before a release sorts before it."""
    return re.sub(r"\.?(a|b|rc|dev)(?=\d)", r"~\1", told)


def _link(root: Path) -> None:
    link = root / "usr/bin" / PROGRAM
    link.parent.mkdir(parents=True)
    link.symlink_to(f"../lib/homemedia/{PROGRAM}")


def _beside(root: Path, told: str, homepage: str) -> None:
    for name, (place, mode) in FILES.items():
        _put(root / place, (DEBIAN / name).read_bytes(), mode)
    documents = root / "usr/share/doc/homemedia"
    for name, called in DOCUMENTS.items():
        # Here they lie beside each other.
        _put(documents / called, (ROOT / name).read_text("utf-8").replace("](../", "](").encode())
    _put(documents / "changelog.gz", _packed(_changelog(told)))
    _put(documents / "CHANGES.md.gz", _packed((ROOT / "CHANGELOG.md").read_text("utf-8")))
    _put(root / "usr/share/man/man1/homemedia.1.gz", _packed(man.page()))
    _put(root / "usr/share/man/man8/homemedia-service.8.gz", _packed(man.filled("homemedia-service.8.in")))
    _put(root / "usr/share/metainfo" / METAINFO, metainfo(told, homepage).encode())
    for size in sorted((ROOT / "assets" / "hicolor").glob("*x*")):
        for picture in sorted(size.glob("homemedia.png")):
            _put(root / "usr/share/icons/hicolor" / size.name / "apps" / picture.name, picture.read_bytes())
    _put(root / "usr/share/icons/hicolor/scalable/apps/homemedia.svg", (ROOT / "assets" / "icon.svg").read_bytes())


def metainfo(told: str, homepage: str) -> str:
    """What software centres show. Addresses only where there is one: its pictures are fetched."""
    text = (DEBIAN / f"{METAINFO}.in").read_text("utf-8")
    day = time.strftime("%Y-%m-%d", time.gmtime(changed_at()))
    text = text.replace("@VERSION@", told).replace("@DATE@", day).replace("@HOMEPAGE@", homepage.rstrip("/"))
    return (
        text
        if homepage
        else re.sub(
            r"^ *<!-- addresses -->\n.*?^ *<!-- end of addresses -->\n", "", text, flags=re.MULTILINE | re.DOTALL
        )
    )


def _changelog(told: str) -> str:
    text = (DEBIAN / "changelog").read_text("utf-8")
    return text if told == version() else re.sub(r"\A(\S+) \([^)]*\)", rf"\1 ({_debian_version(told)})", text)


def _packed(text: str) -> bytes:
    return gzip.compress(text.encode(), 9, mtime=0)


def _put(path: Path, content: bytes, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


def _control(root: Path, release: str, debian: str) -> None:
    control = root / "DEBIAN"
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    kib = sum(-(-path.stat().st_size // 1024) for path in files) + sum(path.is_dir() for path in root.rglob("*"))
    words = {"VERSION": release, "ARCH": debian, "INSTALLED_SIZE": str(kib), "GLIBC": glibc(root / "usr/lib/homemedia")}
    text = re.sub("@([A-Z_]+)@", lambda found: words[found[1]], (DEBIAN / "control.in").read_text("utf-8"))
    sums = "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(root)}\n"
        for path in files
        if not path.is_relative_to(root / "etc")
    )
    _put(control / "control", text.encode())
    _put(control / "md5sums", sums.encode())
    _put(control / "conffiles", (DEBIAN / "conffiles").read_bytes())
    for name in SCRIPTS:
        _put(control / name, (DEBIAN / name).read_bytes(), 0o755)


def main() -> int:
    """Make it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--payload", type=Path, default=PAYLOAD, help="folder of the frozen program")
    parser.add_argument("--out", type=Path, default=TARGET, help="folder for the package")
    parser.add_argument("--level", type=int, default=6, help="how hard xz works, 1 to 9; 0 does not pack")
    parser.add_argument("--homepage", default="", help="address of the project, for software centres")
    parser.add_argument("--version", dest="newer", default="", help="claim another version, to try upgrades with")
    wishes = parser.parse_args()
    if shutil.which("dpkg-deb") is None:
        raise Refused("dpkg-deb is not installed; packages for Debian are made on Debian")
    end_tidily()
    made = make(wishes.payload, wishes.out, level=wishes.level, homepage=wishes.homepage, newer=wishes.newer)
    print(f"{made}  {made.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
