"""`pagewarden identify`: which texts come from printers, and from which model."""

from __future__ import annotations

import json
import sys
from typing import Any

import click


@click.command()
def identify() -> None:
    """Which of these texts come from printers, and from which model.

    Reads JSON lines with sysDescr (and sysObjectID where known), or pjlInfoId, and writes one JSON line for each:
    kind is "other", manufacturer and model are null for what is no printer, scanner or projector.

    \b
    Example:
      echo '{"name": "a", "sysDescr": "Lexmark T640 version NS.NP.N219"}' | pagewarden identify
    """
    from mibs.catalogue import load

    catalogue, wrong = load(), 0
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            click.echo(json.dumps(_told(catalogue, asked), ensure_ascii=False))
        except (ValueError, AttributeError, TypeError) as error:
            wrong += 1
            click.echo(
                f"pagewarden identify: line {number} is no JSON object with sysDescr or pjlInfoId: {error}", err=True
            )
    if wrong:
        raise SystemExit(1)


def _told(catalogue: Any, asked: dict[str, Any]) -> dict[str, Any]:
    from agent.snmp.raw import name_of
    from mibs.match import match_text

    text = str(asked.get("sysDescr") or asked.get("pjlInfoId") or "")[:4096]
    number = name_of(asked["sysObjectID"]) if asked.get("sysObjectID") else None
    found = match_text(catalogue, text, number)
    return {
        "name": asked.get("name"),
        "kind": found.kind.value if found else "other" if text.strip() else None,
        "manufacturer": found.maker if found else None,
        "model": found.model if found else None,
    }
