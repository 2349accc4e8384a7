"""The line: who waits for the language model, first come, first served; everybody can see their place."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Line:
    """Owns the order of those who wait; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[object] = []

    @contextmanager
    def place(self) -> Iterator[Callable[[], int]]:
        """Joins the line; gives a function that tells how many are ahead. Leaving the block leaves the line."""
        ticket = object()
        with self._lock:
            self._waiting.append(ticket)
        try:
            yield lambda: self._ahead_of(ticket)
        finally:
            with self._lock:
                self._waiting.remove(ticket)

    def _ahead_of(self, ticket: object) -> int:
        with self._lock:
            return self._waiting.index(ticket)


class Turns:
    """A lock that is handed on in the order of asking: nobody waits longer than those who came before need."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._given = 0
        self._now = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._condition:
            mine = self._given
            self._given += 1
            self._condition.wait_for(lambda: self._now == mine)
        try:
            yield
        finally:
            with self._condition:
                self._now += 1
                self._condition.notify_all()
