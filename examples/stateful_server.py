# SPDX-License-Identifier: Apache-2.0
"""A stateful MCP server that drops a session after 20 s without a request. It needs FastMCP: pip install fastmcp"""

import fastmcp

fastmcp.settings.http_session_idle_timeout = 20
server = fastmcp.FastMCP("counter")


@server.tool(annotations={"readOnlyHint": True})
async def peek(context: fastmcp.Context) -> int:
    """Says how often `bump` was called in this session."""
    return await context.get_state("count") or 0


@server.tool
async def bump(context: fastmcp.Context) -> int:
    """Counts the calls of this session."""
    count = (await context.get_state("count") or 0) + 1
    await context.set_state("count", count)
    return count


server.run(transport="http", port=8931)
