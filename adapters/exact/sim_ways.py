"""What the facts about Exact leave open: each switch can be played both ways."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Ways:
    """How the simulated package behaves where sources are silent or disagree.

    Attributes:
        terms_sign: Of `AmountDC` and `AmountFC` on sync/Cashflow/PaymentTerms, relative to those
            of the transaction; +1 or -1.
        receivables_sign: The same of cashflow/Receivables and its bulk twin.
        payables_terms_sign: The same of terms to be paid (LineType 22); None: as `terms_sign`.
        payables_sign: Of `TransactionAmountDC` and `-FC` of a purchase invoice.
        receipt_sign: Of `TransactionAmountDC` and `-FC` of an unmatched receipt.
        split_keeps: Which part of a split keeps the ID of the term: open, paid or neither.
        sync_ascending: Timestamps rise from page to page; else pages are in order of ID.
        sync_other_filter: Whether a filter besides Timestamp gets 400 (refuse) or none (ignore).
        one_rowversion: One counter per division; else one per resource.
        next_when_full: A last page that is full has a `__next`, which leads to an empty one.
        grace: A used refresh token works ten more minutes, until the new one is used.
        grace_is_early: Within the grace the 570 seconds hold too.
        too_early_status: Of a refresh before 570 seconds; 400 or 401.
        dead_token_status: Of a refresh token that ended or was revoked; 400 or 401.
        one_chain: A new consent ends the chain of tokens before it.
        block_status: Of calls while the error block holds.
        block_scope: What is blocked: the endpoint or the whole key, in that division.
        block_grows: Every next block of an endpoint is an hour longer.
        minute_window: calendar: starts on the full minute; first: with its first call.
        day_starts_hour: Hour in UTC at which the window of a day starts.
        reset_in_seconds: Reset headers hold seconds instead of milliseconds.
        needs_filter: Endpoints that have a sync twin refuse a pull without a filter.
        list_page: Rows on a page of the lists of outstanding items.
        overview_nets: The overview of outstanding invoices takes off credit notes and receipts.
        overview_sign: Of the sums in that overview.
        overview_in_own_currency: It has one row, in the currency of the books.
        payables_list_sign: Of PayablesList and of the overview's sums to be paid.
        deleted_right: The user may read sync/Deleted; else it is empty.
        amounts_as_text: Amounts and booleans are JSON strings.
        rights_as_object: users/UserHasRights answers with an object; else a bare boolean.
        hooks_name_entries: Pushes about transactions name salesentry/SalesEntries or
            purchaseentry/PurchaseEntries; else financialtransaction/Transactions.
        hooks_need_https: Callbacks must be https.
    """

    terms_sign: int = -1
    receivables_sign: int = -1
    payables_terms_sign: int | None = None
    payables_sign: int = 1
    receipt_sign: int = -1
    split_keeps: str = "open"
    sync_ascending: bool = True
    sync_other_filter: str = "refuse"
    one_rowversion: bool = True
    next_when_full: bool = False
    grace: bool = False
    grace_is_early: bool = False
    too_early_status: int = 400
    dead_token_status: int = 400
    one_chain: bool = True
    block_status: int = 429
    block_scope: str = "endpoint"
    block_grows: bool = True
    minute_window: str = "calendar"
    day_starts_hour: int = 0
    reset_in_seconds: bool = False
    needs_filter: bool = False
    list_page: int = 60
    overview_nets: bool = True
    overview_sign: int = 1
    overview_in_own_currency: bool = False
    payables_list_sign: int = 1
    deleted_right: bool = True
    amounts_as_text: bool = False
    rights_as_object: bool = False
    hooks_name_entries: bool = False
    hooks_need_https: bool = False
