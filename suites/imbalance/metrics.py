"""What the numbers and conditions of this suite mean."""

from __future__ import annotations

from audit.metric import Condition, amount, change, share
from audit.tasks.scores import CLASS, DIAMETER, OBJECT, SCORES

METRICS = (
    *SCORES,
    DIAMETER,
    share("class_recall", "recall of the class"),
    share("class_precision", "precision of the class"),
    share("confused_fraction", "share taken for another class", "lower"),
    share("accuracy", "accuracy"),
    share("balanced_accuracy", "balanced accuracy"),
    amount("neglected_class", "class that is found least"),
    share("neglected_fraction", "share of the class that is found least", ""),
    share("neglected_recall", "recall of the class that is found least"),
    share("object_recall", "recall of objects"),
    amount("decile_diameter_px", "largest diameter of the tenth", "px"),
    share("precision", "precision"),
    change("recall_lost", "recall lost alone"),
    share("prevalence_fraction", "share of foreground", ""),
    share("constant_prior_fraction", "share explained by a fixed map", "lower", paired=True),
    change("oracle_gain", "IoU gained by the best threshold"),
)

CONDITIONS = (
    CLASS,
    OBJECT,
    Condition(name="truth", words="true class", identity=True),
    Condition(name="predicted", words="predicted class", identity=True),
    Condition(name="decile", words="tenth by size"),
    Condition(name="multiple", words="multiple of the share of foreground"),
    Condition(name="odds", words="odds asked of the foreground", neutral=1.0),
)
