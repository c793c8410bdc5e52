import stat
from pathlib import Path

import pytest

from homemedia.accounts.keys import Keys, base58
from homemedia.core.problems import StartRefused


def test_keys_are_made_once_and_kept_for_their_owner_alone(tmp_path: Path) -> None:
    first = Keys.load(tmp_path / "keys")

    again = Keys.load(tmp_path / "keys")

    assert first == again
    assert first.identity != first.token
    for name in ("identity.key", "token.key"):
        assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600
    assert {found.name for found in (tmp_path / "keys").iterdir()} == {"identity.key", "token.key"}


def test_open_key_file_is_closed_at_start(tmp_path: Path) -> None:
    Keys.load(tmp_path)
    (tmp_path / "token.key").chmod(0o644)

    Keys.load(tmp_path)

    assert stat.S_IMODE((tmp_path / "token.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b"[]",
        b'{"kty":"OKP","crv":"Ed25519","d":"AA","x":"AA"}',
        b'{"kty":"OKP","crv":"Ed25519","d":"\xc3\xa9","x":"!"}',
    ],
)
def test_damaged_key_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "identity.key").write_bytes(content)

    with pytest.raises(StartRefused, match="damaged"):
        Keys.load(tmp_path)

    assert (tmp_path / "identity.key").read_bytes() == content


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"\0\0a", "112g"),
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (b"\xff" * 32, "JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFG"),
    ],
)
def test_base58_is_bitcoins(raw: bytes, text: str) -> None:
    assert base58(raw) == text
