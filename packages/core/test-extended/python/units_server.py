"""A server on the Python SDK 2.x."""

from mcp.server.mcpserver import Context, MCPServer

server = MCPServer("units")


@server.tool()
async def to_kilometres(miles: float, ctx: Context) -> dict[str, float]:
    """Miles in kilometres."""
    await ctx.report_progress(1, 1, "converted")
    return {"kilometres": round(miles * 1.609344, 3)}


@server.tool()
def fail() -> str:
    """Fails."""
    raise RuntimeError("out of units")


server.run()
