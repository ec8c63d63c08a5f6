"""All measurements, one after the other: python -m bench"""

import sys

from bench import ingest, polling

for measurement in (polling, ingest):
    sys.stdout.write(f"\n{measurement.__name__}\n")
    sys.stdout.flush()
    measurement.main([])
