"""What can go wrong with an outside sign-in, with the codes of the watch contract (3.2)."""

from typing import ClassVar

from homemedia.core.problems import AppError, BadRequest, Conflict, Forbidden, Unauthorized, Unavailable


class OidcError(AppError):
    """Everything below: what an outside sign-in may end in."""


class CloudDisabled(OidcError, Unavailable):
    """The default: there is no provider, or it is switched off."""

    default_code = "cloud_disabled"

    def __init__(self) -> None:
        super().__init__("Sign-in through an external account is not set up on this server.")


class TokenInvalid(OidcError, Unauthorized):
    """An ID token that is not one of the provider for us, or not any more. Why, only the log tells."""

    default_code = "cloud_token_invalid"

    def __init__(self, reason: str) -> None:
        super().__init__("This sign-in is not valid, or not any more. Begin again.")
        self.reason = reason


class UserUnknown(OidcError, Forbidden):
    """The provider knows this person, and the household does not; or it let him in once and does not any more."""

    default_code = "cloud_user_unknown"

    def __init__(
        self, message: str = "This account belongs to nobody here. Ask whoever looks after the server."
    ) -> None:
        super().__init__(message)


class AccountConflict(OidcError, Conflict):
    """The account at the provider, or its e-mail address, belongs to somebody else here."""

    default_code = "cloud_account_conflict"


class ProviderAway(OidcError):
    """The provider does not answer, or not as one does."""

    status: ClassVar[int] = 502
    default_code = "cloud_unreachable"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The sign-in provider cannot be used just now: {reason}")
        self.reason = reason


class NotFinished(OidcError, BadRequest):
    """What came back from the provider is not the end of what was begun here. Why, only the log tells."""

    default_code = "oidc_not_finished"

    def __init__(self, reason: str, message: str = "This sign-in could not be finished. Begin again.") -> None:
        super().__init__(message)
        self.reason = reason


class StateMissing(NotFinished):
    """Nobody knows which beginning this end belongs to."""

    default_code = "oidc_state_missing"


class VerifierMissing(NotFinished):
    """Whoever finishes cannot show that he began."""

    default_code = "oidc_verifier_missing"
