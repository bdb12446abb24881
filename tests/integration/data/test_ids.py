"""Ids that the database makes."""

from uuid import UUID

import pytest

from portico.testing import Harness

pytestmark = pytest.mark.anyio
MADE = "select portico.new_id() from generate_series(1, 50)"
NOW = "select floor(extract(epoch from clock_timestamp()) * 1000)::bigint"


async def test_ids_carry_their_time(portico: Harness) -> None:
    """UUIDv7 (RFC 9562, section 5.7): a version, a variant, and milliseconds first, so that later ones come later."""
    before = (await portico.rows(NOW))[0][0]
    ids = [UUID(str(row[0])) for row in await portico.rows(MADE)]
    after = (await portico.rows(NOW))[0][0]

    times = [id.int >> 80 for id in ids]
    assert {(id.version, id.variant) for id in ids} == {(7, "specified in RFC 4122")}
    assert before <= min(times) <= max(times) <= after
    assert len(set(ids)) == 50


async def test_a_server_that_makes_ids_itself_does(portico: Harness) -> None:
    """From PostgreSQL 18 on nothing is put together by hand."""
    body = (await portico.rows("select pg_get_functiondef('portico.new_id'::regproc)"))[0][0]
    version = (await portico.rows("select current_setting('server_version_num')::integer"))[0][0]

    assert ("uuidv7()" in body) == (version >= 180000)
