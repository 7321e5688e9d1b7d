"""How a run tells how far it is: nothing by default, bars on a terminal."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class Watch:
    """Told about every step of a run; this one keeps silent."""

    def __enter__(self) -> Watch:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def expect(self, files: int, total: int | None) -> None:
        """Take the number of files and decoded bytes that are to come, beside those before.

        The bytes are None where they are not known; then there is no time left to tell.
        """

    def bytes(self, count: int) -> None:
        """Take decoded bytes that arrived; negative where they were of no use."""

    def file(self, name: str) -> None:
        """Take the name of a file that is done, whatever became of it."""


class Bars(Watch):
    """A progress bar: files done, bytes, rate and time left; gone when the run ends."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.fields[done]} of {task.fields[files]} files"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("", total=None, done=0, files=0)
        self._done = self._files = 0
        self._total: int | None = 0

    def __enter__(self) -> Watch:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def expect(self, files: int, total: int | None) -> None:
        """Take the number of files and decoded bytes that are to come, beside those before."""
        self._files += files
        self._total = None if None in (self._total, total) else (self._total or 0) + (total or 0)
        self._progress.update(self._task, files=self._files)
        # An unknown total is set on the task itself: an update with None leaves it as it was.
        self._progress.tasks[self._task].total = self._total

    def bytes(self, count: int) -> None:
        """Take decoded bytes that arrived; negative where they were of no use."""
        self._progress.advance(self._task, count)

    def file(self, name: str) -> None:
        """Take the name of a file that is done, whatever became of it."""
        del name  # The bar counts; lines about files are printed elsewhere.
        self._done += 1
        self._progress.update(self._task, done=self._done)


def terminal_watch() -> Watch:
    """Return bars on the terminal of this process, if it has one.

    A log may ask for colours (``FORCE_COLOR``) and is no terminal all the same.
    """
    return watch_for(Console(stderr=True)) if sys.stderr.isatty() else Watch()


def watch_for(console: Console) -> Watch:
    """Return bars for a terminal, silence for anything else (a pipe, a log, a notebook)."""
    return Bars(console) if console.is_terminal and not console.is_jupyter else Watch()
