"""One event is one line, and no text from outside can move a terminal's cursor or forge a second line."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from fleet.kit.logs import JsonFormatter, KeyValueFormatter

TRICKS = [
    "two\nlines",
    "carriage\rreturn",
    "\x1b[2J\x1b[31mred",
    "\x9b31mred",
    "next\x85line",
    "para\u2029graph",
    "\u202egnihton",
    "half \ud800",
]


def record(text: str, **extra: str) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "agent", "levelno": 20, "levelname": "INFO", "msg": "%s", "args": (text,)})
    made.__dict__.update(extra)
    return made


@pytest.mark.parametrize("text", TRICKS)
def test_a_text_stays_on_its_line(text: str) -> None:
    line = KeyValueFormatter().format(record(text, device=text))
    assert line.isprintable()
    assert line.isascii() or "\ud800" not in line
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("text", TRICKS)
def test_json_lines_read_back(text: str) -> None:
    line = JsonFormatter().format(record(text, device=text))
    line.encode()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == text


def test_words_of_every_language_stay_as_they_are() -> None:
    assert "打印机 Étage 2" in KeyValueFormatter().format(record("打印机 Étage 2"))


def test_a_traceback_follows_its_line() -> None:
    try:
        raise ValueError("wrong \x1b[2J")
    except ValueError:
        made = record("failed")
        made.exc_info = sys.exc_info()
    text = KeyValueFormatter().format(made)
    assert "Traceback" in text
    assert "ValueError: wrong" in text
    assert "\x1b" not in text
