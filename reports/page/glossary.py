"""Terms explained where they first stand in the page."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from reports.words import TERMS

WORD = re.compile(
    "|".join(rf"\b{re.escape(term)}(?=s?\b)" for term in sorted(TERMS, key=len)[::-1]),
    re.IGNORECASE,
)
MEANINGS = {term.lower(): meaning for term, meaning in TERMS.items()}


class Glossary:
    """A filter that escapes text and marks the first use of each term with its meaning."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, text: str) -> Markup:
        """Return text as HTML, its new terms explained."""
        parts, start = [], 0
        for found in WORD.finditer(text):
            parts.append(escape(text[start : found.start()]))
            parts.append(self.mark(found.group()))
            start = found.end()
        return Markup("").join([*parts, escape(text[start:])])

    def mark(self, term: str) -> Markup:
        """Return a term, with its meaning the first time."""
        known = term.lower()
        if known in self.seen:
            return escape(term)
        self.seen.add(known)
        return Markup('<dfn title="{}">{}</dfn>').format(MEANINGS[known], term)
