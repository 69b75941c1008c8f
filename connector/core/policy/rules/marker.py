"""How a rule says what is wrong, and where."""

from dataclasses import dataclass, replace

from connector.core.policy.faults import fault_at, near
from connector.core.policy.rules.articles import LAW
from connector.core.policy.yaml_lines import Fault, Path, Positions
from connector.core.reasons import Fact


@dataclass(frozen=True, slots=True)
class Marker:
    """Makes faults at the places of one document."""

    positions: Positions

    def error(self, path: Path, code: str, **facts: Fact) -> Fault:
        """Return an error at the value of the path."""
        return fault_at(self.positions.value(path), code, **facts)

    def warning(self, path: Path, code: str, **facts: Fact) -> Fault:
        """Return a warning at the value of the path."""
        return replace(self.error(path, code, **facts), severity="warning")

    def law(self, path: Path, code: str, **facts: Fact) -> Fault:
        """Return what breaks a rule of law, with its article and how much it weighs."""
        basis = LAW[code]
        fault = self.error(path, code, **facts)
        return replace(fault, article=basis.article, severity=basis.severity)

    def unknown(self, path: Path, code: str, found: str, allowed: list[str]) -> Fault:
        """Return the error of a name that is not there; `CODE_near` when one was probably meant."""
        meant = near(found, allowed)
        facts: dict[str, Fact] = {"found": found, "allowed": ", ".join(allowed) or "-"}
        if meant is None:
            return fault_at(self.positions.value(path), code, **facts)
        return fault_at(self.positions.value(path), f"{code}_near", **facts, near=meant)

    def line(self, path: Path) -> int:
        """Return the line of a value, to refer to it from elsewhere."""
        return self.positions.value(path).line
