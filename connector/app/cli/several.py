"""One step over several administrations: what goes wrong in one does not keep the others."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from connector.app.cli import faults
from connector.app.cli.shell import Shell
from connector.port.errors import MaanError

if TYPE_CHECKING:
    from connector.flow.office import Administration

T = TypeVar("T")
_GRAVEST = (faults.MISUSED, faults.WRONG, faults.LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(Generic[T]):
    """What a step gave for one administration, or what went wrong."""

    administration: str
    result: T | None = None
    error: MaanError | None = None


def try_each(
    desks: "Sequence[Administration]", step: "Callable[[Administration], T]"
) -> list[Tried[T]]:
    """Do the step for each; with one administration its error goes on as it is.

    Raises:
        MaanError: Of the only administration.
    """
    tried: list[Tried[T]] = []
    for desk in desks:
        try:
            tried.append(Tried(administration=desk.id, result=step(desk)))
        except MaanError as error:
            if len(desks) == 1:
                raise
            tried.append(Tried(administration=desk.id, error=error))
    return tried


def error_entry(shell: Shell, tried: Tried[T], *, name: str) -> dict[str, object]:
    """Return what stands in JSON for an administration that could not be done."""
    assert tried.error is not None
    config = str(shell.line.config)
    return {
        name: tried.administration,
        **faults.error_document(tried.error, shell.messages, config),
    }


def say_errors(shell: Shell, tried: Iterable[Tried[T]]) -> None:
    """Tell on stderr which administrations could not be done, and why."""
    config = str(shell.line.config)
    for one in tried:
        if one.error is not None:
            shell.say(
                f"{one.administration}: {faults.error_text(one.error, shell.messages, config)}"
            )


def gravest(codes: Iterable[int]) -> int:
    """Return the exit code to end with: misuse, then failure, then later, then done."""
    found = set(codes)
    return next((code for code in _GRAVEST if code in found), faults.DONE)


def error_codes(tried: Iterable[Tried[T]]) -> list[int]:
    """Return the exit codes of what went wrong."""
    return [faults.exit_code(one.error) for one in tried if one.error is not None]


def results(tried: Iterable[Tried[T]]) -> Mapping[str, T]:
    """Return what was done, by administration."""
    return {one.administration: one.result for one in tried if one.result is not None}
