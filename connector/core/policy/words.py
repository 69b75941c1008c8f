"""Durations, moments, hours and ages: values that are written as one word in the policy."""

import re
from abc import abstractmethod
from datetime import time
from enum import StrEnum
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class Word:
    """A value written as one word in the policy; equal when it means the same."""

    __slots__ = ()
    pattern: str

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """Return the value, or raise a PydanticCustomError whose type is the code of the fault."""

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def validate(value: object) -> object:
            if isinstance(value, cls):
                return value
            return cls.parse(str(value))

        return core_schema.no_info_plain_validator_function(
            validate,
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls,
        _schema: CoreSchema,
        _handler: GetJsonSchemaHandler,
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": cls.pattern}


class Duration(Word):
    """A number of calendar days (`7d`) or of business days (`5 business days`)."""

    __slots__ = ("business", "days")
    pattern = r"^\d{1,4} ?d(ays?)?$|^\d{1,4} business days?$"

    def __init__(self, days: int, *, business: bool = False) -> None:
        """Keep the count and its kind."""
        self.days = days
        self.business = business

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the duration, or raise the fault `duration_form`."""
        found = re.fullmatch(r"(\d{1,4}) ?d(?:ays?)?|(\d{1,4}) business days?", text.strip())
        if found is None:
            raise PydanticCustomError("duration_form", "not a duration: {found}", {"found": text})
        if found[1] is not None:
            return cls(int(found[1]))
        return cls(int(found[2]), business=True)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Duration)
            and self.days == other.days
            and self.business == other.business
        )

    def __hash__(self) -> int:
        return hash((self.days, self.business))

    def __str__(self) -> str:
        return f"{self.days} business days" if self.business else f"{self.days}d"

    __repr__ = __str__


class AnchorKind(StrEnum):
    """From what an anchor counts."""

    DUE = "due"
    INVOICE = "invoice"
    PREVIOUS = "previous"
    DEADLINE = "deadline"
    MONTH_END = "month_end"  # end of the month in which due + N falls


class Anchor(Word):
    """The moment of a step: `due + 4d`, `due - 3d`, `previous + 14d`, `month_end(due + 10d)`."""

    __slots__ = ("kind", "offset", "sign")
    pattern = (
        r"^(due( *[+-] *\d+( ?d(ays?)?| business days?))?"
        r"|(invoice|previous|deadline)( *\+ *\d+( ?d(ays?)?| business days?))?"
        r"|month_end\( *due( *\+ *\d+( ?d(ays?)?| business days?))? *\))$"
    )

    def __init__(self, kind: AnchorKind, offset: Duration, sign: int = 1) -> None:
        """Keep the kind and the offset; `sign` is -1 only for `due - N`."""
        self.kind = kind
        self.offset = offset
        self.sign = sign

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the anchor, or raise the fault `anchor_form`."""
        clean = " ".join(text.split())
        month_end = re.fullmatch(r"month_end\( ?(.*?) ?\)", clean)
        inner = month_end[1] if month_end else clean
        found = re.fullmatch(r"(due|invoice|previous|deadline)(?: ?([+-]) ?(.+))?", inner)
        if found is None or (month_end and (found[1] != "due" or found[2] == "-")):
            raise PydanticCustomError("anchor_form", "not a moment: {found}", {"found": text})
        if found[2] == "-" and found[1] != "due":
            raise PydanticCustomError("anchor_form", "not a moment: {found}", {"found": text})
        try:
            offset = Duration.parse(found[3]) if found[3] else Duration(0)
        except PydanticCustomError:
            raise PydanticCustomError(
                "anchor_form", "not a moment: {found}", {"found": text}
            ) from None
        kind = AnchorKind.MONTH_END if month_end else AnchorKind(found[1])
        return cls(kind, offset, -1 if found[2] == "-" else 1)

    @property
    def before_due(self) -> bool:
        """Whether the moment lies before the due date."""
        return self.sign < 0 and self.offset.days > 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Anchor) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        inner = self.kind.value if self.kind is not AnchorKind.MONTH_END else "due"
        if self.offset.days:
            inner += f" {'-' if self.sign < 0 else '+'} {self.offset}"
        return f"month_end({inner})" if self.kind is AnchorKind.MONTH_END else inner

    __repr__ = __str__


class Hours(Word):
    """Opening hours in local time, as in `09:00-17:00`."""

    __slots__ = ("opens", "shuts")
    pattern = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"

    def __init__(self, opens: time, shuts: time) -> None:
        """Keep both ends; `shuts` itself is outside."""
        self.opens = opens
        self.shuts = shuts

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the hours, or raise the fault `hours_form`."""
        found = re.fullmatch(r"(\d\d):([0-5]\d) ?- ?(\d\d):([0-5]\d)", text.strip())
        opens, shuts = (
            (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4]))
            if found
            else (0, 0)
        )
        if opens >= shuts or shuts >= 24 * 60:
            raise PydanticCustomError("hours_form", "not opening hours: {found}", {"found": text})
        return cls(time(*divmod(opens, 60)), time(*divmod(shuts, 60)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hours) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.shuts:%H:%M}"

    __repr__ = __str__


class Age(Word):
    """How old data may be: hours (`6h`) or business days (`3 business days`) or days (`2d`)."""

    __slots__ = ("duration", "hours")
    pattern = r"^\d{1,4} ?h(ours?)?$|^\d{1,4} ?d(ays?)?$|^\d{1,4} business days?$"

    def __init__(self, *, hours: int | None = None, duration: Duration | None = None) -> None:
        """Keep either the hours or the duration."""
        self.hours = hours
        self.duration = duration

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the age, or raise the fault `age_form`."""
        found = re.fullmatch(r"(\d{1,4}) ?h(?:ours?)?", text.strip())
        if found:
            return cls(hours=int(found[1]))
        try:
            return cls(duration=Duration.parse(text))
        except PydanticCustomError:
            raise PydanticCustomError("age_form", "not an age: {found}", {"found": text}) from None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Age) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return f"{self.hours}h" if self.duration is None else str(self.duration)

    __repr__ = __str__
