"""The facts of a handover become a dossier: data, the files that go with it, and what it lacks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connector.core.dossier.amounts import amounts
from connector.core.dossier.facts import ClaimFacts, DossierFacts, EventFacts
from connector.core.dossier.gaps import absent, missing
from connector.core.dossier.legal import LawGround
from connector.core.dossier.legal_parts import law_part, notice_part
from connector.core.dossier.naming import NamedPaper, name_papers, names_of
from connector.core.dossier.parts import (
    agreements_part,
    checks_part,
    claim_part,
    creditor_part,
    debtor_part,
    event_part,
    journal_part,
    journal_range,
    mandate_part,
    meta_part,
    money_in_part,
)
from connector.core.dossier.sheets import evidence_names
from connector.core.policy.model import StepKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A dossier before it is packed.

    Attributes:
        data: What `dossier.json` holds: amounts as text with the currency's decimals, dates in ISO.
        missing: Paths of required fields that are not there; while any is, it can't be packed.
        absent: Paths of optional fields that are not there; the data name them too.
        faults: Paths of amounts that can't be explained or may not be claimed; they block it too.
        papers: Letters, invoices and attachments with their names in the archive.
        journal: What `journal.json` holds.
    """

    data: Mapping[str, Any]
    missing: tuple[str, ...]
    absent: tuple[str, ...]
    faults: tuple[str, ...]
    papers: tuple[NamedPaper, ...]
    journal: Mapping[str, Any]


def build_dossier(facts: DossierFacts) -> Dossier:
    """Return the dossier of these facts; the same facts give the same dossier.

    Claims are sorted by due date and number, everything else by its date. What a person or the
    books wrote stays as it is; only file names are made safe.
    """
    facts = _in_order(facts)
    claims = facts.claims
    letters = _Folder.of("letters", [event.documents for event in facts.history])
    history = _history(facts.history, letters.names)
    invoices = _Folder.of("invoices", [claim.documents for claim in claims])
    attached = name_papers("attachments", facts.attachments)
    data: dict[str, Any] = {
        "meta": meta_part(facts.meta, sorted({claim.open.currency for claim in claims})),
        "creditor": creditor_part(facts.creditor),
        "mandate": mandate_part(facts.mandate, undisputed=_is_undisputed(facts)),
        "debtor": debtor_part(facts.debtor),
        "claims": [
            claim_part(claim, names, history)
            for claim, names in zip(claims, invoices.names, strict=True)
        ],
        **money_in_part(facts),
        "amounts": amounts(facts),
        "applicable_law": law_part(facts.law),
        "notices": [notice_part(notice, history) for notice in facts.notices],
        "agency_must_send_statutory_notice": bool(_without_notice(facts)),
        "history": history,
        **agreements_part(facts),
        **checks_part(facts),
        "attachments": [_line(named) for named in attached],
        "journal": journal_range(facts.journal),
    }
    lacking, gone = missing(data), absent(data)
    return Dossier(
        data=data | {"absent": list(gone)},
        missing=lacking,
        absent=gone,
        faults=(*facts.faults, *_unlawful(facts)),
        papers=(*letters.papers, *invoices.papers, *attached),
        journal=journal_part(facts.journal),
    )


def _in_order(facts: DossierFacts) -> DossierFacts:
    return replace(
        facts,
        claims=tuple(sorted(facts.claims, key=lambda one: (str(one.due), one.number))),
        credits=tuple(sorted(facts.credits, key=lambda one: (str(one.issued), one.number))),
        payments=tuple(sorted(facts.payments, key=lambda one: (one.on, one.invoice))),
        history=tuple(sorted(facts.history, key=lambda one: (one.at, one.kind))),
        promises=tuple(sorted(facts.promises, key=lambda one: one.made_on)),
        arrangements=tuple(sorted(facts.arrangements, key=lambda one: one.agreed_on)),
        disputes=tuple(sorted(facts.disputes, key=lambda one: one.raised_on)),
        holds=tuple(sorted(facts.holds, key=lambda one: (one.since, str(one.reason)))),
        attachments=tuple(sorted(facts.attachments, key=lambda one: (one.on, one.reference))),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Folder:
    """The papers of one folder, and per event or claim the names of its own."""

    papers: tuple[NamedPaper, ...]
    names: tuple[list[str], ...]

    @classmethod
    def of(cls, folder: str, groups: Sequence[Sequence[Any]]) -> "_Folder":
        papers = name_papers(folder, [paper for group in groups for paper in group])
        left = iter(papers)
        return cls(
            papers=papers,
            names=tuple(names_of(next(left) for _ in group) for group in groups),
        )


def _history(history: Sequence[EventFacts], letters: Sequence[list[str]]) -> list[dict[str, Any]]:
    sheets = evidence_names(history)
    return [
        event_part(event, names, sheet)
        for event, names, sheet in zip(history, letters, sheets, strict=True)
    ]


def _line(named: NamedPaper) -> dict[str, str]:
    paper = named.paper
    return {
        "file": named.name,
        "type": str(paper.type),
        "date": paper.on.isoformat(),
        "reference": paper.reference,
        "description": paper.description,
        "sha256": named.sha256,
    }


def _is_undisputed(facts: DossierFacts) -> bool:
    still = any(dispute.ended_on is None for dispute in facts.disputes)
    return not still and not any(claim.disputed for claim in facts.claims)


def _without_notice(facts: DossierFacts) -> list[ClaimFacts]:
    """Return the claims on a consumer that no valid statutory notice was about.

    Art. 6:96 lid 6 BW: the debtor owes no collection costs over these. One of an unknown kind
    counts as a consumer.
    """
    kind = facts.debtor.kind
    if kind.is_business or not kind.is_natural_person:
        return []
    noticed = {
        number
        for notice in facts.notices
        if notice.valid and notice.kind is StepKind.STATUTORY_NOTICE
        for number in notice.numbers
    }
    return [claim for claim in facts.claims if claim.number not in noticed]


def _unlawful(facts: DossierFacts) -> Iterator[str]:
    """Yield the places of what may not be claimed, whoever approved it."""
    for claim in _without_notice(facts):
        if claim.costs:
            yield f"claims[{claim.number}].collection_costs"
    more = facts.costs is not None or any(claim.interest for claim in facts.claims)
    if more and facts.law is LawGround.NOT_RECORDED:
        yield "applicable_law"
