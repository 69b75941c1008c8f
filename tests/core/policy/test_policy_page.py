"""The page about the policy shows the rules of law as they are."""

import re
from pathlib import Path

from connector.core.policy.rules.articles import LAW

ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| (error|warning) \|", re.MULTILINE)


def test_the_page_lists_every_rule_of_law_with_article_and_severity() -> None:
    page = Path("docs/policy.md").read_text(encoding="utf-8")

    rows = ROW.findall(page.partition("## What the law asks")[2])

    assert rows == [(code, basis.article, basis.severity) for code, basis in LAW.items()]
