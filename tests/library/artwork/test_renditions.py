"""Pictures in the sizes clients ask for, made once and kept within a limit."""

import asyncio
import os
from pathlib import Path

import pytest

from homemedia.library.artwork.renditions import Renditions, Wanted, focus, wanted
from homemedia.library.scan.disks import Disks, DiskSilent
from tests.library.artwork.fake_imaging import FakeImaging


def a_wish(name: str = "a", width: int = 320) -> Wanted:
    return wanted(f"/films/{name}.jpg", name * 32, (width, None), "cover", "jpeg")


@pytest.mark.parametrize(
    ("size", "fit", "expected"),
    [
        ((150, 225), "cover", "hhhhhhhhhhhhhhhh-180x240-cover.jpeg"),
        ((150, 225), "contain", "hhhhhhhhhhhhhhhh-180x240-contain.jpeg"),
        ((1, None), "cover", "hhhhhhhhhhhhhhhh-120x0-contain.jpeg"),
        ((None, 3000), "cover", "hhhhhhhhhhhhhhhh-0x3840-contain.jpeg"),
        ((None, None), "cover", "hhhhhhhhhhhhhhhh-1920x0-contain.jpeg"),
    ],
)
def test_sizes_are_rounded_up_to_the_ladder(size: tuple[int | None, int | None], fit: str, expected: str) -> None:
    assert wanted("/a.jpg", "h" * 32, size, fit, "jpeg").name == expected  # type: ignore[arg-type]


def test_crop_keeps_the_point_of_interest() -> None:
    wish = wanted("/a.jpg", "h" * 32, (120, 180), "cover", "webp", "0.250,0.750")

    assert wish.name == "hhhhhhhhhhhhhhhh-120x180-cover-0.250_0.750.webp"
    assert focus(wish.point) == (0.25, 0.75)
    assert focus(None) == (0.5, 0.5)


async def test_everybody_who_asks_while_it_is_made_gets_the_same_work(tmp_path: Path) -> None:
    imaging = FakeImaging()
    imaging.gate.clear()
    async with Renditions(tmp_path, imaging.tools()) as renditions:
        asking = [asyncio.create_task(renditions.make(a_wish())) for _ in range(5)]
        await asyncio.sleep(0)
        asking[0].cancel()
        imaging.gate.set()
        answers = await asyncio.gather(*asking, return_exceptions=True)

    assert imaging.asked == [("render", "a.jpg")]
    assert isinstance(answers[0], asyncio.CancelledError)
    assert answers[1:] == [b"a.jpg 320xNone contain jpeg"] * 4


async def test_face_on_a_dead_disk_is_a_face_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disks = Disks()

    async def ask_about(limit_s: float, path: str, *_: object) -> None:
        raise DiskSilent(path, limit_s)

    monkeypatch.setattr(disks, "ask_about", ask_about)
    async with Renditions(tmp_path, FakeImaging().tools(), disks=disks) as renditions:
        with pytest.raises(OSError, match="did not answer"):
            await renditions.stat("/mnt/nas/.actors/Ann_Ode.jpg")


async def test_cache_throws_out_what_was_not_used_for_longest(tmp_path: Path) -> None:
    async with Renditions(tmp_path, FakeImaging().tools()) as renditions:
        for age, name in ((300, "a"), (200, "b"), (100, "c")):
            await renditions.make(a_wish(name))
            path = renditions.path(a_wish(name))
            os.utime(path, (1_700_000_000 - age, 1_700_000_000 - age))
        assert renditions._upkeep is not None
        await renditions._upkeep
        renditions.touch(a_wish("a"))
        renditions._limit = 80
        renditions._keep_up()
        await renditions._upkeep

        left = [name for name in "abc" if renditions.path(a_wish(name)).exists()]

    assert "a" in left
    assert "b" not in left


async def test_full_disk_does_not_keep_a_picture_from_being_seen(tmp_path: Path) -> None:
    (tmp_path / "aa").write_text("a file where the folder should be")
    async with Renditions(tmp_path, FakeImaging().tools()) as renditions:
        assert await renditions.make(a_wish()) == b"a.jpg 320xNone contain jpeg"


async def test_nothing_is_left_running_after_close(tmp_path: Path) -> None:
    imaging = FakeImaging()
    imaging.gate.clear()
    renditions = Renditions(tmp_path, imaging.tools())
    asking = asyncio.create_task(renditions.make(a_wish()))
    await asyncio.sleep(0)

    await renditions.close()

    with pytest.raises(asyncio.CancelledError):
        await asking
