"""Immich's command-line client, unchanged, against the whole server (photos §12.1, 14.1 to 14.4)."""

import asyncio
import hashlib
import os
import re
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients.conftest import a_picture
from tests.support.app import House
from tests.support.node import end_of_program, newer_node, node_package, run_program

UNICODE = "Grüße, \"Ann\" & 'Ben' 写真.jpg"
MANY = 500
Cli = Callable[..., Awaitable[str]]


def started(folder: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    program = node_package("@immich/cli") / "bin" / "immich"
    return [newer_node(), str(program), *arguments], {"IMMICH_CONFIG_DIR": str(folder / "config"), "NO_COLOR": "1"}


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    async def run(*arguments: str, patience_s: float = 60.0) -> str:
        words, env = started(tmp_path, *arguments)
        return await run_program(*words, env=env, patience_s=patience_s)

    return run


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    for number, name in enumerate(["Rome/a.jpg", f"Rome/{UNICODE}", "Oslo/c.JPG", "Oslo/deep/d.jpeg"]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(a_picture(number))
    for name, rating in (("Rome/a.jpg.xmp", 4), ("Oslo/c.xmp", 2)):
        (folder / name).write_text(
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            f'<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{rating}"/></rdf:RDF></x:xmpmeta>',
            encoding="utf-8",
        )
    (folder / "notes.txt").write_text("not a picture", encoding="utf-8")
    return folder


async def everything(house: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page: str | None = "1"
    while page:
        body = {"page": int(page), "size": 1000, "withExif": True}
        assets = (await house.send("POST", "/api/search/metadata", body))["assets"]
        found += assets["items"]
        page = assets["nextPage"]
    return found


async def sums(house: House) -> set[str]:
    """SHA-1 of every original as it comes back."""
    found = set()
    for one in await everything(house):
        async with house.client.get(f"/api/assets/{one['id']}/original") as answer:
            found.add(hashlib.sha1(await answer.read(), usedforsecurity=False).hexdigest())
    return found


def sums_of(folder: Path) -> set[str]:
    files = [one for one in folder.rglob("*") if one.suffix.lower() in {".jpg", ".jpeg"}]
    return {hashlib.sha1(one.read_bytes(), usedforsecurity=False).hexdigest() for one in files}


async def stored_files(house: House) -> int:
    rows = await house.server.db.read("SELECT count(*) AS files FROM file")
    return int(rows[0]["files"])


@pytest.mark.parametrize("path", ["", "/api"])
async def test_it_signs_in_by_either_address(house: House, key: str, cli: Cli, path: str) -> None:
    assert "Logged in as admin@homemedia.invalid" in await cli("login", house.url + path, key)

    told = await cli("server-info")

    assert "Version: 3.2.2" in told
    assert re.search(r"Images: .*\bheic\b", told)
    assert re.search(r"Videos: .*\bmp4\b", told)
    assert re.search(r"Images: 0\s+Videos: 0\s+Total: 0", told)


async def test_wrong_key_is_told_in_words(house: House, tmp_path: Path) -> None:
    words, env = started(tmp_path, "login", house.url, "nonsense")

    code, told = await end_of_program(*words, env=env)

    assert code != 0
    assert "Invalid API key" in told


async def test_key_without_the_right_to_upload_is_told_so(house: House, cli: Cli, tmp_path: Path) -> None:
    words = ["user.read", "server.about", "asset.statistics"]
    made = await house.send("POST", "/api/api-keys", {"permissions": words}, 201)
    await cli("login", house.url, made["secret"])
    program, env = started(tmp_path, "upload", str(tmp_path))

    code, told = await end_of_program(*program, env=env)

    assert code != 0
    assert "asset.upload" in told


async def test_upload_takes_all_once_into_albums(house: House, key: str, cli: Cli, pictures: Path) -> None:
    await cli("login", house.url, key)

    first = await cli("upload", "--recursive", "--album", str(pictures))
    await house.idle()
    again = await cli("upload", "--recursive", "--album", str(pictures))
    unhashed = await cli("upload", "--recursive", "--skip-hash", str(pictures))

    assert "Successfully uploaded 4 new assets" in first
    assert "Found 0 new files and 4 duplicates" in again
    assert "Skipped 4 duplicate assets" in unhashed
    assert await stored_files(house) == 4
    assert await sums(house) == sums_of(pictures)
    albums = {one["albumName"]: one["assetCount"] for one in await house.get("/api/albums")}
    assert albums == {"Rome": 2, "Oslo": 1, "deep": 1}
    by_name = {one["originalFileName"]: one for one in await everything(house)}
    assert by_name.keys() == {"a.jpg", UNICODE, "c.JPG", "d.jpeg"}
    assert (by_name["a.jpg"]["exifInfo"]["rating"], by_name["c.JPG"]["exifInfo"]["rating"]) == (4, 2)


@pytest.mark.long
async def test_it_watches_a_folder(house: House, key: str, cli: Cli, tmp_path: Path) -> None:
    """It waits for ten seconds of calm before it sends what came."""
    await cli("login", house.url, key)
    folder = tmp_path / "watched"
    folder.mkdir()
    words, env = started(tmp_path, "upload", "--watch", str(folder))
    child = await asyncio.create_subprocess_exec(
        *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | env
    )
    assert child.stdout is not None
    try:
        async with asyncio.timeout(60):
            await child.stdout.readuntil(b"nothing to do")
            noticed = asyncio.ensure_future(child.stdout.readuntil(b"Change detected"))
            number = 0
            # It does not say when it begins to watch.
            while not (await asyncio.wait([noticed], timeout=0.5))[0]:
                number += 1
                (folder / f"{number}.jpg").write_bytes(a_picture(number))
            await child.stdout.readuntil(b"Successfully uploaded")
    finally:
        child.kill()
        await child.wait()
    assert await sums(house)
    assert await sums(house) <= sums_of(folder)


@pytest.mark.long
async def test_hundreds_of_pictures_come_once(house: House, key: str, cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for number in range(MANY):
        place = folder / f"album {number // 100}" / f"{number}.jpg"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(a_picture(number))
    await cli("login", house.url, key)

    first = await cli("upload", "--recursive", "--album", str(folder), patience_s=300.0)
    again = await cli("upload", "--recursive", "--album", str(folder), patience_s=300.0)

    assert f"Successfully uploaded {MANY} new assets" in first
    assert f"Found 0 new files and {MANY} duplicates" in again
    assert await stored_files(house) == MANY
    assert await sums(house) == sums_of(folder)
    assert {one["assetCount"] for one in await house.get("/api/albums")} == {100}
