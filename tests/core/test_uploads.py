"""What arrives is hashed, synced and kept, or leaves nothing."""

import errno
import hashlib
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import pytest

from homemedia.core.digests import digests_of
from homemedia.core.problems import BadRequest, StorageFull, Unavailable
from homemedia.core.uploads import BATCH, Staging, sync_folder
from homemedia.library.scan.hashing import quick_hash

EDGE = 64 << 10


async def pieces(content: bytes, size: int = 10_000) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


def lying(staging: Staging) -> Iterable[Path]:
    return list(staging.folder.iterdir())


@pytest.mark.parametrize("size", [0, 1, EDGE - 1, EDGE, EDGE + 1, 2 * EDGE, 2 * EDGE + 1, BATCH * 2 + 17])
@pytest.mark.parametrize("cut", [1000, 1 << 20])
async def test_hashes_are_those_of_the_bytes_however_they_arrive(tmp_path: Path, size: int, cut: int) -> None:
    content = os.urandom(size)

    async with Staging(tmp_path / "staging") as staging, staging.receive(pieces(content, cut)) as received:
        found = received.digests
        assert received.path.read_bytes() == content
        assert found.sha1 == hashlib.sha1(content, usedforsecurity=False).digest()
        assert found.sha256 == hashlib.sha256(content).hexdigest()
        assert found.quick_hash == quick_hash(str(received.path))
        assert found == digests_of(received.path)


async def test_file_goes_unless_it_was_moved(tmp_path: Path) -> None:
    async with Staging(tmp_path / "staging") as staging:
        async with staging.receive(pieces(b"one")):
            assert len(list(lying(staging))) == 1
        assert lying(staging) == []
        async with staging.receive(pieces(b"two")) as received:
            received.path.rename(tmp_path / "kept")
        assert (tmp_path / "kept").read_bytes() == b"two"


async def test_too_much_is_refused_as_it_arrives(tmp_path: Path) -> None:
    seen = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal seen
        while True:
            seen += 1
            yield bytes(1000)

    async with Staging(tmp_path / "staging") as staging:
        with pytest.raises(BadRequest, match="enough"):
            async with staging.receive(endless(), limit=5000, refusal=BadRequest("enough")):
                pass
        assert seen == 6
        assert lying(staging) == []


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, StorageFull), (errno.EDQUOT, StorageFull), (errno.EIO, Unavailable)]
)
@pytest.mark.parametrize("call", ["write", "fsync"])
async def test_refusal_of_the_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, kind: type[Exception]
) -> None:
    def refuse(*_args: Any) -> int:
        raise OSError(number, "no")

    async with Staging(tmp_path / "staging") as staging:
        monkeypatch.setattr(f"homemedia.core.uploads.os.{call}", refuse)
        with pytest.raises(kind):
            async with staging.receive(pieces(os.urandom(3 * BATCH))):
                pass
        monkeypatch.undo()
        assert lying(staging) == []


async def test_start_drops_what_a_dead_server_left(tmp_path: Path) -> None:
    folder = tmp_path / "media" / "staging"
    folder.mkdir(parents=True)
    (folder / "0.part").write_bytes(b"half")

    async with Staging(folder) as staging:
        assert lying(staging) == []


async def test_folder_that_cannot_be_synced_is_let_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_fd: int) -> None:
        raise OSError(errno.EINVAL, "no such call")

    monkeypatch.setattr("homemedia.core.uploads.os.fsync", unknown)
    sync_folder(tmp_path)
    monkeypatch.setattr(
        "homemedia.core.uploads.os.fsync", lambda _fd: (_ for _ in ()).throw(OSError(errno.EIO, "broken"))
    )
    with pytest.raises(OSError, match="broken"):
        sync_folder(tmp_path)
