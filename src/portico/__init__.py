"""Portico: typed async actions with their policies, declared once and served safely."""

from portico.app.application import App
from portico.app.caller import Caller
from portico.core.action import Action
from portico.core.answer import Answer, Html, Redirect
from portico.core.call import Call
from portico.core.context import OrgContext, PublicContext, TenantContext, UserContext
from portico.core.event import Event
from portico.core.inputs import From
from portico.core.module import Module
from portico.core.policy import Ask, Contract, Policy, Stage
from portico.core.principal import Org, Principal, Request, User
from portico.core.result import Err, Ok, Result
from portico.errors import (
    BadCredentials,
    Conflict,
    CrossSite,
    Duplicate,
    Error,
    FieldError,
    Forbidden,
    InProgress,
    Invalid,
    KeyMalformed,
    KeyMissing,
    KeyReused,
    MethodNotAllowed,
    Misconfigured,
    NoOrganization,
    NotFound,
    RateLimited,
    Stale,
    TimedOut,
    TooLarge,
    Unauthorized,
    Unavailable,
    Unsupported,
)
from portico.policies.allow import Allow
from portico.policies.anyone import Anyone
from portico.policies.audit import Audit
from portico.policies.created import Created
from portico.policies.form import Form
from portico.policies.idempotent import Idempotent
from portico.policies.invalidates import Invalidates
from portico.policies.owns import Owns
from portico.policies.public import Public
from portico.policies.raises import Raises
from portico.policies.rate_limit import RateLimit
from portico.policies.refine import Refine
from portico.policies.versioned import Versioned
from portico.policies.within import In
from portico.ports.database import Db
from portico.ports.paging import Keyset, Listing, Numbered, Slice

__all__ = [
    "Action",
    "Allow",
    "Answer",
    "Anyone",
    "App",
    "Ask",
    "Audit",
    "BadCredentials",
    "Call",
    "Caller",
    "Conflict",
    "Contract",
    "Created",
    "CrossSite",
    "Db",
    "Duplicate",
    "Err",
    "Error",
    "Event",
    "FieldError",
    "Forbidden",
    "Form",
    "From",
    "Html",
    "Idempotent",
    "In",
    "InProgress",
    "Invalid",
    "Invalidates",
    "KeyMalformed",
    "KeyMissing",
    "KeyReused",
    "Keyset",
    "Listing",
    "MethodNotAllowed",
    "Misconfigured",
    "Module",
    "NoOrganization",
    "NotFound",
    "Numbered",
    "Ok",
    "Org",
    "OrgContext",
    "Owns",
    "Policy",
    "Principal",
    "Public",
    "PublicContext",
    "Raises",
    "RateLimit",
    "RateLimited",
    "Redirect",
    "Refine",
    "Request",
    "Result",
    "Slice",
    "Stage",
    "Stale",
    "TenantContext",
    "TimedOut",
    "TooLarge",
    "Unauthorized",
    "Unavailable",
    "Unsupported",
    "User",
    "UserContext",
    "Versioned",
]
