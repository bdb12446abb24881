"""The Salon on a real server, and Chromium before it."""

import asyncio
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, async_playwright

from salon.app import app

WEB = Path(__file__).parents[2] / "web"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def build_web() -> None:
    """What `make web` makes, and npm's packages."""
    subprocess.run([sys.executable, WEB / "build.py"], check=True, timeout=300)


@asynccontextmanager
async def on_air(host: str = "127.0.0.1", listening: socket.socket | None = None) -> AsyncIterator[str]:
    """The running Salon on a free port: its address."""
    listening = listening or socket.create_server((host, 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", ws="none", log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://{host}:{listening.getsockname()[1]}"
    finally:
        app.running.part()  # else the server would wait for the streams of pages that are open
        server.should_exit = True
        await serving


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Chromium; where there is none, the test is skipped."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        try:
            yield launched
        finally:
            await launched.close()
