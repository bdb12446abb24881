"""Portico: typed async actions with their policies, declared once and served safely."""

from portico.app.application import App
from portico.app.caller import Caller
from portico.core.action import Action
from portico.core.answer import Answer, Html, Redirect
from portico.core.batches import Batch, item_errors
from portico.core.breaking import breaker, breakers
from portico.core.call import Call
from portico.core.charge import Attempt, Charge
from portico.core.context import OrgContext, PublicContext, SystemContext, TenantContext, UserContext
from portico.core.event import Event
from portico.core.experiments import Experiment
from portico.core.flags import Subject, Switch
from portico.core.health import Finding, HealthCheck
from portico.core.inbox import Inbox
from portico.core.inputs import From
from portico.core.loading import BatchLoader, Loader, batch_loader, loader
from portico.core.module import Module
from portico.core.outbound import Tries
from portico.core.policy import Ask, Contract, Policy, Stage
from portico.core.principal import Org, Principal, Request, User
from portico.core.quotas import Allowance, Quotas
from portico.core.result import Err, Ok, Result
from portico.core.retrying import retry
from portico.core.rollouts import by_flag
from portico.core.settling import Part, Settled, part, settle
from portico.core.site import Site
from portico.core.spam import SPAM_RULES, NotSpam, spam_digits, spam_links, spam_words
from portico.core.stream import Stream
from portico.core.texts import PlainText, RichText
from portico.core.version import Change, Version
from portico.errors import (
    BadCredentials,
    CircuitOpen,
    Conflict,
    CrossSite,
    Duplicate,
    Error,
    FieldError,
    Forbidden,
    ForgedDelivery,
    InProgress,
    Invalid,
    InvalidSignature,
    KeyMalformed,
    KeyMissing,
    KeyRefused,
    KeyReused,
    LastOwner,
    LinkFirst,
    MethodNotAllowed,
    Misconfigured,
    MissingSignature,
    NoFiles,
    NoOrganization,
    NotConfigured,
    NotFound,
    QuotaExceeded,
    RateLimited,
    ScopeMissing,
    SignInAgain,
    SlowClient,
    Stale,
    SudoRequired,
    TimedOut,
    TooLarge,
    TooManyFields,
    TooManyStreams,
    Unauthorized,
    Unavailable,
    UnknownVersion,
    UnsignedDelivery,
    Unsupported,
    UpgradeRequired,
    WronglySet,
)
from portico.policies.allow import Allow
from portico.policies.anyone import Anyone
from portico.policies.audit import Audit
from portico.policies.by_link import ByLink
from portico.policies.cached import Cached, cached
from portico.policies.created import Created
from portico.policies.external import External
from portico.policies.flag import Flag
from portico.policies.form import Form
from portico.policies.idempotent import Idempotent
from portico.policies.interactive import Interactive
from portico.policies.invalidates import Invalidates
from portico.policies.mails import Mails
from portico.policies.operator import Operator
from portico.policies.owns import Owns
from portico.policies.public import Public
from portico.policies.quota import Quota
from portico.policies.raises import Raises
from portico.policies.rate_limit import RateLimit
from portico.policies.refine import Refine
from portico.policies.releases import Releases
from portico.policies.retry import Retry
from portico.policies.signature import Signature
from portico.policies.sudo import Sudo
from portico.policies.timeout import Timeout
from portico.policies.versioned import Versioned
from portico.policies.within import In
from portico.ports.breaker import Condition
from portico.ports.database import Db
from portico.ports.flags import Rule
from portico.ports.paging import Keyset, Listing, Numbered, Slice
from portico.ports.tokens import Claims, Departure

__all__ = [
    "SPAM_RULES",
    "Action",
    "Allow",
    "Allowance",
    "Answer",
    "Anyone",
    "App",
    "Ask",
    "Attempt",
    "Audit",
    "BadCredentials",
    "Batch",
    "BatchLoader",
    "ByLink",
    "Cached",
    "Call",
    "Caller",
    "Change",
    "Charge",
    "CircuitOpen",
    "Claims",
    "Condition",
    "Conflict",
    "Contract",
    "Created",
    "CrossSite",
    "Db",
    "Departure",
    "Duplicate",
    "Err",
    "Error",
    "Event",
    "Experiment",
    "External",
    "FieldError",
    "Finding",
    "Flag",
    "Forbidden",
    "ForgedDelivery",
    "Form",
    "From",
    "HealthCheck",
    "Html",
    "Idempotent",
    "In",
    "InProgress",
    "Inbox",
    "Interactive",
    "Invalid",
    "InvalidSignature",
    "Invalidates",
    "KeyMalformed",
    "KeyMissing",
    "KeyRefused",
    "KeyReused",
    "Keyset",
    "LastOwner",
    "LinkFirst",
    "Listing",
    "Loader",
    "Mails",
    "MethodNotAllowed",
    "Misconfigured",
    "MissingSignature",
    "Module",
    "NoFiles",
    "NoOrganization",
    "NotConfigured",
    "NotFound",
    "NotSpam",
    "Numbered",
    "Ok",
    "Operator",
    "Org",
    "OrgContext",
    "Owns",
    "Part",
    "PlainText",
    "Policy",
    "Principal",
    "Public",
    "PublicContext",
    "Quota",
    "QuotaExceeded",
    "Quotas",
    "Raises",
    "RateLimit",
    "RateLimited",
    "Redirect",
    "Refine",
    "Releases",
    "Request",
    "Result",
    "Retry",
    "RichText",
    "Rule",
    "ScopeMissing",
    "Settled",
    "SignInAgain",
    "Signature",
    "Site",
    "Slice",
    "SlowClient",
    "Stage",
    "Stale",
    "Stream",
    "Subject",
    "Sudo",
    "SudoRequired",
    "Switch",
    "SystemContext",
    "TenantContext",
    "TimedOut",
    "Timeout",
    "TooLarge",
    "TooManyFields",
    "TooManyStreams",
    "Tries",
    "Unauthorized",
    "Unavailable",
    "UnknownVersion",
    "UnsignedDelivery",
    "Unsupported",
    "UpgradeRequired",
    "User",
    "UserContext",
    "Version",
    "Versioned",
    "WronglySet",
    "batch_loader",
    "breaker",
    "breakers",
    "by_flag",
    "cached",
    "item_errors",
    "loader",
    "part",
    "retry",
    "settle",
    "spam_digits",
    "spam_links",
    "spam_words",
]
