"""What to do after a training: which checkpoint to publish, and whether to train on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.measurement import Measurement
from suites.training.logged import Logged
from suites.training.recommendation import advise, idled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.logs.log import Run

EMPTY = "the run has no curve of two finite values"


@dataclass(frozen=True, kw_only=True)
class Advice(Logged):
    """The best epoch, what came after it, and what training on would gain, for every run.

    `best_at` is the epoch or step of the best validation loss, or training loss where there is no
    validation: the lowest of the three in a row whose median is lowest. `saved_fraction` is the
    share of the training after it. `publish_best` is 1 where the end is surely worse than the best,
    or the training overfitted after it. `loss_gain` is how much lower training as long again would
    bring the loss, as a power of the time, with its interval; `gain_fraction` is that as a share of
    what was gained so far. `idle_from` is the epoch or step from which on the learning rate was
    almost nothing, where that wasted a quarter of the training or more.
    """

    name: ClassVar[str] = "training.advice"
    asks: ClassVar[str] = "Which checkpoint should be published, and would training on pay?"
    source: ClassVar[str] = "https://www.ijcai.org/Proceedings/15/Papers/487.pdf"
    version: ClassVar[int] = 3

    def rows(self, run: Run) -> Iterator[Measurement]:
        """Yield the numbers of a run's recommendation."""
        found, at = advise(run), {"run": run.name}
        if found is None:
            for metric in ("best_at", "saved_fraction", "publish_best"):
                yield Measurement(metric, None, None, at, 0.0, EMPTY)
            return
        yield Measurement("best_at", found.best_at, at=at)
        yield Measurement("saved_fraction", found.saved_fraction, at=at)
        since = found.idle_from
        idle = idled(run, since) if since is not None else ""
        because = " ".join(filter(None, (found.because, idle, found.remedy)))
        yield Measurement("publish_best", float(found.publish == "best"), at=at, remark=because)
        if since is not None:
            yield Measurement("idle_from", since, at=at)
        ahead = found.gain
        values = {
            "loss_gain": ahead and ahead.value,
            "loss_gain_low": ahead and ahead.low,
            "loss_gain_high": ahead and ahead.high,
            "gain_fraction": found.gain_fraction,
        }
        for metric, value in values.items():
            if value is None:
                yield Measurement(metric, None, None, at, 0.0, found.silence)
            else:
                yield Measurement(metric, value, at=at)
