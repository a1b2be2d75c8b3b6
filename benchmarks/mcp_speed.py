"""Answers of the MCP server against the commands that say the same: a program must not wait longer
than a person would.

    python -m benchmarks.mcp_speed [--records 10000] [--runs 5] [--seed 1]

The book is seeded. A server is asked over its standard streams, the command is a process of its own
with `--json`; both have a warm cache, and the best of some runs counts. `first` is what a program
waits for when it starts a server for one question.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.generate import book

BOUND = 1.2
Asked = tuple[str, dict[str, Any], list[str]]


def questions(contact: str) -> list[Asked]:
    """Tool, what it is given, and the command that says the same."""
    return [
        ("show", {"ref": contact}, ["show", contact, "--json"]),
        ("find", {"words": "proposal"}, ["find", "proposal", "--json", "--limit", "20"]),
        (
            "list",
            {"kind": "deal", "query": "is:open"},
            ["list", "deals", "is:open", "--json", "--limit", "20"],
        ),
        ("today", {}, ["today", "--json", "--limit", "20"]),
        ("pipeline", {}, ["pipeline", "--json"]),
        ("forecast", {}, ["forecast", "--json"]),
        ("report", {"name": "sales"}, ["report", "sales", "--json"]),
    ]


class McpServer:
    """A server that is asked one question after the other."""

    def __init__(self, root: Path) -> None:
        words = [sys.executable, "-m", "plaincrm", "mcp"]
        self.process = subprocess.Popen(
            words, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.number = 0
        self.ask("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}})

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.number += 1
        line = {"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}
        self.process.stdin.write(json.dumps(line).encode() + b"\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def call(self, tool: str, given: dict[str, Any]) -> float:
        """Seconds of one call that was answered."""
        begun = time.perf_counter()
        answer = self.ask("tools/call", {"name": tool, "arguments": given})
        took = time.perf_counter() - begun
        if answer.get("error") or answer["result"].get("isError"):
            raise SystemExit(f"{tool}: {answer}")
        return took

    def close(self) -> None:
        self.process.communicate()


def command(root: Path, words: list[str]) -> float:
    """Seconds of one command."""
    begun = time.perf_counter()
    whole = [sys.executable, "-m", "plaincrm", *words]
    subprocess.run(whole, cwd=root, check=True, capture_output=True)
    return time.perf_counter() - begun


def once(root: Path, tool: str, given: dict[str, Any]) -> float:
    """Seconds of a server that is started for one question."""
    begun = time.perf_counter()
    server = McpServer(root)
    server.call(tool, given)
    took = time.perf_counter() - begun
    server.close()
    return took


def main(args: list[str] | None = None) -> None:
    """Print the comparison for each question."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, value in (("records", 10_000), ("runs", 5), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args(args)
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "PLAINCRM_TODAY": "2026-11-21"}
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
    with tempfile.TemporaryDirectory() as folder:
        root = book(Path(folder) / "book", given.records, seed=given.seed)
        print(f"{given.records} records, seed {given.seed}, best of {given.runs}")
        print("| question | command | server | of it | first |\n|---|---:|---:|---:|---:|")
        report(root, given.runs)


def report(root: Path, runs: int) -> None:
    """A line for each question."""
    contact = min((root / "contacts").rglob("*.md")).stem
    server = McpServer(root)
    worst = 0.0
    for tool, given, words in questions(contact):
        asked = min(command(root, words) for _ in range(runs + 1))
        answered = min(server.call(tool, given) for _ in range(runs + 1))
        first = min(once(root, tool, given) for _ in range(runs))
        worst = max(worst, first / asked)
        share = f"{answered / asked:.2f} ×"
        print(f"| {tool} | {asked:.3f} s | {answered:.3f} s | {share} | {first / asked:.2f} × |")
    server.close()
    print(f"worst of first: {worst:.2f} ×, goal {BOUND} ×")


if __name__ == "__main__":
    main()
