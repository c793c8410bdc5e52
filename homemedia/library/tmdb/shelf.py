"""A folder of files by name that may be thrown away: answers of TMDb, pictures that are only on offer.

Blocking; the callers run it in a lane. What is too old or too much goes, the oldest first.
"""

import hashlib
import os
from pathlib import Path

from homemedia.core.ids import new_hex

# So many files are put down between two looks at the whole folder.
SWEEP_EVERY = 200
# Thrown out down to this share, so that not every sweep finds too much again.
KEPT_SHARE = 0.9


class Shelf:
    """Files by any text as their name.

    Args:
        folder: made when missing.
        limit_bytes: how large it may grow, up to what `SWEEP_EVERY` files add.
        lasts_ms: how long a file is believed; None for ever.
    """

    def __init__(self, folder: Path, *, limit_bytes: int, lasts_ms: int | None = None) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._lasts_ms = lasts_ms
        self._put = SWEEP_EVERY  # the first one sweeps what an earlier run left

    def path(self, name: str) -> Path:
        """Where a file of this name lies, if it does."""
        digest = hashlib.blake2b(name.encode(), digest_size=16).hexdigest()
        return self._folder / digest[:2] / digest

    def get(self, name: str, now_ms: int) -> tuple[bytes, int] | None:
        """A file's bytes and its age in ms; None when there is none, or it is too old."""
        path = self.path(name)
        try:
            age_ms = now_ms - round(path.stat().st_mtime * 1000)
            # A clock that was set back makes files of the future: better asked again than believed for years.
            if self._lasts_ms is not None and not -1000 <= age_ms < self._lasts_ms:
                return None
            return path.read_bytes(), max(0, age_ms)
        except OSError:
            return None

    def put(self, name: str, body: bytes, now_ms: int) -> Path:
        """Keep a file; the same name again replaces it.

        Raises:
            OSError: the disk is full or refuses.
        """
        path = self.path(name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f"{new_hex(6)}.part")
        try:
            fresh.write_bytes(body)
            os.utime(fresh, (now_ms / 1000, now_ms / 1000))
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
        self._put += 1
        if self._put >= SWEEP_EVERY:
            self._put = 0
            self._sweep(now_ms)
        return path

    def _sweep(self, now_ms: int) -> None:
        found: list[tuple[float, int, str]] = []
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = os.path.join(folder, name)  # noqa: PTH118 - ten thousand Path objects take a while
                facts = os.stat(path)  # noqa: PTH116 - likewise
                if self._lasts_ms is not None and now_ms - facts.st_mtime * 1000 >= self._lasts_ms:
                    Path(path).unlink(missing_ok=True)
                else:
                    found.append((facts.st_mtime, facts.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self._limit:
            return
        for _, size, path in sorted(found):
            if total <= self._limit * KEPT_SHARE:
                return
            Path(path).unlink(missing_ok=True)
            total -= size
