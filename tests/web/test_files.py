"""The client's files: one build's, packed once."""

import gzip
from pathlib import Path

import pytest

from homemedia.web.files import ClientFiles


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "card.js").write_text("export const card = 1;\n" * 100)
    (tmp_path / "icon.png").write_bytes(b"\x89PNG")
    (tmp_path / "ui" / "README.md").write_text("how to")
    return tmp_path


def test_texts_are_sent_packed_and_plain_to_those_who_cannot_unpack(folder: Path) -> None:
    found = ClientFiles(folder).get("ui/card.js")

    assert found is not None
    assert found.is_zipped
    assert gzip.decompress(found.body) == found.plain() == (folder / "ui" / "card.js").read_bytes()
    assert found.content_type == "text/javascript"


def test_pictures_are_sent_as_they_are(folder: Path) -> None:
    found = ClientFiles(folder).get("icon.png")

    assert found is not None
    assert (found.is_zipped, found.body, found.plain()) == (False, b"\x89PNG", b"\x89PNG")


@pytest.mark.parametrize("path", ["ui/README.md", "ui", "../secret", "missing.js"])
def test_what_is_none_of_the_client_is_not_there(folder: Path, path: str) -> None:
    assert ClientFiles(folder).get(path) is None


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_file_of_another_version_is_not_sent_as_this_ones(
    folder: Path, caplog: pytest.LogCaptureFixture, *, is_gone: bool
) -> None:
    files = ClientFiles(folder)
    path = folder / "ui" / "card.js"
    path.unlink() if is_gone else path.write_text("export const card = 2;")

    assert files.get("ui/card.js") is None
    assert "ui/card.js has changed since the start" in caplog.text


def test_what_was_sent_once_stays(folder: Path) -> None:
    files = ClientFiles(folder)
    assert files.ready("ui/card.js") is None
    first = files.get("ui/card.js")
    (folder / "ui" / "card.js").write_text("export const card = 2;")

    assert first is not None
    assert files.ready("ui/card.js") is first


def test_any_change_makes_another_build(folder: Path) -> None:
    before = ClientFiles(folder).build
    (folder / "icon.png").write_bytes(b"\x89PNG2")

    assert ClientFiles(folder).build != before
