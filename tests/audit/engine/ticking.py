"""A clock on which every unit of work takes one second."""

from __future__ import annotations

from types import SimpleNamespace


def ticking(monkeypatch, module) -> None:
    """Give a module a clock that is one second on whenever a unit of work was done."""
    now = [0.0]
    attempt = module.Engine.attempt

    def timed(engine, task):
        unit = attempt(engine, task)
        now[0] += 1.0
        return unit

    monkeypatch.setattr(module.Engine, "attempt", timed)
    clock = SimpleNamespace(monotonic=lambda: now[0], perf_counter=lambda: now[0])
    monkeypatch.setattr(module, "time", clock)
