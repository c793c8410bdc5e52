"""Deciders about media: tables."""

import pytest

from homemedia.media import hdr_kind, ladder, language_tag, video_resolution
from homemedia.media.pure import LADDER, container_name, fitted


@pytest.mark.parametrize(
    ("size", "name"),
    [
        ((640, 360), "sd"),
        ((854, 480), "480"),
        ((720, 576), "576"),
        ((1024, 576), "576"),
        ((720, 540), "sd"),
        ((1280, 720), "720"),
        ((1280, 534), "720"),
        ((960, 720), "720"),
        ((1920, 1080), "1080"),
        ((1920, 800), "1080"),
        ((1440, 1080), "1080"),
        ((2048, 1080), "1080"),
        ((2560, 1440), "2k"),
        ((3840, 2160), "4k"),
        ((3840, 1600), "4k"),
        ((7680, 4320), "4k"),
        ((1080, 1920), "1080"),
        ((0, 0), "sd"),
    ],
    ids=lambda value: "x".join(map(str, value)) if isinstance(value, tuple) else value,
)
def test_a_size_has_the_name_people_use(size: tuple[int, int], name: str) -> None:
    assert video_resolution(*size) == name


@pytest.mark.parametrize(
    ("transfer", "profile", "compatibility", "dynamic", "kind"),
    [
        ("bt709", None, None, 0, "none"),
        (None, None, None, 0, "none"),
        ("smpte2084", None, None, 0, "hdr10"),
        ("smpte2084", None, None, 1, "hdr10plus"),
        ("arib-std-b67", None, None, 0, "hlg"),
        (None, 5, 0, 0, "dv5"),
        ("smpte2084", 7, 6, 0, "dv7"),
        ("smpte2084", 8, 1, 1, "dv8"),
        ("arib-std-b67", 8, 4, 0, "dv8"),
        ("smpte2084", 10, 1, 0, "dv8"),
        (None, 10, 0, 0, "dv5"),
    ],
)
def test_hdr_is_named_by_what_a_screen_must_understand(
    transfer: str | None, profile: int | None, compatibility: int | None, dynamic: int, kind: str
) -> None:
    assert (
        hdr_kind(transfer, dolby_vision=profile, compatibility=compatibility, has_dynamic_metadata=bool(dynamic))
        == kind
    )


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("fre", "fr"),
        ("EN", "en"),
        ("pt-br", "pt-BR"),
        ("pt_BR", "pt-BR"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("chi", "zh"),
        ("fil", "fil"),
        ("und", None),
        ("mul", None),
        ("", None),
        (None, None),
        ("English", None),
        ("e1", None),
        ("\x00\x00\x00", None),
    ],
)
def test_language_codes_become_the_shortest_there_is(said: str | None, tag: str | None) -> None:
    assert language_tag(said) == tag


@pytest.mark.parametrize(
    ("demuxer", "brand", "head", "codecs", "name"),
    [
        ("mov,mp4,m4a,3gp,3g2,mj2", "isom", b"", set(), "mp4"),
        ("mov,mp4,m4a,3gp,3g2,mj2", "M4V ", b"", set(), "mp4"),
        ("mov,mp4,m4a,3gp,3g2,mj2", "qt  ", b"", set(), "mov"),
        ("mov,mp4,m4a,3gp,3g2,mj2", "3gp6", b"", set(), "3gp"),
        ("mov,mp4,m4a,3gp,3g2,mj2", None, b"", set(), "mp4"),
        ("matroska,webm", None, b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", set(), "webm"),
        ("matroska,webm", None, b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska", set(), "mkv"),
        ("mpegts", None, b"\x47" + bytes(187) + b"\x47", set(), "ts"),
        ("mpegts", None, b"\x00\x00\x00\x00\x47" + bytes(191) + b"\x47", set(), "m2ts"),
        ("asf", None, b"", set(), "wmv"),
        ("mpeg", None, b"", set(), "mpg"),
        ("ogg", None, b"", {"theora", "vorbis"}, "ogv"),
        ("ogg", None, b"", {"vorbis"}, "ogg"),
        ("avi", None, b"", set(), "avi"),
        ("flv", None, b"", set(), "flv"),
    ],
)
def test_a_container_is_named_by_what_it_is(
    demuxer: str, brand: str | None, head: bytes, codecs: set[str], name: str
) -> None:
    assert container_name(demuxer, brand=brand, head=head, codecs=frozenset(codecs)) == name


@pytest.mark.parametrize(
    ("wanted", "step"), [(1, 120), (120, 120), (121, 180), (1281, 1920), (3840, 3840), (9000, 3840)]
)
def test_sizes_are_rounded_up_to_a_step(wanted: int, step: int) -> None:
    assert ladder(wanted) == step
    assert ladder(step) == step
    assert step in LADDER


@pytest.mark.parametrize(
    ("source", "width", "height", "fit", "size", "part"),
    [
        ((1000, 1500), 320, None, "contain", (320, 480), (1000, 1500)),
        ((1000, 1500), None, 480, "contain", (320, 480), (1000, 1500)),
        ((1000, 1500), 320, 320, "contain", (213, 320), (1000, 1500)),
        ((1920, 1080), 320, 480, "cover", (320, 480), (720, 1080)),
        ((1000, 2000), 300, 300, "cover", (300, 300), (1000, 1000)),
        ((100, 50), 320, None, "contain", (100, 50), (100, 50)),
        ((100, 50), 200, 300, "cover", (33, 50), (33, 50)),
        ((100, 50), None, None, "contain", (100, 50), (100, 50)),
        ((5000, 1), 120, None, "contain", (120, 1), (5000, 1)),
    ],
)
def test_a_rendition_fits_and_never_grows(
    source: tuple[int, int],
    width: int | None,
    height: int | None,
    fit: str,
    size: tuple[int, int],
    part: tuple[int, int],
) -> None:
    assert fitted(source, width, height, crops=fit == "cover") == (size, part)
