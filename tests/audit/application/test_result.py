"""The Python interface: what it gives is what the command line gives."""

from __future__ import annotations

import re

import pytest

import audit
from audit.errors import UsageError
from audit.policy.verdict import Verdict
from audit.record.record import Record
from tests.toys import Does


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Return the audit of an untrained network on three simulated images."""
    import torch
    from safetensors.torch import save_file

    from baselines.network import reference

    folder = tmp_path_factory.mktemp("network")
    torch.manual_seed(0)
    save_file(reference(widths=(4, 8)).state_dict(), folder / "weights.safetensors")
    (folder / "model.toml").write_text(
        'network = "baselines.network:reference"\nweights = "weights.safetensors"\n'
        'normalisation = "zscore"\n[settings]\nwidths = [4, 8]\n'
    )
    return audit.run(
        model=str(folder),
        test="simulated:2k-10:test",
        limit=3,
        probes=("pipeline", "shift.noise"),
        out=str(folder / "out"),
    )


def test_the_public_names_are_those_promised():
    """The facade holds what `__all__` says, each from its own room, and nothing unknown."""
    assert {*audit.__all__} == {*audit.PLACES} == {*dir(audit)}
    assert all(hasattr(audit, name) for name in audit.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        audit.nothing  # noqa: B018


def test_the_table_has_a_row_a_measurement_and_a_column_a_condition(result):
    """`.table()` is tidy: four light levels of three images, beside the untouched scores."""
    table = result.table()
    noisy = table[(table.probe == "shift.noise") & (table.metric == "iou")]

    assert len(noisy) == 12
    assert set(noisy["at.photons"]) == {1000.0, 300.0, 100.0, 30.0}
    assert table[table.probe == "pipeline.score"]["at.photons"].isna().all()


def test_a_judgement_is_the_worst_of_its_outcomes(result):
    """`.judge()` holds every outcome of the policy, and the verdict that they come to."""
    judged = result.judge()

    assert len(judged.outcomes) == len(judged.policy.rules)
    assert judged.verdict is max(one.verdict for one in judged.outcomes if one.counts)
    assert judged.verdict is not Verdict.PASS


def test_a_notebook_shows_a_short_page(result):
    """In a notebook a result shows its verdict and its sentences, and no script."""
    page = result._repr_html_()

    assert result.judge().verdict.name in page
    assert "<script" not in page
    assert len(page) < 20_000


def test_a_session_shows_verdict_score_and_what_is_gravest(result):
    """A result and its judgement are a few lines of text: verdict, score with interval, rules."""
    for shown in (repr(result), repr(result.judge())):
        first, *rest = shown.splitlines()
        assert first.startswith(result.judge().said)
        assert re.search(r": IoU 0\.\d+ \[0\.\d+, 0\.\d+\] in 3 images", first)
        assert 1 <= len(rest) <= 4
        assert len(shown) < 1500
    assert str(result.path) in repr(result)
    assert result.judge()._repr_html_() == result._repr_html_()


def test_a_result_without_its_record_can_still_be_shown(tmp_path):
    """What is shown of a record that is gone is where it was."""
    shown = repr(audit.Result(tmp_path / "gone.sqlite"))

    assert "gone.sqlite" in shown


def test_a_wrong_setting_is_refused_where_it_is_called():
    """A typo in a call is an error before anything is read; a wrong value names its setting."""
    with pytest.raises(TypeError, match="limt"):
        audit.run(model="m", test="t", limt=3)
    with pytest.raises(UsageError, match="limit: Input should be greater than or equal to 1"):
        audit.run(model="m", test="t", limit=0)


def test_another_model_does_not_join_a_record(result, tmp_path):
    """A record holds one audited model: another is refused, with the way out."""
    other = tmp_path / "other.toml"
    card = (result.path.parents[1] / "model.toml").read_text()
    other.write_text(card.replace('"weights.', f'"{result.path.parents[1]}/weights.') + "\n")
    other.write_text(other.read_text().replace('"zscore"', '"minmax"'))

    with pytest.raises(UsageError, match="another model"):
        audit.run(model=str(other), test="simulated:2k-10:test", out=str(result.path.parent))


def test_other_images_do_not_join_a_record(result):
    """Fewer images, or images of another set, are refused: their verdict would be about a mix."""
    model, out = str(result.path.parents[1]), str(result.path.parent)
    for given in ({"test": "simulated:2k-10:test", "limit": 1}, {"test": "simulated:2k-10:train"}):
        with pytest.raises(UsageError, match=r"does not ask for.*choose another --out"):
            audit.run(model=model, out=out, probes=("pipeline.score",), **given)


def test_a_bare_reference_is_declared_as_the_model_is(tmp_path):
    """A reference without a card gives what the audited file was said to give: probabilities."""
    import torch

    for name, slope in (("model", 0.05), ("reference", 0.1)):

        def probable(images, slope=slope):
            found = torch.sigmoid(slope * (images - images.mean()))
            return torch.cat((1 - found, found), 1)

        network = torch.jit.trace(Does(probable), torch.rand(1, 1, 8, 8))
        torch.jit.save(network, tmp_path / f"{name}.pt")
    found = audit.run(
        model=str(tmp_path / "model.pt"),
        reference=str(tmp_path / "reference.pt"),
        output="softmax",
        test="simulated:2k-10:test",
        limit=2,
        probes=("pipeline.score",),
        out=str(tmp_path / "out"),
    )
    scored = found.table().query("metric == 'iou'")
    assert len(set(scored["model"])) > 1
    with Record(found.path, readonly=True) as record:
        assert {unit.status for unit in record.units()} == {"done"}
