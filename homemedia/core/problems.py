"""Everything that can be refused, with a stable code and a sentence for a person.

Raised anywhere, turned into the one error body at the edge (`core.http.errors`). Handlers never choose a status:
the class does, and the table of classes is here.
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class AppError(Exception):
    """A refusal with a reason.

    Args:
        message: a sentence for the person who asked; no paths, no internals.
        code: stable name when the class' own is too general.
        field: name of the input field at fault; makes one entry of `details`.
        reason: what is wrong with the field; the message when left out.
        details: entries of `details` when there is more than one field.
        retry_after_s: seconds after which asking again makes sense.
        more: further members of the body, where a document wants them beside `details`.
    """

    status: ClassVar[int] = 500
    default_code: ClassVar[str] = "internal"
    # What a 401 asks for; never "Basic", for which a browser would open a dialog of its own.
    challenge: ClassVar[str] = "Bearer"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        field: str | None = None,
        reason: str | None = None,
        details: Sequence[Mapping[str, object]] | None = None,
        retry_after_s: int | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        entries: list[dict[str, object]] = [dict(entry) for entry in details or ()]
        if field is not None:
            entries.append({"field": field, "reason": reason or message})
        self.details = entries
        self.retry_after_s = retry_after_s
        self.more = dict(more or {})


class BadRequest(AppError):
    status, default_code = 400, "invalid_request"


class Unauthorized(AppError):
    status, default_code = 401, "unauthorized"


class Forbidden(AppError):
    status, default_code = 403, "forbidden"


class NotFound(AppError):
    status, default_code = 404, "not_found"


class TooSlow(AppError):
    status, default_code = 408, "request_timeout"


class Conflict(AppError):
    status, default_code = 409, "conflict"


class Gone(AppError):
    status, default_code = 410, "gone"


class TooLarge(AppError):
    status, default_code = 413, "payload_too_large"


class Unsupported(AppError):
    status, default_code = 415, "unsupported_media_type"


class RangeNotSatisfiable(AppError):
    status, default_code = 416, "range_not_satisfiable"


class Unprocessable(AppError):
    status, default_code = 422, "unprocessable"


class TooMany(AppError):
    status, default_code = 429, "rate_limited"


class Unavailable(AppError):
    status, default_code = 503, "unavailable"


class TimedOut(AppError):
    status, default_code = 504, "timed_out"


class StorageFull(AppError):
    status, default_code = 507, "disk_full"


class StartRefused(Exception):
    """The program cannot start; the text says why and what to do, and the command line prints it as it is."""
