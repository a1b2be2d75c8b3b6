"""`plaincrm watch`: a view that follows the files."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from plaincrm.commands._app import App, pass_app
from plaincrm.commands._page import held_back, text
from plaincrm.errors import NotFound, PlaincrmError, UsageError, did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from plaincrm.book.watch import Watch

VIEWS = (
    "today",
    "agenda",
    "show",
    "list",
    "find",
    "pipeline",
    "history",
    "check",
    "conflicts",
    "sql",
)
WRITES = ("fix", "ics")  # options of views that write, by name
SOON, LATER, POLL = (
    1.0,
    60.0,
    1.0,
)  # seconds until it looks without being told: after a save, else, and polling
EPILOG = """\b
Examples:
  plaincrm watch pipeline
  plaincrm watch today
  plaincrm watch list deals is:open
"""


def _complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return (
        []
        if ctx.params.get("view")
        else [CompletionItem(w) for w in VIEWS if w.startswith(incomplete)]
    )


@click.command(
    "watch",
    epilog=EPILOG,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("view", nargs=-1, type=click.UNPROCESSED, shell_complete=_complete)
@pass_app
@click.pass_context
def command(ctx: click.Context, app: App, view: tuple[str, ...]) -> None:
    """Show a VIEW, and show it again whenever files are saved, by any editor, by git, by plaincrm;
    Ctrl-C ends.

    VIEW is a command that reads, with its options: today (without words), agenda, show, list, find,
    pipeline, history, check, conflicts, sql. The index of all kinds is kept warm meanwhile. On a
    terminal the screen is drawn anew; elsewhere the view is printed again after a line ---, where
    it has changed. Files dropped into inbox/ go in meanwhile, as by `plaincrm import`; rules that
    are asked by the day run, once a day.
    """
    from plaincrm.book.watch import Watch

    with (
        suppress(KeyboardInterrupt),
        _Signals() as ended,
        _collecting_between(),
        Watch(app.root) as watch,
    ):
        screen = _Screen(ctx, app, list(view) if view and view[0][0] != "-" else ["today", *view])
        screen.warm()  # not behind the view, so that what is long to read is told of
        screen.draw()
        _follow(app, screen, watch, ended)


def _follow(app: App, screen: _Screen, watch: Watch, ended: _Signals) -> None:
    """Until the end: what was saved is shown, what was dropped goes in, the day's rules run."""
    from plaincrm.commands._day_rules import DayRules
    from plaincrm.commands._inbox import InboxImport

    inbox, rules = InboxImport(app), DayRules(app)
    rest = 0.0  # what lies there already is not waited for
    while not ended.came:
        if watch.polling and not screen.told:
            screen.tell(f"plaincrm: {watch.polling}; looking at the files every second instead")
        saved = watch.wait(rest)
        with ended.held():
            inbox.take()
            rules.run()
            screen.redraw()
            if not saved:
                screen.warm()
            gc.collect()
        rest = screen.rest(bool(watch.polling))


class _Screen:
    """A view and where it is shown."""

    def __init__(self, ctx: click.Context, app: App, words: list[str]) -> None:
        assert ctx.parent is not None
        self.above, self.app, self.words = ctx.parent, app, words
        self.view = _view(ctx.parent, words[0])
        self.told = ""
        self.shown: tuple[str, str] | None = None
        self.took = 0.0
        self.fresh = False  # whether nothing was saved since all kinds were looked at

    def draw(self) -> None:
        """The view as it is now; raises what the command raises."""
        start = monotonic()
        self.app.reopen()
        with held_back() as (out, err):
            try:
                with suppress(click.exceptions.Exit):
                    sub = self.view.make_context(self.words[0], self.words[1:], parent=self.above)
                    _refuse_writing(sub)
                    with sub:
                        self.view.invoke(sub)
            finally:
                page = text(out), text(err)
        self._show(page)
        self.took = monotonic() - start

    def redraw(self) -> None:
        """The view again; what stands in its way is shown in its stead, since the next save may
        mend it.
        """
        from plaincrm.views.safe import line

        if not self.app.root.is_dir():
            raise NotFound(f"the book {self.app.root} is gone")
        self.fresh = False
        try:
            self.draw()
        except (PlaincrmError, click.UsageError) as error:
            said = (
                [error.format_message()]
                if isinstance(error, click.UsageError)
                else [error.message, error.hint]
            )
            self._show(("", line(f"plaincrm: {'; '.join(filter(None, said))}") + "\n"))

    def warm(self) -> None:
        """Look at the kinds too that the view does not show, so that the next command finds them
        read.
        """
        start = monotonic()
        for kind in self.app.book.schema.kinds:
            self.app.book.store.collection(kind)
        self.took += monotonic() - start
        self.fresh = True

    def rest(self, polling: bool) -> float:
        """Seconds to wait for a save before looking all the same; a large book is not looked at all
        the time.
        """
        if polling:
            return min(max(POLL, 10 * self.took), LATER)
        return LATER if self.fresh else SOON

    def tell(self, text: str) -> None:
        self.told = text
        self.app.say(text)

    def _show(self, page: tuple[str, str]) -> None:
        if page == self.shown:
            return
        first, self.shown = self.shown is None, page
        out, err = page
        if sys.stdout.isatty():
            from plaincrm.views.redraw import drawn

            out = drawn(out, self._foot(), first=first)
        elif out and not first:
            out = ("\n" if {"--json", "--jsonl"} & set(self.words) else "---\n") + out
        sys.stdout.write(out)
        sys.stdout.flush()
        sys.stderr.write(err)
        sys.stderr.flush()

    def _foot(self) -> str:
        at = self.app.now(self.app.book.settings.zone)
        return f"{' '.join(self.words)} · {at:%H:%M:%S} · Ctrl-C ends"


def _view(above: click.Context, word: str) -> click.Command:
    found = (
        above.command.get_command(above, word)
        if word in VIEWS and isinstance(above.command, click.Group)
        else None
    )
    if found is None:
        raise UsageError(
            f'"{word}" is no view to watch',
            did_you_mean(word, VIEWS) or f"views: {', '.join(VIEWS)}",
        )
    return found


def _refuse_writing(view: click.Context) -> None:
    for name in WRITES:
        if view.params.get(name):
            raise UsageError(
                f"watch shows and does not write: no --{name}",
                f"plaincrm {view.info_name} --{name}",
            )


class _Signals:
    """Ctrl-C and SIGTERM end the watch: nothing is left running, and it is no failure.

    What is `held` is completed first, unless they come again; `came` is then for the one who held
    it to look at.
    """

    def __init__(self) -> None:
        self.came = False
        self._held = False
        self._before: dict[signal.Signals, Any] = {}

    @contextmanager
    def held(self) -> Iterator[None]:
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def __enter__(self) -> _Signals:
        for each in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(each) != signal.SIG_IGN:  # as in the background of a script
                self._before[each] = signal.signal(each, self._end)
        return self

    def __exit__(self, *_: object) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)

    def _end(self, *_: object) -> None:
        again, self.came = self.came, True
        if again or not self._held:
            raise KeyboardInterrupt


@contextmanager
def _collecting_between() -> Iterator[None]:
    """No garbage collection but those asked for: one in the middle of a drawing would be felt."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
