"""The tables of connections: secrets and budgets, shared by all administrations."""

from connector.store.columns import Row, key_text, needed_text


class SecretTable(Row, table=True):
    """A token or secret, encrypted."""

    __tablename__ = "secret"

    name: str = key_text()
    value: str = needed_text()  # Fernet token over name and secret
    changed_at: str = needed_text()


class BudgetTable(Row, table=True):
    """What was spent of the requests that a remote allows."""

    __tablename__ = "budget"

    key: str = key_text()
    windows: str = needed_text()  # JSON: one per limit
    changed_at: str = needed_text()
