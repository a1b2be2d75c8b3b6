"""JSON-RPC 2.0 as the Model Context Protocol uses it over stdio: one message a line, UTF-8.

`serve` reads requests and writes answers until the input ends. A line that is no request is
answered with an error, as the protocol has it, and the next one is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

PARSE, INVALID, NO_METHOD, BAD_PARAMS, INTERNAL = -32700, -32600, -32601, -32602, -32603
LONGEST = 1 << 20  # bytes of a line; the longest sensible request is a mail's text
Json = dict[str, Any]


class ProtocolError(Exception):
    """A request that can't be answered, with the code of JSON-RPC."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def serve(
    requests: BinaryIO, answers: BinaryIO, handle: Callable[[str, Json], Json | None]
) -> None:
    """Answer every request of the stream; `handle` is given the method and its parameters. What
    it raises besides ProtocolError is an error of the program's own, and ends nothing.
    """
    for line in _lines(requests):
        answer = answered(line, handle)
        if answer is not None:
            text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
            # A file that is not UTF-8 gives half characters, which no JSON may hold.
            answers.write(text.encode("utf-8", "backslashreplace") + b"\n")
            answers.flush()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(LONGEST):
        if not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
                pass
            line = line if len(line) < LONGEST else b"too long"
        if line.strip():
            yield line


def answered(line: bytes, handle: Callable[[str, Json], Json | None]) -> Json | None:
    """The answer to one line; None for a notification, which is answered by nothing."""
    id = None
    try:
        request = _read(line)
        id = request.get("id")
        method, params = request["method"], request.get("params")
        if params is not None and not isinstance(params, dict):
            raise ProtocolError(BAD_PARAMS, "params has to be an object")
        if "id" not in request:
            handle(method, params or {})
            return None
        return {"jsonrpc": "2.0", "id": id, "result": handle(method, params or {}) or {}}
    except ProtocolError as error:
        return _error(id, error.code, error.message)
    except Exception as error:  # a bug must not take the connection with it
        return _error(id, INTERNAL, f"{type(error).__name__}: {error}")


def _read(line: bytes) -> Json:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise ProtocolError(PARSE, "a line has to be one JSON message in UTF-8") from None
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
        raise ProtocolError(INVALID, 'a message is an object with "jsonrpc": "2.0"')
    if not isinstance(request.get("method"), str):
        raise ProtocolError(INVALID, "a message needs a method")
    if not isinstance(request.get("id", 0), str | int):
        raise ProtocolError(INVALID, "an id is a text or a number")
    return request


def _error(id: Any, code: int, message: str) -> Json:
    return {"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}
