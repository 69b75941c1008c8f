"""The one way in: `python -m connector`, the script `maan`, and `main(argv)` from a program."""

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command in this process and return its exit code.

    May be called many times; leaves no log handlers, signal handlers or threads behind.

    Args:
        argv: The words after `maan`; None takes those of the process.

    Returns:
        0 done; 1 found something wrong or could not do it; 2 wrong use or configuration;
        75 try again later.
    """
    # Late: asking for help must not pay for more than help.
    from connector.app.cli import execute  # noqa: PLC0415

    words = sys.argv[1:] if argv is None else argv
    # The edge of the process; settings would bring pydantic along, and help does without.
    return execute(words, environ=dict(os.environ))  # noqa: TID251


def run() -> None:
    """Run the words of the process and end it."""
    sys.exit(main())


if __name__ == "__main__":
    run()
