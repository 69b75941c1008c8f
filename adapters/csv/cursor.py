"""What a pull remembers for the next one."""

import json
from dataclasses import dataclass, field
from datetime import date

from adapters.csv.duplicates import Terms
from connector.port.records import Kind


@dataclass(slots=True)
class Cursor:
    """Digests of the files, the export dates, and the terms of split invoices.

    Attributes:
        files: File name -> SHA-256 of what was read last.
        as_of: Kind -> the export's own date, for kinds that had one.
        terms: The numbers of terms of split invoices.
    """

    files: dict[str, str] = field(default_factory=dict)
    as_of: dict[Kind, date] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)

    @classmethod
    def read(cls, text: str | None) -> "Cursor":
        """Return the cursor; one that can't be read is as good as none."""
        try:
            known = json.loads(text) if text else {}
            return cls(
                files=dict(known.get("files", {})),
                as_of={
                    Kind(kind): date.fromisoformat(day)
                    for kind, day in known.get("as_of", {}).items()
                },
                terms=Terms({key: dict(days) for key, days in known.get("terms", {}).items()}),
            )
        except (ValueError, TypeError, AttributeError):
            return cls()

    def write(self) -> str:
        """Return the cursor as text."""
        return json.dumps(
            {
                "files": self.files,
                "as_of": {kind.value: day.isoformat() for kind, day in self.as_of.items()},
                "terms": self.terms.numbers,
            },
            sort_keys=True,
        )
