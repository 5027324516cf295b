"""bioaudit: find out what a bioimage segmentation model gets wrong.

`run` audits a model and returns a `Result`, which judges, tabulates and reports the record. `Probe`
and the classes around it are for writing probes of one's own. `import audit` does not load torch:
each name below is imported at its first use.
"""

from __future__ import annotations

# Type checkers take this for True; importing `typing` would double the time of `bioaudit --help`.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from audit.application.facade import run
    from audit.application.result import Result
    from audit.application.settings import Settings
    from audit.datasets.arrays import Arrays
    from audit.datasets.sample import Dataset, Sample
    from audit.errors import BioauditError
    from audit.measurement import Measurement
    from audit.metric import Condition, Metric, amount, change, share
    from audit.models.batch_function import Function
    from audit.models.segmenter import Prediction
    from audit.policy.verdict import Judgement, Verdict
    from audit.probing.case import Case
    from audit.probing.look import Look
    from audit.probing.probe import Needs, Probe, above_zero, among, below
    from audit.probing.suite import Suite
    from audit.tasks.scores import SCORES

PLACES = {
    "SCORES": "audit.tasks.scores",
    "Arrays": "audit.datasets.arrays",
    "BioauditError": "audit.errors",
    "Case": "audit.probing.case",
    "Condition": "audit.metric",
    "Dataset": "audit.datasets.sample",
    "Function": "audit.models.batch_function",
    "Judgement": "audit.policy.verdict",
    "Look": "audit.probing.look",
    "Measurement": "audit.measurement",
    "Metric": "audit.metric",
    "Needs": "audit.probing.probe",
    "Prediction": "audit.models.segmenter",
    "Probe": "audit.probing.probe",
    "Result": "audit.application.result",
    "Sample": "audit.datasets.sample",
    "Settings": "audit.application.settings",
    "Suite": "audit.probing.suite",
    "Verdict": "audit.policy.verdict",
    "above_zero": "audit.probing.probe",
    "among": "audit.probing.probe",
    "amount": "audit.metric",
    "below": "audit.probing.probe",
    "change": "audit.metric",
    "run": "audit.application.facade",
    "share": "audit.metric",
}

__all__ = [
    "SCORES",
    "Arrays",
    "BioauditError",
    "Case",
    "Condition",
    "Dataset",
    "Function",
    "Judgement",
    "Look",
    "Measurement",
    "Metric",
    "Needs",
    "Prediction",
    "Probe",
    "Result",
    "Sample",
    "Settings",
    "Suite",
    "Verdict",
    "above_zero",
    "among",
    "amount",
    "below",
    "change",
    "run",
    "share",
]


def __getattr__(name: str) -> object:
    if name not in PLACES:
        raise AttributeError(f"module 'audit' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(PLACES[name]), name)


def __dir__() -> list[str]:
    """Return what `audit` offers, for completion."""
    return __all__
