"""Which application is meant, and the application itself."""

import re
import sys
import tomllib
import traceback
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path
from typing import TYPE_CHECKING, TypeVar

import click

import portico
from portico.errors import Misconfigured

if TYPE_CHECKING:
    from portico.app.application import App

Command = TypeVar("Command", bound="Callable[..., object] | click.Command")
HOW = "name it as MODULE:APP, such as `salon.app:app`"
PORTICO = str(Path(portico.__file__).parent)
LIBRARIES = tuple({get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
PLACE = re.compile(r"\.py:\d+")
WHICH = (
    "Which application? Give MODULE:APP (such as `salon.app:app`), set PORTICO_APP, or write "
    'app = "MODULE:APP" under [tool.portico] in pyproject.toml.'
)


def app_argument(command: Command) -> Command:
    """Give a command its last, optional argument: the application's name."""
    return click.argument("name", metavar="[MODULE:APP]", required=False, envvar="PORTICO_APP")(command)


def app_name(given: str | None) -> str:
    """The name given, or the one in pyproject.toml of this folder or one above."""
    name = given or _configured(Path.cwd())
    if name is None:
        raise Misconfigured(WHICH)
    module, _, attribute = name.partition(":")
    if not module or not attribute:
        message = f"{name!r} names no application: {HOW}."
        raise Misconfigured(message)
    return name


def load_app(name: str) -> "App":
    """Import the application; raises Misconfigured that says what stands in the way."""
    from portico.app.application import App

    make_importable(Path.cwd())
    module, _, attribute = name.partition(":")
    found = getattr(_imported(module, name), attribute, None)
    if not isinstance(found, App):
        what = "is no App" if found is not None else "does not exist"
        message = f"{name} {what}: {HOW}, where APP is what `App(…)` gave."
        raise Misconfigured(message)
    return found


def package_folder(name: str) -> Path | None:
    """The folder of the application's outermost package; nothing of it is imported."""
    make_importable(Path.cwd())
    spec = find_spec(name.partition(":")[0].partition(".")[0])
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def make_importable(folder: Path) -> None:
    """Let modules of the folder be found, as `python -m` does."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def _configured(folder: Path) -> str | None:
    for place in (folder, *folder.parents):
        file = place / "pyproject.toml"
        if file.is_file():
            try:
                found = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {}).get("portico", {}).get("app")
            except (OSError, tomllib.TOMLDecodeError) as problem:
                message = f"{file} cannot be read ({problem}): mend it, or give MODULE:APP."
                raise Misconfigured(message) from None
            if found:
                return str(found)
    return None


def _imported(module: str, name: str) -> object:
    try:
        return import_module(module)
    except Misconfigured as problem:
        raise Misconfigured(_placed(problem)) from problem
    except ModuleNotFoundError as problem:
        if problem.name and (module == problem.name or module.startswith(f"{problem.name}.")):
            message = f"There is no module {problem.name}: {HOW}, and run this where it can be imported."
            raise Misconfigured(message) from None
        raise Misconfigured(_broken(name, problem)) from problem
    except Exception as problem:
        raise Misconfigured(_broken(name, problem)) from problem


def _broken(name: str, problem: Exception) -> str:
    where = _written_at(problem)
    said = f" ({where})" if where else ""
    return f"{name} cannot be imported: {type(problem).__name__}: {problem}{said}."


def _placed(problem: Misconfigured) -> str:
    """Its message, and the application's line that it is about, unless it names one itself."""
    message = str(problem)
    where = None if PLACE.search(message) else _written_at(problem)
    return f"{where}: {message.rstrip('.')}." if where else message


def _written_at(problem: Exception) -> str | None:
    """The last line of the application that led there, else of what it uses; what Portico does is not to blame."""
    frames = traceback.extract_tb(problem.__traceback__)
    outside = [frame for frame in frames if not frame.filename.startswith((PORTICO, "<"))]
    own = [frame for frame in outside if not frame.filename.startswith(LIBRARIES)]
    return next((f"{frame.filename}:{frame.lineno}" for frame in reversed(own or outside)), None)
