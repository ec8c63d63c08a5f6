from collections.abc import Iterator

import pytest

from tests.peers.lan import Lan


@pytest.fixture(scope="module")
def lan() -> Iterator[Lan]:
    with Lan() as lan:
        yield lan
