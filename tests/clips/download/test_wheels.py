"""What is unpacked of a newer downloader, and what is refused."""

import hashlib
import io
import stat
import zipfile
from pathlib import Path

import pytest

from homemedia.clips.download.wheels import NotFetched, Wheel, WheelIndex, order_of, unpack
from tests.support.video_site import VideoSite


def packed(files: dict[str, bytes], *, links: dict[str, str] | None = None) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(zipfile.ZipInfo(name), content)
        for name, target in (links or {}).items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            out.writestr(entry, target)
    return body.getvalue()


GOOD = {"yt_dlp/__init__.py": b"", "yt_dlp/utils/a.py": b"x = 1"}


def test_package_is_unpacked_and_nothing_beside_it(tmp_path: Path) -> None:
    unpack(packed(GOOD | {"other/x.py": b"", "yt_dlp-1.dist-info/METADATA": b"", "yt_dlp/x.so": b"\x7fELF"}), tmp_path)

    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["yt_dlp/__init__.py", "yt_dlp/utils/a.py"]


@pytest.mark.parametrize(
    "name",
    ["../x.py", "yt_dlp/../../x.py", "/x.py", "yt_dlp\\..\\x.py", "C:/x.py", "yt_dlp/x.py:stream"],
)
def test_wheel_that_points_outside_is_refused_whole(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()

    with pytest.raises(NotFetched):
        unpack(packed(GOOD | {name: b"x"}), folder)

    assert list(tmp_path.rglob("x.py")) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"PK\x05\x06",
        packed({"other/__init__.py": b""}),
        packed(GOOD, links={"yt_dlp/x.py": "/etc/passwd"}),
        packed(GOOD)[:-40],
    ],
)
def test_what_is_no_wheel_of_the_downloader_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(NotFetched):
        unpack(body, tmp_path)


def test_wheel_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homemedia.clips.download.wheels.MAX_UNPACKED_BYTES", 1 << 20)

    with pytest.raises(NotFetched):
        unpack(packed(GOOD | {"yt_dlp/x.py": bytes(2 << 20)}), tmp_path)

    assert not (tmp_path / "yt_dlp").exists()


async def test_release_is_found_fetched_and_put_in_place(site: VideoSite, tmp_path: Path) -> None:
    site.wheel = packed(GOOD)
    async with WheelIndex(site.url("/pypi/yt-dlp/json")) as index:
        wheel = await index.newest()
        await index.fetch(wheel, tmp_path / "providers" / wheel.version)

    assert wheel == Wheel("2099.01.01", site.url("/pypi/yt_dlp-2099.01.01-py3-none-any.whl"), digest(site.wheel))
    assert (tmp_path / "providers/2099.01.01/yt_dlp/utils/a.py").read_bytes() == b"x = 1"
    assert [path.name for path in (tmp_path / "providers").iterdir()] == ["2099.01.01"]


async def test_scripts_come_along_in_the_version_that_is_wanted(site: VideoSite, tmp_path: Path) -> None:
    site.wheel, site.scripts = packed(GOOD), packed({"yt_dlp_ejs/__init__.py": b"", "yt_dlp_ejs/yt/solver.js": b"1"})
    async with WheelIndex(site.url("/pypi/yt-dlp/json")) as index:
        wheel = await index.newest()
        await index.fetch(wheel, tmp_path / "copy")

    assert wheel.scripts == "0.8.0"
    assert (tmp_path / "copy/yt_dlp_ejs/yt/solver.js").is_file()
    assert (tmp_path / "copy/yt_dlp/utils/a.py").is_file()


async def test_scripts_that_cannot_be_had_are_left_out(site: VideoSite, tmp_path: Path) -> None:
    site.wheel, site.scripts = packed(GOOD), packed(GOOD)
    async with WheelIndex(site.url("/pypi/yt-dlp/json")) as index:
        wheel = await index.newest()
        site.scripts = None
        await index.fetch(wheel, tmp_path / "copy")

    assert [path.name for path in (tmp_path / "copy").iterdir()] == ["yt_dlp"]


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


async def test_release_with_another_digest_leaves_nothing(site: VideoSite, tmp_path: Path) -> None:
    site.wheel, site.wheel_digest = packed(GOOD), "0" * 64
    async with WheelIndex(site.url("/pypi/yt-dlp/json")) as index:
        with pytest.raises(NotFetched):
            await index.fetch(await index.newest(), tmp_path / "2099.01.01")

    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - the test is over


@pytest.mark.parametrize("version", ["../../x", "1.0", "2099.01.01/..", "latest"])
async def test_index_that_names_a_strange_version_is_not_believed(site: VideoSite, version: str) -> None:
    site.wheel, site.wheel_version = packed(GOOD), version
    async with WheelIndex(site.url("/pypi/yt-dlp/json")) as index:
        with pytest.raises(NotFetched):
            await index.newest()


@pytest.mark.parametrize("path", ["/gone", "/watch/a-cat", "/to?url=/pypi/yt-dlp/json"])
async def test_index_that_is_none_is_told(site: VideoSite, path: str) -> None:
    site.wheel = packed(GOOD)
    async with WheelIndex(site.url(path)) as index:
        with pytest.raises(NotFetched):
            await index.newest()


async def test_index_that_nobody_answers_for_is_told() -> None:
    async with WheelIndex("http://127.0.0.1:9/") as index:
        with pytest.raises(NotFetched):
            await index.newest()


def test_versions_are_ordered_by_their_numbers() -> None:
    versions = ["2027.1.1", "2026.10.26", "2026.9.30", "2026.10.26.1"]

    assert sorted(versions, key=order_of) == ["2026.9.30", "2026.10.26", "2026.10.26.1", "2027.1.1"]
