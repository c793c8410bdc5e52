"""What can go wrong with a sender."""

from homemedia.core.problems import AppError


class NotSent(AppError):  # noqa: N818 - named like all that can be refused
    """The sender failed; what went wrong is in the log, for whoever looks after the server."""

    status, default_code = 500, "code_not_sent"


class SenderFailed(AppError):  # noqa: N818 - as above
    """A sender outside could not bring a message; the sentence says why, to an administrator."""

    status, default_code = 502, "sender_failed"
