"""NFO files as four programs write them, and as people damage them."""

import contextlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homemedia.library.metadata.nfo import MAX_BYTES, Actor, BrokenNfo, Ids, Nfo, parse

KODI_MOVIE = """<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>
<movie>
    <title>The Grey Harbour</title>
    <originaltitle>Der graue Hafen</originaltitle>
    <sorttitle>Grey Harbour 1</sorttitle>
    <ratings>
        <rating name="imdb" max="10"><value>6.900000</value><votes>1200</votes></rating>
        <rating name="themoviedb" max="10" default="true"><value>7.200000</value><votes>300</votes></rating>
    </ratings>
    <userrating>0</userrating>
    <outline>Short.</outline>
    <plot>A keeper counts ships.

Then one is missing.</plot>
    <tagline>Count again.</tagline>
    <runtime>101</runtime>
    <thumb aspect="poster" preview="https://img.invalid/s.jpg">https://img.invalid/p.jpg</thumb>
    <fanart><thumb preview="">https://img.invalid/f.jpg</thumb></fanart>
    <mpaa>Rated PG-13</mpaa>
    <uniqueid type="imdb">tt9900001</uniqueid>
    <uniqueid type="tmdb" default="true">990001</uniqueid>
    <genre>Drama</genre>
    <genre>Sci-Fi / Thriller</genre>
    <tag>rainy day</tag>
    <set><name>Harbour Saga</name><overview>All of them.</overview></set>
    <country>Germany</country>
    <credits>Ann Ode</credits>
    <credits>Bo Poe</credits>
    <director>Cy Quill</director>
    <premiered>2019-11-02</premiered>
    <year>2019</year>
    <studio>Foghorn</studio>
    <actor><name>Di Rust</name><role>Keeper</role><order>1</order><thumb>https://img.invalid/d.jpg</thumb></actor>
    <actor><name>Ed Sand</name><role>Captain</role><order>0</order></actor>
</movie>
"""

JELLYFIN_SHOW = """\ufeff<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<tvshow>
  <plot><![CDATA[Fog & <ships>.]]></plot>
  <outline />
  <lockdata>false</lockdata>
  <title>Tidewater</title>
  <rating>8.1</rating>
  <year>2011</year>
  <mpaa>TV-14</mpaa>
  <imdb_id>tt9900010</imdb_id>
  <tmdbid>990010</tmdbid>
  <premiered>2011-04-17</premiered>
  <enddate>2019-05-19</enddate>
  <runtime>57</runtime>
  <genre>Drama</genre>
  <studio>Foghorn</studio>
  <id>990011</id>
  <actor><name>Di Rust</name><role>Mayor</role><type>Actor</type><sortorder>0</sortorder></actor>
  <actor><name>Cy Quill</name><type>Director</type></actor>
  <season>-1</season>
  <episode>-1</episode>
  <status>Ended</status>
</tvshow>"""

EMBY_EPISODE = """<?xml version="1.0" encoding="utf-8"?>
<episodedetails>
  <title>The Lighthouse</title><season>1</season><episode>2</episode><aired>2011-04-24</aired>
  <plot>Nobody home.</plot><director>Cy Quill</director><writer>Ann Ode / Bo Poe</writer>
  <rating>7,9</rating><runtime>55 min</runtime><displayseason>1</displayseason><displayepisode>3</displayepisode>
</episodedetails>"""

TINY_MULTI = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!--created by a media manager-->
<episodedetails>
  <uniqueid default="true" type="tvdb">990021</uniqueid>
  <title>One</title><season>1</season><episode>1</episode>
</episodedetails>
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<episodedetails>
  <title>Two</title><season>1</season><episode>2</episode>
</episodedetails>"""


def test_kodi_movie() -> None:
    assert parse(KODI_MOVIE.encode()) == [
        Nfo(
            kind="movie",
            title="The Grey Harbour",
            original_title="Der graue Hafen",
            sort_title="Grey Harbour 1",
            year=2019,
            premiered="2019-11-02",
            plot="A keeper counts ships.\n\nThen one is missing.",
            tagline="Count again.",
            mpaa="Rated PG-13",
            rating=7.2,
            votes=300,
            runtime_min=101,
            studio="Foghorn",
            collection="Harbour Saga",
            ids=Ids(tmdb=990001, imdb="tt9900001"),
            directors=("Cy Quill",),
            writers=("Ann Ode", "Bo Poe"),
            actors=(
                Actor(name="Ed Sand", role="Captain", order=0),
                Actor(name="Di Rust", role="Keeper", order=1, thumb="https://img.invalid/d.jpg"),
            ),
            genres=("Drama", "Sci-Fi", "Thriller"),
            tags=("rainy day",),
            thumbs=("https://img.invalid/p.jpg",),
            fanart=("https://img.invalid/f.jpg",),
        )
    ]


def test_jellyfin_show_with_byte_order_mark() -> None:
    [show] = parse(JELLYFIN_SHOW.encode())

    assert show.kind == "show"
    assert show.plot == "Fog & <ships>."
    assert show.rating == 8.1
    assert show.status == "ended"
    assert show.ids == Ids(tmdb=990010, imdb="tt9900010", tvdb=990011)
    assert [actor.name for actor in show.actors] == ["Di Rust"]
    assert (show.season, show.episode) == (None, None)


def test_emby_episode() -> None:
    [episode] = parse(EMBY_EPISODE.encode())

    assert (episode.season, episode.episode, episode.aired) == (1, 2, "2011-04-24")
    assert (episode.display_season, episode.display_episode) == (1, 3)
    assert episode.rating == 7.9
    assert episode.runtime_min == 55
    assert episode.writers == ("Ann Ode", "Bo Poe")


def test_two_episodes_in_one_file() -> None:
    first, second = parse(TINY_MULTI.encode())

    assert (first.title, first.episode, first.ids.tvdb) == ("One", 1, 990021)
    assert (second.title, second.episode, second.ids.tvdb) == ("Two", 2, None)


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        pytest.param("<TITLE>Loud</TITLE>", "title", "Loud", id="upper-case tags"),
        pytest.param("<title>  A\n  B </title>", "title", "A B", id="blanks"),
        pytest.param("<title>Tom & Jerry</title>", "title", "Tom & Jerry", id="stray ampersand"),
        pytest.param("<title>Caf&eacute; &amp; Bar&#33;</title>", "title", "Café & Bar!", id="entities of HTML"),
        pytest.param("<title>A&#0;B&#xFFFF;\x00C</title>", "title", "ABC", id="what XML forbids"),
        pytest.param("<title>&unknown;</title>", "title", "&unknown;", id="unknown entity"),
        pytest.param("<title></title><title>B</title>", "title", "B", id="first that is not empty"),
        pytest.param("<plot/><outline>Short</outline>", "plot", "Short", id="outline for plot"),
        pytest.param("<rating max='5'>4</rating>", "rating", 8.0, id="five stars"),
        pytest.param("<rating max='100'>75</rating>", "rating", 7.5, id="per cent"),
        pytest.param("<rating>75</rating>", "rating", None, id="beyond ten"),
        pytest.param("<rating>0.0</rating>", "rating", None, id="nobody rated it"),
        pytest.param("<rating>nan</rating>", "rating", None, id="not a number"),
        pytest.param(
            "<ratings><rating max='10'><value>6</value></rating><rating max='10'><value>9</value></rating></ratings>",
            "rating",
            6.0,
            id="first rating without a default",
        ),
        pytest.param("<runtime>2:16:00</runtime>", "runtime_min", 136, id="clock"),
        pytest.param("<runtime>2h 16m</runtime>", "runtime_min", 136, id="hours"),
        pytest.param("<runtime>0</runtime>", "runtime_min", None, id="no runtime"),
        pytest.param("<year>0</year>", "year", None, id="no year"),
        pytest.param("<premiered>2010-07-16 00:00:00</premiered>", "premiered", "2010-07-16", id="date with time"),
        pytest.param("<premiered>0000-00-00</premiered>", "premiered", None, id="no date"),
        pytest.param("<releasedate>2010-07-16</releasedate>", "premiered", "2010-07-16", id="releasedate"),
        pytest.param("<set>Saga</set>", "collection", "Saga", id="old set"),
        pytest.param("<set/>", "collection", None, id="empty set"),
        pytest.param(
            "<genre>Drama/Sci-Fi</genre><genre>drama</genre>", "genres", ("Drama", "Sci-Fi"), id="genres once"
        ),
        pytest.param("<certification>US:R</certification>", "mpaa", "US:R", id="certification"),
        pytest.param("<id>tt9900001</id>", "ids", Ids(imdb="tt9900001"), id="old id of IMDb"),
        pytest.param("<id>603</id>", "ids", Ids(tmdb=603), id="old id of TMDb"),
        pytest.param("<tmdbid>0</tmdbid>", "ids", Ids(), id="id zero"),
        pytest.param("<uniqueid type='tmdb'>x</uniqueid><tmdbid>5</tmdbid>", "ids", Ids(), id="id that is none"),
        pytest.param("<actor>Old Style</actor>", "actors", (Actor(name="Old Style"),), id="bare actor"),
        pytest.param("<actor><role>Nobody</role></actor>", "actors", (), id="actor without a name"),
        pytest.param("<status>Returning Series</status>", "status", "continuing", id="returning"),
    ],
)
def test_field(body: str, field: str, value: Any) -> None:
    [found] = parse(f"<movie>{body}</movie>".encode())

    assert getattr(found, field) == value


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        pytest.param("<movie><title>Süd</title></movie>".encode("cp1252"), "Süd", id="undeclared cp1252"),
        pytest.param(
            '<?xml version="1.0" encoding="iso-8859-2"?><movie><title>Łódź</title></movie>'.encode("iso-8859-2"),
            "Łódź",
            id="declared latin-2",
        ),
        pytest.param(
            '<?xml version="1.0" encoding="windows-1251"?><movie><title>Сад</title></movie>'.encode("cp1251"),
            "Сад",
            id="declared cp1251",
        ),
        pytest.param(
            '<?xml encoding="iso-8859-1"?><movie><title>Süd</title></movie>'.encode(),
            "Süd",
            id="utf-8 that says latin-1",
        ),
        pytest.param(
            '<?xml encoding="punycode"?><movie><title>S\xfcd</title></movie>'.encode("latin-1"), "Süd", id="odd charset"
        ),
        pytest.param("<movie><title>Süd</title></movie>".encode("utf-16"), "Süd", id="utf-16 with mark"),
        pytest.param("<movie><title>Süd</title></movie>".encode("utf-16-le"), "Süd", id="utf-16 without mark"),
    ],
)
def test_charset(raw: bytes, title: str) -> None:
    assert parse(raw)[0].title == title


@pytest.mark.parametrize(
    ("text", "kind", "ids"),
    [
        pytest.param("https://www.imdb.com/title/tt9900001/", "link", Ids(imdb="tt9900001"), id="lone imdb"),
        pytest.param("http://themoviedb.org/tv/1399-name?language=en", "link", Ids(tmdb=1399), id="lone tmdb"),
        pytest.param("https://thetvdb.com/?tab=series&id=79168", "link", Ids(tvdb=79168), id="lone tvdb"),
        pytest.param(
            "<movie><title>A</title></movie>\nhttps://www.themoviedb.org/movie/603", "movie", Ids(tmdb=603), id="behind"
        ),
        pytest.param(
            "<movie><tmdbid>5</tmdbid></movie>\nhttps://www.themoviedb.org/movie/603",
            "movie",
            Ids(tmdb=5),
            id="own first",
        ),
        pytest.param(
            "<movie/>\nhttps://www.imdb.com/title/tt9900001/?a=1&b=2", "movie", Ids(imdb="tt9900001"), id="empty root"
        ),
        pytest.param("<tvshow><id>5</id></tvshow>", "show", Ids(tvdb=5), id="old id of a show"),
    ],
)
def test_ids(text: str, kind: str, ids: Ids) -> None:
    [found] = parse(text.encode())

    assert (found.kind, found.ids) == (kind, ids)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"just words", id="words"),
        pytest.param(b"<html><body>no</body></html>", id="another root"),
        pytest.param(b"<movie><title>cut", id="cut off"),
        pytest.param(b"<movie><title>a</plot></movie>", id="crossed tags"),
        pytest.param(
            b'<movie><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><title>&x;</title></movie>', id="dtd inside"
        ),
        pytest.param(b"x" * (MAX_BYTES + 1), id="too large"),
    ],
)
def test_broken_file_is_told_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(BrokenNfo, match=r"^[A-Z].*\.$"):
        parse(raw)


def test_entities_of_a_document_type_are_never_resolved() -> None:
    raw = b"""<?xml version="1.0"?>
        <!DOCTYPE movie [<!ENTITY secret SYSTEM "file:///etc/hostname"><!ENTITY boom "boom">]>
        <movie><title>&secret;&boom;</title></movie>"""

    assert parse(raw)[0].title == "&secret;&boom;"


def test_deeply_nested_file_is_survived() -> None:
    depth = 50_000
    raw = b"<movie>" + b"<a>" * depth + b"</a>" * depth + b"<title>Deep</title></movie>"

    assert parse(raw)[0].title == "Deep"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_called_broken(raw: bytes) -> None:
    with contextlib.suppress(BrokenNfo):
        assert parse(raw)


PIECES = st.sampled_from(
    """<movie> </movie> <episodedetails> </episodedetails> <title> </title> <ratings> <rating/max='0'> <value> </value>
    </rating> </ratings> <actor> <name> </name> </actor> <uniqueid/type='imdb'> </uniqueid> <set> </set> <fanart>
    <thumb>
    </thumb> </fanart> & &#x110000; <![CDATA[ ]]> <!-- --> <?xml ?> 1e999 99999999999999999999 tt1234567 -5 <premiered>
    </premiered> 2020-02-30 <movie/> é imdb.com/title/tt1234567""".replace("/type", " type")
    .replace("/max", " max")
    .split()
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=25))
def test_any_mixture_of_pieces_is_read_or_called_broken(pieces: list[str]) -> None:
    with contextlib.suppress(BrokenNfo):
        assert parse("".join(pieces).encode(errors="surrogatepass"))


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("<displayseason>2</displayseason><displayepisode>3</displayepisode>", (2, 3)),
        ("<displayseason>2</displayseason><displayepisode>4096</displayepisode>", (2, None)),
        ("<displayseason>2</displayseason>", (2, None)),
        ("<displayseason>-1</displayseason><displayepisode>-1</displayepisode>", (None, None)),
        ("<airsbefore_season>2</airsbefore_season><airsbefore_episode>5</airsbefore_episode>", (2, 5)),
        ("<airsbefore_season>2</airsbefore_season>", (2, 0)),
        ("<airsafter_season>1</airsafter_season>", (1, None)),
        ("<displayseason>0</displayseason><displayepisode>3</displayepisode>", (None, None)),
    ],
)
def test_special_says_where_it_is_seen(written: str, place: tuple[int | None, int | None]) -> None:
    [special] = parse(f"<episodedetails><title>Aside</title><season>0</season>{written}</episodedetails>".encode())

    assert (special.display_season, special.display_episode) == place


@pytest.mark.parametrize(
    ("written", "votes"),
    [
        ("<ratings><rating default='true'><value>7</value><votes>1,234,567</votes></rating></ratings>", 1234567),
        ("<rating>7</rating><votes>12</votes>", 12),
        ("<rating>7</rating><votes>many</votes>", None),
        ("<rating>7</rating><votes>0</votes>", None),
    ],
)
def test_votes_are_counted_beside_the_rating(written: str, votes: int | None) -> None:
    [film] = parse(f"<movie><title>Heat</title>{written}</movie>".encode())

    assert film.votes == votes
