"""A shop that tells others of what it sells."""

from portico import Anyone, App, Conflict, Event, Module, OrgContext, Raises
from portico.modules import identity, organizations, webhooks

shop = Module("shop")


class Sold(Event, name="article.sold"):
    """An article was sold."""

    article: str
    price: int = 3


class Returned(Event, name="article.returned"):
    """An article came back."""

    article: str


class Opened(Event, name="shop.opened"):
    """The shop has opened."""


class Closed(Conflict, code="SHOP_CLOSED"):
    """The shop is closed."""

    retryable = False


@shop.mutation("POST /sales", Anyone("members sell"), Raises(Closed))
async def sell(ctx: OrgContext, article: str, *, refused: bool = False) -> str:
    """Sell an article."""
    ctx.emit(Sold(article=article))
    if refused:
        raise Closed
    return article


@shop.mutation("POST /returns", Anyone("members sell"))
async def take_back(ctx: OrgContext, article: str) -> str:
    """Take an article back."""
    ctx.emit(Returned(article=article))
    return article


app = App("shop", modules=[shop, identity, organizations, webhooks])
