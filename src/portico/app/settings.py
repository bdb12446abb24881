"""Every setting: from the environment, typed, one place."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict, SettingsError

from portico.app.graphql_settings import GraphqlSettings
from portico.app.inbox_settings import InboxSettings
from portico.app.observe_settings import ObserveSettings
from portico.app.stream_settings import StreamSettings
from portico.app.upkeep_settings import UpkeepSettings
from portico.app.webhook_settings import WebhookSettings
from portico.app.work_settings import WorkSettings
from portico.app.written import BaseUrl, DatabaseUrl, Networks, Origins, Sender
from portico.errors import Misconfigured

MIB = 1024 * 1024


AMONG = re.compile(r'field "(\w+)"')
"""The setting that a complaint of pydantic-settings names."""


class Settings(
    ObserveSettings, WebhookSettings, UpkeepSettings, WorkSettings, InboxSettings, StreamSettings, GraphqlSettings
):
    """What an operator may set; each from the environment variable of its upper-case name."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    database_url: DatabaseUrl | None = Field(
        None, description="PostgreSQL as the role `portico_app`; unset: an embedded server."
    )
    database_owner_url: DatabaseUrl | None = Field(
        None, description="PostgreSQL as `portico_owner`: for migrations alone."
    )
    database_admin_url: DatabaseUrl | None = Field(
        None, description="PostgreSQL as a role that may create roles: for `portico migrate --bootstrap` alone."
    )
    database_connections: int = Field(20, ge=1, le=1000, description="Connections that one process may hold.")
    database_wait: float = Field(5.0, gt=0, le=60, description="Seconds that a call waits for a free connection.")
    database_statement_timeout: float = Field(10.0, gt=0, le=3600, description="Seconds that a statement may take.")
    database_lock_timeout: float = Field(
        5.0, gt=0, le=3600, description="Seconds that a statement may wait for a lock."
    )
    database_idle_timeout: float = Field(
        15.0, gt=0, le=3600, description="Seconds that a transaction may lie idle before the server ends it."
    )
    database_pooler: bool = Field(default=False, description="Whether a pooler is between, which takes no timeouts.")
    valkey_url: SecretStr | None = Field(
        None,
        description="What processes share, such as valkey://:password@127.0.0.1:6379/0; unset: each process its own.",
    )
    valkey_timeout: float = Field(
        1.0, gt=0, le=60, description="Seconds that Valkey may take to answer, before it counts as gone."
    )
    valkey_connections: int = Field(20, ge=1, le=1000, description="Connections to Valkey that one process may hold.")
    secret_key: SecretStr | None = Field(
        None, min_length=32, description="Signs forms and proofs, seals secrets; unset: made once, kept in the folder."
    )
    portico_folder: Path = Field(
        Path(".portico"), description="Where the embedded server, its data and the secret live."
    )
    portico_max_body: int = Field(MIB, ge=1024, le=1024 * MIB, description="The largest request body, in bytes.")
    portico_trusted_proxies: Networks = Field(
        (), description="Networks whose X-Forwarded-For is believed, separated by commas."
    )
    portico_call_timeout: float = Field(
        30.0, gt=0, le=3600, description="Seconds that a call may take, unless its action says otherwise."
    )
    portico_origins: Origins = Field(
        (),
        description="Other origins, such as https://app.example.com, whose pages may write here; separated by commas.",
    )
    portico_rate_limits: dict[str, str] = Field(
        default_factory=dict, description='Presets of rate limits as JSON, such as {"api": "300/m"}.'
    )
    portico_rate_limit_factor: float = Field(1.0, gt=0, le=1e9, description="Every rate limit is multiplied by this.")
    portico_cache_ttl: float = Field(
        300.0, gt=0, le=2592000, description="Seconds for which an answer is kept that does not say for how long."
    )
    portico_cache_entries: int = Field(
        10_000, ge=1, le=10_000_000, description="Answers that one process keeps in its memory at most."
    )
    portico_cache_mib: int = Field(64, ge=1, le=65536, description="MiB of memory that one process keeps answers in.")
    portico_session_days: int = Field(14, ge=1, le=400, description="Days after which a session that is not used ends.")
    portico_session_end_days: int = Field(
        90, ge=1, le=400, description="Days after which a session ends however much it is used."
    )
    portico_session_binding: Literal["report", "strict", "off"] = Field(
        "report",
        description="What becomes of a session that is used from another device or network: `report` audits it and "
        "shows it in the list of sessions, `strict` asks to sign in again, `off` looks away.",
    )
    portico_touch_seconds: float = Field(
        5.0, ge=0.05, le=300, description="Seconds after which the last uses of sessions and API keys are written."
    )
    portico_flags_seconds: float = Field(
        0.5, ge=0.05, le=300, description="Seconds after which it is looked again what was set of feature flags."
    )
    portico_sudo_minutes: int = Field(
        10, ge=1, le=1440, description="Minutes for which a password shown lets dangerous actions pass."
    )
    portico_reveal_accounts: bool = Field(
        default=False, description="Whether signing up tells that an address has an account, instead of a mail to it."
    )
    portico_email_verification: Literal["required", "optional"] = Field(
        "required", description="`optional` lets people sign in before they have confirmed their address."
    )
    portico_password_hashing: Literal["standard", "cheapest"] = Field(
        "standard", description="`cheapest` is for tests: Argon2id with almost no cost."
    )
    portico_argon2_memory_mib: int = Field(
        64, ge=19, le=4096, description="MiB of memory that hashing a password takes."
    )
    portico_argon2_passes: int = Field(3, ge=2, le=100, description="Passes over that memory.")
    portico_argon2_lanes: int = Field(4, ge=1, le=64, description="Threads that hashing one password takes.")
    portico_argon2_at_once: int = Field(
        2, ge=1, le=64, description="Passwords that one process hashes at a time; the others wait."
    )
    portico_password_min_length: int = Field(8, ge=8, le=64, description="Characters that a new password needs.")
    portico_password_classes: int = Field(
        4,
        ge=0,
        le=4,
        description="How many of upper case, lower case, digits and special characters a new password needs.",
    )
    portico_password_common: bool = Field(
        default=True, description="Whether passwords that everybody tries first are refused."
    )
    portico_url: BaseUrl | None = Field(
        None, description="Where people find the application, such as https://app.example.com: links in mails begin so."
    )
    portico_api_docs: bool = Field(
        default=True, description="Whether openapi.json, the page of the API, changelog and llms.txt are served."
    )
    portico_issuers: str | None = Field(
        None,
        description="Whose bearer tokens are believed, as JSON such as "
        '`[{"url": "https://login.example.com", "audience": "salon"}]`.',
    )
    portico_providers: SecretStr | None = Field(
        None,
        description="Where people may sign in who have their account elsewhere, as JSON such as "
        '`[{"name": "example", "url": "https://login.example.com", "client_id": "salon", "client_secret": "…"}]`.',
    )
    portico_oidc_second_factor: bool = Field(
        default=False,
        description="Whether an account's second factor is asked for after signing in elsewhere too, "
        "where the provider may have asked for one already.",
    )
    portico_mail: Literal["smtp", "mailbox"] | None = Field(
        None,
        description="`mailbox` keeps mails in the process and shows them at /mailbox, for development; unset: `smtp`.",
    )
    smtp_url: SecretStr | None = Field(
        None, description="The mail server: smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465."
    )
    mail_from: Sender | None = Field(None, description="The sender of all mails, such as Salon <no-reply@example.com>.")
    portico_log: Literal["json", "text"] = Field(
        "json", description="How log lines are written: `json` for programs, `text` for people."
    )
    portico_grace: float = Field(
        10.0, ge=0, le=3600, description="Seconds that requests in flight may take once the server is told to stop."
    )
    portico_access_log: bool = Field(
        default=True, description="Whether each request writes one line to standard error."
    )

    @property
    def cheap_passwords(self) -> bool:
        """Whether hashing a password costs almost nothing, as tests want it."""
        return self.portico_password_hashing == "cheapest"


def read_settings(**overrides: object) -> Settings:
    """The settings of the environment; raises Misconfigured that names every setting in error."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # checked right here
    except ValidationError as problem:
        wrong = [_wrong(found) for found in problem.errors(include_input=False)]
    except SettingsError as problem:
        named = AMONG.search(str(problem))
        name = named[1] if named else ""
        wrong = [
            f"{name.upper()}: this is no JSON. {Settings.model_fields[name].description or ''}"
            if name
            else str(problem)
        ]
    raise Misconfigured("The settings are not right.\n" + "\n".join(f"- {w}" for w in wrong)) from None


def _wrong(found: Mapping[str, Any]) -> str:
    """What is wrong with a setting, by its variable; never what it is: it may be a secret."""
    name, *within = (str(part) for part in found["loc"])
    said = found["msg"].removeprefix("Value error, ")
    if found["type"] == "too_short":
        said = f"write {found['ctx']['min_length']} characters or more"
    return f"{'.'.join([name.upper(), *within])}: {said}"
