"""The vendor's MCP server over stdio: an agent lists its tools, reads from each product, and writes a segment group.

At its start it reads which products the token was issued for, and hides the tools of the others.
"""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

from mcp import ClientSession, StdioServerParameters, stdio_client

from expect import equal, fail, true

# An encoding that does not exist keeps it from fetching one from the internet, only to count words for its log.
SERVER = StdioServerParameters(
    command=str(Path(sys.executable).with_name("zscaler-mcp")), env={**os.environ, "ZSCALER_MCP_TOKEN_ENCODING": "none"},
    args=["--enable-write-tools", "--write-tools", "zpa_*_segment_group", "--dotenv-path", os.devnull])
READS = {
    "zia_get_activation_status": {}, "zia_list_url_filtering_rules": {}, "zia_list_rule_labels": {},
    "zpa_list_application_segments": {}, "zpa_list_app_connector_groups": {}, "zcc_list_devices": {},
    "zdx_list_devices": {}, "zdx_list_software": {}, "zid_list_users": {}, "zid_list_groups": {},
    "ztw_list_ip_source_groups": {}, "ztw_list_public_cloud_info": {},
}


async def call(session, tool, **arguments):
    """What a tool answers, as text; a tool that reports an error ends the script."""
    result = await session.call_tool(tool, arguments)
    text = "\n".join(getattr(part, "text", "") for part in result.content)
    if result.is_error:
        fail(tool, text)
    print(f"ok     {tool}")
    return text


async def main():
    async with stdio_client(SERVER) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        names, cursor = set(), None
        while True:
            page = await session.list_tools(cursor=cursor) if cursor else await session.list_tools()
            names |= {tool.name for tool in page.tools}
            cursor = page.next_cursor
            if not cursor:
                break
        for product in ("zia", "zpa", "zcc", "zdx", "zid", "ztw"):
            true(f"the token opens {product}", any(name.startswith(f"{product}_") for name in names), sorted(names)[:9])

        for tool, arguments in READS.items():
            await call(session, tool, **arguments)
        made = json.loads(await call(session, "zpa_create_segment_group", name="Agent's group", enabled=True))
        seen = json.loads(await call(session, "zpa_get_segment_group", group_id=made["id"]))
        equal("the group is kept", seen["name"], "Agent's group")
        asked = await call(session, "zpa_delete_segment_group", group_id=made["id"])
        confirmed = re.search(r'kwargs=\'(\{"confirmation_token": "[^"]+"\})\'', asked)
        true("a delete asks for confirmation", confirmed, asked)
        await call(session, "zpa_delete_segment_group", group_id=made["id"], kwargs=confirmed[1])
        left = await call(session, "zpa_list_segment_groups")
        true("the group is gone", "Agent's group" not in left, left)


asyncio.run(main())
