"""Reports and marks against a real database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from homemedia.core.problems import BadRequest, NotFound
from homemedia.media import AudioStream, Chapter
from homemedia.playback import ProgressService, WatchStateChanged
from homemedia.playback.wire import ProgressBody
from tests.support.builders import DAY_MS, Builders, a_database, a_probe
from tests.support.fakes import FakeClock

HOUR = 3_600_000


class House(Builders):
    clock: FakeClock
    progress: ProgressService
    events: list[object]

    async def stored(self, member: Any, item: Any) -> Any:
        rows = await self.db.read(
            "SELECT * FROM watch_state WHERE user_id = :user AND identity_key = :key",
            {"user": member.user_id, "key": item.identity_key},
        )
        return dict(rows[0]) if rows else None

    async def report(self, member: Any, item: Any, offset: int, **more: Any) -> Any:
        return await self.progress.report(member, ProgressBody(rating_key=item.key, offset=offset, **more))


@contextlib.asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    async with a_database(folder) as db:
        house = House(db)
        house.clock = FakeClock(house.at_ms)
        house.events = []
        db.on_events = house.events.append
        async with ProgressService(db, house.clock) as house.progress:
            yield house


async def test_report_answers_and_keeps_where_the_member_is(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")

        answer = await house.report(alice, heat, 120_000, state="playing")

        assert (answer.offset, answer.duration, answer.percent, answer.watched) == (120_000, 7_200_000, 1.7, False)
        assert (await house.stored(alice, heat))["offset_ms"] == 120_000
        assert house.events == [WatchStateChanged(alice.user_id, heat.key)]


async def test_many_reports_are_few_writes_and_nothing_is_lost_at_the_stop(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        offsets = []

        for second in range(1, 13):
            await house.report(alice, heat, second * 1000, state="playing")
            offsets.append((await house.stored(alice, heat))["offset_ms"])
            house.clock.pass_ms(1000)
        await house.progress.__aexit__()

        assert offsets == [1000] * 5 + [6000] * 5 + [11_000] * 2
        assert (await house.stored(alice, heat))["offset_ms"] == 12_000


async def test_pause_is_written_at_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")

        await house.report(alice, heat, 1000, state="playing")
        await house.report(alice, heat, 2000, state="paused")

        assert (await house.stored(alice, heat))["offset_ms"] == 2000


async def test_held_state_is_told_before_it_is_written(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.report(alice, heat, 1000, state="playing")
        await house.report(alice, heat, 9000, state="playing")

        states = await house.progress.states(alice, [heat.key])

        assert states[heat.key].offset == 9000


async def test_silent_players_are_forgotten(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.report(alice, heat, 1000, state="playing")
        house.clock.pass_ms(6000)

        await house.progress.flush()

        assert house.progress._held == {}


async def test_parts_share_one_state_over_their_sum(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.an_item(films, title="Heat")
        await house.a_file(films, heat, duration_ms=HOUR, part=1, part_count=2)
        second = await house.a_file(films, heat, duration_ms=HOUR, part=2, part_count=2)

        early = await house.report(alice, heat, 60_000, file_id=second.file_id)
        late = await house.report(alice, heat, 50 * 60_000, file_id=second.file_id, state="paused")

        assert (early.offset, early.duration, early.watched) == (HOUR + 60_000, 2 * HOUR, False)
        assert late.watched is True


async def test_file_of_two_episodes_sets_both(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, shows = await house.a_member(), await house.a_library("Shows", kind="show")
        show = await house.a_show(shows, "Fargo")
        season = await house.a_season(shows, show, 1)
        one = await house.an_episode(shows, season, 1, has_file=False)
        two = await house.an_episode(shows, season, 2, has_file=False)
        await house.a_file(shows, one, two, duration_ms=HOUR)

        await house.report(alice, one, HOUR // 2)
        half = await house.stored(alice, two)
        await house.report(alice, two, HOUR)

        assert half["offset_ms"] == HOUR // 2
        states = await house.progress.states(alice, [one.key, two.key, season.key, show.key])
        assert all(state.watched for state in states.values())
        assert (await house.stored(alice, one))["view_count"] == 1


async def test_credits_marker_ends_a_film(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.an_item(films, title="Heat")
        chapters = (
            Chapter(title="Credits", start_ms=0, end_ms=1000),
            Chapter(title="Credits", start_ms=HOUR * 8 // 10, end_ms=HOUR),
        )
        await house.a_file(films, heat, probe=a_probe(duration_ms=HOUR, chapters=chapters))

        before = await house.report(alice, heat, HOUR * 79 // 100)
        at = await house.report(alice, heat, HOUR * 80 // 100)

        assert (before.watched, at.watched) == (False, True)


async def test_chosen_languages_are_remembered_for_the_whole_show(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, shows = await house.a_member(), await house.a_library("Shows", kind="show")
        show = await house.a_show(shows, "Fargo")
        season = await house.a_season(shows, show, 1)
        one, two = [await house.an_episode(shows, season, number, has_file=False) for number in (1, 2)]
        audio = (
            AudioStream(track=1, codec="aac", channels=2, sample_rate=48000, language="en", default=True),
            AudioStream(track=2, codec="aac", channels=2, sample_rate=48000, language="fr"),
        )
        await house.a_file(shows, one, probe=a_probe(audio=audio))

        await house.report(alice, one, 1000, audio_track=2, subtitle_track=0)

        choice = await house.progress.track_choice(house.db.read, alice, two.key)
        assert choice == {"audio": "fr", "subtitle": "en", "forcedOnly": False}


# What was said one after the other, and what is remembered then.
CHOICES: list[tuple[list[dict[str, int | str]], dict[str, object]]] = [
    ([{"subtitle_track": "none"}], {"audio": None, "subtitle": "none", "forcedOnly": False}),
    ([{"subtitle_track": "none"}, {"audio_track": 2}], {"audio": "fr", "subtitle": "none", "forcedOnly": False}),
    ([{"audio_track": 2}, {"subtitle_track": "none"}], {"audio": "fr", "subtitle": "none", "forcedOnly": False}),
    ([{"subtitle_track": 0}, {"subtitle_track": "none"}], {"audio": None, "subtitle": "none", "forcedOnly": False}),
    ([{"subtitle_track": "none"}, {"subtitle_track": 0}], {"audio": None, "subtitle": "en", "forcedOnly": False}),
    ([{"audio_track": 1}, {"audio_track": 9}], {"audio": "en", "subtitle": None, "forcedOnly": False}),
]


@pytest.mark.parametrize(("said", "remembered"), CHOICES)
async def test_what_is_not_chosen_anew_stays_remembered(
    tmp_path: Path, said: list[dict[str, int | str]], remembered: dict[str, object]
) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.an_item(films, title="Heat", kind="movie")
        audio = tuple(
            AudioStream(track=track, codec="aac", channels=2, sample_rate=48000, language=language)
            for track, language in ((1, "en"), (2, "fr"))
        )
        await house.a_file(films, heat, probe=a_probe(audio=audio))

        for offset, choice in enumerate(said, 1):
            await house.report(alice, heat, offset * 1000, **choice)

        assert await house.progress.track_choice(house.db.read, alice, heat.key) == remembered


async def test_shows_are_not_played_and_unknown_things_do_not_exist(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, shows = await house.a_member(), await house.a_library("Shows", kind="show")
        show, episodes = await house.a_series(shows, "Fargo", {1: 1})
        old = await house.a_film(shows, "Old", kind="movie", missing_since_at=house.at_ms - 40 * DAY_MS)

        with pytest.raises(BadRequest) as refused:
            await house.report(alice, show, 1)
        assert refused.value.code == "not_playable"
        for item, more in ((old, {}), (episodes[0], {"file_id": 999})):
            with pytest.raises(NotFound):
                await house.report(alice, item, 1, **more)
        assert await house.progress.states(alice, [old.key, "nonsense"]) == {}


async def test_extras_have_no_state(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        trailer = await house.an_item(films, title="Trailer", kind="extra", parent=heat)
        await house.a_file(films, trailer, duration_ms=60_000)

        answer = await house.report(alice, trailer, 59_999, state="stopped")

        assert answer.watched is False
        assert await house.stored(alice, trailer) is None


async def test_marking_a_show_reaches_every_episode_once(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, shows = await house.a_member(), await house.a_library("Shows", kind="show")
        show, episodes = await house.a_series(shows, "Fargo", {0: 1, 1: 2, 2: 1})
        await house.a_watch_state(alice, episodes[0], is_watched=1, view_count=4)

        watched = await house.progress.mark(alice, show.key, is_watched=True)
        again = await house.progress.mark(alice, show.key, is_watched=True)
        counts = [(await house.stored(alice, episode))["view_count"] for episode in episodes]
        unwatched = await house.progress.mark(alice, show.key, is_watched=False)

        assert (watched.changed, again.changed, unwatched.changed) == (3, 0, 4)
        assert counts == [4, 1, 1, 1]
        states = await house.progress.states(alice, [show.key])
        assert (states[show.key].watched, states[show.key].unwatched_count) == (False, 4)


async def test_mark_wins_over_a_report_that_was_not_written_yet(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.report(alice, heat, 1000, state="playing")
        await house.report(alice, heat, 2000, state="playing")

        await house.progress.mark(alice, heat.key, is_watched=True)
        await house.progress.flush()

        stored = await house.stored(alice, heat)
        assert (stored["is_watched"], stored["offset_ms"], stored["view_count"]) == (1, 0, 1)


async def test_reports_at_the_same_moment_count_one_view(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")

        await asyncio.gather(*(house.report(alice, heat, 7_000_000, state="playing") for _ in range(20)))

        assert (await house.stored(alice, heat))["view_count"] == 1


async def test_failed_write_changes_nothing_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")

        async def fail(*_: object) -> None:
            raise RuntimeError

        with monkeypatch.context() as patched:
            patched.setattr("homemedia.playback.store.save", fail)
            with pytest.raises(RuntimeError):
                await house.report(alice, heat, 7_000_000)
        answer = await house.report(alice, heat, 7_100_000)

        assert answer.view_count == 1


async def test_state_outlives_the_item_and_comes_back_with_it(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.report(alice, heat, 60_000, state="stopped")
        async with house.db.write() as tx:
            await tx.run("DELETE FROM library")

        again = await house.a_film(await house.a_library("Films again"), "Heat")

        assert (await house.progress.states(alice, [again.key]))[again.key].offset == 60_000


async def test_deleted_member_leaves_nothing_behind(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        alice, films = await house.a_member(), await house.a_library()
        heat = await house.a_film(films, "Heat")
        await house.report(alice, heat, 1000, state="playing")
        await house.report(alice, heat, 2000, state="playing")
        async with house.db.write() as tx:
            await tx.run("DELETE FROM user")

        await house.progress.flush()

        assert await house.stored(alice, heat) is None
