"""What is made of files and kept lies where the table says, and nothing else does."""

import os
import time
from pathlib import Path

import pytest

from homemedia.library.rendition import YOUNG_S, KeptRenditions, Rendition
from tests.support.builders import Builders, a_database
from tests.support.photos import a_photo


def a_rendition(file_id: int, path: str, variant: str = "thumbnail") -> Rendition:
    return Rendition(
        file_id=file_id,
        variant=variant,
        pipeline=1,
        path=path,
        mime="image/webp",
        width=10,
        height=10,
        size_bytes=4,
        made_at=0,
    )


async def test_only_what_belongs_to_nothing_and_is_old_is_swept_away(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db, KeptRenditions(tmp_path / "kept") as kept:
        member = await Builders(db).a_member()
        await a_photo(db, member.user_id)
        file_id = (await db.read("SELECT file_id FROM file"))[0]["file_id"]
        known, lost = kept.path_for(file_id, "thumbnail", ".webp"), kept.path_for(file_id, "preview", ".jpg")
        gone, young = kept.path_for(7_000_000, "thumbnail", ".webp"), kept.path_for(file_id, "video", ".mp4.part")
        for path in (known, lost, gone, young):
            await kept.begin(path.removesuffix(".part"))
            kept.absolute(path).write_bytes(b"1234")
        before = time.time() - YOUNG_S - 1
        for path in (known, lost, gone):
            os.utime(kept.absolute(path), (before, before))
        async with db.write() as tx:
            await kept.enter(tx, a_rendition(file_id, known))

        assert await kept.sweep(db.read) == 2

        there = {path.relative_to(kept.folder).as_posix() for path in kept.folder.rglob("*") if path.is_file()}
        assert there == {known, young}


async def test_what_is_begun_lies_in_its_place_only_once_it_is_whole(tmp_path: Path) -> None:
    async with KeptRenditions(tmp_path / "kept") as kept:
        path = kept.path_for(5, "video", ".mp4")
        part = await kept.begin(path)
        part.write_bytes(b"half")
        assert not kept.absolute(path).exists()
        assert await kept.begin(path) == part
        assert not part.exists()
        part.write_bytes(b"whole")

        assert await kept.keep(path) == 5

        assert kept.absolute(path).read_bytes() == b"whole"
        with pytest.raises(FileNotFoundError):
            await kept.keep(path)
