"""A page taken apart: its elements, its forms, its drawings."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "hr", "br", "img", "path", "rect", "circle", "line", "use", "stop"}


@dataclass
class Element:
    tag: str
    attrs: dict[str, str]
    text: str = ""

    @property
    def classes(self) -> list[str]:
        return self.attrs.get("class", "").split()


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Markup(HTMLParser):
    """`elements` in document order with the text directly inside; `open` is what was never closed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.elements: list[Element] = []
        self.forms: list[Form] = []
        self.open: list[Element] = []
        self.misplaced: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs)
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._begin(tag, attrs)

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag == "form":
            self.forms.append(Form(element.attrs.get("action", ""), element.attrs.get("method", "get")))
        elif tag == "input" and self.forms:
            self.forms[-1].fields[element.attrs.get("name", "")] = element.attrs.get("value", "")
        elif tag == "button" and self.forms:
            self.forms[-1].buttons.append((element.attrs.get("name", ""), element.attrs.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1].tag == tag:
            self.open.pop()
        else:
            self.misplaced.append(tag)

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data

    def all(self, tag: str, css: str = "") -> list[Element]:
        return [e for e in self.elements if e.tag == tag and (not css or css in e.classes)]

    @property
    def h1(self) -> str:
        (only,) = self.all("h1")
        return " ".join(only.text.split())

    @property
    def links(self) -> list[str]:
        return [e.attrs["href"] for e in self.elements if e.tag in ("a", "link") and "href" in e.attrs]
