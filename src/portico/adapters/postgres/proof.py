"""The key that proves in-process callers, put where only the gate can read it."""

import asyncpg

UPSERT = """
insert into portico.proof_key (one, inner_pad, outer_pad) values (true, $1, $2)
on conflict (one) do update set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad
"""
BLOCK = 64


async def store_proof_key(owner_url: str, key: bytes) -> None:
    """Store the key as the owner, as the two pads of HMAC (RFC 2104) that PostgreSQL's sha256 needs."""
    padded = key.ljust(BLOCK, b"\0")
    inner, outer = bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)
    connection = await asyncpg.connect(owner_url, timeout=10, command_timeout=30)
    try:
        await connection.execute(UPSERT, inner, outer)
    finally:
        await connection.close(timeout=5)
