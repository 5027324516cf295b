"""What `audit.run` is: an audit whose settings are arguments, and whose model is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from audit.application.at_hand import take_apart
from audit.application.gauge import Gauge
from audit.application.interface import run as run_settings
from audit.application.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

    import numpy as np
    from numpy.typing import NDArray
    from torch import nn

    from audit.application.result import Result
    from audit.datasets.arrays import Arrays
    from audit.engine.progress import Progress
    from audit.models.batch_function import Function
    from audit.models.card import Decoding, Head, Kind, Normalisation, Output
    from baselines.loop import Epoch

    Place = str | PathLike[str]
    Model = Place | nn.Module | Function | Callable[[NDArray[np.float32]], Any]
    Pair = tuple[Sequence[NDArray[Any]], Sequence[NDArray[Any]]]
    Images = Place | Pair | Arrays
    Say = Literal["bar"] | Callable[[Progress], None] | None


def run(
    model: Model | None = None,
    test: Images | None = None,
    *,
    train: Images | None = None,
    other: Place | Sequence[Images] = (),
    format: Place | Sequence[Place] = (),  # noqa: A002 (as on the command line)
    last: Place | None = None,
    log: Place | None = None,
    task: Literal["auto", "semantic", "instance"] = "auto",
    columns: Mapping[str, str] | None = None,
    reference: Place | None = None,
    reference_seeds: int = 1,
    recipe: Place | None = None,
    weights: Place | None = None,
    network: str | None = None,
    output: Output | None = None,
    heads: str | Sequence[Head] | None = None,
    decoder: Decoding | None = None,
    threshold: float | None = None,
    seed_threshold: float | None = None,
    smallest_px: int | None = None,
    entry: str | None = None,
    normalisation: Normalisation | None = None,
    percentiles: tuple[float, float] | None = None,
    classes: int | None = None,
    channels: int | None = None,
    range: tuple[float, float] | None = None,  # noqa: A002
    statistics: tuple[float, float] | None = None,
    stride: int | None = None,
    output_stride: int | None = None,
    halo: int | None = None,
    taken_as: Kind | None = None,
    command: str | None = None,
    timeout_s: float | None = None,
    card: Mapping[str, Any] | None = None,
    truth: Literal["auto", "gold", "silver"] = "auto",
    labels: Literal["auto", "instances", "classes", "binary"] = "auto",
    map_labels: str | Mapping[int, str | int] | tuple[()] = (),
    target: Literal["mask", "distance"] = "mask",
    group: str | None = None,
    pixel_um: float | None = None,
    axes: str | None = None,
    channel: int | Sequence[int] = (),
    every: int = 1,
    limit: int | None = None,
    allow_unpaired: bool = False,
    profile: str = "full",
    probes: str | Sequence[str] = (),
    set: Mapping[str, Any] | None = None,  # noqa: A002
    out: Place = "bioaudit-out",
    seed: int = 0,
    device: str = "auto",
    threads: int | None = None,
    block: int | None = None,
    shard: tuple[int, int] = (0, 1),
    time_limit_s: float | None = None,
    images: bool = True,
    say: Say = "bar",
    training: Callable[[Epoch, int], None] | None = None,
) -> Result:
    """Audit a model and return its record; an interrupted audit goes on where it stood.

    `model` is a path or a name as on the command line; a `torch.nn.Module`, which is copied in the
    mode in which it is; or a function that is shown one image (Y, X) or (Y, X, C), float32 in its
    own intensities, and returns what `output` says: "labels" or "objects" (Y, X), "sigmoid" (Y, X)
    of the foreground, "logits" or "softmax" (Y, X, K). A function has no gradients, so attacks that
    need them are left out; `audit.Function(batch=f)` takes one that wants (B, Y, X[, C]).

    `test`, `train` and each of `other` are a path or a name, a pair (images, masks) of sequences of
    arrays, or `audit.Arrays`, where images have names, groups and a pixel size. All other arguments
    are the options of `bioaudit run`, which explains them, and the fields of `audit.Settings`.

    `say` is called as the audit proceeds; "bar" shows a bar in a notebook and a line in a terminal,
    None nothing. `training` is called as a reference network is trained. Raises a BioauditError
    that names what is at fault and the remedy.

    >>> def bright(image):
    ...     return image > image.mean() + image.std()
    >>> result = audit.run(bright, test=(images, masks), output="labels")  # doctest: +SKIP
    >>> result  # doctest: +SKIP
    PASS, 1 open: IoU 0.71 [0.65, 0.77] in 10 images
    """
    given = {name: value for name, value in locals().items() if value is not None}
    shown = Gauge() if given.pop("say", None) == "bar" else None
    given.pop("training", None)
    plain, at_hand = take_apart(given)
    return run_settings(
        settings(plain),
        at_hand,
        say=shown.audited if shown else quiet(say),
        training=training or (shown.trained if shown else quiet(None)),
    )


def quiet(say: Any) -> Callable[..., None]:
    """Return what is called as an audit proceeds, or what does nothing."""
    return say if callable(say) else lambda *_: None
