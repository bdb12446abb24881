"""What must be there before an application that sends mail starts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from portico import App, Mails, Misconfigured, Module, Public, PublicContext, RateLimit
from portico.app.letters import Letters
from portico.app.settings import read_settings
from portico.modules import identity, organizations
from portico.ports.mailer import Mail, Outgoing
from portico.testing import Harness, open_harness

pytestmark = pytest.mark.anyio
FOLDERS = [module.mails for module in (identity, organizations) if module.mails]


def sending(template: str, folder: Path | None = None) -> App:
    """An application that sends one mail."""
    module = Module("post")

    @module.mutation("POST /post", Public("a test"), RateLimit("5/m", by="ip"), Mails(template))
    async def send(ctx: PublicContext) -> None: ...

    return App("post", modules=[module], templates=folder)


async def start(portico: Harness, app: App, **settings: object) -> str:
    """Why it does not start; empty where it does."""
    try:
        async with open_harness(app, portico.urls, **settings):
            return ""
    except Misconfigured as refused:
        return str(refused)


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """A folder for templates of mails; its parent is the application's."""
    (tmp_path / "mails").mkdir()
    return tmp_path / "mails"


async def test_smtp_needs_its_settings(portico: Harness) -> None:
    """All that are missing are named, and the way out for who develops."""
    said = await start(portico, portico.app, portico_mail=None, portico_url=None)

    assert said == (
        "letters.greet sends mail: set SMTP_URL=smtp://user:password@host:587 and MAIL_FROM=no-reply@example.com "
        "and PORTICO_URL=https://app.example.com, or PORTICO_MAIL=mailbox for development."
    )


async def test_the_mailbox_needs_an_address_for_links(portico: Harness) -> None:
    """Which `portico dev` and `portico demo` know."""
    said = await start(portico, portico.app, portico_url=None)

    assert said == "letters.greet sends mail: set PORTICO_URL=http://127.0.0.1:8000."


async def test_who_sends_nothing_needs_nothing(portico: Harness) -> None:
    """And has no mailbox."""
    quiet = Module("quiet")

    @quiet.query("GET /quiet", Public("a test"))
    async def listen(_ctx: PublicContext) -> str:
        return "…"

    async with open_harness(
        App("quiet", modules=[quiet]), portico.urls, portico_mail=None, portico_url=None
    ) as harness:
        assert (await harness.client().get("/api/v1/quiet")).json == {"data": "…"}
        assert (await harness.client().get("/mailbox")).status == 404


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("other.txt", "Subject: Hi\n", "The mail 'hello' has no template hello.txt or hello.en.txt in "),
        ("hello.de.txt", "Subject: Hi\n", "The mail 'hello' has no English text: write "),
        ("hello.txt", "Hi\n", " is no subject: write `Subject: …`."),
        ("hello.txt", "Subject: Hi\n{{ name", "hello.txt is wrong: "),
    ],
)
async def test_a_template_that_is_missing_or_wrong_stops_the_start(
    portico: Harness, mails: Path, file: str, *, text: str, said: str
) -> None:
    """The message names the action, the template and the mend."""
    (mails / file).write_text(text, encoding="utf-8")

    refused = await start(portico, sending("hello", mails.parent))

    assert refused.startswith("post.send (")
    assert said in refused


async def test_a_template_needs_a_folder(portico: Harness) -> None:
    """Where there is none, that is what to give."""
    assert "give App(templates=…) a folder mails" in await start(portico, sending("hello"))


def written(folders: list[Path], locale: str, **values: object) -> Mail:
    """The mail `hello` as the folders have it."""
    letters = Letters(folders, "https://app.example.com")
    letters.load(["hello"])
    return letters.render(Outgoing("hello", "ann@example.com", values, locale), "<1@example.com>")


@pytest.mark.parametrize(("locale", "subject"), [("de", "Hallo"), ("de-AT", "Hallo"), ("fr", "Hello"), ("en", "Hello")])
@pytest.mark.parametrize("english", ["hello.en.txt", "hello.txt"])
def test_a_mail_has_a_text_for_each_language(mails: Path, english: str, *, locale: str, subject: str) -> None:
    """English, or the file that names no language, is for all others."""
    (mails / english).write_text("Subject: Hello\n{{ url }}", encoding="utf-8")
    (mails / "hello.de.txt").write_text("Subject: Hallo\n{{ url }}", encoding="utf-8")

    mail = written([mails], locale)

    assert (mail.subject, mail.text, mail.html) == (subject, "https://app.example.com\n", None)


def test_the_application_s_own_template_comes_first(mails: Path, tmp_path: Path) -> None:
    """All of it: the other folder's languages and HTML are set aside."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    for name in ("hello.en.txt", "hello.de.txt", "hello.de.html"):
        (theirs / name).write_text("Subject: Theirs\n", encoding="utf-8")
    (mails / "hello.txt").write_text("Subject: Ours\n", encoding="utf-8")

    mail = written([mails, theirs], "de")

    assert (mail.subject, mail.html) == ("Ours", None)


def test_text_is_written_as_it_is_and_html_escaped(mails: Path) -> None:
    """An ampersand in a mail of text is one character."""
    (mails / "hello.txt").write_text("Subject: {{ name }}\n{{ name }}: {{ link }}", encoding="utf-8")
    (mails / "hello.html").write_text("{{ name }}", encoding="utf-8")

    mail = written([mails], "en", name="A & B", link="https://other.example/")

    assert (mail.subject, mail.text, mail.html) == ("A & B", "A & B: https://other.example/\n", "A &amp; B")


BUILT_IN = [file.name.removesuffix(".en.txt") for folder in FOLDERS for file in sorted(folder.glob("*.en.txt"))]
VALUES = {
    "organization": "Salon",
    "inviter": "Ann",
    "expires_at": datetime(2027, 1, 1, tzinfo=UTC),
    "email": "bob@example.com",
    "passkey": "Ann's laptop",
}


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_mail_has_one_link_in_both_languages(name: str) -> None:
    """And a subject of its own in each."""
    letters = Letters(FOLDERS, "https://app.example.com")
    letters.load([name])
    outgoing = Outgoing(name, "bob@example.com", {"link": "/go?token=t&x=1", **VALUES})

    english, german = (letters.render(outgoing._replace(locale=locale), "") for locale in ("en", "de"))

    assert english.subject != german.subject
    for mail in (english, german):
        assert mail.text.count("https://") == mail.text.count("https://app.example.com/go?token=t&x=1\n") == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mail_from", "nobody"),
        ("mail_from", "a@example.com, b@example.com"),
        ("mail_from", "A <a@example.com>\nBcc: b@example.com"),
        ("portico_url", "app.example.com"),
        ("portico_url", "ftp://app.example.com"),
        ("portico_url", "https://app.example.com/?a=b"),
        ("portico_mail", "pigeon"),
    ],
)
def test_a_setting_that_is_wrong_is_named(name: str, value: str) -> None:
    """At the start, not with the first mail."""
    with pytest.raises(Misconfigured, match=f"- {name.upper()}: "):
        read_settings(**{name: value})


def test_the_address_of_the_application_ends_without_a_slash() -> None:
    """Links begin with one."""
    assert read_settings(portico_url="https://app.example.com/desk/").portico_url == "https://app.example.com/desk"
