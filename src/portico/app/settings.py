"""Every setting: from the environment, typed, one place."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from portico.errors import Misconfigured

MIB = 1024 * 1024


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_split)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]


class Settings(BaseSettings):
    """What an operator may set; each from the environment variable of its upper-case name."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    database_url: SecretStr | None = Field(
        None, description="PostgreSQL as the role `portico_app`; unset: an embedded server."
    )
    database_owner_url: SecretStr | None = Field(
        None, description="PostgreSQL as `portico_owner`: for migrations alone."
    )
    database_admin_url: SecretStr | None = Field(
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
    database_pooler: bool = Field(
        default=False,
        description="A pooler such as PgBouncer stands in between, which refuses timeouts at connect.",
    )
    secret_key: SecretStr | None = Field(
        None, min_length=32, description="Signs forms and proofs; unset: made once and kept in the folder."
    )
    portico_folder: Path = Field(
        Path(".portico"), description="Where the embedded server, its data and the secret live."
    )
    portico_max_body: int = Field(MIB, ge=1024, le=1024 * MIB, description="The largest request body, in bytes.")
    portico_trusted_proxies: Networks = Field(
        (), description="Networks whose X-Forwarded-For is believed, separated by commas."
    )
    portico_origins: Words = Field(
        (),
        description="Other origins, such as https://app.example.com, whose pages may write here; separated by commas.",
    )
    portico_rate_limits: dict[str, str] = Field(
        default_factory=dict, description='Presets of rate limits as JSON, such as {"api": "300/m"}.'
    )
    portico_rate_limit_factor: float = Field(1.0, gt=0, le=1e9, description="Every rate limit is multiplied by this.")
    portico_session_days: int = Field(14, ge=1, le=400, description="Days after which a session ends.")
    portico_password_hashing: Literal["standard", "cheapest"] = Field(
        "standard", description="`cheapest` is for tests: Argon2id with almost no cost."
    )
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
        wrong = [
            f"{'.'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in problem.errors(include_input=False)
        ]
        raise Misconfigured("The settings are not right.\n" + "\n".join(f"- {w}" for w in wrong)) from None
