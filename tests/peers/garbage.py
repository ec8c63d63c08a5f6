"""A thing on the LAN that answers every datagram and connection with nonsense. Run as a program."""

from __future__ import annotations

import random
import socket
import threading

UDP_PORTS, TCP_PORTS = (161,), (80, 631, 4352)


def answer_datagrams(port: int) -> None:
    """Random bytes, cut messages, and the question itself sent back."""
    chance = random.Random(port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("", port))
        while True:
            asked, sender = udp.recvfrom(65535)
            for nonsense in (chance.randbytes(60), asked[: len(asked) // 2], asked, b"\x30\x84\xff\xff\xff\xff", b""):
                udp.sendto(nonsense, sender)


def answer_connections(port: int) -> None:
    """Random bytes without end, as long as the other side reads."""
    chance = random.Random(port)
    with socket.create_server(("", port)) as server:
        while True:
            connection, _ = server.accept()
            threading.Thread(target=pour, args=(connection, chance.randbytes(4096)), daemon=True).start()


def pour(connection: socket.socket, nonsense: bytes) -> None:
    with connection:
        try:
            for _ in range(10_000):
                connection.sendall(nonsense)
        except OSError:
            return


if __name__ == "__main__":
    for port in TCP_PORTS:
        threading.Thread(target=answer_connections, args=(port,), daemon=True).start()
    for port in UDP_PORTS:
        answer_datagrams(port)
