from pathlib import Path

import pytest

from homemedia import settings
from homemedia.core.problems import StartRefused


def test_flags_win_over_environment_over_file(tmp_path: Path) -> None:
    file = tmp_path / "homemedia.toml"
    file.write_text('data_dir = "/a"\n[server]\nport = 1\nhost = "h"\n[library]\nlanguage = "de"\n', encoding="utf-8")

    loaded = settings.load(
        file=file,
        environment={"HOMEMEDIA_SERVER_PORT": "2", "HOMEMEDIA_SERVER_HOST": "i", "HOME": "/x"},
        flags={"server.port": 3, "server.host": None},
    )

    assert (loaded.server.port, loaded.server.host, loaded.library.language, loaded.data_dir) == (3, "i", "de", "/a")


def test_lists_and_truths_are_read_from_the_environment() -> None:
    loaded = settings.load(
        environment={"HOMEMEDIA_SERVER_TRUSTED_PROXIES": "10.0.0.1, 10.0.0.2", "HOMEMEDIA_SERVER_ANNOUNCE": "false"}
    )

    assert loaded.server.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    assert loaded.server.announce is False


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[server]\nprot = 1\n", "Did you mean server.port"),
        ("colour = 1\n", "unknown key colour"),
        ("[server]\nport = 99999\n", "port"),
        ("[server\n", "not valid TOML"),
        ('[server]\nlog_level = "loud"\n', "log_level"),
    ],
)
def test_mistakes_in_the_file_are_said_with_a_hint(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "homemedia.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(StartRefused, match=told):
        settings.load(file=file, environment={})


@pytest.mark.parametrize("name", ["TLS_CERT", "TLS_KEY"])
def test_certificate_and_key_are_named_together(name: str) -> None:
    with pytest.raises(StartRefused, match="belong together"):
        settings.load(environment={f"HOMEMEDIA_SERVER_{name}": "/some.pem"})


def test_unknown_variable_is_an_error_with_a_hint() -> None:
    with pytest.raises(StartRefused, match="HOMEMEDIA_SERVER_PORT"):
        settings.load(environment={"HOMEMEDIA_PORT": "1"})
