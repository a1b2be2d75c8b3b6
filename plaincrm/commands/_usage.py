"""What is said of a line that can't be meant: what is missing, and a line that could be typed."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

import click


def said(error: click.UsageError, commands: Iterable[str]) -> tuple[str, str]:
    """The message and the hint for a mistake in the words of a line.

    `commands`: the words of all commands, for an option that another one has.
    """
    if isinstance(error, click.NoSuchOption):
        return _no_option(error, commands)
    if isinstance(error, click.MissingParameter):
        return _missing(error)
    if isinstance(error, click.exceptions.NoSuchCommand) and error.ctx is not None:
        return _no_command(error, error.ctx)
    hint = f"{error.ctx.command_path} --help shows how" if error.ctx else ""
    return error.format_message(), hint


def _missing(error: click.MissingParameter) -> tuple[str, str]:
    """What the command takes, all of it, and its first example."""
    context = error.ctx
    if context is None:
        return error.format_message(), ""
    path = context.command_path
    words = [each for each in context.command.collect_usage_pieces(context) if each != "[OPTIONS]"]
    needed = [f"{param.opts[0]} …" for param in _required_options(context.command)]
    example = _example(context.command, path)
    hint = f"such as {example}" if example else f"{path} --help shows how"
    taken = " ".join([*words, *needed]).replace("...", "…")
    return f"{path.removeprefix('plaincrm ')} takes {taken}", hint


def _required_options(command: click.Command) -> list[click.Parameter]:
    return [each for each in command.params if isinstance(each, click.Option) and each.required]


def _example(command: click.Command, path: str) -> str:
    """The first line of the command's examples."""
    lines = (line.strip() for line in (command.epilog or "").splitlines())
    return next((line for line in lines if line.startswith(f"{path} ")), "")


def _no_command(error: click.exceptions.NoSuchCommand, context: click.Context) -> tuple[str, str]:
    from plaincrm.errors import did_you_mean

    group = context.command
    names = group.list_commands(context) if isinstance(group, click.Group) else []
    near = did_you_mean(error.command_name, names)
    path = context.command_path
    message = f'{path.removeprefix("plaincrm ")} has no "{error.command_name}"'
    return message, near or f"it has {', '.join(names)}"


def _no_option(error: click.NoSuchOption, commands: Iterable[str]) -> tuple[str, str]:
    """Who has the option that a command has not."""
    path = error.ctx.command_path if error.ctx else "plaincrm"
    message = f"{path.removeprefix('plaincrm ')} has no option {error.option_name}"
    owners = [word for word in commands if error.option_name in _options(word)]
    if owners:
        return message, f"plaincrm {owners[0]} has it: plaincrm {owners[0]} --help"
    return message, f"{path} --help shows how"


def _options(word: str) -> list[str]:
    command: click.Command = import_module(f"plaincrm.commands.{word}").command
    return [name for parameter in command.params for name in parameter.opts]
