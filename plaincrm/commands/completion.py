"""`plaincrm completion`: completion for bash, zsh and fish."""

from __future__ import annotations

import os

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.errors import UsageError

EPILOG = """\b
Examples:
  plaincrm completion install
  plaincrm completion install zsh -n
  plaincrm completion bash > complete.bash
"""


@click.command("completion", epilog=EPILOG)
@click.argument("what", type=click.Choice(["install", "bash", "zsh", "fish"]))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), required=False)
@click.option("-n", "--dry-run", is_flag=True, help="Show what would be written.")
@pass_app
@click.pass_context
def command(ctx: click.Context, app: App, what: str, shell: str | None, dry_run: bool) -> None:
    """Write completion into your shell's rc file (install), or print the script of a shell.

    install takes the shell from $SHELL where none is named, and may be run as often as you like.
    """
    from plaincrm.book.shell_setup import setup, shell_of

    if what != "install":
        click.echo(_script(ctx, what))
        return
    named = shell or shell_of(os.environ)
    if not named:
        raise UsageError("which shell?", "plaincrm completion install bash, or zsh, or fish")
    wanted = setup(named, _script(ctx, named) + "\n", os.environ)
    if dry_run:
        click.echo(wanted.diff, nl=False)
        return
    wanted.write()
    for path, _, _ in wanted.files:
        app.say(f"wrote {path}")
    app.say(f"open a new {named} to use it" if wanted.files else f"{named} has it already")


def _script(ctx: click.Context, shell: str) -> str:
    """The completion script of a shell: click's, but for bash."""
    if shell == "bash":
        return _BASH.strip()
    from click.shell_completion import ShellComplete, get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    script = ShellComplete.source(
        kind(ctx.find_root().command, {}, "plaincrm", "_PLAINCRM_COMPLETE")
    ).strip()
    # What a description says after its first comma belongs to it.
    return script.replace('string split ","', 'string split -m 1 ","')


# bash parts words at `=` and `:` (COMP_WORDBREAKS). Here they are joined again for the program,
# and what bash takes for earlier words is taken off its answers. It runs on bash 3.2 of macOS.
_BASH = """
_plaincrm_completion() {
    local IFS=$'\\n' words=() word last response completion type value stem n at=-1
    for ((n = 0; n <= COMP_CWORD; n++)); do
        word=${COMP_WORDS[n]}
        if ((at > 0)) && [[ $word == [=:]* || ${words[at]} == *[=:] ]]; then
            words[at]+=$word
        else
            at=$((at + 1))
            words[at]=$word
        fi
    done
    last=${COMP_WORDS[COMP_CWORD]}
    [[ $last == [=:] ]] && last=
    stem=${words[at]%"$last"}

    response=$(env COMP_WORDS="${words[*]}" COMP_CWORD=$at _PLAINCRM_COMPLETE=bash_complete "$1")

    for completion in $response; do
        IFS=',' read -r type value <<< "$completion"
        if [[ $type == 'dir' ]]; then
            COMPREPLY=()
            compopt -o dirnames
        elif [[ $type == 'file' ]]; then
            COMPREPLY=()
            compopt -o default
        elif [[ $type == 'plain' ]]; then
            COMPREPLY+=("${value#"$stem"}")
        fi
    done
    return 0
}

complete -o nosort -F _plaincrm_completion plaincrm
"""
