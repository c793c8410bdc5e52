"""Files of items: their facts, and where their bytes are."""

from pathlib import Path

import msgspec
import pytest

from homemedia.core.problems import AppError, NotFound
from homemedia.library.files import FileService, marker_kind
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
