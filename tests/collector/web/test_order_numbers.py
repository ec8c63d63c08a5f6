"""An order and a ticket have one name on pages, in mails and in exports, and are found by it."""

from __future__ import annotations

import re

import pytest

from tests.collector.web.conftest import Visitor


@pytest.mark.parametrize(("path", "letter"), [("/orders", "O"), ("/tickets", "T")])
async def test_what_a_mail_calls_it_is_found_and_exported(visitor: Visitor, path: str, letter: str) -> None:
    listed = (await visitor.page(f"{path}?show=all")).html
    name = re.search(rf"\b{letter}-\d{{4}}\b", listed)
    assert name is not None
    found = (await visitor.page(f"{path}?show=all&q={name[0]}")).html
    assert set(re.findall(rf"\b{letter}-\d{{4}}\b", found)) == {name[0]}
    exported = (await visitor.get(f"{path}?show=all&format=csv")).text.splitlines()
    assert all(line.startswith(f"{letter}-") for line in exported[1:])


@pytest.mark.parametrize(("lang", "said"), [("en", "no delivery address; order mails say so"), ("zh", "无收货地址")])
async def test_an_order_page_says_when_the_delivery_address_is_missing(visitor: Visitor, lang: str, said: str) -> None:
    listed = (await visitor.page("/orders?show=all")).html
    pages = [(await visitor.page(link, lang=lang)).html for link in sorted(set(re.findall(r"/orders/ord_\w+", listed)))]
    assert any(said in page for page in pages)
