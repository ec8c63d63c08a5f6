"""The glossary knows every word, and no second word for one idea has crept in."""

from __future__ import annotations

import inspect
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import fleet

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text("utf-8")
EXPLAINED = set(re.findall(r"\*\*(\w+)\*\*", GLOSSARY))
ERRORS = "fleet.errors"


def words() -> set[str]:
    """The public classes of fleet; errors are explained where they stand."""
    found = set()
    for module in pkgutil.iter_modules(fleet.__path__, "fleet."):
        if not module.ispkg and module.name != ERRORS:
            for thing in vars(import_module(module.name)).values():
                if inspect.isclass(thing) and thing.__module__ == module.name and not thing.__name__.startswith("_"):
                    found.add(thing.__name__)
    return found


def test_every_word_of_the_code_is_explained() -> None:
    assert words() - EXPLAINED == set()


def test_no_word_is_explained_twice() -> None:
    rows = re.findall(r"^\| \*\*.*?\|", GLOSSARY, re.MULTILINE)
    names = [name for row in rows for name in re.findall(r"\*\*(\w+)\*\*", row)]
    assert len(names) == len(set(names))


def test_every_row_has_its_chinese() -> None:
    rows = [row.split("|") for row in GLOSSARY.splitlines() if row.startswith("| **")]
    assert rows
    assert all(re.search(r"[\u4e00-\u9fff]", row[2]) for row in rows)
