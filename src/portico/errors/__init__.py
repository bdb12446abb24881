"""One tree of errors: code, status, default message.

    Error INTERNAL_ERROR 500
    ├── NotConfigured SYS_CONFIG_ERROR
    ├── Unauthorized UNAUTHORIZED 401
    │   ├── BadCredentials AUTH_INVALID_CREDENTIALS
    │   ├── LinkFirst AUTH_LINK_FIRST
    │   └── SignInAgain AUTH_SIGN_IN_AGAIN
    ├── Forbidden FORBIDDEN 403
    │   ├── CrossSite AUTH_CROSS_SITE
    │   ├── NoOrganization AUTH_NO_ORGANIZATION
    │   ├── ScopeMissing AUTH_SCOPE_MISSING
    │   ├── KeyRefused AUTH_KEY_REFUSED
    │   ├── SudoRequired AUTH_SUDO_REQUIRED
    │   └── QuotaExceeded BIZ_QUOTA_EXCEEDED
    ├── NotFound NOT_FOUND 404
    ├── MethodNotAllowed METHOD_NOT_ALLOWED 405
    ├── UnknownVersion UNKNOWN_API_VERSION 400
    ├── MissingSignature MISSING_SIGNATURE 400
    │   └── UnsignedDelivery MISSING_SIGNATURE 401
    ├── InvalidSignature INVALID_SIGNATURE 400
    │   └── ForgedDelivery INVALID_SIGNATURE 401
    ├── SlowClient SYS_SLOW_CLIENT 408
    ├── KeyMissing IDEMPOTENCY_KEY_MISSING 400
    ├── KeyMalformed IDEMPOTENCY_KEY_MALFORMED 400
    ├── Conflict CONFLICT 409
    │   ├── Duplicate BIZ_DUPLICATE_ENTRY
    │   ├── Stale BIZ_STALE_VERSION
    │   ├── LastOwner BIZ_LAST_OWNER
    │   └── InProgress IDEMPOTENCY_IN_PROGRESS
    ├── TooLarge PAYLOAD_TOO_LARGE 413
    │   └── TooManyFields VAL_TOO_MANY_FIELDS
    ├── Unsupported UNSUPPORTED_MEDIA_TYPE 415
    │   └── NoFiles VAL_NO_FILES
    ├── Invalid VALIDATION_ERROR 422
    ├── KeyReused IDEMPOTENCY_KEY_REUSED 422
    ├── UpgradeRequired UPGRADE_REQUIRED 426
    ├── RateLimited RATE_LIMIT_EXCEEDED 429
    │   └── TooManyStreams RATE_LIMIT_STREAMS
    ├── Unavailable EXTERNAL_SERVICE_ERROR 503
    │   └── CircuitOpen EXTERNAL_SERVICE_ERROR
    └── TimedOut SYS_TIMEOUT 504
    Misconfigured (a programming mistake: stops the start, never reaches a caller)
    └── WronglySet (by whoever runs it, and noticed within a call: its caller is told NotConfigured)

An application adds its own by subclassing; annotations become the error's typed, keyword-only data.
"""

from dataclasses import dataclass, field, fields
from typing import ClassVar, dataclass_transform

from portico.errors.wording import wrong_code, wrong_message

TABLE: dict[str, "type[Error]"] = {}
"""Every error class by its code, the application's too: docs, contracts and tests read it."""


ANNOTATED = frozenset({"__annotations__", "__annotate_func__"})
"""What a class has that annotates members; the second since Python 3.14."""


class Misconfigured(Exception):  # named for what it says, like its siblings
    """The application is declared wrongly: it does not start. The message names the place and the mend."""


class WronglySet(Misconfigured):
    """A setting that the call in hand needs is missing or wrong. The message, for the log, names it and the mend."""


@dataclass_transform(kw_only_default=True, eq_default=False)
class Declared(Exception):  # errors are named after what went wrong: NotFound, SlotTaken
    """Makes a subclass's annotations the typed keyword data of the error."""

    code: ClassVar[str] = ""
    status: ClassVar[int] = 0

    def __init_subclass__(cls, *, code: str = "", status: int = 0) -> None:
        """Make the class a dataclass where it has data of its own; code and status are inherited where not given."""
        super().__init_subclass__()
        cls.code = code or cls.code
        cls.status = status or cls.status
        if not ANNOTATED.isdisjoint(vars(cls)):  # what adds no data is one by inheritance
            dataclass(kw_only=True, eq=False)(cls)

    def __str__(self) -> str:
        """The default message: the first line of the class's docstring."""
        return (type(self).__doc__ or self.code).strip().splitlines()[0]

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by its data, which an exception's positional arguments alone would lose."""
        return _rebuild, (type(self), self.data())

    def data(self) -> dict[str, object]:
        """The error's own data, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}  # type: ignore[arg-type]  # every subclass is a dataclass


def _rebuild(kind: type[Declared], data: dict[str, object]) -> Declared:
    return kind(**data)


class Error(Declared, code="INTERNAL_ERROR", status=500):
    """Something went wrong on our side. Please try again."""

    retryable: ClassVar[bool] = True
    guess: ClassVar[bool] = False
    """Whether it refuses what somebody may be guessing: limits that count failures count it."""
    declared = False
    """Whether the action that raised it said that it may."""
    at: str | None = None
    """The input member that is to blame, as a dotted path."""
    retry_after: float | None = None
    """Seconds until another try makes sense."""
    message: str | None = None
    """Instead of the default message, already in the caller's language."""

    def __init_subclass__(cls, *, code: str = "", status: int = 0) -> None:
        """Enter the class in the table; one code means one thing. Raises Misconfigured where it says what is not."""
        message = (cls.__doc__ or "").strip().partition("\n")[0]
        super().__init_subclass__(code=code, status=status)
        members = {f.name for f in fields(cls)}
        if wrong := wrong_message(message, members) or (code and wrong_code(code)):
            raise Misconfigured(f"{cls.__qualname__}: {wrong}.")
        if code:
            if status and "retryable" not in cls.__dict__:
                cls.retryable = status in RETRYABLE
            known = TABLE.setdefault(code, cls)
            if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
                message = (
                    f"{cls.__qualname__}: the code {code} is {known.__qualname__}'s already; give it a code of its own."
                )
                raise Misconfigured(message)
            TABLE[code] = cls


RETRYABLE = frozenset({409, 422, 429, 500, 503, 504})
"""Statuses whose errors are worth another try, unless the class says otherwise."""
TABLE["INTERNAL_ERROR"] = Error


class NotConfigured(Error, code="SYS_CONFIG_ERROR", status=500):
    """This is not set up correctly on our side. Trying again does not help; please tell us."""

    retryable = False


class Unauthorized(Error, code="UNAUTHORIZED", status=401):
    """Please sign in."""


class BadCredentials(Unauthorized, code="AUTH_INVALID_CREDENTIALS"):
    """E-mail address or password is wrong, or the address is not confirmed yet."""

    guess = True


class LinkFirst(Unauthorized, code="AUTH_LINK_FIRST"):
    """There is an account with your e-mail address. Please sign in to it first, then link this way of signing in."""


class SignInAgain(Unauthorized, code="AUTH_SIGN_IN_AGAIN"):
    """This session is used from another device or network. Please sign in again."""


class Forbidden(Error, code="FORBIDDEN", status=403):
    """You may not do this."""


class CrossSite(Forbidden, code="AUTH_CROSS_SITE"):
    """This request came from another site. Please reload the page and try again."""


class NoOrganization(Forbidden, code="AUTH_NO_ORGANIZATION"):
    """Please choose an organization first."""


class ScopeMissing(Forbidden, code="AUTH_SCOPE_MISSING"):
    """This API key may not do this: its scopes do not cover it."""


class KeyRefused(Forbidden, code="AUTH_KEY_REFUSED"):
    """An API key may not do this. Please sign in."""


class SudoRequired(Forbidden, code="AUTH_SUDO_REQUIRED"):
    """Please confirm your password first."""


class QuotaExceeded(Forbidden, code="BIZ_QUOTA_EXCEEDED"):
    """Your plan does not allow more of this. Please remove some, or move to a larger plan."""

    resource: str = ""
    """What there would be too much of."""
    used: int = 0
    """How much there is."""
    limit: int = 0
    """How much the plan allows."""


class NotFound(Error, code="NOT_FOUND", status=404):
    """There is no such thing."""


class MethodNotAllowed(Error, code="METHOD_NOT_ALLOWED", status=405):
    """This address does not take that method."""

    allow: str = ""
    """The methods that it takes, as the Allow header lists them."""


class UnknownVersion(Error, code="UNKNOWN_API_VERSION", status=400):
    """There is no such version of this API."""

    supported: list[str] = field(default_factory=list)
    """The versions that there are, the oldest first."""
    current: str = ""
    """The one to use."""


class MissingSignature(Error, code="MISSING_SIGNATURE", status=400):
    """This delivery is not signed."""


class UnsignedDelivery(MissingSignature, status=401):
    """This delivery is not signed."""


class InvalidSignature(Error, code="INVALID_SIGNATURE", status=400):
    """The signature of this delivery is not valid."""


class ForgedDelivery(InvalidSignature, status=401):
    """The signature of this delivery is not valid."""


class SlowClient(Error, code="SYS_SLOW_CLIENT", status=408):
    """Your connection did not take what was sent in time. Please connect again."""

    retryable = True


class KeyMissing(Error, code="IDEMPOTENCY_KEY_MISSING", status=400):
    """Please send an Idempotency-Key header, so that a repeated request is done once."""


class KeyMalformed(Error, code="IDEMPOTENCY_KEY_MALFORMED", status=400):
    """An Idempotency-Key has 1 to 255 printable characters."""


class Conflict(Error, code="CONFLICT", status=409):
    """This was changed meanwhile. Please try again."""


class Duplicate(Conflict, code="BIZ_DUPLICATE_ENTRY"):
    """This exists already."""

    retryable = False


class Stale(Conflict, code="BIZ_STALE_VERSION"):
    """Somebody changed this since you read it. Please read it again."""


class LastOwner(Conflict, code="BIZ_LAST_OWNER"):
    """An organization needs an owner. Please make somebody else an owner first."""

    retryable = False


class InProgress(Conflict, code="IDEMPOTENCY_IN_PROGRESS"):
    """A request with this Idempotency-Key is still running."""


class TooLarge(Error, code="PAYLOAD_TOO_LARGE", status=413):
    """The request is too large."""


class TooManyFields(TooLarge, code="VAL_TOO_MANY_FIELDS"):
    """The form has more fields than can be taken at once. Please send it in parts."""


class Unsupported(Error, code="UNSUPPORTED_MEDIA_TYPE", status=415):
    """This address takes application/json."""


class NoFiles(Unsupported, code="VAL_NO_FILES"):
    """This form takes no files. Please send it without."""


class Invalid(Error, code="VALIDATION_ERROR", status=422):
    """Please check the marked fields."""

    errors: "dict[str, list[FieldError]] | None" = None


class KeyReused(Error, code="IDEMPOTENCY_KEY_REUSED", status=422):
    """This Idempotency-Key was used for another request."""

    retryable = False


class UpgradeRequired(Error, code="UPGRADE_REQUIRED", status=426):
    """This address is a stream. Please ask for text/event-stream, or open a WebSocket."""


class RateLimited(Error, code="RATE_LIMIT_EXCEEDED", status=429):
    """Too many requests. Please wait a moment."""

    by_input: bool = False
    """Whether another call of the same user might pass: with other input, from elsewhere, on another plan."""
    violated: tuple[str, ...] = ()
    """The limits that are used up, as the headers call them."""


class TooManyStreams(RateLimited, code="RATE_LIMIT_STREAMS"):
    """Too many streams are open. Please close one first."""

    limit: int = 0
    """How many there may be."""


class Unavailable(Error, code="EXTERNAL_SERVICE_ERROR", status=503):
    """This is not available right now. Please try again shortly."""

    retry_after: float | None = 60


class CircuitOpen(Unavailable):
    """This is not available right now. Please try again shortly."""


class TimedOut(Error, code="SYS_TIMEOUT", status=504):
    """This took too long. Please try again."""


class FieldError:
    """One reason why an input member was refused."""

    __slots__ = ("code", "default", "message", "params", "wording")

    def __init__(
        self,
        code: str,
        params: dict[str, object] | None = None,
        *,
        message: str | None = None,
        default: str | None = None,
        wording: str = "",
    ) -> None:
        """`params` fill the catalog's message for the code; `message` stands instead, `default` where it has none.

        `wording` is the key of another sentence for the same code, which comes first where the catalog has it.
        """
        self.code = code
        self.params = params or {}
        self.message = message
        self.default = default
        self.wording = wording

    def __repr__(self) -> str:
        """What a failed test shows: the code, and what fills its message."""
        said = {"message": self.message} if self.message is not None else {}
        details = [f", {name}={value!r}" for name, value in {**self.params, **said}.items()]
        return f"FieldError({self.code!r}{''.join(details)})"
