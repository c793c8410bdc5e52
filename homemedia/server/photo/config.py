"""The settings document as administrators read and write it, and what of it the program goes by."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import msgspec

from homemedia.accounts.oidc.config import Config, ConfigDesk, checked_issuer
from homemedia.accounts.password_login import PasswordLogin
from homemedia.accounts.sessions import DAY_MS
from homemedia.core.clock import Clock
from homemedia.core.db import Database
from homemedia.core.problems import BadRequest, Conflict
from homemedia.core.setting_store import put_setting, setting
from homemedia.photos.events import PhotoSettingsChanged
from homemedia.photos.settle import ImageWish
from homemedia.server.backup.service import AT, daily
from homemedia.server.photo import store
from homemedia.server.photo.document import DEFAULTS, Document, check, whole

# What the document calls the provider's settings, and what they are called here.
OAUTH = {
    "enabled": "enabled",
    "autoLaunch": "auto_launch",
    "issuerUrl": "issuer",
    "clientId": "client_id",
    "clientSecret": "client_secret",
    "scope": "scope",
    "mobileRedirectUri": "mobile_redirect_uri",
    "endSessionEndpoint": "end_session_endpoint",
    "prompt": "prompt",
    "storageLabelClaim": "storage_label_claim",
    "storageQuotaClaim": "storage_quota_claim",
    "roleClaim": "role_claim",
    "buttonText": "button_text",
}


class PhotoConfig:
    """Holds the document. Call `load` once before use.

    Args:
        db: where it is kept.
        provider: of whose settings the section `oauth` is a view.
        passwords: what the section `passwordLogin` is a view of.
        public_url: of the settings file; it wins over the document's.
        clock: the time.
    """

    def __init__(
        self,
        db: Database,
        provider: ConfigDesk,
        passwords: PasswordLogin,
        public_url: str | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._db = db
        self._provider = provider
        self._passwords = passwords
        self._public_url = public_url
        self._clock = clock or Clock()
        self._stored: Document = {}
        self.is_onboarded = True

    async def load(self) -> None:
        """Read what administrators have set."""
        text = await setting(self._db.read, store.DOCUMENT)
        self._stored = {} if text is None else msgspec.json.decode(text, type=dict[str, Any])
        self.is_onboarded = await setting(self._db.read, store.ONBOARDING) != "false"

    @property
    def document(self) -> Document:
        """All of it, as it is now."""
        found = whole(self._stored)
        current = self._provider.current
        for name, field in OAUTH.items():
            found["oauth"][name] = getattr(current, field)
        found["oauth"]["buttonText"] = current.button_text or DEFAULTS["oauth"]["buttonText"]
        found["oauth"]["autoRegister"] = current.signup == "auto"
        found["oauth"]["mobileOverrideEnabled"] = bool(current.mobile_redirect_uri)
        found["passwordLogin"] = {"enabled": self._passwords.is_on}
        if self._public_url:
            found["server"]["externalDomain"] = self._public_url
        return found

    @property
    def trash_days(self) -> int:
        """How long what was deleted lies in the trash; 0 where there is none."""
        trash = self.document["trash"]
        return int(trash["days"]) if trash["enabled"] else 0

    @property
    def public_url(self) -> str | None:
        """The address at which others reach us; that of the settings file goes first."""
        if self._public_url:
            return self._public_url
        return str(self._stored.get("server", {}).get("externalDomain") or "").rstrip("/") or None

    @property
    def shows_members(self) -> bool:
        """Whether members are shown a list of each other."""
        return bool(self.document["server"]["publicUsers"])

    @property
    def purge_after_ms(self) -> int:
        """How long what a removed member owned waits for him to come back."""
        return int(self.document["user"]["deleteDelay"] * DAY_MS)

    @property
    def images(self) -> Mapping[str, ImageWish]:
        """The pictures that are made of every photo."""
        found = self.document["image"]
        return {
            name: ImageWish(
                format=found[name]["format"], short_edge=int(found[name]["size"]), quality=int(found[name]["quality"])
            )
            for name in ("thumbnail", "preview")
        }

    @property
    def names_places(self) -> bool:
        """Whether positions get names."""
        return bool(self.document["reverseGeocoding"]["enabled"])

    @property
    def takes_faces(self) -> bool:
        """Whether people that files name become people here."""
        return bool(self.document["metadata"]["faces"]["import"])

    @property
    def storage_template(self) -> str | None:
        """What uploaded files are called and where they lie; None for our own way."""
        found = self.document["storageTemplate"]
        return str(found["template"]) if found["enabled"] else None

    @property
    def kept_backups(self) -> int | None:
        """How many copies of the database are kept; None where none are made by themselves."""
        found = self.document["backup"]["database"]
        return int(found["keepLastAmount"]) if found["enabled"] else None

    @property
    def backup_at(self) -> dt.time:
        """The time of day at which the database is copied."""
        return daily(self.document["backup"]["database"]["cronExpression"]) or AT

    @property
    def has_password_login(self) -> bool:
        return self._passwords.is_on

    async def put(self, document: Document, *, by: str) -> Document:
        """Let the document be this one; what it leaves out is as by default.

        Raises:
            BadRequest: a field is of the wrong type; nobody could come in any more.
            Conflict: a setting of the provider, or our address, is given from outside.
        """
        check(document)
        self._refuse_fixed(document)
        changes = self._oauth_changes(document.get("oauth", {}))
        wanted = whole(document)
        takes_passwords = bool(wanted["passwordLogin"]["enabled"])
        if self._passwords.is_on and not takes_passwords:
            await self._refuse_locking_out(msgspec.structs.replace(self._provider.current, **changes))
        if changes:
            await self._provider.change(changes, by=by)
        if takes_passwords != self._passwords.is_on:
            await self._passwords.change(is_on=takes_passwords, by=by)
        kept = {name: value for name, value in document.items() if name not in {"oauth", "passwordLogin"}}
        async with self._db.write(durable=True) as tx:
            text = msgspec.json.encode(kept).decode()
            await put_setting(tx, store.DOCUMENT, text, by=by, now=self._clock.now_ms())
            tx.announce(PhotoSettingsChanged())
        self._stored = kept
        return self.document

    def _refuse_fixed(self, document: Document) -> None:
        told = document.get("server", {}).get("externalDomain")
        if self._public_url and told is not None and told.rstrip("/") not in {self._public_url.rstrip("/"), ""}:
            raise Conflict(
                "server.public_url is given from outside and cannot be changed here.",
                code="setting_fixed",
                field="server.externalDomain",
            )

    async def _refuse_locking_out(self, provider: Config) -> None:
        ways = msgspec.structs.replace(self._passwords.ways(), issuer=provider.issuer if provider.is_ready else "")
        if not await self._passwords.may_close(ways):
            raise BadRequest(
                "Without passwords and without another way to sign in no administrator could come in.",
                field="passwordLogin.enabled",
                reason="is the only way in",
            )

    def _oauth_changes(self, section: Document) -> dict[str, Any]:
        """What the section changes of the provider's settings."""
        current = self._provider.current
        shown = self.document["oauth"]
        changes = {
            field: section[name] for name, field in OAUTH.items() if name in section and section[name] != shown[name]
        }
        if "issuer" in changes:
            changes["issuer"] = checked_issuer(changes["issuer"])
        if section.get("autoRegister", shown["autoRegister"]) != shown["autoRegister"]:
            changes["signup"] = "auto" if section["autoRegister"] else "none"
        if section.get("mobileOverrideEnabled") is False and current.mobile_redirect_uri:
            changes["mobile_redirect_uri"] = ""
        return changes

    async def set_onboarded(self, *, is_onboarded: bool, by: str) -> None:
        """Say whether an administrator has seen what newcomers are told."""
        async with self._db.write() as tx:
            value = "true" if is_onboarded else "false"
            await put_setting(tx, store.ONBOARDING, value, by=by, now=self._clock.now_ms())
        self.is_onboarded = is_onboarded
