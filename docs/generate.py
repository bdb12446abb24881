"""The reference pages, made from the code: `python -m docs.generate` writes them, a test holds them against it."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, cast, get_args, get_origin

from pydantic import BaseModel

import portico
from docs.source import Entry, attribute_docs, entry, find, imported
from portico import Module
from portico import errors as errors_module
from portico.app.settings import Settings
from portico.core.lifecycle import LIFE, OUTSIDE
from portico.core.policy import overrides
from portico.generate import changelog as changes
from portico.modules import audit, experiments, flags, identity, jobs, organizations, usage, users, webhooks
from portico.modules.drafts import Draft

HERE = Path(__file__).parent / "reference"
GROUPS: Mapping[str, Sequence[str]] = {
    "An application": ("App", "Module", "Version", "Change", "Action", "Stream", "Inbox", "Caller"),
    "Plans": ("Quotas", "Allowance"),
    "Flags and experiments": ("Switch", "Rule", "Subject", "Experiment", "by_flag"),
    "Contexts": ("PublicContext", "TenantContext", "UserContext", "OrgContext", "SystemContext"),
    "Who calls": ("Principal", "User", "Org", "Request", "Site"),
    "Who somebody is elsewhere": ("Claims", "Departure"),
    "Input": ("From", "Keyset", "Numbered"),
    "Results": ("Result", "Ok", "Err", "Answer", "Html", "Redirect", "Slice"),
    "Data": ("Db", "Listing", "Event"),
    "Other services": ("breaker", "breakers", "Condition", "retry", "Tries"),
    "Kept answers": ("cached",),
    "Reading once, together, at once": (
        "loader",
        "Loader",
        "batch_loader",
        "BatchLoader",
        "settle",
        "part",
        "Part",
        "Settled",
    ),
    "Health": ("HealthCheck", "Finding"),
    "Texts": ("PlainText", "RichText", "NotSpam", "SPAM_RULES", "spam_words", "spam_links", "spam_digits"),
    "Many at a time": ("Batch", "item_errors"),
    "Policies of your own": ("Policy", "Stage", "Ask", "Contract", "Call", "Charge", "Attempt"),
}
GIVEN = {"Action", "Stream", "Answer", "BatchLoader", "Call", "Caller", "Inbox", "Loader", "Part", "Settled"} | set(
    GROUPS["Contexts"]
)
"""What an application is given and never makes: how it is made is nobody's business."""
HOOKS = ("ask", "decide", "check", "refine", "wrap", "record", "meanings")
SAMPLES: Mapping[str, portico.Policy] = {
    "Allow": portico.Allow("things:read"),
    "Anyone": portico.Anyone("why"),
    "Audit": portico.Audit("thing.done"),
    "ByLink": portico.ByLink("why"),
    "Cached": portico.Cached(ttl=60, tags=("things",)),
    "Created": portico.Created("/things/{result.id}"),
    "External": portico.External("stripe"),
    "Flag": portico.Flag("new-calendar"),
    "Form": portico.Form(page=cast("Any", identity.actions[0]), then="/"),
    "Idempotent": portico.Idempotent(required=True),
    "In": portico.In("{slug}"),
    "Interactive": portico.Interactive(),
    "Invalidates": portico.Invalidates("things"),
    "Mails": portico.Mails("welcome"),
    "Operator": portico.Operator(),
    "Owns": portico.Owns("things"),
    "Public": portico.Public("why"),
    "Quota": portico.Quota("staff"),
    "Raises": portico.Raises(portico.Conflict),
    "RateLimit": portico.RateLimit("30/m"),
    "Refine": portico.Refine("member", lambda _ctx, _value: _nothing()),
    "Retry": portico.Retry(),
    "Releases": portico.Releases("staff"),
    "Signature": portico.Signature("stripe", "STRIPE_WEBHOOK_SECRET"),
    "Sudo": portico.Sudo(),
    "Timeout": portico.Timeout(5),
    "Versioned": portico.Versioned("things"),
}
TYPES = {
    "SecretStr": "text, secret",
    "Path": "path",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "str": "text",
}


async def _nothing() -> None:
    """Stand in for a rule."""


def api() -> str:
    """Every name of `from portico import …`, and of `portico.tables`."""
    lines = ["# The public API", "", "Everything that `from portico import …` gives, and `portico.tables` beneath."]
    where = imported("portico")
    for title, names in {**GROUPS, "Policies": sorted(SAMPLES), "Errors": _error_names()}.items():
        lines += ["", f"## {title}", ""]
        lines += {"Policies": ["Told in full in [policies](policies.md)."]}.get(title, [])
        lines += {"Errors": ["Told in full in [errors](errors.md)."]}.get(title, [])
        for name in names:
            lines += [
                "",
                *(_error_entry(name) if title == "Errors" else _entry(entry(where[name], name), short=name in SAMPLES)),
            ]
    lines += ["", "## `portico.tables`", "", "How an application declares its tables."]
    for name, module in imported("portico.tables").items():
        lines += ["", *_entry(entry(module, name))]
    return _page(lines)


def policies() -> str:
    """Every policy, with what it adds."""
    lines = [
        "# Policies",
        "",
        "A policy is a value on an action, a module (for all its actions) or the application (for all of them). An",
        "inner one replaces an outer one of the same class, unless the class *stacks*. When each is asked is fixed by",
        "its stage ([the life of a call](lifecycle.md)), not by where somebody writes it. All have what",
        "[`Policy`](api.md#policy) has; how to write one is told in [write a policy](../how-to/write-a-policy.md).",
    ]
    where = imported("portico")
    for name, sample in sorted(SAMPLES.items()):
        lines += ["", *_entry(entry(where[name], name), members=False, level="##"), ""]
        lines += _adds(sample)
    return _page(lines)


def _adds(sample: portico.Policy) -> Iterator[str]:
    """What the policy is and adds, as its own contract says."""
    contract = sample.contract()
    yield from ("| | |", "|---|---|")
    if overrides(sample, "decide"):
        why = type(sample).stage.__doc__ if overrides(sample, "stage") else None
        yield f"| decides at stage | `{sample.stage.name}`{f': {why}' if why else ''} |"
    hooks = [hook for hook in HOOKS if overrides(sample, hook)]
    yield f"| hooks | {_code(hooks) or 'none: it is a statement that the start-up reads'} |"
    yield f"| stacks | {'yes' if sample.stacks else 'no'} |"
    for title, found in (
        ("errors", [error.code for error in contract.errors]),
        ("headers of the answer", contract.headers),
        ("headers that it reads", contract.inputs),
    ):
        if found:
            yield f"| {title} | {_code(found)} |"


def errors() -> str:
    """Every code that a caller can be given."""
    ours = _errors()
    lines = [
        "# Errors",
        "",
        "What a refusal looks like is told in [what callers see](../explanation/errors.md). *Retryable* says whether",
        "sending the same again, or a corrected request, makes sense. An application adds its own by subclassing.",
        "",
        "| code | status | retryable | message |",
        "|---|--:|---|---|",
    ]
    lines += [f"| [`{e.code}`](#{e.code.lower()}) | {e.status} | {_yes(e)} | {_first(e)} |" for e in ours]
    for error in ours:
        own = [f for f in entry(error.__module__, error.__name__).fields if f.name not in {"retry_after", "message"}]
        extra = [f"- `{f.written}`: {f.said}" for f in own if f.said and f.name != "at"]
        base = error.__mro__[1]
        kind = f"`{error.__name__}`, a kind of `{base.__name__}`" if base in ours else f"`{error.__name__}`"
        lines += ["", f"## {error.code}", "", _first(error), "", f"{kind}, status {error.status}.", *_list(extra)]
    lines += [
        "",
        "## Codes of findings",
        "",
        "In `errors` of a `VALIDATION_ERROR`, by the path of the input member. What has a dot is another sentence",
        "under the same code, where that one would not read well.",
        "",
    ]
    lines += ["| code | message |", "|---|---|", *(f"| `{c}` | {text} |" for c, text in _findings().items())]
    return _page(lines)


def settings() -> str:
    """Every environment variable."""
    lines = [
        "# Settings",
        "",
        "Environment variables, read once at the start; one in error stops it. `portico settings` shows what holds.",
        "A variable that begins with `PORTICO_` and is none of them changes nothing: the log and `portico settings`",
        "say so.",
        "What only a command reads (`PORT`, `PORTICO_APP`, `PORTICO_PROCESSES`, `PORTICO_SERVER`) stands with",
        "[the command line](cli.md).",
    ]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        lines += ["", f"## {name.upper()}", "", str(field.description), ""]
        lines += [f"Type: {_type(field.annotation)}. Default: {_default(default)}."]
    return _page(lines)


def lifecycle() -> str:
    """The numbered steps of a call, and the order of refusals."""
    lines = [
        "# The life of a call",
        "",
        "The same list that `portico explain` prints; a test holds it against running calls. Why it is so is told in",
        "[the explanation](../explanation/the-life-of-a-call.md).",
        "",
        *(f"{n}. **{step.name}**: {step.what}" for n, step in enumerate(LIFE, 1)),
    ]
    lines += ["", "## Outside of the transaction", "", "An action that calls another service, with `External`:", ""]
    lines += [f"{n}. **{step.name}**: {step.what}" for n, step in enumerate(OUTSIDE, 1)]
    lines += ["", "## Stages", "", "The order in which policies decide; within a stage, as written.", ""]
    lines += ["| stage | what is decided |", "|---|---|"]
    node = find("portico.core.policy", "Stage")
    said = attribute_docs(node.body)  # type: ignore[attr-defined]  # it is a class
    lines += [f"| `{stage.name}` | {said[stage.name]} |" for stage in portico.Stage]
    return _page(lines)


def testing() -> str:
    """The fixture, the harness, the client."""
    lines = [
        "# Testing",
        "",
        "`portico.testing` is a pytest plugin that is there as soon as Portico is installed; how to use it is told in",
        "[test an application](../how-to/test-an-application.md).",
        "",
        "## Fixtures",
        "",
        "| fixture | scope | what it is |",
        "|---|---|---|",
    ]
    for name, scope in (
        ("portico_app", "session"),
        ("portico_server", "session"),
        ("portico_databases", "session"),
        ("portico_valkey", "test"),
        ("portico_valkey_server", "session"),
        ("portico", "test"),
    ):
        lines.append(f"| `{name}` | {scope} | {entry('portico.testing.plugin', name).said} |")
    where = imported("portico.testing")
    for name in ("Harness", "Backstage", "People", "open_harness", "Client", "Reply"):
        lines += ["", *_entry(entry(where[name], name), level="##")]
    return _page(lines)


class FirstStep(BaseModel):
    """Stands for a wizard's first step."""


class LastStep(BaseModel):
    """Stands for its last."""


def modules() -> str:
    """What the built-in modules serve."""
    lines = ["# Built-in modules", "", "Made with the public API; list them in `App(modules=[…])`."]
    shown: Mapping[str, Module] = {
        "identity": identity,
        "organizations": organizations,
        "users": users,
        "usage": usage,
        "flags": flags,
        "jobs": jobs,
        "experiments": experiments,
        "webhooks": webhooks,
        "audit": audit,
        "drafts": Draft("wizard", steps=(FirstStep, LastStep)),
    }
    for name, module in shown.items():
        lines += ["", f"## `portico.modules.{name}`", "", "| action | served at | policies | purpose |"]
        lines += ["|---|---|---|---|"]
        for action in module.actions:
            place = action.place
            served = f"`{place.method} {place.prefix}{place.path}`" if place.path else "nowhere: a job"
            names = ", ".join(type(policy).__name__ for policy in action.policies)
            lines.append(f"| `{place.function}` | {served} | {names} | {action.purpose} |")
    return _page(lines)


def changelog() -> str:
    """What changed from version to version of the built-in modules' actions."""
    told = [
        "# Changes of the API",
        "",
        "What changed from version to version of the built-in modules, drawn from their declarations. An application",
        "serves the same of its own modules at `/api/changelog`; how changes are declared is told in",
        "[serve several versions of an API](../how-to/versions.md).",
        "",
        changes.markdown([users]),
    ]
    return _page(told)


PAGES: Mapping[str, Callable[[], str]] = {
    "api.md": api,
    "changelog.md": changelog,
    "errors.md": errors,
    "lifecycle.md": lifecycle,
    "modules.md": modules,
    "policies.md": policies,
    "settings.md": settings,
    "testing.md": testing,
}


def _entry(found: Entry, *, level: str = "###", members: bool = True, short: bool = False) -> Iterator[str]:
    """Heading, signature, docstring; fields and members as lists."""
    yield from (f"{level} `{found.name}`", "")
    if found.signature and found.name not in GIVEN:
        yield from ("```text", found.signature, "```", "")
    yield found.said.split("\n\n")[0] if short else found.said
    if short:
        return
    told = [f"- `{f.name}`: {f.said}" for f in found.fields if f.said]
    told += [f"- `{signature}`: {_flat(said)}" for signature, said in found.members if members]
    if found.bases and members:
        yield from ("", f"It has what {_links(found.bases)} has{', and:' if told else '.'}")
    yield from _list(told)


def _list(items: Sequence[str]) -> Sequence[str]:
    return ["", *items] if items else []


def _error_entry(name: str) -> Iterator[str]:
    """An error in short: what it is called, where the rest stands."""
    kind = getattr(portico, name)
    if issubclass(kind, portico.Error):
        link = f"[`{kind.code}`](errors.md#{kind.code.lower()}), status {kind.status}."
        yield from (f"### `{name}`", "", f"{_first(kind)} {link}")
    else:
        yield from _entry(entry(kind.__module__, name))


def _links(names: Sequence[str]) -> str:
    return " and ".join(f"[`{name}`](api.md#{name.lower()})" for name in names)


def _page(lines: Sequence[str]) -> str:
    text = "\n".join(line.rstrip() for line in "\n".join(lines).splitlines())
    return re.sub(r"\n{3,}", "\n\n", text) + "\n"


def _errors() -> list[type[portico.Error]]:
    found = [e for e in errors_module.TABLE.values() if e.__module__.split(".")[0] == "portico"]
    return sorted(found, key=lambda e: (e.status, e.code))


def _error_names() -> list[str]:
    named = {name: getattr(portico, name) for name in portico.__all__}
    kinds = [n for n, kind in named.items() if isinstance(kind, type) and issubclass(kind, Exception)]
    return [*kinds, "FieldError"]


def _findings() -> dict[str, str]:
    file = resources.files(errors_module).joinpath("messages/en.toml")
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    return {code: text for code, text in found.items() if code.startswith("VAL_")}


def _first(error: type[portico.Error]) -> str:
    return (error.__doc__ or "").strip().splitlines()[0]


def _yes(error: type[portico.Error]) -> str:
    return "yes" if error.retryable else "no"


def _flat(said: str) -> str:
    return " ".join(said.split())


def _code(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _type(annotation: Any) -> str:
    """A setting's type, in an operator's words."""
    plain = [a for a in get_args(annotation) if a is not type(None)]
    if get_origin(annotation) is tuple:
        return "list, separated by commas"
    if get_origin(annotation) is dict:
        return "JSON object"
    if plain and isinstance(plain[0], str):
        return " or ".join(f"`{word}`" for word in plain)
    if plain:  # of what may be left out, or is held to a rule
        return _type(plain[0])
    return str(TYPES.get(annotation.__name__, annotation.__name__))


def _default(value: object) -> str:
    if value in (None, (), {}):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    for page, made in PAGES.items():
        (HERE / page).write_text(made(), encoding="utf-8")
        print(HERE / page)
