"""What a test sends of a page is what a browser would."""

import pytest

from portico.testing import Reply

PAGE = Reply(
    200,
    {},
    b"""
<form action="/search"><input name="q" value="&lt;b&gt;"></form>
<form method="post" action="/save">
  <input type="hidden" name="_csrf" value="token"> <input name="empty"> <input name="off" value="x" disabled>
  <input type="checkbox" name="news" value="true"> <input type="checkbox" name="tags[]" value="a" checked>
  <input type="checkbox" name="tags[]" value="b" checked> <input type="radio" name="plain" checked>
  <input type="file" name="photo"> <input type="submit" name="go" value="Go"> <input value="without a name">
  <textarea name="note">
Two
lines &amp; more</textarea>
  <select name="size"><option value="">-</option><option value="large" selected>Large</option></select>
  <select name="first"><option value="one">1</option><option value="two">2</option></select>
  <select name="several" multiple><option value="x">X</option></select>
  <button name="press" value="1">Save</button>
</form>""",
)


def test_a_form_is_sent_as_it_stands() -> None:
    """What is ticked, chosen or written; neither files nor buttons nor what is disabled."""
    assert PAGE.form("/save") == {
        "_csrf": ["token"],
        "empty": [""],
        "tags[]": ["a", "b"],
        "plain": ["on"],
        "note": ["Two\nlines & more"],
        "size": ["large"],
        "first": ["one"],
    }


def test_the_first_form_is_meant_where_none_is_named() -> None:
    """Most pages have one."""
    assert PAGE.form() == {"q": ["<b>"]}


def test_a_form_that_is_not_there_is_named() -> None:
    """With those that are."""
    with pytest.raises(LookupError, match=r"no form for '/sve', but for \['/search', '/save'\]"):
        PAGE.form("/sve")
