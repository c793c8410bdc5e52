"""What a household has: the films that have to play, each with what the decision promises a Chromium."""

from typing import Final

from tests.support.films import CodedFilm as Film

BROADCAST, CINEMA = "30000/1001", "24000/1001"
FULL_HD, DVD, TINY = (1920, 1080), (720, 576), (128, 72)
LOW = (("b:a", "48k"),)
# Every fourth picture of fifty a second, then half, then one in ten: like a screen that was recorded.
UNEVEN = ((0, 4), (5, 2), (9, 10))
# Pictures that stand for four and for eight seconds. Without B-frames: in segments a picture is said to last as long as
# its decoding, and with them a browser that is sent to one that stands shows the next.
SLIDES = ((0, 2), (8, 600), (20, 2))
SECONDS = 16

# One of each kind of trouble, short: these play in every run of the tests.
TELLING: Final = (
    Film(name="h264 ac3.mkv", method="remux", sound="ac3", channels=6, subtitles="srt", seconds=SECONDS),
    Film(name="hevc hdr10 dts.mkv", method="transcode", picture="hdr10", sound="dts", seconds=SECONDS),
    Film(
        name="mpeg2 interlaced ac3.ts",
        method="transcode",
        picture="mpeg2",
        sound="ac3",
        group=15,
        seconds=SECONDS,
        is_interlaced=True,
    ),
    Film(name="h264 variable eac3.mkv", method="remux", sound="eac3", rate="50", steps=UNEVEN, seconds=SECONDS),
    Film(name="h264 20 s apart ac3.mkv", method="remux", sound="ac3", group=500, seconds=44),
    Film(name="xvid mp3.avi", method="transcode", picture="mpeg4", sound="mp3", seconds=SECONDS),
)

REST: Final = (
    # what the browser plays as it is
    Film(name="h264 aac.mp4", method="directPlay"),
    Film(name="h264 aac.mkv", method="directPlay"),
    Film(name="h264 opus.mkv", method="directPlay", sound="opus"),
    Film(name="h264 aac 5.1.mp4", method="directPlay", channels=6),
    Film(name="h264 no sound.mp4", method="directPlay", sound=None),
    Film(name="h264 turned.mp4", method="directPlay", turned=90),
    Film(name="h264 wide pixels.mp4", method="directPlay", size=DVD, aspect="64/45"),
    Film(name="h264 10 flac.mkv", method="directPlay", picture="h264 10", sound="flac"),
    Film(name="vp8 vorbis.webm", method="directPlay", picture="vp8", sound="vorbis"),
    Film(name="vp9 opus.webm", method="directPlay", picture="vp9", sound="opus"),
    Film(name="vp9 opus.mkv", method="directPlay", picture="vp9", sound="opus"),
    Film(name="av1 opus.webm", method="directPlay", picture="av1", sound="opus"),
    Film(name="av1 10 flac.mkv", method="directPlay", picture="av1 10", sound="flac"),
    # what is only repacked
    Film(name="h264 aac.ts", method="remux"),
    Film(name="h264 ac3 late.ts", method="remux", sound="ac3", start_s=3723.4),
    Film(name="h264 no sound.ts", method="remux", sound=None, rate=BROADCAST),
    Film(name="h264 mp3.mov", method="remux", sound="mp3"),
    Film(name="h264 pcm 60.mov", method="remux", sound="pcm", rate="60000/1001"),
    Film(name="h264 3 s apart eac3.mkv", method="remux", sound="eac3", group=72, rate=CINEMA),
    Film(name="h264 open groups ac3.mkv", method="remux", picture="h264 open", sound="ac3"),
    Film(name="h264 late aac.mkv", method="remux", start_s=7.3),
    Film(name="h264 late ac3.mkv", method="remux", sound="ac3", start_s=7.3),
    Film(name="h264 1080 dts 5.1.mkv", method="remux", sound="dts", channels=6, rate=CINEMA, size=FULL_HD, seconds=20),
    Film(name="h264 slides ac3.mkv", method="remux", sound="ac3", rate="50", steps=SLIDES, options=(("bf", 0),)),
    Film(name="h264 styled text ac3.mkv", method="remux", sound="ac3", subtitles="ass"),
    Film(name="vp9 ac3.mkv", method="remux", picture="vp9", sound="ac3"),
    Film(name="av1 eac3.mkv", method="remux", picture="av1", sound="eac3"),
    Film(
        name="h264 two hours ac3.mkv",
        method="remux",
        sound="ac3",
        rate="6",
        group=12,
        seconds=7200,
        size=TINY,
        pieces=12,
        options=LOW,
    ),
    # what is converted
    Film(name="h264 422 flac.mkv", method="transcode", picture="h264 4:2:2", sound="flac"),
    Film(name="h264 turned ac3.mov", method="transcode", sound="ac3", turned=90),
    Film(name="h264 30 s apart ac3.mkv", method="transcode", sound="ac3", group=750, seconds=70),
    Film(name="h264 bitmaps aac.mkv", method="transcode", subtitles="pgs"),
    Film(name="hevc eac3.mp4", method="transcode", picture="hevc", sound="eac3"),
    Film(name="hevc 10 aac.mkv", method="transcode", picture="hevc 10"),
    Film(name="hevc no sound.mkv", method="transcode", picture="hevc", sound=None, rate="60000/1001"),
    Film(name="hevc variable late.mkv", method="transcode", picture="hevc", rate="50", steps=UNEVEN, start_s=7.3),
    Film(name="hevc slides aac.mp4", method="transcode", picture="hevc", rate="50", steps=SLIDES),
    Film(name="hevc hlg aac.ts", method="transcode", picture="hlg", rate="50"),
    Film(
        name="hevc 1080 hdr10 eac3 5.1.mkv",
        method="transcode",
        picture="hdr10",
        sound="eac3",
        channels=6,
        rate=CINEMA,
        size=FULL_HD,
        seconds=16,
    ),
    Film(
        name="mpeg2 interlaced wide pixels mp2.mpg",
        method="transcode",
        picture="mpeg2",
        sound="mp2",
        group=12,
        size=DVD,
        aspect="16/15",
        is_interlaced=True,
    ),
    Film(
        name="mpeg2 interlaced broadcast ac3 5.1.ts",
        method="transcode",
        picture="mpeg2",
        sound="ac3",
        channels=6,
        rate=BROADCAST,
        group=15,
        size=(1280, 720),
        is_interlaced=True,
        start_s=3723.4,
        seconds=24,
    ),
    Film(name="xvid ac3.avi", method="transcode", picture="xvid", sound="ac3", rate=CINEMA),
    Film(name="wmv2 wma.wmv", method="transcode", picture="wmv2", sound="wma"),
    Film(
        name="xvid two hours mp3.avi",
        method="transcode",
        picture="mpeg4",
        sound="mp3",
        rate="4",
        group=12,
        seconds=7200,
        size=TINY,
        pieces=12,
        options=LOW,
    ),
)
