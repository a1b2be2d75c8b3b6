"""`plaincrm mcp`: the book for a program."""

from __future__ import annotations

import sys

import click

from plaincrm.commands._app import App, pass_app

EPILOG = """\b
Examples:
  plaincrm mcp
  plaincrm mcp --write
  plaincrm -C ~/book mcp
"""


@click.command("mcp", epilog=EPILOG)
@click.option("--write", is_flag=True, help="Also the tools that write; each shows a diff first.")
@pass_app
def command(app: App, write: bool) -> None:
    """Serve the book over standard input and output by the Model Context Protocol.

    It reads only, unless --write is given. Nothing is ever sent or deleted; fields and kinds under
    private: in the settings are left out. It ends when its input does.
    """
    from plaincrm.mcp.protocol import serve
    from plaincrm.mcp.server import BookServer

    if sys.stdin.isatty():
        app.say("plaincrm mcp speaks JSON with a program; Ctrl-D ends it")
    server = BookServer(app.root, app.now, write=write)
    serve(sys.stdin.buffer, sys.stdout.buffer, server.handle)
