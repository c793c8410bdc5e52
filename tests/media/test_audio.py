"""Tags of sound files: what is read of real ones in every format, and what is made of odd values."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homemedia.core.problems import AppError
from homemedia.media import MediaTools
from homemedia.media.audio import NAMES, by_field, read_audio, read_many, tags_of
from homemedia.media.models import ProbeRequest
from tests.support.samples import a_song, damaged

TAGS = {
    "title": "Öl und Salz",
    "artist": "Mira Kestrel",
    "album": "Field Notes",
    "album_artist": "Mira Kestrel",
    "date": "2016-04-01",
    "track": "3/9",
    "disc": "1/2",
    "genre": "Folk;Ambient",
    "composer": "K. Lind",
    "compilation": "1",
}
FORMATS = ["mp3", "flac", "m4a", "opus", "ogg", "wv", "mka", "aiff", "wma"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_tags_of_every_format_are_read(tmp_path: Path, suffix: str) -> None:
    tags, probe = read_audio(str(a_song(tmp_path / f"a.{suffix}", tags=TAGS)), limit_s=10)

    assert (tags.title, tags.artists, tags.album) == ("Öl und Salz", ("Mira Kestrel",), "Field Notes")
    assert (tags.album_artists, tags.year, tags.date) == (("Mira Kestrel",), 2016, "2016-04-01")
    assert (tags.track, tags.track_total, tags.disc, tags.disc_total) == (3, 9, 1, 2)
    assert (tags.genres, tags.composers, tags.is_compilation) == (("Folk", "Ambient"), ("K. Lind",), True)
    assert probe.audio
    assert probe.duration_ms is not None
    assert 300 <= probe.duration_ms <= 1500


def test_wav_says_what_its_format_has_room_for(tmp_path: Path) -> None:
    tags, probe = read_audio(str(a_song(tmp_path / "a.wav", tags=TAGS)), limit_s=10)

    assert (tags.title, tags.track, tags.album) == ("Öl und Salz", 3, "Field Notes")
    assert probe.audio[0].codec == "pcm_s16le"


def test_raw_aac_has_no_tags_and_a_length(tmp_path: Path) -> None:
    tags, probe = read_audio(str(a_song(tmp_path / "a.aac")), limit_s=10)

    assert tags.title is None
    assert probe.duration_ms


@pytest.mark.parametrize("suffix", ["mp3", "flac", "m4a", "opus"])
def test_gain_and_label_are_read(tmp_path: Path, suffix: str) -> None:
    said = {"REPLAYGAIN_TRACK_GAIN": "-6.20 dB", "REPLAYGAIN_TRACK_PEAK": "0.91", "LABEL": "Quay Records"}

    tags, _ = read_audio(str(a_song(tmp_path / f"a.{suffix}", tags=said)), limit_s=10)

    # ffmpeg writes no such atoms into MP4; the file is read all the same.
    expected = (None, None, None) if suffix == "m4a" else (-6.2, 0.91, "Quay Records")
    assert (tags.gain_track_db, tags.gain_track_peak, tags.label) == expected


def test_gain_of_opus_is_brought_to_the_common_reference(tmp_path: Path) -> None:
    said = {"R128_TRACK_GAIN": "-1024", "R128_ALBUM_GAIN": "256"}

    tags, _ = read_audio(str(a_song(tmp_path / "a.opus", tags=said)), limit_s=10)

    assert (tags.gain_track_db, tags.gain_album_db) == (1.0, 6.0)


@pytest.mark.parametrize("suffix", ["mp3", "flac", "m4a"])
def test_embedded_cover_is_noticed(tmp_path: Path, suffix: str) -> None:
    with_cover, _ = read_audio(str(a_song(tmp_path / f"a.{suffix}", has_cover=True)), limit_s=10)
    without, _ = read_audio(str(a_song(tmp_path / f"b.{suffix}")), limit_s=10)

    assert (with_cover.has_cover, without.has_cover) == (True, False)


@pytest.mark.parametrize("suffix", ["mp3", "flac", "m4a", "opus", "wv"])
@pytest.mark.parametrize("kind", ["cut", "head", "zeros", "random", "flipped", "hole", "text", "empty"])
def test_damaged_files_end_in_tags_or_in_a_named_error(tmp_path: Path, suffix: str, kind: str) -> None:
    broken = damaged(a_song(tmp_path / f"a.{suffix}", tags=TAGS), tmp_path / f"b.{suffix}", kind)

    (found,) = read_many([ProbeRequest(str(broken))])

    if found.tags is None:
        assert found.code in {"empty_file", "not_media", "no_sound", "probe_failed"}
        assert (found.error or "").endswith(".")
    else:
        assert found.probe is not None
        assert found.probe.audio


def test_missing_file_has_a_code(tmp_path: Path) -> None:
    with pytest.raises(AppError) as caught:
        read_audio(str(tmp_path / "gone.mp3"), limit_s=1)
    assert caught.value.code == "file_missing"


def test_film_without_sound_is_no_song(tmp_path: Path) -> None:
    from tests.support.samples import a_film  # noqa: PLC0415 - the only one that needs a film

    film = a_film(tmp_path / "a.mp4", audio=None).rename(tmp_path / "a.m4a")
    with pytest.raises(AppError) as caught:
        read_audio(str(film), limit_s=10)
    assert caught.value.code == "no_sound"


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("track", "03", (3, None)),
        ("track", "3/12", (3, 12)),
        ("track", " 3 of 12 ", (3, 12)),
        ("track", "0/12", (None, 12)),
        ("track", "A1", (None, None)),
        ("track", "-1", (None, None)),
        ("track", "99999999999999999999", (None, None)),
        ("disc", "2", (2, None)),
    ],
    ids=str,
)
def test_numbers_are_read_as_people_write_them(field: str, value: str, expected: tuple[int | None, int | None]) -> None:
    tags = tags_of({field: [value]}, {})

    assert ((tags.track, tags.track_total) if field == "track" else (tags.disc, tags.disc_total)) == expected


@pytest.mark.parametrize(
    ("date", "year"),
    [("1998", 1998), ("1998-03-02", 1998), ("02.03.1998", 1998), ("98", None), ("0000", None), ("19980302", None)],
)
def test_year_is_the_number_of_four_digits(date: str, year: int | None) -> None:
    assert tags_of({"date": [date]}, {}).year == year


@pytest.mark.parametrize(
    ("said", "expected"),
    [("-6.20 dB", -6.2), ("+1,5", 1.5), ("0", 0.0), ("nan", None), ("-900 dB", None), ("loud", None)],
)
def test_gain_is_a_number_that_can_be_believed(said: str, expected: float | None) -> None:
    assert tags_of({"gain_track": [said]}, {}).gain_track_db == expected


def test_several_artists_stay_several_and_names_with_a_slash_stay_whole() -> None:
    tags = tags_of({"artist": ["AC/DC", "Mira; Otto", "Mira"]}, {"artist": ["other"]})

    assert tags.artists == ("AC/DC", "Mira", "Otto")


def test_better_name_of_a_field_wins() -> None:
    assert by_field([("publisher", ["P"]), ("LABEL", ["L"]), ("lyrics", ["la la"])]) == {"label": ["L"]}


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.lists(st.text(max_size=40), max_size=4)))
def test_odd_values_never_fail_and_never_hold_controls(raw: dict[str, list[str]]) -> None:
    tags = tags_of(raw, {})

    for text in (tags.title, tags.album, tags.label, *tags.artists, *tags.genres):
        assert text is None or (text.isprintable() and text == text.strip() and text)


async def test_worker_answers_each_file_in_order(tmp_path: Path) -> None:
    good = a_song(tmp_path / "a.flac", tags=TAGS)
    bad = tmp_path / "b.mp3"
    bad.write_text("no sound at all", encoding="utf-8")

    async with MediaTools() as tools:
        found = await tools.read_audio([ProbeRequest(path=str(path)) for path in (good, bad, tmp_path / "gone.mp3")])

    assert [one.code for one in found] == [None, "not_media", "file_missing"]
    assert found[0].tags is not None
    assert found[0].tags.title == "Öl und Salz"
    assert found[0].probe is not None
