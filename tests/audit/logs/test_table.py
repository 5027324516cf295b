"""Tables of every program are read, with the traps of each."""

from __future__ import annotations

import math

import pytest

from audit.errors import LogError
from audit.logs.open import open_log


@pytest.fixture
def run(tmp_path):
    """Return the function that writes a table and reads its one training."""

    def read(text, encoding="utf-8", columns=None):
        path = tmp_path / "log"
        path.write_bytes(text.encode(encoding))
        log = open_log(path, columns or {})
        (found,) = log.runs
        return log.format, found

    return read


def kinds(run):
    """Return the kinds of a training's notices, those of the columns left out."""
    return [one.kind for one in run.notices if one.kind != "taken"]


def test_keras(run):
    """A row an epoch; what is no loss stands among the others."""
    told, found = run(
        "epoch,iou,loss,lr,val_iou,val_loss\n0,.1,.9,1e-4,.1,.8\n1,.2,.7,1e-4,.2,.6\n"
    )
    assert told == "Keras table"
    assert (found.counts, found.training.at, found.training.values) == ("epoch", (0, 1), (0.9, 0.7))
    assert found.validation.values == (0.8, 0.6)
    assert found.rate.values == (1e-4, 1e-4)
    assert list(found.others) == ["iou", "val_iou"]
    assert kinds(found) == []


def test_zerocost(run):
    """Rows are epochs, and a name has a space."""
    told, found = run("loss,val_loss,learning rate\n.4,.2,1e-04\n.3,.1,1e-04\n")
    assert told == "ZeroCostDL4Mic table"
    assert found.training.at == (0, 1)
    assert found.rate.source == "learning rate"


def test_lightning_rows_are_grouped_and_never_filled(run):
    """The validation precedes the training of its epoch; blanks stay blank."""
    text = (
        "epoch,step,train_loss_epoch,train_loss_step,val_loss\n"
        "0,4,,.95,\n0,9,,.9,\n0,9,,,.8\n0,9,.92,,\n1,14,,.7,\n1,19,.72,,\n2,29,,,.5\n2,29,.52,,\n"
    )
    told, found = run(text)
    assert told == "Lightning table"
    assert (found.training.at, found.training.values) == ((0, 1, 2), (0.92, 0.72, 0.52))
    assert (found.validation.at, found.validation.values) == ((0, 2), (0.8, 0.5))
    assert kinds(found) == ["left out", "blank"]


def test_a_loss_of_steps_is_kept_by_steps(run):
    """Where only steps were logged all of them stay, and the validation stands at its own."""
    text = (
        "epoch,step,train_loss,val_loss\n0,4,.9,\n0,9,.8,\n0,9,,.7\n1,14,.6,\n1,19,.5,\n1,19,,.6\n"
    )
    _, found = run(text)
    assert found.counts == "step"
    assert (found.training.at, found.validation.at) == ((4, 9, 14, 19), (9, 19))


def test_yolo_components_are_summed(run):
    """Padded names, epochs from 1, and the sum of the components of each part."""
    text = (
        "  epoch,  train/box_loss,  train/cls_loss,  metrics/mAP50(B),"
        "  val/box_loss,  val/cls_loss, lr/pg0\n"
        "  1,  1.5,  2,  0,  1,  1.25, .1\n  2,  1,  1,  0,  .5,  1, .1\n"
    )
    told, found = run(text)
    assert told == "YOLO table"
    assert (found.training.at, found.training.values) == ((1, 2), (3.5, 2))
    assert found.validation.values == (2.25, 1.5)
    assert found.training.source == "train/box_loss + train/cls_loss"
    assert any("sum of 2 components" in one.text for one in found.notices)


def test_wandb_export_holds_several_runs(tmp_path):
    """Runs stand side by side, with ranges that are no losses."""
    (tmp_path / "log").write_text(
        '"Step","a - loss","a - loss__MIN","a - loss__MAX","a - val_loss",'
        '"ab - loss","ab - val_loss"\n'
        '"0","3","3","3","4","30","40"\n"1","2","2","2","3","20",""\n'
    )
    log = open_log(tmp_path / "log")
    assert log.format == "W&B export"
    assert [run.name for run in log.runs] == ["log: a", "log: ab"]
    first, second = log.runs
    assert (first.training.values, first.validation.values) == ((3, 2), (4, 3))
    assert (second.training.values, second.validation.values) == ((30, 20), (40,))
    assert first.others == {}


def test_wandb_history(run):
    """`run.history()` counts in `_step`, and its clocks are no quantities."""
    text = "_step,_runtime,_timestamp,loss,val_loss\n0,1.5,17e8,3,4\n1,2.5,17e8,2,3\n"
    told, found = run(text)
    assert (told, found.counts, found.others) == ("W&B history", "step", {})


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " ", ", "])
def test_delimiters_are_told(run, delimiter):
    """Whatever parts the columns."""
    lines = (["epoch", "loss", "val_loss"], ["0", "0.5", "0.75"], ["1", "0.25", "0.5"])
    _, found = run("\n".join(delimiter.join(line) for line in lines))
    assert (found.training.values, found.validation.values) == ((0.5, 0.25), (0.75, 0.5))


def test_decimal_commas_in_quotes(run):
    """Commas that part the columns and commas within quoted numbers are told apart."""
    _, found = run('epoch,loss,val_loss\n"0","0,5","0,75"\n"1","0,25","0,5"\n')
    assert (found.training.values, found.validation.values) == ((0.5, 0.25), (0.75, 0.5))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(run, encoding, end):
    """Spreadsheets of any country: marks, UTF-16, semicolons, decimal commas, a hint for Excel."""
    text = end.join(["sep=;", "epoch;loss;val_loss;größe", "0;0,5;0,75;1", "1;0,25;1.000,5;1", ""])
    _, found = run(text, encoding)
    assert (found.training.values, found.validation.values) == ((0.5, 0.25), (0.75, 1000.5))


def test_what_is_not_finite_is_kept(run):
    """NaN, infinities and what no float holds are findings."""
    _, found = run("epoch,loss,val_loss\n0,1,1\n1,1e400,-inf\n2,nan,NaN\n")
    assert found.training.values[1] == math.inf
    assert math.isnan(found.training.values[2])
    assert kinds(found) == ["not finite", "not finite"]


def test_blanks_and_words_are_told(run):
    """A blank loss is no value; neither is a word, and both are counted."""
    _, found = run("epoch,loss,val_loss\n0,1,1\n1,,1\n2,oops,1\n3,1,1\n")
    assert (found.training.at, found.validation.at) == ((0, 3), (0, 1, 2, 3))
    assert kinds(found) == ["blank", "blank", "blank"]


def test_an_appended_training_is_another(tmp_path):
    """The count goes back to the start, with the names again or without."""
    for again in ("", "epoch,loss,val_loss\n"):
        text = f"epoch,loss,val_loss\n0,3,3\n1,2,2\n{again}0,30,30\n1,20,20\n"
        (tmp_path / "log").write_text(text)
        first, second = open_log(tmp_path / "log").runs
        assert (first.training.values, second.training.values) == ((3, 2), (30, 20))
        assert kinds(second) == ["several"]


def test_repeated_names_part_rows_that_have_no_epoch(tmp_path):
    """Without a count only the names tell where another training begins."""
    (tmp_path / "log").write_text("loss,val_loss\n3,3\n2,2\nloss,val_loss\n30,30\n")
    first, second = open_log(tmp_path / "log").runs
    assert (first.training.values, second.training.values) == ((3, 2), (30,))


def test_a_resumed_training_keeps_the_last(run):
    """Epochs that were trained again count once, as they ended."""
    _, found = run("epoch,loss,val_loss\n0,9,9\n1,8,8\n2,7,7\n3,6,6\n2,70,70\n3,60,60\n4,50,50\n")
    assert found.training.at == (0, 1, 2, 3, 4)
    assert found.training.values == (9, 8, 70, 60, 50)
    assert kinds(found) == ["resumed"]


def test_a_line_that_breaks_off_is_left_out(run):
    """A training that was killed while writing leaves half a number."""
    _, found = run("epoch,loss,val_loss\n0,3,3\n1,2,2\n2,0.")
    assert found.training.at == (0, 1)
    assert kinds(found) == ["truncated"]


def test_numpys_names_in_a_comment(run):
    """`savetxt` writes the names behind a hash; other comments are passed over."""
    _, found = run("# made on Monday\n# epoch loss val_loss\n0 3 4\n1 2 3\n")
    assert found.validation.values == (4, 3)


def test_one_column_is_a_table(run):
    """A loss alone is read, and its missing validation is told."""
    _, found = run("loss\n3\n2\n1\n")
    assert (found.training.values, kinds(found)) == ((3, 2, 1), ["no validation"])


def test_validation_alone_is_read(run):
    """What is missing is the training then."""
    _, found = run("epoch,val_loss\n0,3\n1,2\n")
    assert (found.training, found.validation.values) == (None, (3, 2))
    assert kinds(found) == ["no training"]


def test_the_map_is_followed(run):
    """Columns of any name are taken where the user says what they are."""
    columns = {"train": "fehler", "val": "prüffehler", "rate": "eta", "epoch": "runde"}
    _, found = run("runde,fehler,prüffehler,eta\n5,3,4,.1\n6,2,3,.1\n", columns=columns)
    assert (found.training.at, found.training.values) == ((5, 6), (3, 2))
    assert (found.validation.values, found.rate.values) == ((4, 3), (0.1, 0.1))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("epoch,loss,val_loss\n", "no rows"),
        ("0,0.5,0.75\n1,0.25,0.5\n", "numbers without names"),
        ("\n\n  \n", "blank"),
        ("epoch,accuracy,val_accuracy\n0,.5,.5\n1,.6,.6\n", "no column is a loss"),
        ("image,precision\na.tif,.5\nb.tif,.6\n", "no column is a loss"),
        ("Dear diary,\nthe loss was great,\nas ever.\n", "no known log"),
        ('epoch,loss\n0,"' + "9" * 200_000 + "\n", "no known log"),
        ("epoch,loss\n" + "0,1\n" * 60 + '0,"1\n1,2\n2,3\n', "mend its quotes"),
        ("epoch,loss\n" + "0,1\n" * 60 + '0,"' + "9\n" * 200_000, "mend its quotes"),
    ],
)
def test_what_is_no_log_is_refused(tmp_path, text, reason):
    """The error names the file, and why."""
    (tmp_path / "bad.csv").write_text(text)
    with pytest.raises(LogError, match=rf"bad\.csv: .*{reason}"):
        open_log(tmp_path / "bad.csv")
