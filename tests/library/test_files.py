"""Files of items: their facts, and where their bytes are."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from homemedia.accounts import Member
from homemedia.core.problems import AppError, NotFound
from homemedia.library.files import FileService, PlaceOfFile, marker_kind
from homemedia.media import Attachment, Chapter
from tests.support.builders import Builders, a_database, a_probe


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Intro", "intro"),
        ("OPENING", "intro"),
        ("Opening Credits", "intro"),
        ("Vorspann", "intro"),
        ("Générique de début", "intro"),
        ("Cabecera", "intro"),
        ("Sigla", "intro"),
        ("Abertura", "intro"),
        ("Vinjett", "intro"),
        ("Recap", "recap"),
        ("Was bisher geschah …", "recap"),
        ("Résumé", "recap"),
        ("Credits", "credits"),
        ("Credits 2", "credits"),
        ("Ending", "credits"),
        ("Abspann", "credits"),
        ("Générique de fin", "credits"),
        ("Créditos", "credits"),
        ("Titoli di coda", "credits"),
        ("Aftiteling", "credits"),
        ("Eftertexter", "credits"),
        ("The opening of the door", None),
        ("Chapter 1", None),
        ("", None),
        (None, None),
    ],
)
def test_only_known_chapter_titles_make_markers(title: str | None, kind: str | None) -> None:
    assert marker_kind(title) == kind


async def test_info_lists_subtitle_files_before_those_inside(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        alice, boss = await house.a_member(), await house.a_member(is_admin=True)
        films = await house.a_library(root="/films")
        heat = await house.an_item(films, title="Heat")
        probe = a_probe(
            chapters=(Chapter(title="One", start_ms=0, end_ms=10),),
            attachments=(Attachment(name="Font.ttf", mime="font/ttf", size=3),),
        )
        file = await house.a_file(films, heat, path="Heat/Heat.mkv", probe=probe)
        for name, language, flags in (("Heat.de.forced.srt", "de", "forced"), ("Heat.da.sup", "da", "")):
            beside = await house.a_file(films, path=f"Heat/{name}")
            await house.insert(
                "sidecar",
                {
                    "file_id": beside.file_id,
                    "of_file_id": file.file_id,
                    "kind": "subtitle",
                    "language": language,
                    "flags": flags,
                },
            )
        service = FileService(db)

        hers = msgspec.to_builtins(await service.info(alice, file.file_id))
        of_boss = await service.info(boss, file.file_id)

        assert [
            (one["index"], one["format"], one["text"], one["external"], one["language"]) for one in hers["subtitles"]
        ] == [
            (0, "pgs", False, True, "da"),
            (1, "srt", True, True, "de"),
            (2, "srt", True, False, "en"),
        ]
        assert hers["subtitles"][1]["forced"] is True
        assert hers["subtitles"][0]["url"] == f"/api/media/{file.file_id}/subtitle/0"
        assert hers["video"][0]["frameRate"] is None
        assert (hers["ratingKey"], hers["path"]) == (heat.key, None)
        assert hers["attachments"] == [{"name": "Font.ttf", "mime": "font/ttf", "size": 3}]
        assert of_boss.path == "/films/Heat/Heat.mkv"


async def test_file_that_was_not_probed_yet_has_facts_all_the_same(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        alice = await house.a_member()
        films = await house.a_library()
        file = await house.a_file(films, await house.an_item(films), probed_at=None)

        info = await FileService(db).info(alice, file.file_id)

        assert (info.video, info.container, info.duration, info.size) == ([], None, None, 1_000_000)


@pytest.mark.parametrize(
    ("container", "content_type"),
    [("mp4", "video/mp4"), ("mkv", "video/x-matroska"), ("m2ts", "video/mp2t"), ("rm", "application/octet-stream")],
)
async def test_content_type_follows_the_container(tmp_path: Path, container: str, content_type: str) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        alice = await house.a_member()
        films = await house.a_library(root="/films")
        file = await house.a_file(films, await house.an_item(films), path="a/x.bin", probe=a_probe(container=container))

        place = await FileService(db).place(alice, file.file_id)

        assert (place.path, place.content_type) == (Path("/films/a/x.bin"), content_type)


async def test_file_that_cannot_be_sent_says_why(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        alice = await house.a_member()
        films, away = await house.a_library(), await house.a_library("Away", is_available=0)
        gone = await house.a_file(films, await house.an_item(films), missing_since_at=house.at_ms)
        offline = await house.a_file(away, await house.an_item(away))
        loose = await house.a_file(films)
        service = FileService(db)
        refusals = {}

        for name, file_id in (
            ("gone", gone.file_id),
            ("offline", offline.file_id),
            ("loose", loose.file_id),
            ("none", 999),
        ):
            with pytest.raises(AppError) as refused:
                await service.place(alice, file_id)
            refusals[name] = refused.value.code

        assert refusals == {
            "gone": "file_missing",
            "offline": "storage_unavailable",
            "loose": "not_found",
            "none": "not_found",
        }


async def test_files_of_an_extra_can_be_played(tmp_path: Path) -> None:
    async with a_database(tmp_path) as db:
        house = Builders(db)
        alice = await house.a_member()
        films = await house.a_library()
        heat = await house.a_film(films, "Heat")
        trailer = await house.an_item(films, kind="extra", extra_kind="trailer", parent=heat)
        file = await house.a_file(films, trailer)

        assert (await FileService(db).info(alice, file.file_id)).rating_key == trailer.key
        with pytest.raises(NotFound):
            await FileService(db).info(alice, file.file_id + 1)


async def _opened(service: FileService, actor: Member, file_id: int) -> bytes | None:
    """What the file's place would send; None when it refuses what lies there."""
    place = await service.place(actor, file_id)
    with place.path.open("rb") as file:
        return file.read() if place.admits(os.fstat(file.fileno())) else None


async def test_link_put_in_place_of_a_film_opens_nothing_outside_the_library(tmp_path: Path) -> None:
    root, secret = tmp_path / "films", tmp_path / "secret"
    (root / "Heat").mkdir(parents=True)
    secret.mkdir()
    (secret / "Heat.mkv").write_bytes(b"secret")
    film = root / "Heat" / "Heat.mkv"
    film.write_bytes(b"film")
    async with a_database(tmp_path) as db:
        house = Builders(db)
        alice = await house.a_member()
        films = await house.a_library(root=root)
        file = await house.a_file(films, await house.an_item(films), path="Heat/Heat.mkv")
        service = FileService(db)

        before = await _opened(service, alice, file.file_id)
        film.unlink()
        film.symlink_to(secret / "Heat.mkv")
        by_file = await _opened(service, alice, file.file_id)
        film.unlink()
        film.parent.rmdir()
        film.parent.symlink_to(secret)
        by_folder = await _opened(service, alice, file.file_id)

        assert (before, by_file, by_folder) == (b"film", None, None)


async def test_linked_film_plays_as_long_as_it_is_the_one_that_was_scanned(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "films", tmp_path / "elsewhere.mkv"
    root.mkdir()
    elsewhere.write_bytes(b"film")
    (root / "Heat.mkv").symlink_to(elsewhere)
    facts = elsewhere.stat()
    scanned: dict[str, Any] = {"size_bytes": facts.st_size, "mtime_ns": facts.st_mtime_ns, "inode": facts.st_ino}
    async with a_database(tmp_path) as db:
        house = Builders(db)
        alice = await house.a_member()
        films = await house.a_library(root=root)
        item = await house.an_item(films)
        file = await house.a_file(films, item, path="Heat.mkv", **scanned)
        service = FileService(db)

        as_scanned = await _opened(service, alice, file.file_id)
        async with db.write() as tx:
            await tx.run("UPDATE file SET probe = NULL, probe_error = 'This is no film.'")
        as_no_film = await _opened(service, alice, file.file_id)

        assert (as_scanned, as_no_film) == (b"film", None)


def test_library_that_lies_behind_a_link_is_inside_itself(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "a.mkv").write_bytes(b"a")
    (tmp_path / "films").symlink_to(tmp_path / "disk")
    root = tmp_path / "films"
    place = PlaceOfFile(root=root, path=root / "a.mkv", content_type="video/mp4")

    assert place.admits((root / "a.mkv").stat())


def test_file_swapped_after_it_was_opened_is_not_taken_for_the_one_at_the_path(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"s")
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "a.mkv").write_bytes(b"a")
    place = PlaceOfFile(root=tmp_path / "films", path=tmp_path / "films" / "a.mkv", content_type="video/mp4")

    assert not place.admits((tmp_path / "secret").stat())
