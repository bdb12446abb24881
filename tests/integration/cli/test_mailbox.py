"""Mails of an application that is being written."""

import json

from tests.integration.cli.programs import Portico, eventually

POST = '''"""It writes a letter."""

from pathlib import Path

from portico import App, Mails, Module, Public, PublicContext, RateLimit

post = Module("post", mails=Path(__file__).parent)


@post.mutation("POST /letter", Public("a test"), RateLimit("9/m", by="ip"), Mails("letter"))
async def write(ctx: PublicContext) -> None:
    """Write it."""
    ctx.mail("letter", to="ann@example.com", link="/here")


app = App("post", modules=[post])
'''


def test_dev_keeps_mails_and_they_lead_to_it(other_shop: Portico) -> None:
    """Nothing need be set up: links begin with the address at which it serves."""
    (other_shop.folder / "post.py").write_text(POST)
    (other_shop.folder / "letter.txt").write_text("Subject: A letter\n{{ link }}\n")

    with other_shop.serving("dev", "post:app", "--no-reload") as program:
        program.post("/api/v1/letter")
        eventually(lambda: program.get("/mailbox.json")[1] != "[]")
        (letter,) = json.loads(program.get("/mailbox.json")[1])

    assert (letter["subject"], letter["links"]) == ("A letter", [f"{program.url}/here"])


def test_an_application_that_sends_mail_is_served_when_it_is_told_how(other_shop: Portico) -> None:
    """Else the program ends with what to set."""
    (other_shop.folder / "post.py").write_text(POST)
    (other_shop.folder / "letter.txt").write_text("Subject: A letter\n{{ link }}\n")

    code, said = other_shop.run("serve", "post:app", "--port", "0", PORTICO_MAIL="smtp", MAIL_FROM="a@example.com")

    assert code == 1
    assert "Error: post.write sends mail: set SMTP_URL=smtp://user:password@host:587, or PORTICO_MAIL=mailbox" in said
