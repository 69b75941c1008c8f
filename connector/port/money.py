"""Money: an exact decimal amount in one currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Self

# Minor digits that differ from two. Source: ISO 4217 list one, checked 2026-11-22.
_MINOR_DIGITS: Final = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip
_TENS: Final = {digits: Decimal(10**digits) for digits in (0, 2, 3)}
_UNITS: Final = {digits: Decimal(1).scaleb(-digits) for digits in _TENS}


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency has (ISO 4217)."""
    return _MINOR_DIGITS.get(currency, 2)


def minor_unit(currency: str) -> Decimal:
    """Return what one minor unit is worth: 0.01 for EUR."""
    return _UNITS[_MINOR_DIGITS.get(currency, 2)]


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency.

    Two currencies never meet: arithmetic and comparison across currencies raise ValueError.
    """

    amount: Decimal
    currency: str

    @classmethod
    def from_minor(cls, units: int, currency: str) -> Self:
        """Return the money of this many minor units (euro cents for EUR)."""
        return cls(Decimal(units) * minor_unit(currency), currency)

    @staticmethod
    def zero(currency: str) -> "Money":
        """Return nothing, in the currency."""
        return _nothing(currency)

    def minor(self) -> int:
        """Return the amount in minor units.

        Raises:
            ValueError: The amount is finer than the currency's minor unit.
        """
        scaled = self.amount * _TENS[_MINOR_DIGITS.get(self.currency, 2)]
        units = int(scaled)
        if units != scaled:
            raise ValueError(f"{self.amount} is finer than the minor unit of {self.currency}")
        return units

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        """Return the bare amount with the currency's own number of decimals, as in `121.00`."""
        return f"{self.amount:.{minor_digits(self.currency)}f}"

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.amount


def total(parts: Iterable[Money], currency: str) -> Money:
    """Return the sum of amounts that are all in the currency; nothing when there are none.

    Raises:
        ValueError: One of them is in another currency.
    """
    whole = _nothing(currency).amount
    for part in parts:
        if part.currency != currency:
            raise ValueError(f"cannot mix {currency} and {part.currency}")
        whole += part.amount
    return Money(whole, currency)


@lru_cache(maxsize=256)
def _nothing(currency: str) -> Money:
    return Money.from_minor(0, currency)
