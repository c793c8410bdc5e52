"""The edge of a request: one error body for everything, headers on every answer, one line in the log.

Threat: what goes wrong inside must never travel outside. Only an `AppError` speaks; everything else is a 500 without
a word about itself, and the traceback goes to the log under the request's id.
"""

import functools
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import msgspec
from aiohttp import ClientConnectionResetError, web

from homemedia.core.http.families import FAMILIES, FAMILY, Family
from homemedia.core.ids import new_hex
from homemedia.core.problems import AppError, NotFound

_log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REQUEST_ID: web.RequestKey[str] = web.RequestKey("request_id", str)
WHO: web.RequestKey[str] = web.RequestKey("who", str)
# Called with (request, status, bytes, duration in ms) after each answer; the log of requests hangs here.
Observer = Callable[[web.Request, int, int, float], None]
OBSERVERS: web.AppKey[list[Observer]] = web.AppKey("observers", list)
# Set by a handler whose answer no observer shall hear of: a program of our own that asks without end.
QUIET: web.RequestKey[bool] = web.RequestKey("quiet", bool)

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# Where pages may show pictures from beside the house: asked at each answer, a word of the CSP or "".
PICTURE_HOSTS: web.AppKey[Callable[[], str]] = web.AppKey("picture_hosts")
# Addresses whose path is itself a secret: nothing of them may leave in a referrer or enter a search engine.
_LINK_PATHS = ("/api/v1/shared/", "/api/shared/", "/api/home/sharing/shared/", "/share/", "/s/", "/join/")


def problem_response(
    status: int,
    code: str,
    message: str,
    details: list[dict[str, object]] | None = None,
    headers: dict[str, str] | None = None,
    *,
    family: Family = Family.HOUSE,
    request_id: str = "",
    more: Mapping[str, object] | None = None,
) -> web.Response:
    """The one error body (design §3) as a response, with what the clients of a family look for in it."""
    body: dict[str, object] = {
        "error": HTTPStatus(status).phrase,
        "message": message,
        "statusCode": status,
        "code": code,
        "details": details or [],
    } | dict(more or {})
    match family:
        case Family.PHOTOS:
            body["correlationId"] = request_id
            if fields := [entry for entry in details or () if "field" in entry]:
                body["errors"] = [{"path": _steps(str(entry["field"])), "message": entry["reason"]} for entry in fields]
        case Family.CLIPS:
            body["error"] = message
        case Family.HEAPS:
            body["success"] = False
        case Family.HOUSE:
            pass
    response = web.Response(
        status=status, body=msgspec.json.encode(body), content_type="application/json", charset="utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    if headers:
        response.headers.update(headers)
    return response


def _steps(field: str) -> list[str | int]:
    """A field's name as a list of keys and places: "ids[0].name" is ["ids", 0, "name"]."""
    parts = field.replace("[", ".").replace("]", "").split(".")
    return [int(part) if part.isascii() and part.isdigit() else part for part in parts if part]


def from_app_error(err: AppError, family: Family = Family.HOUSE, request_id: str = "") -> web.Response:
    headers: dict[str, str] = {}
    if err.retry_after_s is not None:
        headers["Retry-After"] = str(err.retry_after_s)
    if err.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = err.challenge
    status = err.status
    if family is Family.PHOTOS and err.code == NotFound.default_code:
        # The photo API does not tell what there is not from what one may not see (photos §3).
        status = HTTPStatus.BAD_REQUEST
    return problem_response(
        status, err.code, err.message, err.details, headers, family=family, request_id=request_id, more=err.more
    )


def _from_http(err: web.HTTPException, family: Family, request_id: str) -> web.Response:
    if isinstance(err, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(err.allowed_methods))
        return problem_response(
            405,
            "method_not_allowed",
            f"This address does not take {err.method}.",
            None,
            {"Allow": allowed},
            family=family,
            request_id=request_id,
        )
    if isinstance(err, web.HTTPRequestEntityTooLarge):
        sentence = "The body of the request is too large."
        return problem_response(413, "payload_too_large", sentence, family=family, request_id=request_id)
    if isinstance(err, web.HTTPNotFound):
        return problem_response(404, "route_not_found", "There is nothing at this address.")
    status = err.status if err.status in HTTPStatus._value2member_map_ else 500
    return problem_response(status, "http_error", err.reason or HTTPStatus(status).phrase)


async def _family_of(request: web.Request, err: web.HTTPMethodNotAllowed) -> Family:
    """Whose an address is that was asked in a way it does not take: that of the route which takes another."""
    families: dict[str, Family] = request.app.get(FAMILIES, {})
    for method in sorted(err.allowed_methods):
        resource = (await request.app.router.resolve(request.clone(method=method))).route.resource
        if resource is not None and resource.canonical in families:
            return families[resource.canonical]
    return Family.HOUSE


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except AppError as err:
        if err.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            _log.warning("%s %s answers %s: %s", request.method, request.path, err.code, err.message)
        return from_app_error(err, request.get(FAMILY, Family.HOUSE), request[REQUEST_ID])
    except web.HTTPException as err:
        if err.status < HTTPStatus.BAD_REQUEST:
            raise
        family = request.get(FAMILY, Family.HOUSE)
        if isinstance(err, web.HTTPMethodNotAllowed):
            family = await _family_of(request, err)
        return _from_http(err, family, request[REQUEST_ID])
    except (ClientConnectionResetError, ConnectionResetError, BrokenPipeError):
        # The client left while we were writing: nobody is there to be told.
        return web.Response(status=499, reason="Client Closed Request")
    except OverflowError:
        # An integer beyond 64 bits reached SQLite: an id that cannot exist.
        return from_app_error(
            NotFound("There is no such thing."), request.get(FAMILY, Family.HOUSE), request[REQUEST_ID]
        )
    except Exception:  # noqa: BLE001 - the edge of a request
        _log.exception("%s %s failed (request %s)", request.method, request.path, request[REQUEST_ID])
        return problem_response(
            500,
            "internal",
            "Something went wrong inside HomeMedia. The log tells more, under this request's id.",
            family=request.get(FAMILY, Family.HOUSE),
            request_id=request[REQUEST_ID],
        )


@web.middleware
async def edge(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost middleware: id, errors, headers, observers."""
    started = time.perf_counter()
    request[REQUEST_ID] = new_hex(8)
    response = await _answer(request, handler)
    observers = request.app.get(OBSERVERS)
    if observers and QUIET not in request:
        duration_ms = (time.perf_counter() - started) * 1000
        size = response.body_length if response.prepared else (response.content_length or 0)
        for observe in observers:
            observe(request, response.status, size, duration_ms)
    return response


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Signal `on_response_prepare`: no answer leaves without its headers, whoever prepared it."""
    if REQUEST_ID not in request:
        return
    headers = response.headers
    # Which versions we run is nobody's business; aiohttp has put them here before this signal.
    headers.popall("Server", None)
    headers["X-Request-Id"] = request[REQUEST_ID]
    if request.get(FAMILY) is Family.PHOTOS:
        headers["X-Correlation-ID"] = request[REQUEST_ID]
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", content_policy(request.app.get(PICTURE_HOSTS, _nowhere)()))
    if request.path.startswith(_LINK_PATHS):
        headers["Referrer-Policy"] = "no-referrer"
        headers["X-Robots-Tag"] = "noindex, nofollow"


@functools.cache
def content_policy(picture_hosts: str) -> str:
    """What a page of ours may load; `picture_hosts` is a word of the CSP, or ""."""
    pictures = " ".join(filter(None, ("'self' blob: data:", picture_hosts)))
    return (
        f"default-src 'self'; img-src {pictures}; media-src 'self' blob:; worker-src 'self' blob:; "
        "style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )


def _nowhere() -> str:
    return ""


def observers_of(app: web.Application) -> list[Observer]:
    if OBSERVERS not in app:
        app[OBSERVERS] = []
    return app[OBSERVERS]
