"""Typed routes: the signature of a handler says who may call, what is parsed and what is answered.

Our own thin layer on msgspec. A route without an `actor` must say `public=True`, so that none is open by accident.
The OpenAPI document is made from the same signatures (`openapi.py`).
"""

import asyncio
import enum
import inspect
import re
import typing
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any, get_args, get_origin

import msgspec
from aiohttp import hdrs, web

from homemedia.core.http import photo_words
from homemedia.core.http.families import ADMITS_GUEST, ALL, FAMILIES, FAMILY, PERMISSION, Family
from homemedia.core.http.wire import Cookie, Later, Query, Reply
from homemedia.core.problems import BadRequest, NotFound, TooLarge, TooSlow, Unsupported

MAX_BODY_BYTES = 1 << 20
MAX_ID = (1 << 63) - 1
# A body of 1 MiB takes 30 s at 280 kbit/s. Who sends slower on purpose would hold a task each for as long as he likes.
BODY_LIMIT_S = 30.0
# What msgspec says of a body that is no object, without naming a field.
NO_OBJECT = re.compile(r"Expected `object`, got `\w+`")


class FileName(str):
    """A path parameter that may hold anything: its handler answers by itself what is no name of a file."""

    __slots__ = ()


class Needs(enum.Enum):
    """What a caller must be. Written into the actor's annotation: `Annotated[Member, Needs.ADMIN]`."""

    USER = "user"
    MEDIA = "media"  # as USER, also by ?token=
    ADMIN = "admin"


class Admits(enum.Enum):
    """Who may call beside members. Written beside the need: `Annotated[Member | Guest, Needs.USER, Admits.GUESTS]`."""

    GUESTS = "guests"  # who holds a link to what the route is about


Guard = Callable[[web.Request, Needs], Awaitable[Any]]
Pace = Callable[[web.Request, "Route"], None]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
F = typing.TypeVar("F", bound=Callable[..., Awaitable[Any]])


class Route(msgspec.Struct, frozen=True):
    """One declared route, before it is bound to the object that serves it.

    Attributes:
        permission: the word an API key must carry; "" when any key will do.
        admits_guest: who holds a link may ask too.
        is_safe: asking changes nothing, so HEAD may be asked as well as GET.
        is_paced: it counts where a family says how often one may ask.
    """

    slice: str
    family: Family
    permission: str
    method: str
    path: str
    name: str
    summary: str
    status: int
    also: tuple[int, ...]  # further good statuses; the document names them
    produces: str
    needs: Needs | None
    query: type[Query] | None
    body: Any
    body_is_optional: bool
    body_is_late: bool
    answer: Any
    path_types: dict[str, type]
    wants_request: bool
    max_body: int
    is_safe: bool = True
    is_paced: bool = True
    admits_guest: bool = False


class Routes:
    """Collects the routes of a class as its methods are defined."""

    def __init__(self, slice_name: str, *, prefix: str = "", family: Family = Family.HOUSE) -> None:
        self.slice = slice_name
        self._prefix = prefix
        self._family = family
        self.declared: list[tuple[Route, str]] = []

    def get(self, path: str, **options: Any) -> Callable[[F], F]:  # noqa: ANN401
        return self._declare(hdrs.METH_GET, path, options)

    def post(self, path: str, **options: Any) -> Callable[[F], F]:  # noqa: ANN401
        return self._declare(hdrs.METH_POST, path, options)

    def put(self, path: str, **options: Any) -> Callable[[F], F]:  # noqa: ANN401
        return self._declare(hdrs.METH_PUT, path, options)

    def patch(self, path: str, **options: Any) -> Callable[[F], F]:  # noqa: ANN401
        return self._declare(hdrs.METH_PATCH, path, options)

    def delete(self, path: str, **options: Any) -> Callable[[F], F]:  # noqa: ANN401
        return self._declare(hdrs.METH_DELETE, path, options)

    def _declare(self, method: str, path: str, options: dict[str, Any]) -> Callable[[F], F]:
        def decorate(handler: F) -> F:
            options["family"] = options.get("family", self._family)
            self.declared.append(
                (_read_signature(self.slice, method, self._prefix + path, handler, options), handler.__name__)
            )
            return handler

        return decorate


def _read_signature(
    slice_name: str, method: str, path: str, handler: Callable[..., Any], options: dict[str, Any]
) -> Route:
    hints = typing.get_type_hints(handler, include_extras=True)
    answer = hints.pop("return", None)
    public: bool = options.pop("public", False)
    actor = hints.pop("actor", None)
    needs = _needs(actor)
    if (needs is None) != public:
        raise TypeError(f"{handler.__qualname__} must either take an actor or say public=True")
    query = hints.pop("query", None)
    if query is not None and not issubclass(query, Query):
        raise TypeError(f"{handler.__qualname__} takes a query that is no Query")
    body = hints.pop("body", None)
    wants_request = hints.pop("request", None) is not None
    names = set(_placeholders(path))
    if set(hints) != names:
        raise TypeError(f"{handler.__qualname__} takes {sorted(hints)}, its path names {sorted(names)}")
    is_late = get_origin(body) is Later
    if is_late:
        body = get_args(body)[0]
    parameter = inspect.signature(handler).parameters.get("body")
    route = Route(
        slice=slice_name,
        family=options.pop("family"),
        permission=options.pop("permission", ALL),
        method=method,
        path=path,
        name=handler.__qualname__ + options.pop("suffix", ""),  # a second address of one handler needs its own
        summary=(inspect.getdoc(handler) or "").split("\n", 1)[0],
        status=options.pop("status", 200),
        also=tuple(options.pop("also", ())),
        produces=options.pop("produces", "application/json"),
        needs=needs,
        query=query,
        body=body,
        body_is_late=is_late,
        body_is_optional=parameter is not None and parameter.default is not inspect.Parameter.empty,
        answer=answer,
        path_types=hints,
        wants_request=wants_request,
        max_body=options.pop("max_body", MAX_BODY_BYTES),
        is_safe=options.pop("is_safe", True),
        is_paced=options.pop("is_paced", True),
        admits_guest=Admits.GUESTS in getattr(actor, "__metadata__", ()),
    )
    if options:
        raise TypeError(f"{handler.__qualname__}: unknown options {sorted(options)}")
    return route


def _needs(annotation: Any) -> Needs | None:  # noqa: ANN401
    if annotation is None:
        return None
    for extra in getattr(annotation, "__metadata__", ()):
        if isinstance(extra, Needs):
            return extra
    raise TypeError(f"an actor's annotation says what is needed, {annotation!r} does not")


def _placeholders(path: str) -> Iterable[str]:
    for part in path.split("{")[1:]:
        yield part.split("}", 1)[0].split(":", 1)[0]


def mount(
    app: web.Application, owners: Iterable[object], guard: Guard, pace: Pace = lambda _request, _route: None
) -> list[Route]:
    """Serve the routes of `owners` (objects whose class has a `routes` attribute); the routes in order.

    Fixed words come before placeholders, whatever the order of declaration: `/api/users/me` before `/api/users/{id}`.
    `pace` is asked once for each request as soon as it is known who asks, and refuses whoever asks too often.
    """
    bound = [
        (route, getattr(owner, attribute))
        for owner in owners
        for route, attribute in typing.cast("Any", owner).routes.declared
    ]
    bound.sort(key=lambda pair: [(part.startswith("{"), part) for part in pair[0].path.split("/")])
    app[FAMILIES] = {route.path: route.family for route, _ in bound}
    for route, method in bound:
        handler = _handler(route, method, guard, pace)
        app.router.add_route(route.method, route.path, handler)
        if route.method == hdrs.METH_GET and route.is_safe:
            app.router.add_route(hdrs.METH_HEAD, route.path, handler)
    return [route for route, _ in bound]


def _handler(route: Route, method: Callable[..., Awaitable[Any]], guard: Guard, pace: Pace) -> Handler:
    body_decoder = msgspec.json.Decoder(route.body) if route.body is not None else None
    encode = msgspec.json.Encoder().encode

    async def handle(request: web.Request) -> web.StreamResponse:
        request[FAMILY], request[PERMISSION] = route.family, route.permission
        request[ADMITS_GUEST] = route.admits_guest
        arguments: dict[str, Any] = {}
        try:
            if route.needs is not None:
                arguments["actor"] = await guard(request, route.needs)
        finally:
            # Also who was refused has asked.
            pace(request, route)
        for name, kind in route.path_types.items():
            arguments[name] = _path_value(request.match_info[name], kind)
        if route.query is not None:
            arguments["query"] = parse_query(request.query, route.query, route.family)
        if body_decoder is not None:
            read = partial(_read_body, request, body_decoder, route)
            value = Later(read) if route.body_is_late else await read()
            if value is not None:
                arguments["body"] = value
        if route.wants_request:
            arguments["request"] = request
        outcome = await method(**arguments)
        if isinstance(outcome, web.StreamResponse):
            return outcome
        if isinstance(outcome, Reply):
            return json_response(encode(outcome.body), outcome.status or route.status, outcome.headers, outcome.cookies)
        return json_response(encode(outcome), route.status)

    return handle


def json_response(
    body: bytes, status: int = 200, headers: Mapping[str, str] | None = None, cookies: Iterable[Cookie] = ()
) -> web.Response:
    """JSON bytes as a response that no cache keeps."""
    response = web.Response(body=body, status=status, content_type="application/json", charset="utf-8")
    response.headers["Cache-Control"] = "no-store"
    if headers:
        response.headers.update(headers)
    for cookie in cookies:
        if cookie.value is None:
            response.del_cookie(cookie.name, path="/", httponly=cookie.is_http_only, samesite="Lax")
        else:
            response.set_cookie(
                cookie.name,
                cookie.value,
                max_age=cookie.max_age_s,
                httponly=cookie.is_http_only,
                secure=cookie.is_secure,
                samesite="Lax",
                path="/",
            )
    return response


def _path_value(text: str, kind: type) -> Any:  # noqa: ANN401
    """A path parameter as its type; one of the wrong form is an unknown id."""
    if kind is int:
        # str.isdecimal would admit other scripts' digits, and int() blanks and underscores.
        if not text.isascii() or not text.isdigit() or (number := int(text[:20])) > MAX_ID:
            raise NotFound("There is no such thing.")
        return number
    if "\0" in text and kind is not FileName:
        raise NotFound("There is no such thing.")
    return text


def parse_query(values: Mapping[str, str], kind: type[Query], family: Family = Family.HOUSE) -> Any:  # noqa: ANN401
    """The parameters of an address as `kind`. An empty parameter counts as absent.

    Raises:
        BadRequest: with one entry in `details` that names the parameter.
    """
    given = {name: value for name, value in values.items() if value != ""}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as err:
        raise _invalid(err, kind, family) from None


async def _read_body(request: web.Request, decoder: msgspec.json.Decoder[Any], route: Route) -> Any:  # noqa: ANN401
    raw = await _raw_body(request, route.max_body)
    if not raw:
        if route.body_is_optional:
            return None
        if route.family is Family.HEAPS:
            return _decoded(b"{}", decoder, route)
        raise BadRequest("Invalid JSON: the request needs a body.", code="invalid_json")
    return _decoded(raw, decoder, route)


def _decoded(raw: bytes | bytearray, decoder: msgspec.json.Decoder[Any], route: Route) -> Any:  # noqa: ANN401
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as err:
        if route.family in {Family.HEAPS, Family.CLIPS} and NO_OBJECT.fullmatch(str(err)):
            raise BadRequest("Invalid JSON: the body is not a JSON object.", code="invalid_json") from None
        raise _invalid(err, route.body, route.family) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # Lists within lists within lists, thousands deep, are no JSON of any client.
        raise BadRequest("Invalid JSON: the body cannot be read.", code="invalid_json") from None


async def _raw_body(request: web.Request, limit: int) -> bytearray:
    # Nobody who talks to us packs a body of at most a mebibyte, and unpacked it could be a thousand times that.
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        raise Unsupported("The body must not be compressed.")
    if (request.content_length or 0) > limit:
        raise TooLarge(f"The body may have {limit // 1024} KiB at most.")
    raw = bytearray()
    try:
        async with asyncio.timeout(BODY_LIMIT_S):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > limit:
                    raise TooLarge(f"The body may have {limit // 1024} KiB at most.")
    except TimeoutError:
        raise TooSlow("The body of the request did not arrive in time.") from None
    except web.RequestPayloadError:
        raise BadRequest("The body of the request is damaged.", code="invalid_json") from None
    return raw


def _invalid(err: msgspec.ValidationError, kind: Any, family: Family) -> BadRequest:  # noqa: ANN401
    """What msgspec found, as a sentence and a field: "Expected `int`, got `str` - at `$.limit`"."""
    field, reason = _place(err)
    if family is Family.PHOTOS:
        return photo_words.invalid(field, reason, kind)
    if field is None:
        return BadRequest(f"The request is not of the expected form: {reason}.")
    if reason == "is required" and "." not in field:
        return BadRequest(f"The field {field} is missing.", field=field, reason=reason)
    return BadRequest(f"The field {field} is not valid: {reason}.", field=field, reason=reason)


def _place(err: msgspec.ValidationError) -> tuple[str | None, str]:
    """Where something is wrong, None for all of it, and what."""
    reason, _, place = str(err).partition(" - at `")
    field = place.rstrip("`").removeprefix("$").removeprefix(".") or None
    if "required field `" in reason:
        missing = reason.split("required field `", 1)[1].split("`", 1)[0]
        return missing if field is None else f"{field}.{missing}", "is required"
    return field, reason


def schema_types(routes: Iterable[Route]) -> list[Any]:
    """Every struct that stands in a body or an answer, for the document."""
    found: list[Any] = []
    for route in routes:
        for kind in (route.body, answer_type(route)):
            # By identity, as the document looks them up: two handlers' `list[X]` are equal and not the same.
            if kind is not None and not any(kind is one for one in found):
                found.append(kind)
    return found


def answer_type(route: Route) -> Any:  # noqa: ANN401
    """What the JSON of an answer is; None when it is bytes."""
    answer = route.answer
    if get_origin(answer) is Reply:
        answer = get_args(answer)[0]
    if answer is None or (isinstance(answer, type) and issubclass(answer, web.StreamResponse)):
        return None
    return answer
