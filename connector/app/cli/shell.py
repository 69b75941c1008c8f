"""What a command needs of the terminal: the office, a way to show, an exit, the language."""

import getpass
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from connector.app.cli import output
from connector.app.messages import Messages
from connector.port.errors import RequestError
from connector.port.tools import Log

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from connector.flow.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What the command line and its surroundings say, whatever the command.

    Attributes:
        config: The configuration file, not necessarily there.
        now: The instant that `--now` sets, in UTC; None: the real clock.
        json: One JSON document on stdout instead of text.
        environ: The variables of the process.
        keyboard: Where answers come from.
        out: Where results go.
        err: Where everything else goes.
    """

    config: Path
    now: datetime | None
    json: bool
    environ: Mapping[str, str]
    keyboard: TextIO
    out: TextIO
    err: TextIO


class Shell:
    """One run of one command."""

    def __init__(self, line: Line, messages: Messages, open_log: Callable[[], Log]) -> None:
        """Keep what it is given; the log is opened when it is first needed."""
        self.line = line
        self.messages = messages
        self._open_log = open_log
        self._log: Log | None = None
        self._document: object = None
        self._has_document = False

    @property
    def log(self) -> Log:
        """The structured, redacting log on stderr."""
        if self._log is None:
            self._log = self._open_log()
        return self._log

    @property
    def actor(self) -> str:
        """Who acts, for the journal: `cli:` and the login."""
        try:
            return f"cli:{getpass.getuser()}"
        except (OSError, KeyError, ImportError):
            return "cli:unknown"

    @contextmanager
    def office(self) -> "Iterator[Office]":
        """Open the office of the configuration; it is closed at the end of the block.

        Raises:
            MaanError: The configuration, the store or a source can't be used.
        """
        from connector.bootstrap import open_office  # noqa: PLC0415  # help does without

        with open_office(self.line.config, self.line.now, self.log, actor=self.actor) as office:
            yield office

    def scheduled_office(self) -> "AbstractContextManager[Office]":
        """Open the office anew, acting as the scheduler; it is closed at the end of the block.

        Raises:
            MaanError: The configuration, the store or a source can't be used.
        """
        from connector.bootstrap import open_office  # noqa: PLC0415  # help does without

        return open_office(self.line.config, self.line.now, self.log)

    def help(self, key: str) -> str:
        """Return the help text of a command (`pull`, `hold.add`) or option (`pull.full`)."""
        return self.messages.help(key)

    def text(self, code: str, /, **facts: object) -> str:
        """Return a sentence of the catalogues in the user's language."""
        return self.messages.sentence(code, facts)

    def show(
        self,
        payload: Mapping[str, object],
        text: "Callable[[], RenderableType] | str",
    ) -> None:
        """Show the result: the payload as JSON with `--json`, else the text.

        JSON is printed when the command has ended, so that stdout holds exactly one document; a
        second call replaces the first. Text is printed at once, and nothing in it is markup.
        """
        if self.line.json:
            self._document, self._has_document = payload, True
        else:
            self.console.print(text if isinstance(text, str) else text())

    def say(self, text: str) -> None:
        """Print a line for the person on stderr; `--json` does not change it."""
        self.line.err.write(f"{text}\n")
        self.line.err.flush()

    def ask(self, text: str) -> str:
        """Ask for a line and return it without blanks around it; empty: there is none."""
        self.line.err.write(f"{text} ")
        self.line.err.flush()
        return self.line.keyboard.readline().strip()

    def ask_hidden(self, text: str) -> str:
        """Ask for a line that nobody sees being typed; without a terminal it is only read.

        Raises:
            RequestError: `no_hidden_input`: the terminal would show it.
        """
        if not self.line.keyboard.isatty():
            return self.line.keyboard.readline().strip()
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            try:
                return getpass.getpass(f"{text} ", self.line.err).strip()
            except getpass.GetPassWarning as error:
                raise RequestError("no_hidden_input") from error
            except EOFError:
                return ""

    def browse(self, address: str) -> bool:
        """Open the address in the person's browser; whether there is one with a window."""
        import webbrowser  # noqa: PLC0415  # only a consent needs it

        try:
            browser = webbrowser.get()
            # A browser without a window would take this terminal.
            return type(browser) is not webbrowser.GenericBrowser and browser.open(address)
        except (webbrowser.Error, OSError):
            return False

    def exit(self, code: int) -> typer.Exit:
        """Return what a command raises to end with this code: `raise shell.exit(1)`."""
        return typer.Exit(code)

    def progress(self, text: str) -> AbstractContextManager[object]:
        """Show that long work is going on, on a terminal only, while the block runs."""
        if self.line.json or not self.line.err.isatty():
            return nullcontext()
        return output.console(self.line.err, self.line.environ).status(text)

    def group(self, app: typer.Typer, name: str) -> typer.Typer:
        """Add a word that further words follow, as `hold` in `maan hold add`, and return it."""
        added = typer.Typer(help=self.help(name))
        app.add_typer(added, name=name)
        return added

    def table(self, *headings: str, right: tuple[str, ...] = ()) -> "Table":
        """Return an empty table; `right` names the headings of amounts and counts."""
        return output.table(*headings, right=right)

    def day(self, text: str) -> date:
        """Read a date from the command line: `typer.Option(parser=shell.day)`.

        `2026-12-01`, or `1-12-2026` as it is written in the Netherlands.

        Raises:
            typer.BadParameter: It is no date.
        """
        for form in ("%Y-%m-%d", "%d-%m-%Y"):
            try:
                return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007  # a bare date
            except ValueError:
                continue
        raise typer.BadParameter(self.text("usage_date", found=text))

    @property
    def console(self) -> "Console":
        """A console on stdout for text that `show` can't carry."""
        return output.console(self.line.out, self.line.environ)

    def replace_document(self, document: object) -> None:
        """Let `--json` print this instead of what was shown."""
        self._document, self._has_document = document, True

    def finish(self) -> None:
        """Print the one JSON document, if there is one."""
        if self.line.json and self._has_document:
            self.line.out.write(output.as_json(self._document) + "\n")
        self.line.out.flush()
