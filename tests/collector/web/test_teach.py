"""The page that teaches: a recording and a row, read in a process of its own; hostile ones harm nobody."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from aiohttp import FormData

from tests.agent.teach.recorded import LINES, ROW
from tests.collector.web.conftest import Answer, Visitor


async def post(
    visitor: Visitor, data: bytes | None, who: str = "technician", name: str = "c.snmprec", **form: str
) -> Answer:
    fields: dict[str, Any] = {"room": "vendors", "key": "konica_minolta", "row": ROW, "do": "check", **form}
    sent = FormData()
    sent.add_field("csrf", visitor.gallery.people[who].csrf)
    for key, value in fields.items():
        sent.add_field(key, value)
    if data is not None:
        sent.add_field("capture", data, filename=name)
    got = await visitor.client.post("/teach", data=sent, headers=visitor._headers(who, "", None), allow_redirects=False)
    return Answer(got.status, await got.text(), got)


async def test_a_row_shows_what_it_changes(visitor: Visitor) -> None:
    answer = await post(visitor, LINES.encode())
    assert answer.status == 200
    row = answer.text.partition('<th scope="row">firmware</th>')[2].partition("</tr>")[0]
    assert row == '<td>not reported</td><td class="strong">ACVD0Y0-0100</td>'
    again = await post(visitor, None, row=ROW.replace("3.1", "9.9"))
    assert "the reading is the same with the row" in again.text


async def test_a_wrong_row_is_told_with_its_line_and_the_reading_stays(visitor: Visitor) -> None:
    answer = await post(visitor, LINES.encode(), row="[oids]\nfirmwear = []\n", sought="1,234,567")
    assert "vendors/konica_minolta.toml, line 2: firmwear: unknown key" in answer.text
    assert "1.3.6.1.4.1.18334.1.1.1.5.7.2.1.1.0" in answer.text
    assert "/tmp" not in answer.text


@pytest.mark.parametrize(
    ("data", "name", "form", "status", "said"),
    [
        (None, "", {}, 400, "Choose a recording first."),
        (b"x", "a.exe", {}, 400, "A recording ends in .zip or .snmprec."),
        (b"x" * (3 * 2**20 + 1), "a.zip", {}, 400, "too large"),
        (b"x", "a.zip", {}, 200, "not a readable zip"),
        (LINES.encode(), "a.snmprec", {"key": "../../etc/x"}, 400, "Name the file of the row"),
        (LINES.encode(), "a.snmprec", {"row": "words = ['((((x+)+)+)+)+$']\nmodel_in = ['(('] "}, 200, "line 2"),
    ],
)
async def test_what_is_wrong_is_said(
    visitor: Visitor, data: bytes | None, name: str, form: dict[str, str], status: int, said: str
) -> None:
    answer = await post(visitor, data, name=name, **form)
    assert answer.status == status
    assert said in answer.text


async def test_a_zip_that_swells_is_refused(visitor: Visitor) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("snmp.snmprec", b"\0" * (40 * 2**20))
    assert "unpacks to more than" in (await post(visitor, packed.getvalue(), name="a.zip")).text


async def test_texts_of_the_recording_are_inert(visitor: Visitor) -> None:
    lines = LINES + "1.3.6.1.4.1.18334.1.1.1.9.3.0|4|<script>alert(1)</script>\n"
    answer = await post(visitor, lines.encode(), do="look")
    assert "&lt;script&gt;" in answer.text
    assert "<script" not in answer.text


async def test_the_row_can_be_downloaded(visitor: Visitor) -> None:
    answer = await post(visitor, None, do="download")
    assert answer.text == ROW
    assert answer.response.headers["Content-Disposition"] == 'attachment; filename="konica_minolta.toml"'


async def test_one_session_does_not_see_the_recording_of_another(visitor: Visitor) -> None:
    await post(visitor, LINES.encode(), name="secret-name.snmprec")
    assert "secret-name" in (await visitor.get("/teach", "technician")).text
    assert "secret-name" not in (await visitor.get("/teach", "owner")).text


async def test_a_row_that_never_ends_is_stopped_and_the_reading_stays(visitor: Visitor) -> None:
    lines = LINES.replace("bizhub C3320i", "x" * 60 + "!")
    answer = await post(visitor, lines.encode(), row="model_in = ['((x+)+)+$']\n")
    assert "took too long" in answer.text
    assert "1.3.6.1.4.1.18334.1.1.1.5.7.2.1.1.0" in answer.text
