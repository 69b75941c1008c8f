"""What all tables share.

Row classes do not validate: rows.py maps both ways and refuses what does not fit.

Every table carries the administration and every query names it. Money is an integer number of
minor units beside its currency; dates are DATE; instants are ISO text in UTC, which reads the
same and sorts the same on both databases.
"""

from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

metadata: Final = sa.MetaData()


class Counter(sa.types.TypeDecorator[int]):
    """A key that counts by itself; SQLite does so only for INTEGER."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Return the type that this database counts in."""
        return sa.Integer() if dialect.name == "sqlite" else sa.BigInteger()


class Row(SQLModel):
    """A row of any table; not validated."""

    metadata: ClassVar[sa.MetaData] = metadata


def key_text() -> Any:  # noqa: ANN401  # SQLModel's Field is typed so
    """Return a text column of the primary key."""
    return Field(sa_type=sa.Text, primary_key=True)


def optional_text() -> Any:  # noqa: ANN401
    """Return a text column that may be empty."""
    return Field(default=None, sa_type=sa.Text)


def needed_text() -> Any:  # noqa: ANN401
    """Return a text column that is never empty."""
    return Field(sa_type=sa.Text)


def optional_minor() -> Any:  # noqa: ANN401
    """Return an amount in minor units that may be unknown."""
    return Field(default=None, sa_type=sa.BigInteger)
