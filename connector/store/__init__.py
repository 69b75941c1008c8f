"""The disk: the mirror of the books, the action ledger, the journal, and the kept documents.

Nothing outside this room knows SQLAlchemy, and no foreign exception leaves it.
"""
