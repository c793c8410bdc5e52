import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homemedia.media.hls.playlists import Rendition, Variant, master_playlist, media_playlist, subtitle_playlist
from homemedia.media.hls.table import SECOND_US, SegmentTable, copy_table, encode_table

S = SECOND_US


@pytest.mark.parametrize(
    ("end_s", "boundaries_s"),
    [
        pytest.param(12, [0, 4, 8, 12], id="even"),
        pytest.param(13, [0, 4, 8, 12, 13], id="a last second of its own"),
        pytest.param(12.9, [0, 4, 8, 12.9], id="a short end joins"),
        pytest.param(3, [0, 3], id="one segment"),
        pytest.param(0.5, [0, 0.5], id="shorter than a second"),
    ],
)
def test_pictures_made_anew_are_cut_evenly(end_s: float, boundaries_s: list[float]) -> None:
    table = encode_table(int(end_s * S), 4 * S)

    assert [boundary / S for boundary in table.boundaries_us] == boundaries_s


@pytest.mark.parametrize(
    ("begin_s", "boundaries_s"),
    [
        pytest.param(0, [0, 1, 2, 4, 6, 8, 12, 16, 20, 24, 27], id="at the beginning"),
        pytest.param(8, [0, 4, 8, 9, 10, 12, 14, 16, 20, 24, 27], id="at a boundary"),
        pytest.param(8.3, [0, 4, 8, 9, 10, 12, 14, 16, 20, 24, 27], id="close behind one"),
        pytest.param(9.7, [0, 4, 8, 9.7, 10.7, 11.7, 13.7, 15.7, 20, 24, 27], id="between"),
        pytest.param(22, [0, 4, 8, 12, 16, 20, 22, 23, 24, 26, 27], id="near the end"),
        pytest.param(26.5, [0, 4, 8, 12, 16, 20, 24, 27], id="at the end"),
        pytest.param(99, [0, 4, 8, 12, 16, 20, 24, 27], id="behind the end"),
    ],
)
def test_segments_are_short_where_playing_begins(begin_s: float, boundaries_s: list[float]) -> None:
    table = encode_table(27 * S, 4 * S, round(begin_s * S))

    assert [boundary / S for boundary in table.boundaries_us] == boundaries_s


@pytest.mark.parametrize(
    ("begin_s", "boundaries_s"),
    [
        pytest.param(0, [0, 2, 4, 6, 8, 12, 16, 20], id="at the beginning"),
        pytest.param(11, [0, 4, 8, 10, 12, 14, 16, 18, 20], id="between keyframes"),
        pytest.param(19, [0, 4, 8, 12, 16, 18, 20], id="near the end"),
        pytest.param(99, [0, 4, 8, 12, 16, 18, 20], id="behind the end"),
    ],
)
def test_copied_segments_are_short_where_playing_begins(begin_s: float, boundaries_s: list[float]) -> None:
    table = copy_table([number * 2 * S for number in range(10)], 20 * S, 4 * S, round(begin_s * S))

    assert [boundary / S for boundary in table.boundaries_us] == boundaries_s


@given(st.integers(1, 7200 * S), st.integers(S, 10 * S), st.integers(0, 7300 * S))
def test_no_segment_is_much_longer_than_wished_for(end: int, segment: int, begin: int) -> None:
    table = encode_table(end, segment, begin)

    lengths = [table.duration_us(number) for number in range(table.count)]
    assert table.end_us == end
    assert max(lengths) < segment + 2 * S
    assert min(lengths) >= min(S // 2, end)


@pytest.mark.parametrize(
    ("keyframes_s", "end_s", "boundaries_s"),
    [
        pytest.param([0, 2, 4, 6, 8], 10, [0, 4, 8, 10], id="every second one"),
        pytest.param([0, 3, 5, 9, 10, 14], 16, [0, 5, 9, 14, 16], id="the first that is late enough"),
        pytest.param([0, 20, 40], 60, [0, 20, 40, 60], id="sparse"),
        pytest.param([0], 30, [0, 30], id="one keyframe"),
        pytest.param([], 30, [0, 30], id="none told of"),
        pytest.param([0, 4, 8, 11.5], 12, [0, 4, 8, 12], id="a last group of half a second joins"),
        pytest.param([0, 4, 8, 12, 13], 12, [0, 4, 8, 12], id="keyframes behind the end"),
        pytest.param([1, 5, 9], 12, [0, 5, 9, 12], id="the first one is late"),
    ],
)
def test_copied_pictures_are_cut_at_keyframes(
    keyframes_s: list[float], end_s: float, boundaries_s: list[float]
) -> None:
    table = copy_table([int(one * S) for one in keyframes_s], int(end_s * S), 4 * S)

    assert [boundary / S for boundary in table.boundaries_us] == boundaries_s


@given(
    st.lists(st.integers(0, 7200 * S), max_size=200).map(sorted),
    st.integers(1, 7200 * S),
    st.integers(1, 10 * S),
    st.none() | st.integers(0, 7300 * S),
)
def test_every_moment_lies_in_exactly_one_segment(
    keyframes: list[int], end: int, segment: int, begin: int | None
) -> None:
    table = copy_table(keyframes, end, segment, begin)

    assert table.boundaries_us[0] == 0
    assert table.end_us == end
    assert all(table.duration_us(number) > 0 for number in range(table.count))
    assert sum(table.duration_us(number) for number in range(table.count)) == end
    for moment in (0, end // 3, end - 1):
        number = table.index_at(moment)
        assert table.start_us(number) <= moment < table.start_us(number) + table.duration_us(number)


@pytest.mark.parametrize(("moment", "number"), [(-5, 0), (0, 0), (4 * S - 1, 0), (4 * S, 1), (99 * S, 2)])
def test_moments_outside_belong_to_the_first_or_last_segment(moment: int, number: int) -> None:
    assert encode_table(12 * S, 4 * S).index_at(moment) == number


@pytest.mark.parametrize(("end", "segment"), [(0, 4 * S), (-1, 4 * S), (12 * S, 0)])
def test_nothing_to_cut_is_an_error(end: int, segment: int) -> None:
    with pytest.raises(ValueError, match="length"):
        encode_table(end, segment)
    with pytest.raises(ValueError, match="length"):
        copy_table([0], end, segment)


def test_playlist_is_as_the_contract_shows_it() -> None:
    assert media_playlist(encode_table(8 * S, 4 * S), token="eyJ") == (
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n"
        '#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI="init.mp4?token=eyJ"\n'
        "#EXTINF:4.000000,\n0.m4s?token=eyJ\n#EXTINF:4.000000,\n1.m4s?token=eyJ\n#EXT-X-ENDLIST\n"
    )


def test_transport_stream_has_no_map() -> None:
    text = media_playlist(encode_table(8 * S, 4 * S), token="t", form="ts", is_independent=False)

    assert "#EXT-X-VERSION:3\n" in text
    assert "EXT-X-MAP" not in text
    assert "INDEPENDENT" not in text
    assert "1.ts?token=t" in text


def test_start_offset_is_told() -> None:
    text = media_playlist(encode_table(8 * S, 4 * S), token="t", start_offset_us=5_250_000)

    assert "#EXT-X-START:TIME-OFFSET=5.250,PRECISE=YES\n" in text


@given(st.lists(st.integers(1, 20 * S), min_size=1, max_size=50))
def test_no_duration_rounds_above_the_target_and_all_add_up(durations: list[int]) -> None:
    boundaries = [0]
    for duration in durations:
        boundaries.append(boundaries[-1] + duration)

    text = media_playlist(SegmentTable(tuple(boundaries)), token="t")

    target = int(re.findall(r"TARGETDURATION:(\d+)", text)[0])
    told = [float(one) for one in re.findall(r"#EXTINF:([\d.]+),", text)]
    assert all(int(one + 0.5) <= target for one in told)
    assert sum(told) == pytest.approx(boundaries[-1] / S, abs=0.001)


def test_master_names_stream_and_subtitles() -> None:
    variant = Variant(
        bandwidth=9_000_000,
        average_bandwidth=8_000_000,
        codecs=["avc1.640028", "mp4a.40.2"],
        width=1920,
        height=1080,
        frame_rate=23.976,
    )

    text = master_playlist(
        variant, [Rendition(index=2, name='English "full"', language="en", is_default=True)], token="t"
    )

    assert text == (
        "#EXTM3U\n#EXT-X-VERSION:7\n"
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="English \'full\'",LANGUAGE="en",DEFAULT=YES,'
        'AUTOSELECT=YES,FORCED=NO,URI="sub-2.m3u8?token=t"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=9000000,AVERAGE-BANDWIDTH=8000000,CODECS="avc1.640028,mp4a.40.2",'
        'RESOLUTION=1920x1080,FRAME-RATE=23.976,CLOSED-CAPTIONS=NONE,SUBTITLES="subs"\nstream.m3u8?token=t\n'
    )


def test_subtitles_are_one_segment_as_long_as_the_film() -> None:
    text = subtitle_playlist(1, 90 * S, token="t")

    assert "#EXT-X-TARGETDURATION:90\n" in text
    assert "#EXTINF:90.000000,\nsub-1.vtt?token=t\n" in text
