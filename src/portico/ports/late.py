"""Models that are built when they are first used."""

from typing import TypeVar

from pydantic import BaseModel

M = TypeVar("M", bound=BaseModel)


def built_late(model: type[M]) -> type[M]:
    """Let a model, declared with `defer_build=True`, wait; those that are derived from it are built at once as usual.

    The first model that a process builds costs 30 ms, and `import portico` is not to be what builds it.
    """
    del model.model_config["defer_build"]
    return model
