"""What a form draws is what it takes: shapes are read off an action's schema, and fit what was entered to it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, EmailStr, Field, SecretStr

from portico import UserContext
from portico.core.signature import read_signature
from portico.transports.drawing import Field as Drawn
from portico.transports.drawing import Fill, Style, flat
from portico.transports.shapes import MISSING, Shape, for_browsers, shape_of


class Line(BaseModel):
    """A row."""

    title: str = Field(min_length=1, max_length=20)
    done: bool = False
    pieces: int = 1


class Order(BaseModel):
    """All that a form may hold."""

    email: EmailStr
    note: str = Field("", max_length=1000)
    phone: str | None = None
    count: int = Field(1, ge=1, le=9)
    size: Literal["small", "large"] = "small"
    colors: list[Literal["red", "blue"]] = []
    lines: list[Line] = []
    gift: bool = False
    at: AwareDatetime | None = None
    born: date | None = Field(None, description="As your passport says.", title="Day of birth")
    pin: SecretStr | None = None


async def order(ctx: UserContext, data: Order, customer_id: Annotated[int, Field(ge=0)] = 0) -> None:
    """Take an order."""


SHAPE = shape_of(read_signature(order, "POST", set()).binder)


def drawn(values: object = None, errors: dict[str, list[str]] | None = None, **style: object) -> dict[str, Drawn]:
    """The fields of the form, by path."""
    fields = Fill(values, errors or {}, Style(id="f", **style)).draw(SHAPE)  # type: ignore[arg-type]  # as a template gives it
    return {field.path: field for field in flat(fields)}


def test_a_field_is_drawn_by_its_type() -> None:
    """With the limits that the action holds to."""
    fields = drawn()

    kinds = {path: field.kind for path, field in fields.items() if "." not in path}
    assert kinds == {
        "email": "text",
        "note": "long",
        "phone": "text",
        "count": "number",
        "size": "choice",
        "colors": "list",
        "lines": "list",
        "gift": "flag",
        "at": "moment",
        "born": "text",
        "pin": "secret",
        "customer_id": "number",
    }
    assert fields["email"].attributes["type"] == "email"
    assert fields["count"].attributes == {"type": "number", "step": 1, "min": 1, "max": 9}
    assert fields["note"].attributes == {"maxlength": 1000}
    assert (fields["born"].label, fields["born"].hint) == ("Day of birth", "As your passport says.")
    assert fields["customer_id"].label == "Customer"
    assert [path for path, field in fields.items() if field.required] == ["email"]
    assert fields["lines.0.title"].name == "lines[0][title]"
    assert fields["lines.0.title"].attributes == {"type": "text", "minlength": 1, "maxlength": 20}


def test_a_form_shows_what_stands_there() -> None:
    """Of a model or a mapping; moments by the clock of a zone, secrets never."""
    at = "2030-07-01T10:00:00+00:00"
    values = Order.model_validate(
        {"email": "a@b.example", "at": at, "pin": "1", "size": "large", "gift": True, "lines": [{"title": "One"}]}
    )

    fields = drawn(values, zone="Europe/Vienna", rows={"lines": 2})

    assert (fields["at"].value, fields["at"].zone) == ("2030-07-01T12:00", "Europe/Vienna")
    assert (fields["email"].value, fields["pin"].value, fields["gift"].value) == ("a@b.example", "", True)
    assert [choice.value for choice in fields["size"].choices if choice.chosen] == ["large"]
    assert [fields[f"lines.{n}.title"].value for n in range(3)] == ["One", "", ""]
    assert fields["lines"].members[0].members[0].required
    assert not fields["lines"].members[1].members[0].required


def test_an_error_stands_beside_its_field_and_the_first_takes_the_cursor() -> None:
    """Within lists too; only one is first."""
    fields = drawn(errors={"lines.0.title": ["Too long."], "gift": ["No."]}, hints={"gift": "Wrapped."})

    assert fields["lines.0.title"].errors == ["Too long."]
    assert fields["gift"].described == "f-gift-hint f-gift-error-1"
    assert [path for path, field in fields.items() if field.first] == ["lines.0.title"]


def test_what_was_left_empty_is_nothing() -> None:
    """None where the action takes that, else it was not sent; a list has no empty rows, a box says yes or no."""
    entered = {
        "email": "",
        "note": "",
        "phone": "",
        "colors": ["", "red"],
        "lines": [{"title": "One", "done": ["false", "true"]}, {"title": "", "done": "false", "pieces": "1"}],
        "gift": "false",
        "stray": "kept",
        "blank": "",
    }

    assert SHAPE.fit(entered) == {
        "phone": None,
        "colors": ["red"],
        "lines": [{"title": "One", "done": True}],
        "gift": False,
        "stray": "kept",
    }


def test_a_secret_is_not_shown_again_however_deep() -> None:
    """By its type; everything else is kept."""
    shape = Shape("object", members={"in": Shape("list", item=Shape("object", members={"pin": Shape("secret")}))})

    assert shape.reveal({"in": [{"pin": "1", "name": "a"}], "x": "y"}) == {"in": [{"name": "a"}], "x": "y"}
    assert Shape("text").fit("") is MISSING


def test_a_pattern_is_written_as_browsers_read_it() -> None:
    """Without anchors, and with the hyphens that their newer dialect wants written out."""
    assert for_browsers(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$") == r"[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?"
    assert for_browsers(r"[a\-]") == r"[a\-]"
