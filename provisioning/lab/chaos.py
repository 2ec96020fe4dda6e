"""The power goes, again and again: broker, hub and agents are killed by SIGKILL while people work."""

from __future__ import annotations

import random
import threading
from collections import Counter

from lab.company import Company

PAUSE_SECONDS = (0.7, 2.5)


class Chaos:
    """Kills one of the company's programs every few seconds until it is ended. They are started again at once."""

    def __init__(self, company: Company, seed: int = 1):
        self.kills: Counter[str] = Counter()
        self._company = company
        self._chance = random.Random(seed)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._end.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(self._chance.uniform(*PAUSE_SECONDS)):
            victim = self._chance.choice(self._company.services())
            victim.kill()
            self.kills[victim.name] += 1
