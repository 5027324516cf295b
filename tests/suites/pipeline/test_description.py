"""Controls of pipeline.description: lies in the description of a package, and an honest one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from audit.models.load import load_model
from suites.pipeline.batch import Batch
from suites.pipeline.description import NONE, Description
from suites.receptive_field.halo import Halo
from suites.receptive_field.reach import Reach
from tests.audit.models.package.made import AXES, described, outgoing, package
from tests.suites.pipeline.verdict import outcomes, verdicts
from tests.toys import mean_of, raw_threshold, rows_of, scenes


class Linear(nn.Module):
    """A logit that rises where one channel is above a level; moved along the last axis."""

    def __init__(
        self, level: float, slope: float, channel: int = 0, moved: int = 0, *, bounded: bool = False
    ) -> None:
        super().__init__()
        self.level, self.slope, self.channel = level, slope, channel
        self.moved, self.bounded = moved, bounded

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits, or probabilities, (B, 1, Y, X)."""
        logit = (images[:, self.channel][:, None] - self.level) * self.slope
        logit = torch.roll(logit, self.moved, 3)
        return logit.sigmoid() if self.bounded else logit


ZSCORE = {"id": "zero_mean_unit_variance", "kwargs": {"axes": ["channel", "y", "x"]}}
EXTREMES = {"id": "scale_range", "kwargs": {"axes": ["channel", "y", "x"]}}
MOST = {
    "id": "scale_range",
    "kwargs": {**EXTREMES["kwargs"], "min_percentile": 1, "max_percentile": 99.8},
}
BYTES = {"id": "scale_linear", "kwargs": {"gain": 1 / 255}}
WORDS = {"id": "scale_linear", "kwargs": {"gain": 1 / 65535}}
BY = {
    "raw intensities": ([], Linear(140, 0.1)),
    "z-score": ([ZSCORE], Linear(-0.2, 4)),
    "darkest to brightest": ([EXTREMES], Linear(0.5, 20)),
    "percentiles 1 to 99.8": ([MOST], Linear(0.5, 20)),
    "shares of 255": ([BYTES], Linear(140 / 255, 50)),
    "shares of 65535": ([WORDS], Linear(140 / 65535, 1e4)),
}
"""What each network was taught with, and the network."""

LIES = (
    ("z-score", []),
    ("raw intensities", [ZSCORE]),
    ("shares of 255", [WORDS]),
    ("shares of 65535", [BYTES]),
    ("darkest to brightest", []),
    ("z-score", [EXTREMES]),
    ("percentiles 1 to 99.8", [EXTREMES]),
)
"""How an image must be brought to the network, and what the description says instead."""


def model_of(folder, network, before, letters="bcyx", channels=1):
    """Return a package of a network with steps before it, its axes in an order."""
    keys = described()
    taken, given = keys["inputs"][0], keys["outputs"][0]
    taken["preprocessing"] = before
    axes = [*AXES[:1], {"type": "channel", "channel_names": ["raw", "more"][:channels]}, *AXES[2:]]
    taken["axes"] = [axes["bcyx".index(one)] for one in letters]
    given["axes"] = [outgoing()["bcyx".index(one)] for one in letters]
    return load_model(str(package(folder, keys, network, tests=None)))


def hot(sample):
    """Return a sample with one broken pixel, of the intensity of the sun."""

    def image():
        pixels = sample.image().copy()
        pixels[0, 0, 0] = 60000.0
        return pixels

    return replace(sample, image=image)


def told(model, samples=None):
    """Return the readings that fail the default policy."""
    found = verdicts(Description(), model, "description", samples=samples)
    return {name.partition("=")[2] for name, verdict in found.items() if verdict == "FAIL"}


@pytest.mark.parametrize(("truth", "said"), LIES)
def test_a_lie_about_the_steps_is_caught_with_the_truth(tmp_path, truth, said):
    """The reading that the network was taught with fails the rule, and by nearly all the IoU."""
    network = BY[truth][1]
    samples = tuple(map(hot, scenes(8))) if truth.startswith("percentiles") else scenes(8)
    model = model_of(tmp_path / "p", network, said)

    assert truth in told(model, samples)
    rows = rows_of(Description(), model, samples)
    gains = {
        row.at["reading"]: mean_of(rows, "gain_otherwise", **row.at)
        for row in rows
        if row.value is not None
    }
    assert gains[truth] == max(gains.values()) > 0.5


@pytest.mark.parametrize("truth", BY)
def test_an_honest_description_is_left_alone(tmp_path, truth):
    """Negative control: no other reading does better, whichever steps are the true ones."""
    before, network = BY[truth]

    assert told(model_of(tmp_path / "p", network, before)) == set()


def test_a_doubled_activation_is_caught(tmp_path):
    """A sigmoid that is declared after one that the network has makes all foreground."""
    network = Linear(140, 0.1, bounded=True)

    assert told(model_of(tmp_path / "p", network, [])) == {"activated already"}


def test_exchanged_axes_are_caught(tmp_path):
    """A network that moves what it finds along x, declared as if x were y."""
    samples = [
        replace(one, image=lambda one=one: np.roll(one.image(), -12, 2)) for one in scenes(8)
    ]
    network = Linear(140, 0.1, moved=12)

    assert told(model_of(tmp_path / "p", network, [], "bcxy"), samples) == {"y and x exchanged"}
    assert told(model_of(tmp_path / "q", network, []), samples) == set()


def test_reversed_channels_are_caught(tmp_path):
    """A network that reads its second channel, where the images have what it needs in the first."""

    def doubled(one):
        planes = lambda: np.concatenate((one.image(), np.full_like(one.image(), 90.0)))  # noqa: E731
        return replace(one, image=planes, shape=(2, *one.shape[1:]))

    samples = [doubled(one) for one in scenes(8)]
    for number, expected in enumerate((set(), {"channels reversed"})):
        model = model_of(tmp_path / f"{number}", Linear(140, 0.1, number), [], channels=2)
        assert told(model, samples) == expected


class Strided(nn.Module):
    """A network that takes multiples of 16 px only."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits; raise where a size does not fit."""
        assert images.shape[3] % 16 == 0
        return (images - 140) * 0.1


def test_sizes_that_are_declared_and_not_taken_are_told_of(tmp_path):
    """A step of 4 px for a network of 16 is found when the package is opened."""
    model = model_of(tmp_path / "p", Strided(), [])

    assert "does NOT take sizes that are declared: 8 x 8 px" in model.traits.found["package_sizes"]
    honest = model_of(tmp_path / "q", Linear(140, 0.1), [])
    assert "package_sizes" not in honest.traits.found


def test_statistics_of_the_batch_are_the_batch_probe_s(tmp_path):
    """A z-score over the batch too changes an answer in company: pipeline.batch fails it."""
    model = model_of(tmp_path / "p", BY["z-score"][1], [{"id": "zero_mean_unit_variance"}])
    found = {name: one.verdict.name for name, one in outcomes(Batch(), model, "batch").items()}

    assert "FAIL" in found.values()


class Wide(nn.Module):
    """A threshold on the mean of a box of 17 px: it sees 8 px to each side."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits (B, 1, Y, X)."""
        padded = nn.functional.pad(images, [8] * 4, mode="reflect")
        return (nn.functional.avg_pool2d(padded, 17, 1) - 130) * 0.5


def with_halo(folder, halo):
    """Return a package of the wide network that declares a halo."""
    keys = described()
    keys["inputs"][0]["preprocessing"] = []
    keys["outputs"][0]["axes"] = outgoing(halo=halo)
    return load_model(str(package(folder, keys, Wide(), tests=None)))


@pytest.mark.parametrize(("declared", "fails"), [(2, True), (8, False)])
def test_a_halo_narrower_than_the_network_sees_is_caught_with_the_truth(tmp_path, declared, fails):
    """A false halo fails receptive_field.halo, which tells the missing px; the true one passes."""
    model, samples = with_halo(tmp_path / "p", declared), scenes(12, size=96)
    found = outcomes(Halo(tile_px=32), model, "halo", samples=samples, before=[Reach()])
    assert (found["halo"].verdict.name == "FAIL") is fails
    rows = rows_of(Halo(tile_px=32), model, samples, [Reach()])
    missing = mean_of(rows, "missing_halo_px")
    assert (3 <= missing <= 6) if fails else missing == 0


def test_a_model_without_a_description_is_not_asked():
    """Other models have nothing to be read otherwise: undefined, and no pass more."""
    rows = rows_of(Description(), raw_threshold())

    assert {row.undefined for row in rows} == {NONE}
