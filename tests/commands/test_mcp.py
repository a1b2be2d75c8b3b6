"""`plaincrm mcp`: over its own streams, and by the protocol's official client where it is there."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Crm


def test_it_answers_on_standard_output_and_ends_with_its_input(crm: Crm) -> None:
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
    ]
    ran = crm("mcp", input="".join(json.dumps(each) + "\n" for each in lines))
    assert ran.code == 0 and ran.err == ""
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [each["id"] for each in found] == [1, 2]
    assert len(found[1]["result"]["tools"]) == 10
    ran = crm("mcp", "--write", input=json.dumps(lines[2]) + "\n")
    assert len(json.loads(ran.out)["result"]["tools"]) == 15


def test_the_official_client_speaks_with_it(studio: Path) -> None:
    client = pytest.importorskip("mcp", reason="the package mcp is not installed")
    stdio = pytest.importorskip("mcp.client.stdio")
    import asyncio

    words = ["-m", "plaincrm", "-C", str(studio), "mcp", "--write"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    parameters = client.StdioServerParameters(command=sys.executable, args=words, env=env)

    async def talk() -> None:
        async with (
            stdio.stdio_client(parameters) as (read, write),
            client.ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            assert len(tools) == 15
            found = await session.call_tool("show", {"ref": "ola-nordmann"})
            assert "Ola Nordmann" in found.content[0].text
            given = {"refs": ["ola-nordmann"], "type": "note", "text": "By the client"}
            preview = await session.call_tool("log", given)
            data = json.loads(preview.content[0].text.partition("\n")[2])
            done = await session.call_tool("log", {**given, "token": data["token"]})
            assert "plaincrm undo" in done.content[0].text
            assert (await session.list_prompts()).prompts
            assert (await session.list_resources()).resources

    asyncio.run(talk())
    assert "By the client" in (studio / "contacts/ola-nordmann.md").read_text()
