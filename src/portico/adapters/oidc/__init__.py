"""Tokens and sign-in of OpenID Connect issuers; signatures by joserfc, requests by httpx2."""
