"""A form in parts is the same form, and what is none is told in one way, however it is spoiled."""

from time import process_time

import pytest

from portico.errors import Error, Invalid, NoFiles, TooManyFields
from portico.transports.fields import read_form
from portico.transports.multipart import read_parts

MULTIPART = "multipart/form-data; boundary=----x"
NAMED = 'Content-Disposition: form-data; name="a"'


def part(head: str, text: str = "x") -> str:
    """A part with its delimiter."""
    return f"------x\r\n{head}\r\n\r\n{text}\r\n"


def body(*parts: str) -> bytes:
    """Parts, and the delimiter that ends them."""
    return ("".join(parts) + "------x--\r\n").encode()


def test_a_form_in_parts_is_the_same_form() -> None:
    """Names with brackets; an input for a file that was left empty says nothing; lines end in one way."""
    sent = body(
        part('Content-Disposition: form-data; name="user[name]"', "Ä\r\nb"),
        part('content-disposition:form-data;name="tags[]"', "a"),
        part('Content-Disposition: form-data; name="photo"; filename=""\r\nContent-Type: application/octet-stream', ""),
    )

    assert read_form(sent, MULTIPART) == {"user": {"name": "Ä\nb"}, "tags": ["a"]}


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('Content-Disposition: form-data; name="größe"', "größe"),
        ("Content-Disposition: form-data; name=user[name];", "user[name]"),
        ("Content-Disposition: Form-Data ; x=1 ; NAME=a", "a"),
        (r'Content-Disposition: form-data; name="a\"b\\c"', 'a"b\\c'),
        ('Content-Disposition: form-data; name="=?utf-8?q?a?= (b"', "=?utf-8?q?a?= (b"),
        (f"X-Other: a:b\r\n{NAMED}\r\nContent-Type: text/plain; charset=utf-8", "a"),
        (f"{NAMED}\r\nContent-Transfer-Encoding: 8Bit", "a"),
    ],
)
def test_a_name_is_what_stands_in_its_quotes(head: str, name: str) -> None:
    """Mail's encoded words and comments are no part of forms."""
    assert list(read_parts(body(part(head)), MULTIPART)) == [(name, "x")]


def test_what_stands_around_the_parts_and_within_them_is_left_alone() -> None:
    """A preamble, an epilogue, spaces after a delimiter, an empty text, lines that only begin like a delimiter."""
    sent = f"to\r\nyou\r\n------x \t\r\n{NAMED}\r\n\r\n-----x\r\n\r\n------\r\n{part(NAMED, '')}------x-- \r\nbye\r\n"

    assert list(read_parts(sent.encode(), MULTIPART)) == [("a", "-----x\r\n\r\n------"), ("a", "")]
    assert not list(read_parts(b"------x--", MULTIPART))


@pytest.mark.parametrize("parameters", ['boundary="a b:c"', "boundary=a/b:c=", "charset=utf-8; Boundary=a'b;"])
def test_a_boundary_is_read_as_clients_write_it(parameters: str) -> None:
    """In quotes, and without them where it should have them."""
    boundary = parameters.partition("oundary=")[2].strip('";')
    sent = f"--{boundary}\r\n{NAMED}\r\n\r\nx\r\n--{boundary}--"

    assert list(read_parts(sent.encode(), f"multipart/form-data; {parameters}")) == [("a", "x")]


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'multipart/form-data; boundary=""',
        "multipart/form-data; boundary=----x; x*",
        "multipart/form-data; boundary=----x; boundary=----x",
        f"multipart/form-data; boundary={'-' * 71}",
        'multipart/form-data; boundary="ä"',
        'multipart/form-data; boundary="----x',
    ],
)
def test_a_content_type_without_one_plain_boundary_is_refused(content_type: str) -> None:
    """As the body's fault: nobody knows where its parts begin."""
    with pytest.raises(Invalid):
        list(read_parts(body(part(NAMED)), content_type))


@pytest.mark.parametrize(
    "head",
    [
        "",
        "Content-Disposition",
        "Content-Disposition: form-data",
        "Content-Disposition: form-data; name",
        "Content-Disposition: form-data; name*",
        "Content-Disposition: form-data; name=",
        'Content-Disposition: form-data; name="a',
        f"Content-Disposition: form-data; name={'(' * 950}",
        f"{NAMED}; x*",
        f'{NAMED}; Name="b"',
        f"{NAMED}; filename*",
        f"{NAMED}\r\n{NAMED}",
        f"{NAMED}\r\nContent-Type: text/plain; charset*",
        f"{NAMED}\r\nContent-Transfer-Encoding: base64",
        f"{NAMED}\r\nX: {'x' * 8192}",
        'Content-Disposition: attachment; name="a"',
        'Content-Disposition: form-data; filename="a.png"',
    ],
)
def test_a_part_whose_headers_cannot_be_read_is_refused(head: str) -> None:
    """Whatever is wrong with them, it is told of the body."""
    with pytest.raises(Invalid) as refused:
        list(read_parts(body(part(head)), MULTIPART))

    assert refused.value.errors is not None
    assert refused.value.errors["body"][0].code == "VAL_INVALID_FORMAT"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"nothing of the kind",
        b"------x\r\n\r\n",
        part(NAMED).encode(),
        f"------x\n{NAMED}\n\nx\n------x--\n".encode(),
        f"------x y\r\n{NAMED}\r\n\r\nx\r\n------x--".encode(),
        f"------x\r\n{NAMED}\r\n------x--".encode(),
    ],
)
def test_a_body_that_is_not_whole_is_refused(sent: bytes) -> None:
    """A form that was cut off is not taken for the half of it."""
    with pytest.raises(Invalid):
        list(read_parts(sent, MULTIPART))


@pytest.mark.parametrize(
    "head", ['name="photo"; filename="a.png"', 'name="photo"; filename=""', "name=photo; filename*=utf-8''a.png"]
)
def test_a_file_is_refused(head: str) -> None:
    """By its name, or by what it holds."""
    with pytest.raises(NoFiles):
        list(read_parts(body(part(f"Content-Disposition: form-data; {head}")), MULTIPART))


def test_a_form_has_at_most_a_thousand_parts() -> None:
    """Those that say nothing are counted, too."""
    empty = part(f'{NAMED}; filename=""', "")

    assert not list(read_parts(body(*[empty] * 1000), MULTIPART))
    with pytest.raises(TooManyFields):
        list(read_parts(body(*[empty] * 1001), MULTIPART))


@pytest.mark.parametrize(
    "sent",
    [
        body(part(f'Content-Disposition: form-data; name="{"=?utf-8?q?a?= " * 30_000}"')),
        body(part(f"Content-Disposition: form-data; name={'(' * 400_000}")),
        body(part(f"{NAMED}{'; ' * 200_000}")),
        body(part("\r\n".join(f"X{n}: x" for n in range(50_000)))),
        b"\r\n------x" * 50_000,
        b"------x" + b" \t" * 200_000,
        body(*[part(NAMED)] * 10_000),
    ],
)
def test_the_work_is_bounded_whatever_is_sent(sent: bytes) -> None:
    """Some hundred kilobytes, made to be read again and again, are refused at once."""
    began = process_time()

    with pytest.raises(Error):
        list(read_parts(sent, MULTIPART))

    assert process_time() - began < 1
