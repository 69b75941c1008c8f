"""From an error to what the user reads, and to the exit code."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from connector.app.messages import Messages
from connector.port.errors import ConfigError, DeliveryError, MaanError, Recovery

DONE: Final = 0
WRONG: Final = 1
MISUSED: Final = 2
LATER: Final = 75

# Requests that are wrong use of the command line, not something that could not be done.
_MISUSE: Final = frozenset(
    {
        "now_needs_rehearsal",
        "administration_unknown",
        "run_now_only_once",
        "file_absent",
        "file_unreadable",
        "law_before_scale",
        "law_before_rates",
        "law_days_reversed",
    },
)


class Fault(Protocol):
    """One fault in a file that a person wrote; lines and columns count from 1."""

    @property
    def code(self) -> str:
        """Key in the catalogue."""
        ...

    @property
    def line(self) -> int:
        """Line."""
        ...

    @property
    def column(self) -> int:
        """Column."""
        ...

    @property
    def facts(self) -> Mapping[str, object]:
        """Values for the sentence."""
        ...

    @property
    def article(self) -> str | None:
        """Article of law, where law speaks."""
        ...


def exit_code(error: MaanError) -> int:
    """Return how the process ends after this error."""
    if isinstance(error, ConfigError) or error.code in _MISUSE:
        return MISUSED
    if error.recovery is Recovery.RETRY and not isinstance(error, DeliveryError):
        return LATER
    return WRONG


def error_text(error: MaanError, messages: Messages, config: str) -> str:
    """Return what happened and what to do; all faults of a file on lines of their own."""
    faults = _faults(error)
    file = str(error.facts.get("file", error.facts.get("path", config)))
    head = messages.sentence(
        error.code,
        {"count": len(faults), "file": file, "path": file, **_without_faults(error)},
    )
    lines = [
        f"  {file}:{fault.line}:{fault.column}: {fault_text(fault, messages)}" for fault in faults
    ]
    return "\n".join([head, *lines])


def fault_text(fault: Fault, messages: Messages) -> str:
    """Return the sentence of one fault, with the article where law speaks."""
    sentence = messages.sentence(fault.code, fault.facts, table="policy")
    return f"{sentence} ({fault.article})" if fault.article else sentence


def error_document(error: MaanError, messages: Messages, config: str) -> dict[str, object]:
    """Return what `--json` prints for the error."""
    facts: dict[str, object] = {
        name: _json_fact(value) for name, value in _without_faults(error).items()
    }
    if faults := _faults(error):
        facts["faults"] = [fault_document(fault, messages) for fault in faults]
    text = error_text(error, messages, config)
    return {"error": {"code": error.code, "text": text, "facts": facts}}


def fault_document(fault: Fault, messages: Messages) -> dict[str, object]:
    """Return one fault as `--json` prints it."""
    return {
        "code": fault.code,
        "line": fault.line,
        "column": fault.column,
        "text": messages.sentence(fault.code, fault.facts, table="policy"),
        "article": fault.article,
    }


def _faults(error: MaanError) -> Sequence[Fault]:
    faults = error.facts.get("faults", ())
    return faults if isinstance(faults, list | tuple) else ()


def _without_faults(error: MaanError) -> dict[str, object]:
    return {name: value for name, value in error.facts.items() if name != "faults"}


def _json_fact(value: object) -> object:
    # Local: the encoder is needed only when something went wrong.
    from connector.app.cli.output import plain  # noqa: PLC0415

    try:
        return plain(value)
    except TypeError:
        return str(value)
