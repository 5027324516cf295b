"""What the numbers and conditions of this suite mean; levels and ranges in the unit of the loss."""

from __future__ import annotations

from audit.metric import Condition, Metric, amount, change, share
from audit.tasks.scores import CLASS, SCORES

ADVICE = (
    amount("best_at", "epoch or step of the lowest loss"),
    share("saved_fraction", "share of the training after its best", ""),
    amount("idle_from", "epoch or step from which on the learning rate was almost nothing"),
    share("publish_best", "the best checkpoint is to be published", ""),
    Metric(name="loss_gain", words="loss that training on would take", better="lower"),
    Metric(name="loss_gain_low", words="loss that training on would take, at least"),
    Metric(name="loss_gain_high", words="loss that training on would take, at most"),
    Metric(name="gain_fraction", words="what training on would take, over what it took"),
    change("kept_iou", "IoU kept by publishing the audited weights", "higher"),
)

CURVES = (
    amount("notices", "remarks on the log", better="lower"),
    Metric(name="training_loss", words="training loss", better="lower"),
    Metric(name="validation_loss", words="validation loss", better="lower"),
    amount("learning_rate", "learning rate"),
)

EVIDENCE = (
    share("holds", "holds", ""),
    amount("span_low", "from"),
    amount("span_high", "to"),
    amount("lost_epoch", "first epoch of no finite loss"),
    amount("lost_step", "first step of no finite loss"),
    amount("lost_values", "values that are not finite", better="lower"),
    amount("lowest_epoch", "epoch of the lowest validation loss"),
    amount("lowest_step", "step of the lowest validation loss"),
    Metric(name="rise_over_start", words="rise above the start", better="lower"),
    Metric(name="drop", words="fall of the training loss", better="higher"),
    Metric(name="drop_share", words="fall of the training loss, over its start", better="higher"),
    Metric(name="late_share", words="part of the fall in the last third"),
    Metric(name="gain_share", words="validation still to be gained, over what was gained"),
    Metric(name="training_gain_share", words="training still to be gained, over what was gained"),
    Metric(name="training_slope", words="slope of the training loss at its end"),
    Metric(name="validation_slope", words="slope of the validation loss at its end"),
    Metric(name="rise_fraction", words="rise of validation, over the height", better="lower"),
    Metric(name="growth_fraction", words="growth of the gap, over the height", better="lower"),
    Metric(name="opened_fraction", words="opening of the gap, over the height", better="lower"),
    Metric(name="gap_fraction", words="gap at the end, over the height", better="lower"),
    amount("noise_fraction", "noise of validation, over the height", better="lower"),
    Metric(name="lead_fraction", words="lead of validation, over the height"),
    amount("scatter_fraction", "scatter of validation, over the height", better="lower"),
    amount("training_scatter_fraction", "scatter of training, over the height", better="lower"),
    amount("wander_fraction", "wandering of validation, over the height", better="lower"),
    amount("training_wander_fraction", "wandering of training, over the height", better="lower"),
    amount("swing", "swing of the training loss", better="lower"),
    Metric(name="learnt", words="what was learnt", better="higher"),
    Metric(name="leap", words="leap of the training loss", better="lower"),
)

METRICS = (*SCORES, *ADVICE, *CURVES, *EVIDENCE)

CONDITIONS = (
    CLASS,
    Condition(name="run", words="run", identity=True),
    Condition(name="condition", words="condition"),
    Condition(name="epoch", words="epoch"),
    Condition(name="step", words="step"),
)
