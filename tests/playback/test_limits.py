"""The one who looks after limits goes on looking, whatever happens to one look."""

import asyncio
import sqlite3

import pytest

from homemedia.accounts import Member
from homemedia.playback import limits
from homemedia.playback.limits import Warden
from tests.support.fakes import FakeClock


class Nobody:
    """Plays nothing; the first look fails as a disk does."""

    def __init__(self) -> None:
        self.looks = 0
        self.again = asyncio.Event()

    def played(self) -> set[tuple[Member, int]]:
        self.looks += 1
        if self.looks == 1:
            raise sqlite3.OperationalError("disk I/O error")
        self.again.set()
        return set()

    def end_for(self, member: Member, file_id: int) -> None:
        raise AssertionError((member, file_id))


async def test_look_that_fails_is_not_the_last(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(limits, "LOOK_EVERY_S", 0.001)
    plays = Nobody()

    async def fresh(member: Member) -> Member:
        return member

    async def sight(_member: Member, _file_id: int) -> None:
        """Everybody sees everything."""

    async with Warden(plays, fresh, sight, FakeClock()), asyncio.timeout(5):
        await plays.again.wait()

    assert "could not be looked at" in caplog.text
