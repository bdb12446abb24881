"""Settings, the secret, and the log."""

import io
import logging
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_network
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import SecretStr
from pydantic_core import from_json

from portico import Misconfigured
from portico.app.logs import AccessLog, JsonFormatter, TextFormatter, as_text, moment
from portico.app.secret import derive, read_secret, signer
from portico.app.settings import Settings, read_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own reaches these tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


# -- settings ----------------------------------------------------------------------------------------------------------
def test_everything_has_a_default() -> None:
    """An application starts without a single variable."""
    settings = read_settings()

    assert settings.database_url is None
    assert (settings.portico_max_body, settings.database_connections) == (1024 * 1024, 20)
    assert settings.portico_password_hashing == "standard"


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """By upper-case names; lists are separated by commas, presets are JSON."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/x")
    monkeypatch.setenv("PORTICO_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32,")
    monkeypatch.setenv("PORTICO_ORIGINS", "https://a.example,https://b.example")
    monkeypatch.setenv("PORTICO_RATE_LIMITS", '{"api": "300/m"}')

    settings = read_settings()

    assert settings.database_url == SecretStr("postgresql://app@db/x")
    assert settings.portico_trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))
    assert settings.portico_origins == ("https://a.example", "https://b.example")
    assert settings.portico_rate_limits == {"api": "300/m"}


@pytest.mark.parametrize(
    "url",
    [
        "postgres://db",
        "postgresql://app:hunter%232@[::1]:5432/x?sslmode=require",
        "postgresql://app@one:5432,two.example:5433,three/x",
        "postgresql://app:hunter2@/x?host=/run/postgresql",
        "postgresql:///x?host=/run/postgresql&user=app",
    ],
)
def test_a_database_may_stand_anywhere(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """On a host or several, behind a socket."""
    monkeypatch.setenv("DATABASE_URL", url)

    assert read_settings().database_url == SecretStr(url)


def test_every_setting_in_error_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its variable, and without its value: it may be a secret."""
    wrong = {
        "DATABASE_CONNECTIONS": "0",
        "SECRET_KEY": "hunter2",
        "PORTICO_TRUSTED_PROXIES": "everybody",
        "PORTICO_ACCESS_LOG": "perhaps",
        "PORTICO_SESSION_DAYS": "soon",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(Misconfigured) as refused:
        read_settings()

    said = str(refused.value)
    assert [name for name in wrong if f"- {name}" not in said] == []
    assert [value for value in ("hunter2", "everybody", "perhaps") if value in said] == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORTICO_TRUSTED_PROXIES", "10.0.0.1/8", "write networks such as 10.0.0.0/8 or 2001:db8::/32"),
        ("PORTICO_REACH_DENIED", "everybody", "write networks such as 10.0.0.0/8 or 2001:db8::/32"),
        ("PORTICO_ORIGINS", "app.example.com", "write origins such as https://app.example.com"),
        ("PORTICO_ORIGINS", "*", "write origins such as https://app.example.com"),
        ("PORTICO_ORIGINS", "https://app.example.com/path", "write origins such as https://app.example.com"),
        ("PORTICO_URL", "app.example.com", "write the address of the application"),
        (
            "PORTICO_RATE_LIMITS",
            "api 300/m",
            'this is no JSON. Presets of rate limits as JSON, such as {"api": "300/m"}.',
        ),
        ("DATABASE_URL", "", "write postgresql://user:password@host:5432/database"),
        ("DATABASE_URL", "mysql://app@db/x", "write postgresql://user:password@host:5432/database"),
        (
            "DATABASE_OWNER_URL",
            "postgresql://app:hun#ter2@db/x",
            "write postgresql://user:password@host:5432/database; in the password, write",
        ),
        (
            "DATABASE_ADMIN_URL",
            "postgresql://app:hun/ter2@db/x",
            "write postgresql://user:password@host:5432/database; in the password, write",
        ),
        (
            "DATABASE_WORKER_URL",
            "postgresql://app:hun@ter2@db/x",
            "write postgresql://user:password@host:5432/database; in the password, write",
        ),
        ("SECRET_KEY", "hunter2", "write 32 characters or more"),
    ],
)
def test_a_setting_in_error_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, *, said: str
) -> None:
    """In words for operators, not in those of the library that reads it."""
    monkeypatch.setenv(name, value)

    with pytest.raises(Misconfigured) as refused:
        read_settings()

    assert str(refused.value).splitlines()[1].startswith(f"- {name}: {said}")


def test_an_origin_is_what_browsers_send(monkeypatch: pytest.MonkeyPatch) -> None:
    """However it was written: in lower case, without a slash at its end, without the port that goes without saying."""
    written = "https://App.Example.com/, https://b.example:443, http://localhost:5173, http://[::1]:5173"
    monkeypatch.setenv("PORTICO_ORIGINS", written)

    assert read_settings().portico_origins == (
        "https://app.example.com",
        "https://b.example",
        "http://localhost:5173",
        "http://[::1]:5173",
    )


def test_secrets_are_not_shown() -> None:
    """Nor in a log line of the settings."""
    shown = repr(read_settings(secret_key=SecretStr("s" * 40), database_url=SecretStr("postgresql://u:pw@h/d")))

    assert "ssss" not in shown
    assert "pw" not in shown


def test_every_setting_is_described() -> None:
    """The manual's table is made of it."""
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


# -- the secret --------------------------------------------------------------------------------------------------------
def test_the_folder_s_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """It stays the same, and nobody else may read it."""
    settings = read_settings(portico_folder=tmp_path / "new")

    first, second = read_secret(settings), read_secret(settings)

    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "new" / "secret").stat().st_mode) == 0o600


def test_of_many_that_make_the_secret_at_once_all_have_the_same(tmp_path: Path) -> None:
    """The first one's stands, and no draft is left."""
    settings = read_settings(portico_folder=tmp_path)
    with ThreadPoolExecutor(16) as threads:
        made = set(threads.map(lambda _: read_secret(settings), range(64)))

    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_the_environment_s_secret_comes_first(tmp_path: Path) -> None:
    """And no file is made."""
    settings = read_settings(secret_key=SecretStr("s" * 40), portico_folder=tmp_path)

    assert read_secret(settings) == b"s" * 40
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["database_url", "database_owner_url"])
def test_a_database_of_one_s_own_needs_a_secret_of_one_s_own(name: str) -> None:
    """Several machines must share it: a file of one of them would not do."""
    with pytest.raises(Misconfigured, match=r"SECRET_KEY is not set: .* give every process the same one"):
        read_secret(read_settings(**{name: SecretStr("postgresql://app@db/x")}))


def test_what_is_derived_serves_one_purpose() -> None:
    """A signature of a form says nothing about the proof of a caller."""
    secret = b"s" * 40
    sign = signer(secret)

    assert derive(secret, "proof") != derive(secret, "sign") != secret
    assert len(derive(secret, "proof")) == 32
    assert sign(b"a") == signer(secret)(b"a") != sign(b"b")
    assert sign(b"a") != signer(b"t" * 40)(b"a")


# -- the log -----------------------------------------------------------------------------------------------------------
def record(message: str, *args: object, **extra: object) -> logging.LogRecord:
    """A log record, with an exception where one is being handled."""
    made = logging.LogRecord("portico", logging.ERROR, "x.py", 1, message, args, None)
    made.__dict__.update(extra)
    return made


def test_a_log_line_is_one_json_object() -> None:
    """With the request id; a line break in the message does not begin another line."""
    line = JsonFormatter().format(record("%s failed\n{}", "things.read", request_id="r-1"))

    assert "\n" not in line
    found = from_json(line)
    assert (found["severity"], found["logger"], found["message"]) == ("error", "portico", "things.read failed\n{}")
    assert found["request_id"] == "r-1"


def test_a_failure_that_quotes_what_is_no_text_is_written_all_the_same() -> None:
    """Such as the name of a file: the line would be lost otherwise, and all that is known of the failure."""
    with pytest.raises(ValueError, match="no") as caught:
        raise ValueError("no\udcff")

    line = from_json(JsonFormatter().format(record("a\udcffb", exc_info=(ValueError, caught.value, caught.tb))))

    assert line["message"] == "a?b"
    assert "ValueError: no" in line["traceback"]


def test_a_log_line_has_the_traceback() -> None:
    """All of it goes to the log, so that nothing of it need go to a caller."""
    with pytest.raises(ValueError, match="inside") as caught:
        int("inside")
    line = JsonFormatter().format(record("failed", exc_info=(ValueError, caught.value, caught.tb)))

    assert "ValueError: invalid literal" in from_json(line)["traceback"]


def test_a_line_says_what_kind_of_trouble_it_is() -> None:
    """And its details by name; what tells of none has no kind."""
    trouble = from_json(JsonFormatter().format(record("slow", category="slow", details={"ms": 12.5}, user="u-1")))
    unsaid, quiet = record("failed"), record("done")
    quiet.levelno, quiet.levelname = logging.INFO, "INFO"

    assert (trouble["category"], trouble["ms"], trouble["user"]) == ("slow", 12.5, "u-1")
    assert from_json(JsonFormatter().format(unsaid))["category"] == "internal"
    assert "category" not in from_json(JsonFormatter().format(quiet))


def test_a_line_for_people_hides_secrets_too() -> None:
    """Those that are known, in message and traceback."""
    with pytest.raises(ValueError, match="hunter2") as caught:
        int("hunter2")
    made = record(
        "%s failed", "hunter2", secrets=frozenset({"hunter2"}), exc_info=(ValueError, caught.value, caught.tb)
    )

    line = TextFormatter().format(made)

    assert "ERROR [secret] failed" in line
    assert "invalid literal for int() with base 10: '[secret]'" in line
    assert "hunter2" not in line


def test_a_moment_is_told_to_the_millisecond() -> None:
    """In UTC, as RFC 3339 has it."""
    assert [moment(at) for at in (0.0, 1764405000.0625, 1764405000.9999)] == [
        "1970-01-01T00:00:00.000Z",
        "2025-11-29T08:30:00.062Z",
        "2025-11-29T08:30:00.999Z",
    ]


@pytest.mark.parametrize(
    ("form", "host", "written"),
    [("json", False, True), ("text", False, False), ("json", True, False)],
)
def test_the_log_goes_to_standard_error_unless_the_host_has_its_own(form: str, *, host: bool, written: bool) -> None:
    """As JSON lines or as text; a host's handlers are left as they are."""
    program = f"""
        import logging
        from portico.app.logs import start_log
        if {host}:
            logging.basicConfig(format="host says %(message)s")
        start_log("{form}")
        start_log("{form}")
        logging.getLogger("portico").error("something failed")
    """
    finished = subprocess.run([sys.executable, "-c", dedent(program)], capture_output=True, text=True, check=True)

    lines = finished.stderr.splitlines()
    assert (len(lines), lines[0].startswith("{")) == (1, written)
    assert lines[0].startswith("host says") is host


@pytest.mark.anyio
async def test_access_lines_are_collected_and_written_together() -> None:
    """Nothing is lost when the application ends; an empty log writes nothing."""
    stream = io.StringIO()
    access = AccessLog(stream)
    access.flush()
    assert stream.getvalue() == ""

    for n in range(3):
        access.write_access({"request_id": f"r-{n}", "path": "/a\nb"})
    assert stream.getvalue() == ""
    access.flush()

    assert [from_json(line)["request_id"] for line in stream.getvalue().splitlines()] == ["r-0", "r-1", "r-2"]


def test_a_person_reads_a_request_on_one_line() -> None:
    """When, what, how it went."""
    line = as_text({"status": 201, "method": "POST", "path": "/things", "ms": 1.5}).decode()

    assert line.endswith(" 201 POST /things 1.5 ms")
