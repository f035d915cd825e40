"""Write the second file of cases: ``python -m tests.theory.exact_cases``."""

from __future__ import annotations

from tests.theory.exact_cases.all_cases import FILE, text

if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8", newline="\n")
