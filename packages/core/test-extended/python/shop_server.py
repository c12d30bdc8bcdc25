"""A server on the Python SDK 1.x, in the way of its FastMCP."""

from mcp.server.fastmcp import FastMCP
from pydantic import BaseModel

server = FastMCP("shop")


class Price(BaseModel):
    item: str
    cents: int


@server.tool()
def price(item: str, count: int = 1) -> Price:
    """Price of some pieces of an item."""
    if item == "":
        raise ValueError("no item")
    return Price(item=item, cents=250 * count)


@server.resource("shop://{item}")
def describe(item: str) -> str:
    """What an item is."""
    return f"{item} is for sale"


@server.prompt()
def ask_for(item: str) -> str:
    """Asks for an item."""
    return f"Is there any {item}?"


server.run()
