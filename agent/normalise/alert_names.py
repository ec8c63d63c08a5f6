"""Registered names of alert groups and codes with their numbers (IANA-PRINTER-MIB): IPP writes the names."""

from __future__ import annotations

from collections.abc import Mapping


def _pairs(text: str) -> dict[str, int]:
    words = text.split()
    return {name.lower(): int(number) for number, name in zip(words[::2], words[1::2], strict=True)}


CODES: Mapping[str, int] = _pairs("""
1 other 2 unknown 3 coverOpen 4 coverClosed 5 interlockOpen 6 interlockClosed 7 configurationChange 8 jam
9 subunitMissing 10 subunitLifeAlmostOver 11 subunitLifeOver 12 subunitAlmostEmpty 13 subunitEmpty
14 subunitAlmostFull 15 subunitFull 16 subunitNearLimit 17 subunitAtLimit 18 subunitOpened 19 subunitClosed
20 subunitTurnedOn 21 subunitTurnedOff 22 subunitOffline 23 subunitPowerSaver 24 subunitWarmingUp 25 subunitAdded
26 subunitRemoved 27 subunitResourceAdded 28 subunitResourceRemoved 29 subunitRecoverableFailure
30 subunitUnrecoverableFailure 31 subunitRecoverableStorageError 32 subunitUnrecoverableStorageError
33 subunitMotorFailure 34 subunitMemoryExhausted 35 subunitUnderTemperature 36 subunitOverTemperature
37 subunitTimingFailure 38 subunitThermistorFailure
501 doorOpen 502 doorClosed 503 powerUp 504 powerDown 505 printerNMSReset 506 printerManualReset
507 printerReadyToPrint
801 inputMediaTrayMissing 802 inputMediaSizeChange 803 inputMediaWeightChange 804 inputMediaTypeChange
805 inputMediaColorChange 806 inputMediaFormPartsChange 807 inputMediaSupplyLow 808 inputMediaSupplyEmpty
809 inputMediaChangeRequest 810 inputManualInputRequest 811 inputTrayPositionFailure 812 inputTrayElevationFailure
813 inputCannotFeedSizeSelected
901 outputMediaTrayMissing 902 outputMediaTrayAlmostFull 903 outputMediaTrayFull 904 outputMailboxSelectFailure
1001 markerFuserUnderTemperature 1002 markerFuserOverTemperature 1003 markerFuserTimingFailure
1004 markerFuserThermistorFailure 1005 markerAdjustingPrintQuality
1101 markerTonerEmpty 1102 markerInkEmpty 1103 markerPrintRibbonEmpty 1104 markerTonerAlmostEmpty
1105 markerInkAlmostEmpty 1106 markerPrintRibbonAlmostEmpty 1107 markerWasteTonerReceptacleAlmostFull
1108 markerWasteInkReceptacleAlmostFull 1109 markerWasteTonerReceptacleFull 1110 markerWasteInkReceptacleFull
1111 markerOpcLifeAlmostOver 1112 markerOpcLifeOver 1113 markerDeveloperAlmostEmpty 1114 markerDeveloperEmpty
1115 markerTonerCartridgeMissing
1301 mediaPathMediaTrayMissing 1302 mediaPathMediaTrayAlmostFull 1303 mediaPathMediaTrayFull
1304 mediaPathCannotDuplexMediaSelected
1501 interpreterMemoryIncrease 1502 interpreterMemoryDecrease 1503 interpreterCartridgeAdded
1504 interpreterCartridgeDeleted 1505 interpreterResourceAdded 1506 interpreterResourceDeleted
1507 interpreterResourceUnavailable 1509 interpreterComplexPageEncountered
1801 alertRemovalOfBinaryChangeEntry
""")

GROUPS: Mapping[str, int] = _pairs("""
1 other 3 hostResourcesMIBStorageTable 4 hostResourcesMIBDeviceTable 5 generalPrinter 6 cover 7 localization 8 input
9 output 10 marker 11 markerSupplies 12 markerColorant 13 mediaPath 14 channel 15 interpreter 16 consoleDisplayBuffer
17 consoleLights 18 alert 30 finDevice 31 finSupply 32 finSupplyMediaInput 33 finAttribute
""")


def number_of(names: Mapping[str, int], word: str | None) -> int | None:
    """The number of a registered name, or the number itself; None for any other word."""
    text = (word or "").strip().lower()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else names.get(text)
