"""Controls of adversarial.black_box: it breaks a model at its threshold by asking alone."""

from __future__ import annotations

from dataclasses import replace

from audit.models.segmenter import Prediction, Segmenter
from suites.adversarial.black_box import BlackBox
from tests.suites.adversarial.plants import model, narrow
from tests.toys import mean_of, rows_of, scenes

PROBE = BlackBox(noise_ratio=(4.0, 8.0), range_fraction=(), queries=12)


class Labels(Segmenter):
    """A model that gives labels only, and no gradient."""

    def __init__(self, inner):
        self.inner = inner
        self.traits = replace(inner.traits, access="live", output="labels", digest="labels")

    def predict(self, images):
        """Return labels."""
        return Prediction(labels=self.inner.predict(images).labels)


def test_a_model_at_its_threshold_breaks_and_another_holds():
    """Both controls: patches erase what lies at the threshold, not what is far from it."""
    rows = [rows_of(PROBE, one, scenes(2)) for one in (narrow(), model())]
    weak, strong = (mean_of(one, noise_ratio=4.0) for one in rows)
    assert weak < 0.5
    assert strong > 0.75


def test_labels_are_enough():
    """A model that gives labels only is attacked all the same."""
    rows = rows_of(PROBE, Labels(narrow()), scenes(1))
    assert mean_of(rows, noise_ratio=8.0) < mean_of(rows, noise_ratio=4.0) + 1e-9
    assert mean_of(rows, noise_ratio=8.0) < 0.6


def test_the_budget_is_kept():
    """No more questions are asked than were granted, and the untouched window."""
    asked = []
    inner = model()
    counted = Labels(inner)
    counted.predict = lambda images: asked.append(1) or inner.predict(images)
    rows_of(PROBE, counted, scenes(1))
    assert 2 < len(asked) <= 1 + 2 * PROBE.queries
