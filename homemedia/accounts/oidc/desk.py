"""What administrators do about the provider: change what is set, and ask whether it answers."""

import msgspec

from homemedia.accounts.oidc.config import Config, ConfigDesk, checked_domains, checked_issuer, is_usable_address
from homemedia.accounts.oidc.problems import ProviderAway
from homemedia.accounts.oidc.provider import Provider
from homemedia.core.problems import BadRequest


class Desk:
    """Changes the settings of the provider."""

    def __init__(self, config: ConfigDesk, provider: Provider) -> None:
        self.config = config
        self._provider = provider

    async def change(self, changes: dict[str, object], *, by: str) -> None:
        """Let these fields be so from now on.

        Raises:
            Conflict: `oidc_fixed`.
            BadRequest: `oidc_issuer_invalid`, `oidc_incomplete`; another field breaks a rule.
            ProviderAway: switched on, or changed while on, and it does not answer as a provider does.
        """
        changes = _checked(changes)
        self.config.refuse_fixed(changes)
        before = self.config.current
        after = msgspec.structs.replace(before, **changes)
        if after.enabled and not after.is_ready:
            field = "clientId" if after.issuer else "issuer"
            raise BadRequest("A provider needs an address and a client ID.", code="oidc_incomplete", field=field)
        if after.enabled and (not before.enabled or after.issuer != before.issuer):
            self._provider.forget()
            await self._provider.document(after.issuer)
        await self.config.change(changes, by=by)

    async def problem(self) -> str | None:
        """Why the provider cannot be used just now, as a sentence; None when it can."""
        config = self.config.current
        if not config.issuer:
            return "There is no address of a provider yet."
        self._provider.forget()
        try:
            await self._provider.all_keys(config.issuer)
        except ProviderAway as err:
            return err.message
        return None


def _checked(changes: dict[str, object]) -> dict[str, object]:
    """The fields as they are kept.

    Raises:
        BadRequest: one of them breaks a rule.
    """
    found = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    if isinstance(issuer := found.get("issuer"), str):
        found["issuer"] = checked_issuer(issuer)
    if isinstance(domains := found.get("allowed_domains"), tuple):
        found["allowed_domains"] = checked_domains(domains)
    if "scope" in found:
        words = str(found["scope"]).split() or Config().scope.split()
        found["scope"] = " ".join(words if "openid" in words else ["openid", *words])
    mobile = found.get("mobile_redirect_uri")
    if isinstance(mobile, str) and mobile and not is_usable_address(mobile):
        reason = "must begin with https://"
        raise BadRequest(f"The address for phones {reason}.", field="mobileRedirectUri", reason=reason)
    listed = found.get("redirect_uris")
    if isinstance(listed, tuple):
        if any(":" not in one or one.lower().startswith(("javascript:", "data:")) for one in listed):
            raise BadRequest("One of the addresses is none.", field="redirectUris", reason="must be addresses")
        found["redirect_uris"] = tuple(dict.fromkeys(listed))
    return found
