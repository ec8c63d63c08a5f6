"""The IEEE 1284 device id: ``MFG:HP;MDL:LaserJet;SN:...;``, as SNMP, IPP and mDNS carry it."""

from __future__ import annotations

from fleet.kit.text import clean

_NAMES = {"mfg": "maker", "manufacturer": "maker", "mdl": "model", "model": "model", "sn": "serial", "sern": "serial",
          "ser": "serial", "cls": "class", "des": "description"}  # fmt: skip


def fields_of(text: str | None) -> dict[str, str]:
    """maker, model, serial, class, description, where the id holds them. Pairs without a colon are passed over."""
    found: dict[str, str] = {}
    for pair in (text or "")[:4096].split(";"):
        key, colon, value = pair.partition(":")
        name = _NAMES.get(key.strip().lower())
        if colon and name and (value := clean(value)):
            found.setdefault(name, value)
    return found
