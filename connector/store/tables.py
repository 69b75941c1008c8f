"""All tables, by name, for Core and for the migrations."""

import sqlalchemy as sa

from connector.store import connection_tables, mirror_tables, record_tables
from connector.store.columns import metadata

__all__ = ["connection_tables", "metadata", "mirror_tables", "record_tables", "table"]


def table(name: str) -> sa.Table:
    """Return the Core table of this name; KeyError when there is none."""
    return metadata.tables[name]
