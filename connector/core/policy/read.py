"""From the text of a policy to its records, with all that is wrong in it at once."""

import hashlib
from dataclasses import dataclass, replace

from connector.core.policy.check import PolicyContext, check_in_context, check_policy
from connector.core.policy.faults import allowed_keys, fault_at, in_order, validated
from connector.core.policy.model import Policy
from connector.core.policy.yaml_lines import Document, Fault, Positions, read_yaml

__all__ = ["Fault", "Reading", "read_policy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A policy as read.

    Attributes:
        policy: None when any of the faults is an error.
        faults: Errors and warnings, in the order of the text.
        positions: Where every key and value stands.
    """

    policy: Policy | None
    faults: tuple[Fault, ...]
    positions: Positions


def read_policy(text: str, context: PolicyContext | None = None) -> Reading:
    """Return the policy in the text, checked as a whole.

    Args:
        text: The file as it is.
        context: What the administration that uses it has and agreed; None leaves out the checks
            that need it.
    """
    document = read_yaml(text)
    policy, faults = validated(_without_digest(document), Policy)
    if policy is not None:
        faults += check_policy(policy, document.positions)
        if context is not None:
            faults += check_in_context(policy, document.positions, context)
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        policy = policy.model_copy(update={"digest": f"sha256:{digest}"})
    if any(fault.severity == "error" for fault in faults):
        policy = None
    return Reading(policy=policy, faults=in_order(faults), positions=document.positions)


def _without_digest(document: Document) -> Document:
    """Return the document without a key that is a field of the record, but not of the file."""
    if document.data is None or "digest" not in document.data:
        return document
    place, allowed = document.positions.key(("digest",)), ", ".join(allowed_keys(Policy, ()))
    fault = fault_at(place, "unknown_key", key="digest", allowed=allowed)
    data = {key: value for key, value in document.data.items() if key != "digest"}
    return replace(document, data=data, faults=(*document.faults, fault))
