"""HTTP to one device: bounded in size and time, and to no other place than the given address.

Redirects are not followed, cookies and proxies not used, content is decompressed by ourselves up to the same limit.
Certificates are not verified (nearly all are self-signed, expired or for another name); the fingerprint is handed
back, so that the caller can notice a change.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import os
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from fleet.errors import Garbled, ProbeError, Refused, Unreachable, Unsupported
from fleet.kit.text import clean

LARGEST = 4 * 1024 * 1024
CHUNK = 64 * 1024
SECONDS = 20.0
CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """`headers` have lower-case names. `fingerprint` is the SHA-256 of the certificate, in hex, None without TLS."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fingerprint: str | None = None


class _Recorder(aiohttp.Fingerprint):
    """In place of a check: notes which certificate the peer showed. aiohttp calls it once the connection stands."""

    def __init__(self) -> None:
        super().__init__(bytes(32))
        self.seen: str | None = None

    def check(self, transport: asyncio.Transport) -> None:
        connection: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        certificate = connection.getpeercert(binary_form=True) if connection else None
        self.seen = hashlib.sha256(certificate).hexdigest() if certificate else None


class HttpClient:
    """Opens one connection per request and closes it: small devices serve few at a time."""

    def __init__(self, *, seconds: float = SECONDS, limit: int = LARGEST) -> None:
        self._seconds, self._limit = seconds, limit
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, address: str, port: int, path: str, *, tls: bool, limit: int | None = None) -> HttpAnswer:
        return await self._bounded("GET", _url(address, port, path, tls=tls), b"", {}, limit or self._limit)

    async def post(
        self, address: str, port: int, path: str, *, tls: bool, body: bytes, content_type: str
    ) -> HttpAnswer:
        url = _url(address, port, path, tls=tls)
        return await self._bounded("POST", url, body, {"Content-Type": content_type}, self._limit)

    async def _bounded(self, method: str, url: URL, body: bytes, headers: Mapping[str, str], limit: int) -> HttpAnswer:
        """One exchange under one deadline; whatever the library raises leaves as a ProbeError."""
        where = f"{url.scheme} on port {url.port}"
        try:
            async with asyncio.timeout(self._seconds):
                return await self._exchange(method, url, body, headers, limit)
        except ProbeError:
            raise
        except TimeoutError as error:
            raise Unreachable(f"no complete answer over {where} within {self._seconds:g} s") from error
        except aiohttp.ClientConnectorSSLError as error:
            raise Unsupported(f"no TLS connection over {where}: {_words(error)}") from error
        except aiohttp.ClientConnectorError as error:
            raise Unreachable(f"no connection over {where}: {_words(error)}") from error
        except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, OSError) as error:
            raise Unreachable(f"the connection over {where} broke: {_words(error)}") from error
        except Exception as error:
            # The library also lets ValueError, UnicodeError and errors of its parser through.
            raise Garbled(f"not a proper answer over {where}: {_words(error)}") from error

    async def _exchange(self, method: str, url: URL, body: bytes, headers: Mapping[str, str], limit: int) -> HttpAnswer:
        recorder = _Recorder()
        async with self._open_session().request(
            method,
            url,
            data=body or None,
            headers={"Accept-Encoding": "identity", "User-Agent": "pagewarden", **headers},
            allow_redirects=False,
            ssl=recorder,
        ) as response:
            if 300 <= response.status < 400 and response.status != 304:
                raise Unsupported(f"{url.path} sends us elsewhere (HTTP {response.status}), which is not followed")
            if response.status in (401, 403):
                raise Refused(f"{url.path} refuses us (HTTP {response.status}); allow it on the device's own page")
            names = {name.lower(): clean(value) for name, value in response.headers.items()}
            packed = response.content.iter_chunked(CHUNK)
            data = await _read(packed, names.get("content-encoding", ""), limit)
            return HttpAnswer(status=response.status, headers=names, body=data, fingerprint=recorder.seen)

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True, limit=0, use_dns_cache=False),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


def _url(address: str, port: int, path: str, *, tls: bool) -> URL:
    """The URL of `path` at the address and nowhere else. The path is data: it cannot name another host."""
    try:
        ipaddress.ip_address(address)
    except ValueError as error:
        raise Unreachable(f"{clean(address, 80)!r} is no IP address") from error
    try:
        path = "/" + clean(path, 512).lstrip("/").partition("#")[0].partition("?")[0]
        return URL.build(scheme="https" if tls else "http", host=address, port=port, path=path)
    except ValueError as error:
        raise Unsupported(f"no usable path: {clean(path, 80)!r}") from error


async def _read(chunks: AsyncIterator[bytes], encoding: str, limit: int) -> bytes:
    """The content, decompressed; Garbled when it is larger than `limit` before or after."""
    unpack = _unpacker(encoding)
    packed, parts, size = 0, list[bytes](), 0
    async for chunk in chunks:
        packed += len(chunk)
        if packed > limit:
            raise Garbled(f"an answer of more than {limit:,} bytes")
        part = unpack.decompress(chunk, limit - size + 1) if unpack else chunk
        size += len(part)
        parts.append(part)
        if size > limit:
            raise Garbled(f"an answer that unpacks to more than {limit:,} bytes")
    return b"".join(parts)


def _unpacker(encoding: str) -> zlib._Decompress | None:
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip" | "deflate":
            return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    raise Garbled(f"an answer packed as {encoding[:40]!r}, which was not asked for")


def _words(error: BaseException) -> str:
    """An error of the library in one short line."""
    cause = getattr(error, "os_error", error)
    if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError) and cause.errno:
        return os.strerror(cause.errno)  # asyncio puts the address into the text, and not the reason
    return clean(str(cause) or type(cause).__name__, 120)
