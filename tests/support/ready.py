"""A database with its whole history applied: applied once in a process, copied for every test that needs one."""

import functools
import tempfile
from pathlib import Path

from homemedia.schema import migrate


def migrated(path: Path) -> Path:
    """Make the database at `path`, empty and up to date; one that is there already is brought up to date."""
    if path.exists():
        migrate(path, path.parent / "backups")
    else:
        path.write_bytes(_empty())
    return path


@functools.cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        migrate(path, Path(folder))
        return path.read_bytes()
