"""All measurements, one after the other: python -m bench"""

import sys

from bench import ingest, normalising, polling

for measurement in (polling, normalising, ingest):
    sys.stdout.write(f"\n{measurement.__name__}\n")
    sys.stdout.flush()
    measurement.main([])
