"""What documents pick of a subscription's values: read, and picked, once for all streams that are told the same."""

from collections.abc import Hashable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import from_json

from portico.generate.graphql.outputs import TYPE
from portico.transports.graphql.frames import NextEvents
from portico.transports.telling import Writer


class Picker(Writer):
    """The values of one subscription."""

    def __init__(self, row: Any, names: Mapping[type[BaseModel], str]) -> None:
        """Of that type; `names` are what the types of models are called."""
        super().__init__(row, NextEvents())
        self._names = names
        self._at: tuple[object, str] = (None, "")
        self._plain: Any = None
        self._picked: dict[Hashable, bytes] = {}

    def plain(self, value: object, mark: str) -> Any:
        """The value as REST would send it; a model says of which type it is."""
        if self._at[0] is not value or self._at[1] != mark:
            plain = from_json(self.written(value))
            if isinstance(plain, dict) and (name := self._names.get(type(value))) is not None:  # type: ignore[arg-type]  # no model has no name
                plain[TYPE] = name
            self._at, self._plain, self._picked = (value, mark), plain, {}
        return self._plain

    def known(self, document: Hashable) -> bytes | None:
        """What a document picks of the last value, where one of its streams was told already."""
        return self._picked.get(document)

    def keep(self, plain: object, document: Hashable, picked: bytes) -> None:
        """Hold what a document picks, unless another value has come meanwhile."""
        if plain is self._plain:
            self._picked[document] = picked
