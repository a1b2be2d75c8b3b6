"""The user's editor, on a temporary copy: no text that somebody typed is ever lost."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import TracebackType

import click

from plaincrm.commands._app import App
from plaincrm.commands._terminal import confirm, prompt
from plaincrm.errors import GitFailed, PlaincrmError, Refused

SCISSORS = "------ >8 ------"
AT_ONCE = 1.0  # seconds in which nobody types anything


class EditorDraft:
    """A file to edit, in a folder of its own. Used in a `with` block: an error there leaves an
    edited file where it is, and the error's hint says where."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.data = data
        self._kept = False
        self._at_once = False

    @classmethod
    def of(cls, name: str, data: bytes) -> EditorDraft:
        path = Path(tempfile.mkdtemp(prefix="plaincrm-")) / name
        path.write_bytes(data)
        return cls(path, data)

    def __enter__(self) -> EditorDraft:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        written = error is None or isinstance(error, GitFailed)
        if self._at_once:
            return
        if self.read() == self.data or (written and not self._kept):
            shutil.rmtree(self.path.parent, ignore_errors=True)
        elif isinstance(error, PlaincrmError):
            error.hint = f"{error.hint}; your text is kept in {self.path}".removeprefix("; ")
        else:
            click.echo(f"your text is kept in {self.path}", err=True)

    def keep_if(self, condition: bool) -> None:
        """Leave the file where it is after all."""
        self._kept = condition

    def read(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""

    def edit(self, app: App) -> None:
        """Run the editor on the file until it ends. Raises PlaincrmError if it can't, or says that
        it failed.
        """
        import subprocess

        words = editor(app)
        begun = monotonic()
        try:
            code = subprocess.run([*words, str(self.path)], check=False).returncode
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise PlaincrmError(
                f'the editor "{words[0]}" can\'t be run: {reason}', "export EDITOR=nano"
            ) from None
        if code:
            raise PlaincrmError(
                f'the editor "{words[0]}" ended with exit code {code}; nothing written'
            )
        if self.read() == self.data and monotonic() - begun < AT_ONCE:
            self._wait_for_window(app, words)

    def _wait_for_window(self, app: App, words: Sequence[str]) -> None:
        """An editor with a window may leave it open and return: its text is still to come."""
        said = f'the editor "{words[0]}" ended at once, and nothing changed; does it wait?'
        app.say(f"{said} export EDITOR='{words[0]} --wait', say")
        if app.interactive:
            prompt("Press Enter when you have saved", "", show_default=False, err=True)
        if self.read() == self.data:
            self._at_once = True
            app.say(f"what you still type there is in {self.path}")


def editor(app: App) -> list[str]:
    """The command of $VISUAL, else $EDITOR, else vi. Raises PlaincrmError where none could work."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(chosen)
    except ValueError:
        raise PlaincrmError(f"$EDITOR can't be read: {chosen}", "export EDITOR=nano") from None
    if words:
        return words
    if not app.interactive:
        raise PlaincrmError(
            "there is no terminal for an editor", "export EDITOR=…, or give the text as words"
        )
    return ["vi"]


Mending = Callable[[str], tuple[str, Sequence[str]]]


def revised(
    app: App,
    draft: EditorDraft,
    problems: Callable[[str], Sequence[str]],
    mending: Mending = lambda text: (text, ()),
) -> str:
    """The text as the editor left it, once `problems` finds none in it. `mending` gives it with
    sure mistakes put right, and says which.

    With problems the editor is opened again, if the user wants; raises Refused if not, or if nobody
    can be asked.
    """
    from plaincrm.core.text.text_file import decode

    while True:
        draft.edit(app)
        text, broken = decode(draft.read(), draft.path.name)
        text, told = mending(text)
        app.tell(told)
        known = {problem.message for problem in decode(draft.data, draft.path.name)[1]}
        found = [str(each) for each in broken if each.message not in known] or list(problems(text))
        if not found:
            return text
        app.tell(found)
        if not app.interactive or not confirm("Edit it again?", default=True):
            count = "a problem" if len(found) == 1 else f"{len(found)} problems"
            raise Refused(f"the text has {count}; nothing was written")


@contextmanager
def composed(app: App, about: str, *, keep: bool = False) -> Iterator[str]:
    """A text typed in the editor, from an empty file; what stands below the scissors does not
    count.

    In a `with` block: if what is done with the text fails, its file stays; with `keep` it does in
    any case.
    """
    rest = f"\n{SCISSORS}\n{about}\nWrite the text above the line. An empty text writes nothing.\n"
    with EditorDraft.of("log-entry.md", rest.encode()) as draft:
        draft.edit(app)
        text = draft.read().decode("utf-8", "replace").partition(SCISSORS)[0].strip()
        if not text:
            raise PlaincrmError("the text is empty; nothing written")
        yield text
        draft.keep_if(keep)
