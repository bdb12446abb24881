"""Statements in the log have no values in them."""

from time import process_time

import pytest

from portico.app.slow import LONGEST, wording


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select *\n  from papers where id = $1", "select * from papers where id = $1"),
        ("select 1 from t where name = 'O''Hara' and age > 42.5", "select ? from t where name = ? and age > ?"),
        (r"select E'it\'s', $tag$a 'b' c$tag$, $$x$$", "select ?, ?, ?"),
        ("select c1, t2.c3 from t2 where $12 = 7", "select c1, t2.c3 from t2 where $12 = ?"),
        ("close and commit", "close and commit"),
    ],
)
def test_values_are_left_out(sql: str, told: str) -> None:
    """Texts, numbers, dollar quotes; names and parameters stay."""
    assert wording(sql) == told


@pytest.mark.parametrize("piece", ["'", "$", "$a$", "E'\\", "1.", "''"])
def test_a_long_statement_takes_no_long_time(piece: str) -> None:
    """And is cut."""
    began = process_time()

    assert len(wording("select " + piece * 5_000)) <= LONGEST
    assert process_time() - began < 1
