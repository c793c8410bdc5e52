"""Makes the archive for any Linux from the frozen program: to unpack and run, without rights.

    python3 packaging/build.py
    python3 packaging/make_tarball.py [--payload dist/homemedia] [--out dist]

writes dist/homemedia-<version>-linux-<processor>.tar.zst, or .tar.xz where zstd is not installed or `--xz` is said. It
holds one folder, homemedia-<version>, with the program, licences, the manual page and `install.sh`, which puts it into
the menu of a user. Made twice from the same program, it is the same to the byte.
"""

import argparse
import lzma
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import licences
import man
from linux import DEBIAN, PAYLOAD, ROOT, TARGET, Refused, changed_at, end_tidily, processor, put_program, version
from make_deb import BUILD_ENVIRONMENT

INSTALL = ROOT / "packaging" / "tarball" / "install.sh"


def make(payload: Path, out: Path, *, is_xz: bool) -> Path:
    """Make the archive; its path.

    Raises:
        Refused: a part is missing, or a tool says no.
    """
    _, machine = processor(payload)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="homemedia-tar-") as temporary:
        root = Path(temporary) / f"homemedia-{version()}"
        put_program(payload, root, kind="tarball")
        shutil.copy(INSTALL, root / "install.sh")
        share = root / "share"
        share.mkdir()
        shutil.copyfile(DEBIAN / "homemedia.desktop", share / "homemedia.desktop")
        shutil.copyfile(ROOT / "assets" / "icon.svg", share / "homemedia.svg")
        shutil.copyfile(ROOT / "docs" / "install" / "linux.md", share / "linux.md")
        shutil.copyfile(ROOT / "docs" / "settings.md", share / "settings.md")
        (share / "homemedia.1").write_text(man.page(), "utf-8")
        environment = BUILD_ENVIRONMENT if BUILD_ENVIRONMENT.is_dir() else None
        for problem in licences.collect(share / "licences", payload=payload, environment=environment):
            print(f"note: {problem}", file=sys.stderr)
        plain = Path(temporary) / "homemedia.tar"
        with tarfile.open(plain, "w", format=tarfile.GNU_FORMAT) as archive:
            archive.add(root, root.name, recursive=False, filter=_levelled)
            for path in sorted(root.rglob("*")):
                archive.add(path, f"{root.name}/{path.relative_to(root)}", recursive=False, filter=_levelled)
        return _packed(plain, out / f"homemedia-{version()}-linux-{machine}.tar", is_xz=is_xz)


def _levelled(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = changed_at()
    if not entry.issym():
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry


def _packed(plain: Path, named: Path, *, is_xz: bool) -> Path:
    zstd = shutil.which("zstd")
    if zstd and not is_xz:
        made = named.with_suffix(".tar.zst")
        # -T0 makes the same bytes whatever the number of processors.
        subprocess.run([zstd, "-q", "-12", "-T0", "-f", "-o", str(made), str(plain)], check=True)
        return made
    made = named.with_suffix(".tar.xz")
    with plain.open("rb") as source, lzma.open(made, "wb", preset=6) as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return made


def main() -> int:
    """Make it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--payload", type=Path, default=PAYLOAD, help="folder of the frozen program")
    parser.add_argument("--out", type=Path, default=TARGET, help="folder for the archive")
    parser.add_argument("--xz", action="store_true", help="pack with xz although zstd is there")
    wishes = parser.parse_args()
    if os.name != "posix":
        raise Refused("the archive is made on Linux")
    end_tidily()
    made = make(wishes.payload, wishes.out, is_xz=wishes.xz)
    print(f"{made}  {made.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
