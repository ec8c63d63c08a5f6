"""Servers on loopback that behave as told, badly too: what they write is written octet by octet."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
Answer = Callable[["Asked"], bytes | AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One HTTP request as it came."""

    method: str
    path: str
    head: str
    body: bytes


@dataclass(slots=True, kw_only=True)
class Web:
    """A web server, and what it was asked."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


def http(body: bytes, *, status: str = "200 OK", kind: str = "application/ipp", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


async def dripping(data: bytes) -> AsyncIterator[bytes]:
    """One octet at a time, and never the last."""
    for octet in data[:-1]:
        yield bytes([octet])
        await asyncio.sleep(0.05)
    await asyncio.sleep(3600)


async def endless(start: bytes, more: bytes) -> AsyncIterator[bytes]:
    yield start
    while True:
        yield more


@asynccontextmanager
async def web(answer: Answer, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[Web]:
    """A server that answers each request with what `answer` makes of it, and hangs up."""
    seen = Web()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await _asked(reader)
            seen.asked.append(asked)
            made = answer(asked)
            if isinstance(made, bytes):
                writer.write(made)
            else:
                async for part in made:
                    writer.write(part)
                    await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with listening(serve, tls=tls) as port:
        seen.port = port
        yield seen


@asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object], *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """A TCP server at a port of the system's choice; conversations still open at the end are cut."""
    tasks: set[asyncio.Task[object]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await serve(reader, writer)  # type: ignore[misc]
        except asyncio.CancelledError:
            pass
        finally:
            tasks.discard(task)
            writer.transport.abort()

    server = await asyncio.start_server(handle, HOST, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def one_port_for(plain: int, tls: int) -> AsyncIterator[int]:
    """A port that speaks both: who begins with a TLS record is led to `tls`, everybody else to `plain`."""

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(4096)
        inner, outer = await asyncio.open_connection(HOST, tls if first[:1] == b"\x16" else plain)
        outer.write(first)

        async def copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
            while part := await source.read(4096):
                to.write(part)
            to.close()

        try:
            await asyncio.gather(copy(reader, outer), copy(inner, writer))
        finally:
            outer.close()

    async with listening(lead) as port:
        yield port


async def _asked(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lengths = [line.split(":")[1] for line in head.split("\r\n") if line.lower().startswith("content-length:")]
    body = await reader.readexactly(int(lengths[0])) if lengths else b""
    method, path, _ = head.split("\r\n")[0].split(" ")
    return Asked(method=method, path=path, head=head, body=body)


def certificate(folder: Path, name: str = "printer") -> tuple[ssl.SSLContext, str]:
    """(context of a server with a self-signed certificate of last year, its SHA-256 in hex)."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now - timedelta(days=30))
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, made.fingerprint(hashes.SHA256()).hex()
