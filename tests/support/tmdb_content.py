"""Invented films and shows that the stand-in of TMDb knows, with the traps that real ones set for a matcher."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

GENRES = {
    "Action": 28,
    "Adventure": 12,
    "Animation": 16,
    "Comedy": 35,
    "Crime": 80,
    "Documentary": 99,
    "Drama": 18,
    "Family": 10751,
    "History": 36,
    "Mystery": 9648,
    "Romance": 10749,
    "Science Fiction": 878,
    "Thriller": 53,
}
GERMAN_GENRES = {"Adventure": "Abenteuer", "Comedy": "Komödie", "Family": "Familie", "History": "Historie"}


class Film(msgspec.Struct, frozen=True, kw_only=True):
    """One film. `certifications` are by country; `alternatives` are (country, title); `german` title and overview."""

    id: int
    title: str
    date: str
    overview: str
    tagline: str = ""
    original_title: str = ""
    original_language: str = "en"
    genres: tuple[str, ...] = ("Drama",)
    studio: str = "North Light Pictures"
    collection: str = ""
    rating: float = 7.0
    votes: int = 200
    runtime: int = 101
    imdb: str = ""
    certifications: Mapping[str, str] = MappingProxyType({"US": "PG", "DE": "6"})
    alternatives: tuple[tuple[str, str], ...] = ()
    german: tuple[str, str] | None = None
    cast: tuple[tuple[str, str], ...] = (("Ada Winter", "Mara"), ("Jon Alder", "Theo"))
    directors: tuple[str, ...] = ("Ines Holm",)
    writers: tuple[str, ...] = ("Paul Reiter",)
    posters: int = 3
    backdrops: int = 2


class Show(msgspec.Struct, frozen=True, kw_only=True):
    """One show; `seasons` are the numbers of episodes by season number, `episodes` names some of them."""

    id: int
    title: str
    date: str
    overview: str
    tagline: str = ""
    original_title: str = ""
    original_language: str = "en"
    genres: tuple[str, ...] = ("Drama",)
    network: str = "Channel Nine"
    status: str = "Returning Series"
    rating: float = 7.5
    votes: int = 120
    imdb: str = ""
    tvdb: int = 0
    ratings: Mapping[str, str] = MappingProxyType({"US": "TV-PG", "DE": "12"})
    alternatives: tuple[tuple[str, str], ...] = ()
    german: tuple[str, str] | None = None
    creators: tuple[str, ...] = ("Paul Reiter",)
    cast: tuple[tuple[str, str], ...] = (("Ada Winter", "Keeper Ruth"), ("Noor Vale", "Sam"))
    seasons: Mapping[int, int] = MappingProxyType({1: 6})
    episodes: Mapping[tuple[int, int], str] = MappingProxyType({})
    posters: int = 3
    backdrops: int = 2


FILMS = (
    Film(
        id=910001,
        title="The High Pass",
        date="2022-03-04",
        overview="Two sisters cross a snowed-in pass to bring a letter home before the thaw.",
        tagline="The only way is over.",
        genres=("Adventure", "Drama"),
        imdb="tt9100001",
        certifications={"US": "PG-13", "DE": "12", "GB": "12A"},
        german=("Der hohe Pass", "Zwei Schwestern überqueren einen verschneiten Pass."),
        cast=(("Ada Winter", "Lena"), ("Noor Vale", "Ida"), ("Jon Alder", "The Postman")),
        rating=7.9,
        votes=1204,
    ),
    Film(
        id=910002,
        title="Above the Weather",
        date="2018-09-14",
        overview="A weather plane loses its radio and finds out how quiet the sky can be.",
        genres=("Documentary",),
        imdb="tt9100002",
        collection="Weather Collection",
        rating=7.1,
    ),
    Film(
        id=910003,
        title="The Loud Bird",
        date="2025-02-20",
        overview="A bird that will not stop singing turns a village against itself.",
        genres=("Animation", "Family", "Comedy"),
        imdb="tt9100003",
        certifications={"US": "G", "DE": "0"},
        rating=6.6,
    ),
    Film(
        id=910004,
        title="Deep Fir",
        date="2019-11-01",
        overview="A ranger hears her own voice answering from the wood.",
        genres=("Mystery", "Thriller"),
        imdb="tt9100004",
        certifications={"US": "R", "DE": "16"},
        alternatives=(("DE", "Tief im Tann"), ("FR", "Au fond des sapins")),
        rating=6.9,
    ),
    Film(
        id=910005,
        title="Pink Weather",
        date="2024-06-07",
        overview="The sky stays pink for a week, and nobody goes to work.",
        genres=("Comedy", "Science Fiction"),
        imdb="tt9100005",
        collection="Weather Collection",
        rating=7.4,
    ),
    Film(id=910006, title="Thorn", date="1999-05-21", overview="A gardener keeps a secret.", imdb="tt9100006"),
    Film(
        id=910007,
        title="Thorn Warfare",
        date="2017-04-07",
        overview="Soldiers meet something with thorns. Nothing to do with the gardener.",
        genres=("Science Fiction", "Action"),
        imdb="tt9100007",
        rating=2.9,
    ),
    Film(
        id=910008,
        title="The Keeper",
        date="2024-01-19",
        overview="A lighthouse is sold, its keeper is not told.",
        imdb="tt9100008",
        rating=7.7,
    ),
    Film(
        id=910009,
        title="The Keeper",
        date="1984-10-12",
        overview="A goalkeeper who never wanted to be one.",
        imdb="tt9100009",
        rating=6.1,
    ),
    Film(
        id=910010,
        title="Open Late",
        date="2020-08-28",
        overview="One night in the last video shop of the town.",
        genres=("Comedy", "Romance"),
        imdb="tt9100010",
        rating=7.0,
    ),
    Film(
        id=910011,
        title="An Avenue in Autumn",
        date="2016-10-06",
        overview="A street, four households, the weeks in which the leaves come down.",
        imdb="tt9100011",
        certifications={"GB": "U"},
        rating=7.3,
    ),
    Film(
        id=910012,
        title="Blue Hour at Sea",
        date="2023-05-11",
        overview="A ferry, the last crossing, somebody who does not get off.",
        imdb="tt9100012",
        german=("Blaue Stunde auf See", "Eine Fähre, die letzte Überfahrt."),
        rating=7.6,
    ),
    Film(
        id=910013,
        title="Men of El Torcal",
        original_title="Hombres de El Torcal",
        original_language="es",
        date="2011-07-15",
        overview="Shepherds among stones that look like people.",
        genres=("Documentary", "History"),
        imdb="tt9100013",
        rating=7.8,
    ),
    Film(id=910014, title="October Letters", date="2017-10-27", overview="A postwoman reads.", imdb="tt9100014"),
    Film(
        id=910015,
        title="Salt Road",
        original_title="Tuz Yolu",
        original_language="tr",
        date="2014-12-19",
        overview="A lorry full of salt and two drivers who do not speak.",
        genres=("Drama", "Adventure"),
        imdb="tt9100015",
        rating=7.2,
    ),
    Film(
        id=910016,
        title="The Brook",
        date="2023-04-21",
        overview="A brook changes its bed, and a border with it.",
        imdb="tt9100016",
        rating=7.5,
    ),
    Film(id=910017, title="Brook", date="2006-02-10", overview="A boy by that name.", imdb="tt9100017"),
    Film(
        id=910018,
        title="Harbour, Late",
        date="2022-09-09",
        overview="The last tram of the evening does not stop at the harbour.",
        imdb="tt9100018",
        rating=7.1,
    ),
    Film(
        id=910019,
        title="Big Buck Bunny",
        date="2008-04-10",
        overview="A big rabbit, three small bullies, and a plan.",
        genres=("Animation", "Comedy", "Family"),
        studio="Open Field Films",
        imdb="tt9100019",
        certifications={"US": "G", "DE": "0"},
        runtime=10,
        rating=6.5,
    ),
    Film(
        id=910020,
        title="Violet Hours",
        date="2019-03-15",
        overview="A night nurse counts what she cannot mend.",
        imdb="tt9100020",
        rating=7.0,
    ),
    Film(
        id=910021,
        title="The Quiet Engine",
        date="2001-11-30",
        overview="A submarine with nothing to do.",
        imdb="tt9100021",
        collection="Engine Collection",
    ),
    Film(
        id=910022,
        title="The Quiet Engine 2: Louder",
        date="2004-11-26",
        overview="The submarine has something to do.",
        imdb="tt9100022",
        collection="Engine Collection",
    ),
    Film(
        id=910023,
        title="Schneeland",
        original_title="Schneeland",
        original_language="de",
        date="2005-01-20",
        overview="Snow, and a farm under it.",
        alternatives=(("US", "Snow Country"), ("FR", "Terre de neige")),
        german=("Schneeland", "Schnee, und darunter ein Hof."),
        imdb="tt9100023",
    ),
    Film(id=910024, title="1984 Streets", date="2012-05-04", overview="Streets, in a year.", imdb="tt9100024"),
    Film(id=910025, title="2046 Miles", date="2010-02-12", overview="A long way by bus.", imdb="tt9100025"),
    # No picture, no date, no votes: what a fresh entry looks like.
    Film(id=910026, title="Untold", date="", overview="", posters=0, backdrops=0, rating=0.0, votes=0, cast=()),
)
SHOWS = (
    Show(
        id=920001,
        title="Harbour Lights",
        date="2019-01-06",
        overview="A pilot boat, its crew, and the ships they bring in at night.",
        tagline="Somebody has to be awake.",
        imdb="tt9200001",
        tvdb=930001,
        seasons={0: 1, 1: 6, 2: 6},
        episodes={(1, 1): "The Pilot", (1, 2): "Ebb", (1, 3): "A Ship Called Patience", (0, 1): "Making of"},
        german=("Hafenlichter", "Ein Lotsenboot und seine Mannschaft."),
        rating=8.1,
        votes=801,
    ),
    Show(
        id=920002,
        title="Late Show",
        date="2016-09-19",
        overview="Five people make a television show that nobody is awake for.",
        genres=("Comedy",),
        imdb="tt9200002",
        tvdb=930002,
        status="Ended",
        seasons={1: 4, 2: 4},
        episodes={(2, 1): "New"},
    ),
    Show(
        id=920003,
        title="The Late Show Tonight",
        date="1998-01-05",
        overview="A talk show.",
        genres=("Comedy",),
        imdb="tt9200003",
        tvdb=930003,
        seasons={1: 20},
    ),
    Show(
        id=920004,
        title="Lumen Street",
        date="2021-10-01",
        overview="A street in which the lamps decide.",
        imdb="tt9200004",
        tvdb=930004,
        seasons={1: 8},
    ),
    Show(
        id=920005,
        title="Lumen Street",
        date="2004-03-02",
        overview="A lawyer lives in a street.",
        imdb="tt9200005",
        tvdb=930005,
        status="Ended",
        seasons={1: 10, 2: 10},
    ),
    Show(
        id=920006,
        title="Northern Platform",
        original_title="Nordplattformen",
        original_language="no",
        date="2013-02-17",
        overview="An oil platform in winter.",
        imdb="tt9200006",
        tvdb=930006,
        status="Canceled",
        seasons={1: 3},
        alternatives=(("DE", "Nordplattform"),),
    ),
)
