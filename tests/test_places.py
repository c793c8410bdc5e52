"""Where everything is kept when nobody says so, and when there is no place."""

import pwd
from pathlib import Path

import pytest

from homemedia import settings
from homemedia.core.problems import StartRefused
from homemedia.places import config_file, places_of


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whom the system does not know, as containers and services have them."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "HOMEMEDIA_CONFIG"):
        monkeypatch.delenv(name, raising=False)

    def unknown(_number: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)


@pytest.mark.usefixtures("homeless")
def test_user_without_a_home_starts_in_a_folder_that_was_named(tmp_path: Path) -> None:
    loaded = settings.load(file=None, flags={"data_dir": str(tmp_path)})

    assert config_file(None) is None
    assert places_of(loaded).data_dir == tmp_path


@pytest.mark.usefixtures("homeless")
def test_user_without_a_home_is_told_to_name_a_folder() -> None:
    with pytest.raises(StartRefused, match="--data-dir"):
        places_of(settings.load(file=None, flags={}))
