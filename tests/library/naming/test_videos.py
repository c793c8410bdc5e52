import datetime as dt

import pytest

from homemedia.library.naming.videos import date_in_name, group_videos

DATES = [
    ("VID_20190704_123456", "2019-07-04T12:34:56", True, False),
    ("IMG_20190704_123456", "2019-07-04T12:34:56", True, False),
    ("PXL_20210101_235959123", "2021-01-01T23:59:59", True, True),
    ("PXL_20210101_235959123.TS", "2021-01-01T23:59:59", True, True),
    ("20190704_123456", "2019-07-04T12:34:56", True, False),
    ("20190704123456", "2019-07-04T12:34:56", True, False),
    ("2019-07-04 12.34.56", "2019-07-04T12:34:56", True, False),
    ("2019-07-04T12-34-56", "2019-07-04T12:34:56", True, False),
    ("video_2019-07-04_12-34", "2019-07-04T12:34:00", True, False),
    ("WhatsApp Video 2020-01-01 at 10.11.12", "2020-01-01T10:11:12", True, False),
    ("VID-20200101-WA0001", "2020-01-01T00:00:00", False, False),
    ("signal-2020-01-01-101112", "2020-01-01T10:11:12", True, False),
    ("Screen Recording 2022-02-03", "2022-02-03T00:00:00", False, False),
    ("Geburtstag 04.07.2019", "2019-07-04T00:00:00", False, False),
    ("2019_07_04 Beach", "2019-07-04T00:00:00", False, False),
]


@pytest.mark.parametrize(("stem", "when", "has_time", "is_utc"), DATES, ids=[row[0] for row in DATES])
def test_name_says_when_it_was_recorded(stem: str, when: str, has_time: bool, is_utc: bool) -> None:  # noqa: FBT001
    found = date_in_name(stem)

    assert found is not None
    assert (found.when, found.has_time, found.is_utc) == (dt.datetime.fromisoformat(when), has_time, is_utc)


@pytest.mark.parametrize("stem", ["IMG_1234", "MVI_0042", "GOPR0123", "DSC_20190799", "Beach", "20191332_101112", ""])
def test_name_without_date_says_none(stem: str) -> None:
    assert date_in_name(stem) is None


def test_title_is_the_file_name_and_folders_are_labels() -> None:
    (video,) = group_videos(["2019/Italy/IMG_1234.MOV"])

    assert (video.title, video.labels, video.files) == ("IMG_1234", ("2019", "Italy"), ("2019/Italy/IMG_1234.MOV",))


def test_parts_of_a_home_video_are_joined() -> None:
    videos = group_videos(["Wedding/Wedding part 2.avi", "Wedding/Wedding part 1.avi", "Wedding/Speech.avi"])

    assert [(video.title, len(video.files)) for video in videos] == [("Speech", 1), ("Wedding", 2)]


def test_file_in_the_root_has_no_labels() -> None:
    assert group_videos(["Beach.mp4"])[0].labels == ()
