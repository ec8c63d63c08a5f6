"""Registered alert groups and codes with their names (IANA-PRINTER-MIB, PWG 5107.3): SNMP sends the numbers, IPP the
names, and printer-state-reasons the names written as keywords (PWG 5100.9)."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _pairs(text: str) -> dict[int, str]:
    words = text.split()
    return {int(number): name for number, name in zip(words[::2], words[1::2], strict=True)}


_GENERIC = _pairs("""
3 coverOpen 4 coverClosed 5 interlockOpen 6 interlockClosed 7 configurationChange 8 jam
9 subunitMissing 10 subunitLifeAlmostOver 11 subunitLifeOver 12 subunitAlmostEmpty 13 subunitEmpty
14 subunitAlmostFull 15 subunitFull 16 subunitNearLimit 17 subunitAtLimit 18 subunitOpened 19 subunitClosed
20 subunitTurnedOn 21 subunitTurnedOff 22 subunitOffline 23 subunitPowerSaver 24 subunitWarmingUp 25 subunitAdded
26 subunitRemoved 27 subunitResourceAdded 28 subunitResourceRemoved 29 subunitRecoverableFailure
30 subunitUnrecoverableFailure 31 subunitRecoverableStorageError 32 subunitUnrecoverableStorageError
33 subunitMotorFailure 34 subunitMemoryExhausted 35 subunitUnderTemperature 36 subunitOverTemperature
37 subunitTimingFailure 38 subunitThermistorFailure
""")
"""Codes of any group."""

_SPECIFIC = _pairs("""
501 doorOpen 502 doorClosed 503 powerUp 504 powerDown 505 printerNMSReset 506 printerManualReset
507 printerReadyToPrint
801 inputMediaTrayMissing 802 inputMediaSizeChange 803 inputMediaWeightChange 804 inputMediaTypeChange
805 inputMediaColorChange 806 inputMediaFormPartsChange 807 inputMediaSupplyLow 808 inputMediaSupplyEmpty
809 inputMediaChangeRequest 810 inputManualInputRequest 811 inputTrayPositionFailure 812 inputTrayElevationFailure
813 inputCannotFeedSizeSelected 814 inputMediaTrayFeedError 815 inputMediaTrayJam 816 inputMediaTrayFailure
817 inputPickRollerLifeWarn 818 inputPickRollerLifeOver 819 inputPickRollerFailure 820 inputPickRollerMissing
901 outputMediaTrayMissing 902 outputMediaTrayAlmostFull 903 outputMediaTrayFull 904 outputMailboxSelectFailure
905 outputMediaTrayFeedError 906 outputMediaTrayJam 907 outputMediaTrayFailure
1001 markerFuserUnderTemperature 1002 markerFuserOverTemperature 1003 markerFuserTimingFailure
1004 markerFuserThermistorFailure 1005 markerAdjustingPrintQuality
1101 markerTonerEmpty 1102 markerInkEmpty 1103 markerPrintRibbonEmpty 1104 markerTonerAlmostEmpty
1105 markerInkAlmostEmpty 1106 markerPrintRibbonAlmostEmpty 1107 markerWasteTonerReceptacleAlmostFull
1108 markerWasteInkReceptacleAlmostFull 1109 markerWasteTonerReceptacleFull 1110 markerWasteInkReceptacleFull
1111 markerOpcLifeAlmostOver 1112 markerOpcLifeOver 1113 markerDeveloperAlmostEmpty 1114 markerDeveloperEmpty
1115 markerTonerCartridgeMissing 1116 markerCleanerMissing 1117 markerDeveloperMissing 1118 markerFuserMissing
1119 markerInkMissing 1120 markerOpcMissing 1121 markerPrintRibbonMissing 1122 markerSupplyAlmostEmpty
1123 markerSupplyEmpty 1124 markerSupplyMissing 1125 markerWasteAlmostFull 1126 markerWasteFull
1127 markerWasteMissing 1128 markerWasteInkReceptacleMissing 1129 markerWasteTonerReceptacleMissing
1130 markerTonerMissing 1131 markerSupplyFailure
1301 mediaPathMediaTrayMissing 1302 mediaPathMediaTrayAlmostFull 1303 mediaPathMediaTrayFull
1304 mediaPathCannotDuplexMediaSelected 1305 mediaPathFailure 1306 mediaPathJam 1310 mediaPathInputRequest
1311 mediaPathInputFeedError 1312 mediaPathInputJam 1321 mediaPathOutputFeedError 1322 mediaPathOutputJam
1323 mediaPathOutputFull 1331 mediaPathPickRollerLifeWarn 1332 mediaPathPickRollerLifeOver
1333 mediaPathPickRollerFailure 1334 mediaPathPickRollerMissing
1501 interpreterMemoryIncrease 1502 interpreterMemoryDecrease 1503 interpreterCartridgeAdded
1504 interpreterCartridgeDeleted 1505 interpreterResourceAdded 1506 interpreterResourceDeleted
1507 interpreterResourceUnavailable 1509 interpreterComplexPageEncountered
1801 alertRemovalOfBinaryChangeEntry
5101 scannerLightLifeAlmostOver 5102 scannerLightLifeOver 5103 scannerLightFailure 5104 scannerLightMissing
5111 scannerSensorLifeAlmostOver 5112 scannerSensorLifeOver 5113 scannerSensorFailure 5114 scannerSensorMissing
5201 scanMediaPathTrayMissing 5202 scanMediaPathTrayAlmostFull 5203 scanMediaPathTrayFull 5205 scanMediaPathFailure
5206 scanMediaPathJam 5210 scanMediaPathInputRequest 5211 scanMediaPathInputFeedError 5212 scanMediaPathInputJam
5221 scanMediaPathOutputFeedError 5222 scanMediaPathOutputJam 5223 scanMediaPathOutputFull
5231 scanMediaPathPickRollerLifeWarn 5232 scanMediaPathPickRollerLifeOver 5233 scanMediaPathPickRollerFailure
5234 scanMediaPathPickRollerMissing
6101 faxModemMissing 6102 faxModemLifeAlmostOver 6103 faxModemLifeOver 6104 faxModemTurnedOn 6105 faxModemTurnedOff
""")

FINISHERS: Mapping[int, str] = _pairs("""
302 stapler 303 stitcher 304 folder 305 binder 306 trimmer 307 dieCutter 308 puncher 309 perforater 310 slitter
311 separationCutter 312 imprinter 313 wrapper 314 bander 315 makeEnvelope 316 stacker 317 sheetRotator 318 inserter
""")
"""Finishing devices: 30208 is the jam (8) of a stapler (302)."""


def _of_finishers() -> dict[int, str]:
    found = {}
    for device, unit in FINISHERS.items():
        for code, name in _GENERIC.items():
            word = name.removeprefix("subunit")
            found[device * 100 + code] = unit + word[0].upper() + word[1:]
    return found


NAMES: Mapping[int, str] = {1: "other", 2: "unknown", **_GENERIC, **_SPECIFIC, **_of_finishers()}
CODES: Mapping[str, int] = {name.lower(): number for number, name in NAMES.items()}

GROUP_NAMES: Mapping[int, str] = _pairs("""
1 other 2 unknown 3 hostResourcesMIBStorageTable 4 hostResourcesMIBDeviceTable 5 generalPrinter 6 cover 7 localization
8 input 9 output 10 marker 11 markerSupplies 12 markerColorant 13 mediaPath 14 channel 15 interpreter
16 consoleDisplayBuffer 17 consoleLights 18 alert 30 finDevice 31 finSupply 32 finSupplyMediaInput 33 finAttribute
50 scanDevice 51 scanner 52 scanMediaPath 60 faxDevice 61 faxModem 70 outputChannel
""")
GROUPS: Mapping[str, int] = {name.lower(): number for number, name in GROUP_NAMES.items()}

_BOUNDARY = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\s_]+")


def number_of(names: Mapping[str, int], word: str | None) -> int | None:
    """The number of a registered name, or the number itself; None for any other word."""
    text = (word or "").strip().lower()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else names.get(text)


def keyword_of(text: str) -> str:
    """A name or a short text as a keyword of IPP: "cartridgeMissing" and "Cartridge missing." are cartridge-missing."""
    return _BOUNDARY.sub("-", text.strip().rstrip(" .!")).lower()
