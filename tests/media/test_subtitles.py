"""Formats of subtitles, clause by clause of watch contract 10.2."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homemedia.media.subtitles import Target, UnreadableSubtitle, converted, form_of, read
from homemedia.media.subtitles.cues import MAX_BYTES, Cue

_TARGETS: tuple[Target, ...] = ("vtt", "srt", "ass", "original")


def vtt(text: str | bytes, **words: object) -> str:
    raw = text.encode() if isinstance(text, str) else text
    return converted(raw, "vtt", **words)[0].decode()  # type: ignore[arg-type]


def told(text: str, **words: object) -> list[tuple[int, int, str]]:
    return [(cue.start_ms, cue.end_ms, cue.text) for cue in read(text, **words)]  # type: ignore[arg-type]


ONE = "00:00:01.000 --> 00:00:02.000\nHello\n"


@pytest.mark.parametrize(
    ("case", "srt"),
    [
        ("as it should be", "1\n00:00:01,000 --> 00:00:02,000\nHello\n"),
        ("no number", "00:00:01,000 --> 00:00:02,000\nHello\n"),
        ("dots", "1\n00:00:01.000 --> 00:00:02.000\nHello\n"),
        ("one part", "1\n1 --> 2\nHello\n"),
        ("one part with a fraction", "1\n1,0 --> 2.0\nHello\n"),
        ("two parts", "1\n00:01,000 --> 00:02,000\nHello\n"),
        ("short parts", "1\n0:0:1,000 --> 0:0:2,000\nHello\n"),
        ("blanks in times", "1\n00: 00: 01, 000 --> 00: 00: 02, 000\nHello\n"),
        ("a colon before the fraction", "1\n00:00:01:000 --> 00:00:02:000\nHello\n"),
        ("another arrow", "1\n00:00:01,000 -> 00:00:02,000\nHello\n"),
        ("CRLF", "1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n"),
        ("CR", "1\r00:00:01,000 --> 00:00:02,000\rHello\r"),
        ("blank lines inside", "1\n00:00:01,000 --> 00:00:02,000\n\n\nHello\n\n"),
        ("blank line behind the number", "1\n\n00:00:01,000 --> 00:00:02,000\nHello\n"),
        ("coordinates", "1\n00:00:01,000 --> 00:00:02,000  X1:100 X2:200 Y1:1 Y2:2\nHello\n"),
        ("a number left over", "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n"),
        ("half a cue left over", "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:03,000 --\n"),
        ("end of an old file", "1\n00:00:01,000 --> 00:00:02,000\nHello\n\x1a"),
        ("a mark", "\ufeff1\n00:00:01,000 --> 00:00:02,000\nHello\n"),
        ("nothing behind the last line", "1\n00:00:01,000 --> 00:00:02,000\nHello"),
        ("words in front", "made by somebody\n\n1\n00:00:01,000 --> 00:00:02,000\nHello"),
        ("a cue that ends before it begins", f"{ONE}\n00:00:05,000 --> 00:00:05,000\nno\n\n9 --> 8\nno"),
        ("a cue without words", f"{ONE}\n00:00:05,000 --> 00:00:06,000\n\n\n3\n7 --> 8\n<i></i>"),
    ],
)
def test_one_cue_of_a_subrip_file_is_read_whatever_it_looks_like(case: str, srt: str) -> None:
    assert vtt(srt) == f"WEBVTT\n\n{ONE}", case


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<i>a</i> <b>b</b> <u>c</u>", "<i>a</i> <b>b</b> <u>c</u>"),
        ("<I>a</I>", "<i>a</i>"),
        ('<font color="#ff0000">a</font>', "a"),
        ("<script>a</script>", "a"),
        ("a & b", "a &amp; b"),
        ("a &amp; b", "a &amp; b"),
        ("1 < 2", "1 &lt; 2"),
        ("I <3 you", "I &lt;3 you"),
        ("a --> b", "a --&gt; b"),
        ("<i>open", "<i>open</i>"),
        ("closed</i>", "closed"),
        ("<i><b>a</i></b>", "<i><b>a</b></i>"),
        ("<i>one\ntwo</i>", "<i>one\ntwo</i>"),
        ("a<br>b", "a\nb"),
        ("one\n\ntwo", "one\ntwo"),
        (r"{\pos(1,2)}a", "a"),
        ("{brackets} stay", "{brackets} stay"),
        ("a\x07b\x00", "ab"),
        ("  a  ", "a"),
        ("1984", "1984"),
    ],
)
def test_text_of_a_cue_keeps_three_tags_and_escapes_the_rest(said: str, shown: str) -> None:
    assert told(f"1\n1 --> 2\n{said}\n") == [(1000, 2000, shown)]


@pytest.mark.parametrize(
    ("override", "is_top"),
    [(r"{\an8}", True), (r"{\an7}", True), (r"{\an9}", True), (r"{\an2}", False), (r"{\a6}", True), (r"{\a2}", False)],
)
def test_upper_alignments_go_to_the_top_of_the_picture(override: str, *, is_top: bool) -> None:
    line = " line:5%" if is_top else ""
    assert vtt(f"1\n1 --> 2\n{override}Up\n") == f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000{line}\nUp\n"


def test_numbers_that_somebody_says_are_no_cue_numbers() -> None:
    with_numbers = "1\n1 --> 2\nHow many?\n\n2\n3 --> 4\n42\n\n3\n5 --> 6\nAh\n"
    assert [text for _, _, text in told(with_numbers)] == ["How many?", "42", "Ah"]
    without = "1 --> 2\nHow many?\n\n3 --> 4\n42\n\n5 --> 6\nAh\n"
    assert [text for _, _, text in told(without)] == ["How many?", "42", "Ah"]
    tight = "1\n1 --> 2\nHow many?\n2\n3 --> 4\n42\n3\n5 --> 6\nAh\n"
    assert [text for _, _, text in told(tight)] == ["How many?", "42", "Ah"]


def test_cues_come_in_order_of_their_start() -> None:
    assert [start for start, _, _ in told("1\n9 --> 10\nb\n\n2\n1 --> 2\na\n")] == [1000, 9000]


def test_times_beyond_a_day_are_kept_and_beyond_reason_dropped() -> None:
    assert told("1\n30:00:00,000 --> 30:00:01,000\na\n\n2\n999999:00:00 --> 999999:00:01\nb\n") == [
        (108_000_000, 108_001_000, "a")
    ]


ASS = r"""[Script Info]
Title: x
[V4+ Styles]
Format: Name, Fontname, Alignment
Style: Default,Arial,2
Style: Sign,Arial,8
[Fonts]
fontname: a.ttf
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:03.00,0:00:04.50,Sign,,0,0,0,,{\fad(1,2)}Shop
Dialogue: 1,0:00:03.00,0:00:04.50,Sign,,0,0,0,,{\bord2}Shop
Dialogue: 0,0:00:01.00,0:00:02.00,Default,Ann,0,0,0,,Well, {\i1}first{\i0}\Nsecond\nthird\h& <so>
Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\p1}m 0 0 l 9 9{\p0}after
Dialogue: 0,0:00:07.00,0:00:08.00,Default,,0,0,0,,{\an8\p1}m 0 0 l 9 9
Dialogue: 0,0:00:07.00,0:00:08.00,Default,,0,0,0,,{\pos(1,1)\an7}up
Dialogue: 0,0:00:08.00,0:00:09.00,Sign,,0,0,0,,{\an2}down
Dialogue: broken
"""


def test_scripts_give_their_dialogue_without_looks_and_drawings() -> None:
    assert vtt(ASS) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nWell, first\nsecond\nthird\xa0&amp;\n"
        "\n00:00:03.000 --> 00:00:04.500 line:5%\nShop\n"
        "\n00:00:05.000 --> 00:00:06.000\nafter\n"
        "\n00:00:07.000 --> 00:00:08.000 line:5%\nup\n"
        "\n00:00:08.000 --> 00:00:09.000\ndown\n"
    )


def test_old_scripts_count_alignments_otherwise() -> None:
    ssa = (
        "[Script Info]\n[V4 Styles]\nFormat: Name, Alignment\nStyle: *Top,6\n[Events]\n"
        "Format: Marked, Start, End, Style, Text\nDialogue: Marked=0,0:00:01.00,0:00:02.00,*Top,Hi\n"
    )
    assert vtt(ssa) == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:5%\nHi\n"


def test_microdvd_counts_frames_at_the_rate_of_the_film_or_its_own() -> None:
    lines = "{25}{50}one|{y:i}two\n{100}{}open\n{125}{150}/slanted\n"
    assert told(lines, frame_rate=25.0) == [
        (1000, 2000, "one\ntwo"),
        (4000, 5000, "open"),
        (5000, 6000, "slanted"),
    ]
    assert told("{1}{1}50\n" + lines, frame_rate=25.0)[0] == (500, 1000, "one\ntwo")
    assert told("{24}{48}one")[0] == (1001, 2002, "one")


def test_other_old_formats_are_told_by_what_stands_in_them() -> None:
    assert told("[10][20]one|two\n") == [(1000, 2000, "one\ntwo")]
    assert told("[INFORMATION]\n\n00:00:01.00,00:00:02.00\none[br]two\n\n") == [(1000, 2000, "one\ntwo")]


SMI = """<SAMI><HEAD><STYLE TYPE="text/css"><!--
P {color: white}
.ENCC {Name:English; lang: en-US; SAMIType: CC;}
.KRCC {Name:Korean; lang: ko-KR;}
--></STYLE></HEAD><BODY>
<SYNC Start=1000><P Class=KRCC>안녕<br>너
<SYNC Start=1000><P Class=ENCC>Hello &amp; <i>you</i> &lt;3
<SYNC Start=2000><P Class=ENCC>&nbsp;
<SYNC Start=2500><P Class=KRCC>&nbsp;<P Class=ENCC>Bye
</BODY></SAMI>"""


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", [(1000, 2000, "Hello &amp; <i>you</i> &lt;3"), (2500, 7500, "Bye")]),
        ("ko", [(1000, 2500, "안녕\n너")]),
        ("fr", [(1000, 2500, "안녕\n너")]),
        (None, [(1000, 2500, "안녕\n너")]),
    ],
)
def test_sami_gives_the_class_of_the_language(language: str | None, expected: list[tuple[int, int, str]]) -> None:
    assert told(SMI, language=language) == expected


def test_webvtt_is_cleaned() -> None:
    text = (
        "WEBVTT - a title\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\nSTYLE\n::cue { background: url(x) }\n\n"
        "NOTE a --> b\n\nname\n00:01.000 --> 00:02.000 line:0 align:start onload:x\n"
        "<v Ann><c.yellow>Hi</c> <00:01.500>there</v> <x>& co\n\n1:00:00.000 --> 1:00:01.000\nLate\n"
    )
    assert vtt(text) == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0 align:start\n<v Ann><c.yellow>Hi</c> there</v> &amp; co\n"
        "\n01:00:00.000 --> 01:00:01.000\nLate\n"
    )


def test_shift_moves_all_cues_and_drops_those_before_the_film() -> None:
    srt = "1\n1 --> 2\na\n\n2\n2 --> 4\nb\n"
    assert vtt(srt, shift_ms=-3000) == "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nb\n"
    assert vtt(srt, shift_ms=500).count("00:00:01.500 --> 00:00:02.500") == 1


def test_shifted_script_keeps_its_looks() -> None:
    moved = converted(ASS.encode(), "ass", shift_ms=-4000)[0].decode()
    assert r"Dialogue: 0,0:00:00.00,0:00:00.50,Sign,,0,0,0,,{\fad(1,2)}Shop" in moved
    assert "first" not in moved
    assert "Style: Sign,Arial,8" in moved


def test_playlist_s_subtitles_bear_the_map_of_times() -> None:
    assert vtt(ONE, is_for_hls=True) == (f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n{ONE}")


def test_every_format_can_be_written() -> None:
    source = b"1\n1 --> 2,5\n{\\an8}<i>a</i> & <b>b\n\n2\n3 --> 4\nc\nd\n"
    srt, form = converted(source, "srt")
    assert form == "srt"
    assert srt.decode() == (
        "1\n00:00:01,000 --> 00:00:02,500\n{\\an8}<i>a</i> & <b>b</b>\n\n2\n00:00:03,000 --> 00:00:04,000\nc\nd\n"
    )
    script, form = converted(source, "ass")
    assert form == "ass"
    assert script.decode().endswith(
        "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\an8}{\\i1}a{\\i0} & {\\b1}b{\\b0}\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,c\\Nd\n"
    )
    assert converted(script, "vtt") == converted(
        source.replace(b"<i>", b"").replace(b"</i>", b"").replace(b"<b>", b""), "vtt"
    )
    assert converted(source, "original") == (source, "srt")
    assert converted(ASS.encode("utf-16"), "original") == (ASS.encode(), "ass")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("WEBVTT\n", "vtt"),
        ("WEBVTTX\n", "srt"),
        (ASS, "ass"),
        (SMI, "sami"),
        ("{1}{2}a", "microdvd"),
        ("[1][2]a", "mpl2"),
        ("1\n1 --> 2\na", "srt"),
        ("1\n1 --> 2\n<sync>", "srt"),
    ],
)
def test_format_is_told_by_what_stands_in_a_file(text: str, form: str) -> None:
    assert form_of(text) == form


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"just words", b"\x00\x01\x02" * 400, b"\x89PNG\r\n\x1a\n" + b"\x00\xff" * 99]
)
def test_what_is_no_subtitle_is_refused_by_name(raw: bytes) -> None:
    for target in _TARGETS:
        with pytest.raises(UnreadableSubtitle) as refused:
            converted(raw, target)
        assert refused.value.code == "subtitle_unreadable"


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableSubtitle):
        converted(b"a" * (MAX_BYTES + 1), "vtt")
    monkeypatch.setattr("homemedia.media.subtitles.cues.MAX_CUES", 3)
    with pytest.raises(UnreadableSubtitle):
        converted(b"1 --> 2\na\n" * 4, "vtt")


_PIECES = st.sampled_from(
    [
        "WEBVTT\n",
        "1\n",
        "\n",
        "00:00:01,000 --> 00:00:02,000\n",
        "1 --> 2\n",
        "-1:0 -> 9.9 X1\n",
        "<i>",
        "</i>",
        "{\\an8}",
        "&amp;",
        "&",
        "<",
        ">",
        "-->",
        "{1}{2}",
        "{",
        "}",
        "[1][2]",
        "|",
        "<SAMI>",
        "<SYNC Start=5>",
        "<P Class=A>",
        "[Script Info]\n",
        "[V4+ Styles]\n",
        "[Events]\n",
        "Format: Start, End, Text\n",
        "Style: a,b\n",
        "\\N",
        "{\\p1}",
        "Dialogue: 0:00:01.00,0:00:02.00,hi\n",
        "00:00:01.00,00:00:02.00\n",
        "\r",
        "\x00",
        "\u2028",
        "é",
        "<v Bob>",
        "<c.a>",
        "<!--",
        ".A {lang: en}",
        "Dialogue:",
        "999999999",
        "٣",
        "²",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=6), max_size=30).map("".join), st.sampled_from(_TARGETS))
def test_any_text_becomes_subtitles_or_the_named_error(text: str, target: Target) -> None:
    raw = text.encode(errors="ignore")
    try:
        made, form = converted(raw, target, language="ru", frame_rate=25.0, shift_ms=-500)
    except UnreadableSubtitle:
        return
    said = made.decode("utf-8")
    assert not said.startswith("\ufeff")
    if form == "vtt" and target == "vtt":
        again = read(said)
        assert all(isinstance(cue, Cue) and cue.end_ms > cue.start_ms for cue in again)
        assert converted(made, "vtt")[0] == made


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "ru", "ja", "zh-TW", "ko", "vi", "nonsense"]))
def test_any_bytes_become_subtitles_or_the_named_error(raw: bytes, language: str | None) -> None:
    for body in (raw, b"1 --> 2\n" + raw):
        try:
            made, _ = converted(body, "vtt", language=language)
        except UnreadableSubtitle:
            continue
        made.decode("utf-8")


def test_tags_inside_tags_cost_no_more_than_other_text() -> None:
    deep = b"1 --> 2\n" + b"<c.a><i>" * 30_000 + b"x" + b"</i></c>" * 30_000
    assert vtt(deep) == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<i>x</i>\n"
    nested = b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<c.a>" * 30_000 + b"x" + b"</c>" * 30_000
    assert vtt(nested).count("<c.a>") == 16
