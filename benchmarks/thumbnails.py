"""How fast photos get their pictures, beside a bare loop of the same library: 12 megapixels, JPEG and HEIC.

The bare loop is what one would write by hand: two processes, each decoding a file once and writing both pictures.
Ours begins with photos that lie in their places and ends when the last has its facts, its pictures and its row.
"""

import asyncio
import contextlib
import io
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import aiohttp
from PIL import Image, ImageFilter

from benchmarks.table import Row, markdown
from tests.support.app import House, a_house

PHOTOS, HEICS = 30, 6
SIZE = (4032, 3024)
PROCESSES = 2
ROUNDS = 3
WHEN = "2024-01-15T10:30:00.000Z"
AIM = 0.85
CPU_S = 0.14


class Figure(NamedTuple):
    """Photos a second, and seconds of processor a photo."""

    pace: float
    cpu_s: float


def a_picture(number: int) -> Image.Image:
    """Something like a photo: soft shapes with grain on them."""
    small = Image.effect_noise((63, 47), 90).convert("RGB").filter(ImageFilter.GaussianBlur(2))
    large = small.resize(SIZE, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(SIZE, 14 + number % 5).convert("RGB")
    return Image.blend(large, grain, 0.18)


def make(folder: Path, count: int, ending: str) -> list[Path]:
    """Files that differ: every one is the first with a few bytes of its own behind it."""
    body = io.BytesIO()
    if ending == ".heic":
        import pillow_heif  # noqa: PLC0415 - for these alone

        pillow_heif.register_heif_opener()
        a_picture(1).save(body, "HEIF", quality=80)
    else:
        a_picture(1).save(body, "JPEG", quality=92)
    made = []
    for number in range(count):
        path = folder / f"IMG_{number:04d}{ending}"
        path.write_bytes(body.getvalue() + number.to_bytes(8))
        made.append(path)
    return made


def bare(paths: Sequence[Path]) -> None:
    """Both pictures of each file, as anybody would write it."""
    if paths[0].suffix == ".heic":
        import pillow_heif  # noqa: PLC0415 - for these alone

        pillow_heif.register_heif_opener()
    for path in paths:
        with Image.open(path) as image:
            image.draft("RGB", (1920, 1440))
            image.load()
            large = image.resize((1920, 1440), Image.Resampling.HAMMING, reducing_gap=2.0)
        large.save(path.with_suffix(".preview.jpg"), quality=80)
        small = large.resize((333, 250), Image.Resampling.LANCZOS, reducing_gap=2.0)
        small.save(path.with_suffix(".thumbnail.webp"), quality=80, method=2)


def measure_bare(paths: list[Path]) -> Figure:
    parts = [paths[number::PROCESSES] for number in range(PROCESSES)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(bare, [[part[0]] for part in parts])  # both have loaded what they need
        began, cpu = time.perf_counter(), _cpu_s()
        pool.map(bare, parts, chunksize=1)
        wall = time.perf_counter() - began
        pool.close()
        pool.join()
    return Figure(len(paths) / wall, (_cpu_s() - cpu) / len(paths))


async def measure_ours(folder: Path, paths: list[Path]) -> Figure:
    """Photos that have come in and owe everything once more, all at once."""
    async with a_house(folder) as house:
        await house.claim()
        for path in paths:
            form = aiohttp.FormData()
            form.add_field("fileCreatedAt", WHEN)
            form.add_field("fileModifiedAt", WHEN)
            form.add_field("assetData", path.read_bytes(), filename=path.name)
            async with house.client.post("/api/assets", data=form) as answer:
                answer.raise_for_status()
        await house.until(house_is_done(house), patience_s=600)
        async with house.server.db.write() as tx:
            await tx.run("UPDATE photo SET todo = 3")
            await house.server.photos.settling.wish(tx)
            began, cpu = time.perf_counter(), _cpu_s()
        await house.until(house_is_done(house), patience_s=600)
        wall = time.perf_counter() - began
        return Figure(len(paths) / wall, (_cpu_s() - cpu) / len(paths))


def house_is_done(house: House) -> Callable[[], Awaitable[bool]]:
    async def is_done() -> bool:
        await asyncio.sleep(0.02)
        return not await house.server.db.read("SELECT 1 FROM photo WHERE todo & 3 LIMIT 1")

    return is_done


def _cpu_s() -> float:
    """What this process and all it has started have used."""
    mine, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    total = mine.ru_utime + mine.ru_stime + ended.ru_utime + ended.ru_stime
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def compare(name: str, paths: list[Path], folder: Path) -> list[Row]:
    """Bare and ours in turn, so that both see the same machine."""
    pairs = []
    for number in range(ROUNDS):
        loop = measure_bare(paths)
        pairs.append((loop, asyncio.run(measure_ours(folder / f"{name}-{number}", paths))))
    ratio = statistics.median(ours.pace / loop.pace for loop, ours in pairs)
    loop, ours = sorted(pairs, key=lambda pair: pair[1].pace / pair[0].pace)[len(pairs) // 2]
    rows = [
        Row(
            f"both pictures of 12 megapixels, {name}",
            f"{ours.pace:.1f} a second, bare loop {loop.pace:.1f}: {ratio:.2f}",
            f"≥ {AIM:.2f} of the loop",
            ratio >= AIM,
        )
    ]
    if name == "JPEG":
        used = f"{ours.cpu_s:.3f} s, bare loop {loop.cpu_s:.3f} s"
        rows.append(Row(f"processor for a photo, {name}", used, f"≤ {CPU_S:.2f} s", ours.cpu_s <= CPU_S))
    return rows


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rows = []
        for name, ending, count in (("JPEG", ".jpg", PHOTOS), ("HEIC", ".heic", HEICS)):
            photos = folder / name
            photos.mkdir()
            rows += compare(name, make(photos, count, ending), folder)
        print(markdown(rows))


if __name__ == "__main__":
    main()
