"""Where this machine's user keeps programs' data and settings: platformdirs' answers, or what the settings say."""

import os
from pathlib import Path

import platformdirs

from homemedia.core.places import Places
from homemedia.core.problems import StartRefused
from homemedia.settings import Settings

NAME = "homemedia"
FILE = "homemedia.toml"
CONFIG = "HOMEMEDIA_CONFIG"


def places_of(settings: Settings) -> Places:
    """The folders of this household; nothing is made yet.

    Raises:
        StartRefused: no data folder was named, and this user has no home to keep one in.
    """
    try:
        return _places_of(settings)
    except RuntimeError as err:  # what `pathlib` and platformdirs say when HOME is not set and nobody knows the user
        raise StartRefused("This user has no home folder. Name a data folder with --data-dir.") from err


def _places_of(settings: Settings) -> Places:
    dirs = platformdirs.PlatformDirs(NAME, appauthor=False)
    data = Path(settings.data_dir).expanduser() if settings.data_dir else Path(dirs.user_data_dir)
    if settings.transcode_dir:
        transcode = Path(settings.transcode_dir).expanduser()
    elif settings.data_dir:
        transcode = data / "cache" / "transcode"
    else:
        transcode = Path(dirs.user_cache_dir) / "transcode"
    return Places(data_dir=data.absolute(), transcode_dir=transcode.absolute())


def config_file(named: str | None) -> Path | None:
    """The settings file: the one named, the one of HOMEMEDIA_CONFIG, the user's, or none.

    Raises:
        StartRefused: a file was named and is not there.
    """
    named = named or os.environ.get(CONFIG)
    if named:
        file = Path(named).expanduser()
        if not file.is_file():
            raise StartRefused(f"There is no settings file {file}.")
        return file
    usual = usual_config_file()
    return usual if usual is not None and usual.is_file() else None


def usual_config_file() -> Path | None:
    """Where the user's own settings are looked for; None for a user without a home, who has none there either."""
    try:
        return Path(platformdirs.user_config_dir(NAME, appauthor=False)) / FILE
    except RuntimeError:
        return None
