"""The log: structured, on stderr, and silent about secrets, bank accounts and people."""

import logging
import re
import tempfile
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TextIO

import structlog
from structlog.typing import Processor

from connector.port.tools import Log

REDACTED: Final = "[redacted]"

_SECRET_KEYS: Final = re.compile(
    r"passw|secret|token|authori[sz]ation|credential|api_?key|cookie|private_?key", re.IGNORECASE
)
_PERSON_KEYS: Final = frozenset(
    {
        "name", "debtor", "debtor_name", "party_name", "creditor_name", "contact", "email",
        "recipient", "recipients", "to", "reply_to", "phone", "street", "postcode", "city",
        "address", "signature", "subject_line",
    }
)  # fmt: skip
_PATTERNS: Final = (
    re.compile(r"(?i)\bbearer\s+[\w.~+/=-]+"),
    re.compile(r"(?i)\bbasic\s+[a-z0-9+/]{8,}={0,2}"),
    re.compile(r"(?<=://)[^/\s:@]*:[^/\s@]*(?=@)"),  # user:password in a URL
    re.compile(r"(?i)(?<=[?&])(?:access_token|token|code|client_secret|key|password)=[^&\s]+"),
    # An IBAN has 15 to 34 characters; an action's id has 12 and stays readable.
    re.compile(r"\b[A-Za-z]{2}\d{2}[A-Za-z0-9]{11,30}\b"),
    re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -][A-Za-z0-9]{4}){2,7}(?:[ -][A-Za-z0-9]{1,4})?\b"),
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
)


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Return the event without secrets, IBANs, names and addresses, however deep they stand."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: object) -> object:
    if value is not None and (_SECRET_KEYS.search(key) or key.lower() in _PERSON_KEYS):
        return REDACTED
    match value:
        case str():
            return _clean_text(value)
        case Mapping():
            return {str(name): _clean(str(name), part) for name, part in value.items()}
        case Sequence() | set() | frozenset():
            return [_clean(key, part) for part in value]
        case None | int() | float():
            return value
        case _:
            return _clean_text(str(value))


def _clean_text(text: str) -> str:
    for pattern in _PATTERNS:
        text = pattern.sub(REDACTED, text)
    return text


@dataclass(frozen=True, slots=True)
class OnlyWarnings:
    """A log that keeps what is usual to itself: the demo asks its simulators hundreds of things."""

    log: Log

    def info(self, event: str, **facts: object) -> None:
        """Keep it."""

    def warning(self, event: str, **facts: object) -> None:
        """Tell it."""
        self.log.warning(event, **facts)


@contextmanager
def open_log(stream: TextIO, *, level: int | None = None) -> Iterator[Log]:
    """Open the log on a stream; at the end of the block nothing of it is left.

    What libraries log with the standard module comes out in the same form.

    Args:
        stream: A terminal gets lines for people, anything else one JSON object per line.
        level: Least severity; None: warnings on a terminal, else everything from info.
    """
    terminal = stream.isatty()
    least = level if level is not None else (logging.WARNING if terminal else logging.INFO)
    before = _before()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(terminal=terminal),
            ],
        )
    )
    root = logging.getLogger()
    level_before = root.level
    root.addHandler(handler)
    root.setLevel(logging.WARNING)  # of libraries only what matters
    try:
        yield structlog.wrap_logger(
            structlog.PrintLogger(stream),
            processors=[*before, _renderer(terminal=terminal)],
            wrapper_class=structlog.make_filtering_bound_logger(least),
            cache_logger_on_first_use=False,
        )
    finally:
        root.setLevel(level_before)
        root.removeHandler(handler)
        handler.close()


def write_crash(error: BaseException, config: Path) -> Path:
    """Write an unexpected error with its traceback to a file and return its path.

    The file is `data/maan-errors.log` beside the configuration where that folder exists, else in
    the folder for temporary files; readable by its owner only. Values are redacted.
    """
    for folder in (config.absolute().parent.parent / "data", Path(tempfile.gettempdir())):
        file = folder / "maan-errors.log"
        if not folder.is_dir():
            continue
        try:
            file.touch(mode=0o600)
            with file.open("a", encoding="utf-8") as stream:
                logger = structlog.wrap_logger(
                    structlog.PrintLogger(stream),
                    processors=[*_before(), _renderer(terminal=False)],
                )
                logger.error("unexpected", exc_info=error)
        except OSError:
            continue
        return file
    return Path(tempfile.gettempdir())


def _before() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
        redact,
    ]


def _renderer(*, terminal: bool) -> Processor:
    if terminal:
        return structlog.dev.ConsoleRenderer(colors=True)
    return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
