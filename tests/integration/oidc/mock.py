"""A provider that others wrote: oidc-provider-mock, in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx2


@contextmanager
def serve_mock(*users: dict[str, object]) -> Iterator[str]:
    """Its address, for as long as it runs."""
    told = [part for user in users for part in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", "0", *told]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        yield next(line.split(" on ")[1].split(" ")[0] for line in lines if " running on " in line)
        process.terminate()
        process.communicate()


def sign_in_at(url: str, subject: str) -> dict[str, str]:
    """Do what a browser does at the provider: the query that it comes back with."""
    answer = httpx2.post(url, data={"sub": subject})
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
