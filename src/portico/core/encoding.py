"""Results as bytes, once: the same bytes are the body of the answer and the stored answer."""

from collections.abc import Callable
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError
from pydantic_core import from_json, to_json

from portico.core.answer import Html, Redirect
from portico.errors import Misconfigured
from portico.ports.paging import Edged, Slice

DONE = b'{"data":{"success":true}}'


class Codec:
    """Encodes one action's result as its envelope, and decodes a stored one."""

    def __init__(self, returns: Any) -> None:
        """Compile the serializer of the declared return type; raises Misconfigured where it has none."""
        self.returns = returns
        self.bare = returns in {None, NoneType}
        self.page = returns is Html
        self.redirect = returns is Redirect
        self.sliced = get_origin(returns) is Slice
        row: Any = get_args(returns)[0] if self.sliced else None
        item: Any = list[row] if self.sliced else returns
        self.row = row
        self.adapter = None if self.bare or self.page or self.redirect else _adapter(item)
        self.nullable = self.adapter is not None and self._takes_none(self.adapter)
        self.encode: Callable[[Any], bytes] = self._choose()

    @staticmethod
    def _takes_none(adapter: TypeAdapter[Any]) -> bool:
        try:
            adapter.validate_python(None)
        except ValidationError:
            return False
        return True

    def _choose(self) -> Callable[[Any], bytes]:
        if self.adapter is None:
            return self._nothing
        return self._slice if self.sliced else self._data

    @staticmethod
    def _nothing(_value: Any) -> bytes:
        return DONE

    def _data(self, value: Any) -> bytes:
        if value is None and not self.nullable:
            message = "the action returned None, which is not what it declares"
            raise TypeError(message)
        dumped: bytes = self.adapter.serializer.to_json(value, warnings="error")  # type: ignore[union-attr]  # only chosen where there is one
        return b'{"data":%b}' % dumped

    def _slice(self, value: Slice[Any]) -> bytes:
        ready = value.ready
        if ready is not None and ready.kind is self.row:
            dumped = ready.json
        else:
            dumped = self.adapter.serializer.to_json(value.data, warnings="error")  # type: ignore[union-attr]  # as above
        return b'{"data":%b,"meta":%b}' % (dumped, to_json(value.meta()))

    def decode(self, body: bytes) -> Any:
        """The value of a stored envelope."""
        if self.adapter is None:
            return None
        envelope = from_json(body)
        data = self.adapter.validate_python(envelope["data"])
        if not self.sliced:
            return data
        meta = envelope["meta"]
        page, total = meta.get("page"), meta.get("total")
        found = Slice(data, after=meta.get("after"), limit=meta["limit"], page=page, total=total)
        if "edged" in meta:
            found.edged = Edged(*meta["edged"])
        return found


def _adapter(returns: Any) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(returns)
    except PydanticSchemaGenerationError:
        message = f"it returns {returns!r}, which no answer can be made of; return a Pydantic model"
        raise Misconfigured(message) from None
