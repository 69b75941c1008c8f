"""A letter from facts to PDF/A, beside Typst alone setting the very same page."""

import json
from datetime import UTC, datetime
from time import perf_counter

import typst

from benchmarks.measure import report, resident_mb
from connector.core.letters.check import sample_facts
from connector.core.letters.render import render_letter
from connector.core.policy.model import StepKind
from connector.press.compile import Press
from connector.press.templates import load_templates

LETTERS = 200


def main() -> None:
    texts, press = load_templates(None), Press()
    template = texts.get("first_reminder", "nl")
    facts = sample_facts(StepKind.REMINDER, "nl", invoices=3)
    fonts = typst.Fonts(include_system_fonts=False)
    data = {"data": json.dumps(render_letter(template, facts).data)}
    source = texts.typst.encode()
    created = datetime(2026, 11, 23, tzinfo=UTC)

    def ours() -> bytes:
        letter = render_letter(template, facts)
        return press.pdf(texts.typst, letter.data, created=facts.on)

    def bare() -> object:
        return typst.compile(
            source, format="pdf", font_paths=fonts, sys_inputs=data, pdf_standards=["a-2b"],
            timestamp=created,
        )  # fmt: skip

    same = float(ours() == ours())
    bare()
    spent, spent_bare = 0.0, 0.0
    for _ in range(LETTERS):  # in turns, so that a busy machine is busy for both
        start = perf_counter()
        ours()
        middle = perf_counter()
        bare()
        spent, spent_bare = spent + middle - start, spent_bare + perf_counter() - middle
    peak = resident_mb(field="VmHWM")
    report(seconds=spent / LETTERS, bare=spent_bare / LETTERS, same_bytes=same, peak_mb=peak)


if __name__ == "__main__":
    main()
