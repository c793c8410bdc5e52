import pytest

from homemedia.library.naming.languages import TABLE, language_of
from homemedia.library.naming.sidecars import find_subtitles

FILM = "Film (2010).mkv"
SIDECARS = [
    ("S01", "Film (2010).srt", "und", "", None),
    ("S02-two-letters", "Film (2010).en.srt", "en", "", None),
    ("S02-three-letters", "Film (2010).eng.srt", "en", "", None),
    ("S02-name", "Film (2010).English.srt", "en", "", None),
    ("S03-behind", "Film (2010).eng.forced.srt", "en", "forced", None),
    ("S03-before", "Film (2010).forced.eng.srt", "en", "forced", None),
    ("S04", "Film (2010).pt-BR.default.srt", "pt-BR", "default", None),
    ("S05", "Film (2010).hi.srt", "hi", "", None),
    ("S06-hi", "Film (2010).en.hi.srt", "en", "sdh", None),
    ("S06-sdh", "Film (2010).sdh.en.srt", "en", "sdh", None),
    ("S07", "Film (2010).Commentary.en.srt", "en", "", "Commentary"),
    ("S08", "Film (2010).fr.en.srt", "en", "", "fr"),
    ("S10", "Subs/2_English.srt", "en", "", None),
    ("S11", "Subs/Film (2010)/3_French.srt", "fr", "", None),
    ("upper-case", "FILM (2010).GER.SRT", "de", "", None),
    ("own-name", "Film (2010).Deutsch.ass", "de", "", None),
    ("own-name-other-script", "Film (2010).日本語.srt", "ja", "", None),
    ("foreign-parts", "Film (2010).en.foreign.srt", "en", "forced", None),
    ("cc", "Film (2010).en.cc.vtt", "en", "sdh", None),
    ("script-and-region", "Film (2010).zh-hant-tw.srt", "zh-Hant-TW", "", None),
    ("all-flags", "Film (2010).de.default.forced.sdh.srt", "de", "forced default sdh", None),
    ("title-of-two-words", "Film (2010).Director.Notes.fr.srt", "fr", "", "Director Notes"),
    ("unknown-word-is-title", "Film (2010).Signs.srt", "und", "", "Signs"),
    ("subtitles-folder", "Subtitles/Film (2010).es.srt", "es", "", None),
    ("free-with-bracket", "Subs/English (SDH).srt", "en", "sdh", None),
    ("free-with-dash", "subs/Spanish-Forced.srt", "es", "forced", None),
    ("free-region", "Subs/4_pt-BR.srt", "pt-BR", "", None),
    ("free-two-words", "Subs/Brazilian Portuguese.srt", "pt-BR", "", None),
]


@pytest.mark.parametrize(
    ("path", "language", "flags", "title"), [row[1:] for row in SIDECARS], ids=[row[0] for row in SIDECARS]
)
def test_words_behind_the_name_say_what_a_subtitle_is(path: str, language: str, flags: str, title: str | None) -> None:
    found = find_subtitles([FILM], [path])

    assert [(sub.video, sub.files) for sub in found] == [(FILM, (path,))]
    assert (found[0].language, found[0].flags, found[0].title) == (language, flags, title)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("Film (2010)extra.srt", id="S09"),
        pytest.param("Film (2010).txt", id="no-subtitle"),
        pytest.param("Other (2010).en.srt", id="other-film"),
        pytest.param("Subs/Other (2010)/2_English.srt", id="folder-of-another-film"),
        pytest.param("Extras/2_English.srt", id="other-folder"),
        pytest.param("Film (2010).idx", id="lone-index"),
    ],
)
def test_file_is_no_sidecar(path: str) -> None:
    assert find_subtitles([FILM], [path]) == []


def test_s12_index_and_pictures_are_one_bitmap_subtitle() -> None:
    found = find_subtitles([FILM], ["Film (2010).sub", "Film (2010).idx"])

    assert [(sub.files, sub.is_bitmap) for sub in found] == [(("Film (2010).idx", "Film (2010).sub"), True)]


def test_sub_without_index_is_text() -> None:
    assert [sub.is_bitmap for sub in find_subtitles([FILM], ["Film (2010).en.sub"])] == [False]


def test_any_name_counts_in_subs_only_beside_a_single_video() -> None:
    videos = ["Film (2010).mkv", "Other (2011).mkv"]

    assert find_subtitles(videos, ["Subs/2_English.srt"]) == []
    assert [sub.video for sub in find_subtitles(videos, ["Subs/Other (2011).en.srt"])] == ["Other (2011).mkv"]
    assert [sub.video for sub in find_subtitles(videos, ["Subs/Other (2011)/2_English.srt"])] == ["Other (2011).mkv"]


def test_longest_name_owns_the_subtitle() -> None:
    videos = ["Show.mkv", "Show.S01E01.mkv"]

    assert [sub.video for sub in find_subtitles(videos, ["Show.S01E01.en.srt", "Show.en.srt"])] == [
        "Show.S01E01.mkv",
        "Show.mkv",
    ]


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("en", "en"),
        ("ENG", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("Français", "fr"),
        ("pt_br", "pt-BR"),
        ("por-BR", "pt-BR"),
        ("es-419", "es-419"),
        ("chs", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("en-sdh", None),
        ("commentary", None),
        ("", None),
        ("-", None),
        ("en-", None),
    ],
)
def test_language_is_its_shortest_tag(token: str, expected: str | None) -> None:
    assert language_of(token) == expected


def test_every_language_is_found_by_all_its_names() -> None:
    shared = {"norwegian": "no", "latin": "la"}
    lines = [line.split("|") for line in TABLE.strip().splitlines()]

    assert len(lines) >= 60
    for code, codes, english, own in lines:
        for word in [code, *codes.split(), *english.split(","), *own.split(",")]:
            if word.strip():
                assert language_of(word) == shared.get(word.strip(), code.strip()), word
