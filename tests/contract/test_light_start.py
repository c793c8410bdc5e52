"""What a start loads: nothing that only some houses ever need, since all of it stays in memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A whole server in a process of its own, started and ended; the modules it has loaded, one a line.
START = """
import asyncio, sys
from pathlib import Path
import homemedia.serve
from homemedia.app import Server
from homemedia.core.places import Places
from homemedia.schema import migrate
from homemedia.settings import ServerSettings, Settings

async def start(folder):
    places = Places(data_dir=folder, transcode_dir=folder / "transcode")
    places.make()
    migrate(places.database, places.backup_dir)
    async with Server(Settings(data_dir=str(folder), server=ServerSettings(announce=False)), places):
        print(*sorted(sys.modules), sep="\\n")

asyncio.run(start(Path(sys.argv[1])))
"""
# Who needs it first loads it: a household's notes, patterns, NFO files, zones, tokens, certificates, mail.
LATE = (
    *("anyio", "argon2", "defusedxml", "difflib", "ifaddr", "joserfc", "pathspec", "pycrdt", "segno", "sysconfig"),
    *("tomllib", "unittest", "xml", "zeroconf", "zoneinfo", "multiprocessing"),
    *("homemedia.heaps.building", "homemedia.media.subtitles.letters", "homemedia.media.xmp_write"),
    # Of the worker processes alone.
    *("av", "guessit", "numpy", "PIL", "tinytag", "yt_dlp"),
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    command = [sys.executable, "-c", START, str(tmp_path_factory.mktemp("data"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_a_start_loads_nothing_that_only_some_need(loaded: set[str]) -> None:
    assert "homemedia.app.server" in loaded
    assert [name for name in LATE if name in loaded] == []
