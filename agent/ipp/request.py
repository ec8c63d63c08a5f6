"""The one question asked over IPP: Get-Printer-Attributes (RFC 8011 section 4.2.5), written by pyipp's serialiser."""

from __future__ import annotations

from collections.abc import Sequence

from pyipp.enums import IppOperation
from pyipp.serializer import encode_dict

IDENTITY = (
    "printer-uuid",
    "device-uuid",
    "printer-device-id",
    "printer-make-and-model",
    "printer-serial-number",
    "printer-name",
    "printer-dns-sd-name",
)
STATUS = (
    "printer-state",
    "printer-state-reasons",
    "printer-state-message",
    "printer-alert",
    "printer-alert-description",
    "printer-up-time",
    "printer-is-accepting-jobs",
)
LEVELS = (
    "printer-supply",
    "printer-supply-description",
    "marker-names",
    "marker-types",
    "marker-colors",
    "marker-levels",
    "marker-high-levels",
    "marker-low-levels",
    "marker-message",
    "printer-input-tray",
)
COUNTERS = tuple(
    f"printer-{what}-completed{which}" for what in ("impressions", "pages", "media-sheets") for which in ("", "-col")
)
FACTS = (
    "printer-info",
    "printer-location",
    "printer-organization",
    "printer-firmware-name",
    "printer-firmware-string-version",
    "printer-current-time",
    "printer-state-change-time",
    "printer-config-change-time",
    "printer-kind",
    "ipp-features-supported",
)
FULL_ROUND = (*IDENTITY, *STATUS, *LEVELS, *COUNTERS, *FACTS)
"""By name: servers leave counters out of "all", and the big groups cost 4 to 14 KB of every answer."""
STATUS_ROUND = (*IDENTITY, *STATUS)
EVERYTHING = ("all",)


def get_printer_attributes(
    uri: str, wanted: Sequence[str], *, version: tuple[int, int] = (2, 0), request_id: int = 1
) -> bytes:
    """The body of the request. The first three attributes stand in the order that RFC 8011 section 4.1.4 asks for."""
    body: bytes = encode_dict(
        {
            "version": version,
            "operation": IppOperation.GET_PRINTER_ATTRIBUTES,
            "request-id": request_id,
            "operation-attributes-tag": {
                "attributes-charset": "utf-8",
                "attributes-natural-language": "en",
                "printer-uri": uri,
                "requested-attributes": list(wanted),
            },
        }
    )
    return body
