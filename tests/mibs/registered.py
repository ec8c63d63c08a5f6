"""The keywords of printer-state-reasons that are registered with IANA (RFC 8011, PWG 5100.9, 5100.22, 5107.3), written
down apart from the rows. Those of 3D printers (PWG 5100.21) are left out."""

from __future__ import annotations

_FINISHERS = """
bander binder die-cutter folder imprinter inserter make-envelope perforater puncher separation-cutter sheet-rotator
slitter stacker stapler stitcher trimmer wrapper
"""

_OF_A_FINISHER = """
added almost-empty almost-full at-limit closed configuration-change cover-closed cover-open empty full
interlock-closed interlock-open jam life-almost-over life-over memory-exhausted missing motor-failure near-limit
offline opened over-temperature power-saver recoverable-failure recoverable-storage removed resource-added
resource-removed thermistor-failure timing-failure turned-off turned-on under-temperature unrecoverable-failure
unrecoverable-storage-error warming-up
"""

_OF_THE_PRINTER = """
alert-removal-of-binary-change-entry cleaner-life-almost-over cleaner-life-over configuration-change
connecting-to-device cover-open deactivated deleted developer-empty developer-low door-open fan-failure
fax-modem-life-almost-over fax-modem-life-over fax-modem-missing fax-modem-turned-off fax-modem-turned-on
fuser-over-temp fuser-under-temp hibernate hold-new-jobs identify-printer-requested input-cannot-feed-size-selected
input-manual-input-request input-media-color-change input-media-form-parts-change input-media-size-change
input-media-tray-failure input-media-tray-feed-error input-media-tray-jam input-media-type-change
input-media-weight-change input-pick-roller-failure input-pick-roller-life-over input-pick-roller-life-warn
input-pick-roller-missing input-tray-elevation-failure input-tray-missing input-tray-position-failure
interlock-closed interlock-open interpreter-cartridge-added interpreter-cartridge-deleted
interpreter-complex-page-encountered interpreter-memory-decrease interpreter-memory-increase
interpreter-resource-added interpreter-resource-deleted interpreter-resource-unavailable lamp-at-eol lamp-failure
lamp-near-eol laser-at-eol laser-failure laser-near-eol marker-adjusting-print-quality marker-cleaner-missing
marker-developer-almost-empty marker-developer-empty marker-developer-missing marker-fuser-missing
marker-fuser-thermistor-failure marker-fuser-timing-failure marker-ink-almost-empty marker-ink-empty
marker-ink-missing marker-opc-missing marker-print-ribbon-almost-empty marker-print-ribbon-empty
marker-print-ribbon-missing marker-supply-almost-empty marker-supply-empty marker-supply-low marker-supply-missing
marker-toner-cartridge-missing marker-toner-missing marker-waste-almost-full marker-waste-full
marker-waste-ink-receptacle-almost-full marker-waste-ink-receptacle-full marker-waste-ink-receptacle-missing
marker-waste-missing marker-waste-toner-receptacle-almost-full marker-waste-toner-receptacle-full
marker-waste-toner-receptacle-missing media-drying media-empty media-jam media-low media-needed
media-path-cannot-duplex-media-selected media-path-failure media-path-input-empty media-path-input-feed-error
media-path-input-jam media-path-input-request media-path-jam media-path-media-tray-almost-full
media-path-media-tray-full media-path-media-tray-missing media-path-output-feed-error media-path-output-full
media-path-output-jam media-path-pick-roller-failure media-path-pick-roller-life-over
media-path-pick-roller-life-warn media-path-pick-roller-missing motor-failure moving-to-paused none opc-life-over
opc-near-eol other output-area-almost-full output-area-full output-mailbox-select-failure output-media-tray-failure
output-media-tray-feed-error output-media-tray-jam output-tray-missing paused power-down power-up
printer-manual-reset printer-nms-reset printer-ready-to-print resuming scan-media-path-failure
scan-media-path-input-empty scan-media-path-input-feed-error scan-media-path-input-jam
scan-media-path-input-request scan-media-path-jam scan-media-path-output-feed-error scan-media-path-output-full
scan-media-path-output-jam scan-media-path-pick-roller-failure scan-media-path-pick-roller-life-over
scan-media-path-pick-roller-life-warn scan-media-path-pick-roller-missing scan-media-path-tray-almost-full
scan-media-path-tray-full scan-media-path-tray-missing scanner-light-failure scanner-light-life-almost-over
scanner-light-life-over scanner-light-missing scanner-sensor-failure scanner-sensor-life-almost-over
scanner-sensor-life-over scanner-sensor-missing shutdown spool-area-full standby stopped-partly stopping
subunit-added subunit-almost-empty subunit-almost-full subunit-at-limit subunit-closed subunit-cooling-down
subunit-empty subunit-full subunit-life-almost-over subunit-life-over subunit-memory-exhausted subunit-missing
subunit-motor-failure subunit-near-limit subunit-offline subunit-opened subunit-over-temperature
subunit-power-saver subunit-recoverable-failure subunit-recoverable-storage subunit-removed subunit-resource-added
subunit-resource-removed subunit-thermistor-failure subunit-timing-failure subunit-turned-off subunit-turned-on
subunit-under-temperature subunit-unrecoverable-failure subunit-unrecoverable-storage subunit-warming-up suspend
testing timed-out toner-empty toner-low
"""

KEYWORDS = (
    *_OF_THE_PRINTER.split(),
    *(f"{unit}-{word}" for unit in _FINISHERS.split() for word in _OF_A_FINISHER.split()),
)
