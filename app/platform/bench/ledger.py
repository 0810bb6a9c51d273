"""The ledger's page beside a stock list of the same rows, request by request in turn."""

from __future__ import annotations

import http.client
import re
import statistics
import time
import urllib.parse
from dataclasses import asdict, dataclass
from http.cookies import SimpleCookie
from typing import Any

from sqlalchemy import event


@dataclass(frozen=True)
class LedgerFigures:
    """What was measured. Rates are requests per second of one client; ``ratio`` is the median of the paired ratios."""

    jurisdictions: int
    matters: int
    rounds: int
    ours_per_second: float
    stock_per_second: float
    ratio: float
    statements: int
    kilobytes: float
    stock_kilobytes: float

    def facts(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


class Browser:
    """One client with one connection and its cookies."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies = SimpleCookie()

    def sign_in(self, path: str, username: str, password: str) -> None:
        """Sign in as a browser does, with the form's token where there is one."""
        _, page = self.request("GET", path)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.decode())
        form = {"username": username, "password": password, **({"csrf_token": token[1]} if token else {})}
        status, _ = self.request("POST", path, urllib.parse.urlencode(form))
        if status != 302:
            raise RuntimeError(f"signing in at {path} was answered with {status}")

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        """One request; cookies are kept."""
        headers = {"Cookie": "; ".join(f"{name}={value.value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie") or []:
            self._cookies.load(value)
        return answer.status, answer.read()

    def timed(self, path: str) -> tuple[float, int]:
        """Seconds and bytes of a page. Raises RuntimeError when it is not the page."""
        start = time.perf_counter()
        status, body = self.request("GET", path)
        spent = time.perf_counter() - start
        if status != 200 or len(body) < 1000:
            raise RuntimeError(f"{path} was answered with {status}, {len(body)} bytes")
        return spent, len(body)


def measure(ours: Browser, stock: Browser, *, ours_path: str, stock_path: str, rounds: int) -> dict[str, list[float]]:
    """Seconds of each request, taken in pairs so that the machine's moods hit both."""
    seconds: dict[str, list[float]] = {"ours": [], "stock": []}
    for browser, path in ((ours, ours_path), (stock, stock_path)):
        for _ in range(3):
            browser.timed(path)
    for _ in range(rounds):
        seconds["ours"].append(ours.timed(ours_path)[0])
        seconds["stock"].append(stock.timed(stock_path)[0])
    return seconds


def count_statements(engine: Any, client: Any, path: str) -> tuple[int, int]:
    """How many SQL statements one request sends, and how many bytes it answers."""
    count = 0

    def note(*_: Any) -> None:
        nonlocal count
        count += 1

    event.listen(engine, "before_cursor_execute", note)
    try:
        body = client.get(path).get_data()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return count, len(body)


def figures(
    seconds: dict[str, list[float]], *, jurisdictions: int, matters: int, statements: int, size: int, stock_size: int
) -> LedgerFigures:
    """The figures of a run."""
    pairs = [stock / ours for ours, stock in zip(seconds["ours"], seconds["stock"], strict=True)]
    return LedgerFigures(
        jurisdictions=jurisdictions,
        matters=matters,
        rounds=len(pairs),
        ours_per_second=round(1 / statistics.median(seconds["ours"]), 1),
        stock_per_second=round(1 / statistics.median(seconds["stock"]), 1),
        ratio=round(statistics.median(pairs), 2),
        statements=statements,
        kilobytes=round(size / 1024, 1),
        stock_kilobytes=round(stock_size / 1024, 1),
    )
