"""What a person says of a photo, written into an XMP file and read again."""

import pytest

from homemedia.media import xmp
from homemedia.media.xmp import parse
from homemedia.media.xmp_words import BrokenXmp, Words
from homemedia.media.xmp_write import changed, coordinate

ALL = Words(
    description='Ann & <Ben>\nat the "sea"',
    rating=4,
    taken="2024-05-01T10:00:00.123+02:00",
    position=(41.2203, -96.071625),
    tags=("Family/Ann", "Sea"),
)
OTHERS = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
 <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:crs="http://ns.adobe.com/camera-raw/"
   xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:Rating="2" crs:Exposure="+1.5">
  <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li><rdf:li>255, 255</rdf:li></rdf:Seq></crs:ToneCurve>
  <dc:subject><rdf:Bag><rdf:li>old</rdf:li></rdf:Bag></dc:subject>
  <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Ann</rdf:li></rdf:Alt></dc:rights>
 </rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def test_what_is_written_is_read_again() -> None:
    found = parse(changed(None, ALL))

    assert xmp.description(found) == ALL.description
    assert xmp.rating(found) == 4
    taken = xmp.taken(found)
    assert taken is not None
    assert (taken.clock_ms, taken.offset_min) == (1_714_557_600_123, 120)
    position = xmp.position(found)
    assert position == pytest.approx((41.2203, -96.071625), abs=1e-8)
    assert xmp.keywords(found) == ("Family/Ann", "Sea")


def test_what_nobody_spoke_of_stays() -> None:
    made = changed(OTHERS, Words(rating=5, tags=("new",)))

    text = made.decode()
    assert 'crs:Exposure="+1.5"' in text
    assert "255, 255" in text
    assert '<rdf:li xml:lang="x-default">Ann</rdf:li>' in text
    assert "old" not in text
    assert (xmp.rating(parse(made)), xmp.keywords(parse(made))) == (5, ("new",))
    assert text.startswith("<?xpacket begin")


def test_a_file_that_says_it_already_keeps_its_bytes() -> None:
    made = changed(OTHERS, ALL)

    assert changed(made, ALL) == made
    assert changed(OTHERS, Words()) == OTHERS


def test_what_was_taken_back_is_said_to_be_empty() -> None:
    made = changed(changed(None, ALL), Words(description="", rating=None, tags=()))

    found = parse(made)
    assert xmp.says(found, ("dc:description",))
    assert (xmp.description(found), xmp.rating(found), xmp.keywords(found)) == (None, None, ())


def test_the_first_file_goes_before_the_second() -> None:
    both = parse(changed(None, Words(description="mine", tags=("own",))), OTHERS)

    assert (xmp.description(both), xmp.rating(both), xmp.keywords(both)) == ("mine", 2, ("own",))


def test_letters_that_no_xml_holds_are_left_out() -> None:
    assert xmp.description(parse(changed(None, Words(description="a\x00b\ud800c\x1b")))) == "abc"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<x",
        b"<html/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
        b"\xff\xfe<",
        b"<a>" * 100_000,
        b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description>'
        + b"<a>" * 5_000
        + b"</a>" * 5_000
        + b"</r:Description></r:RDF>",
    ],
    ids=["empty", "cut off", "not XMP", "entities", "not text", "cut off deep down", "deep"],
)
def test_a_file_that_is_no_xmp_is_not_written(raw: bytes) -> None:
    with pytest.raises(BrokenXmp):
        changed(raw, ALL)


@pytest.mark.parametrize(
    ("degrees", "signs", "text"),
    [
        (0.0, "NS", "0,0.00000000N"),
        (-0.5, "NS", "0,30.00000000S"),
        (59.999999999999, "EW", "60,0.00000000E"),
        (-180.0, "EW", "180,0.00000000W"),
    ],
)
def test_coordinates(degrees: float, signs: str, text: str) -> None:
    assert coordinate(degrees, signs) == text
