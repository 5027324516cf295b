"""`bioaudit benchmark`: trains, audits, compares; goes on where it stood; refuses in one line."""

from __future__ import annotations

import pytest

from audit.application import roles
from baselines import reference
from baselines.benchmark import halves as places
from baselines.benchmark import plan
from baselines.stored import unpacked

SHORT = "widths = [4, 8]\nepochs = 1\nsteps = 1\ncrop_px = 32\nvalidation = 0.3\n"
LINE = ("benchmark", "--datasets", "simulated:2k-10", "--questions", "augmentation", "--limit", 3)
CHEAP = ("--probes", "pipeline.score,shift.noise", "--threads", 1)


@pytest.fixture
def tiny_recipes(tmp_path, monkeypatch):
    """Let every named recipe be a tiny one, and keep what is trained apart; return the cache."""
    whole = plan.load_recipe

    def short(name):
        path = tmp_path / f"{name}.toml"
        path.write_text(f'name = "{name}"\n{SHORT}noise = {0.0 if name == "standard" else 0.1}\n')
        return whole(path)

    monkeypatch.setattr(plan, "load_recipe", short)
    monkeypatch.setattr(roles, "cache", lambda: tmp_path / "cache")
    learn = places.Halves.learn
    monkeypatch.setattr(places.Halves, "learn", lambda self: learn(self)[:4])
    return tmp_path / "cache"


def test_a_benchmark_leaves_a_page_and_goes_on_where_it_stood(
    bioaudit, tiny_recipes, tmp_path, monkeypatch
):
    """Killed after the first network, the same command trains and measures only what is missing."""
    out = tmp_path / "out"
    train = reference.train_into
    trained = []

    def once(folder, *given, **named):
        if trained:
            raise KeyboardInterrupt
        trained.append(folder)
        return train(folder, *given, **named)

    monkeypatch.setattr(reference, "train_into", once)
    code, _, error = bioaudit(*LINE, *CHEAP, "--out", out)
    assert code == 130, error
    monkeypatch.setattr(
        reference, "train_into", lambda *a, **k: trained.append(a) or train(*a, **k)
    )
    store = tmp_path / "store"
    code, shown, error = bioaudit(*LINE, *CHEAP, "--out", out, "--store", store)
    assert (code, len(trained)) == (0, 2), error
    assert "2 networks" in shown
    page = (out / "benchmark.html").read_text("utf-8")
    assert "Does augmentation help robustness?" in page
    assert "no-augmentation" in page
    assert (out / "benchmark.csv").read_text().startswith("part,dataset,row")
    packed = (store / "simulated-2k-10.sqlite.xz").read_bytes()
    with unpacked(packed, "2k-10") as record:
        assert list(record.models()) == ["reference"]
        assert record.provenance()["recipe"]["epochs"] == 1

    monkeypatch.setattr(reference, "train_into", pytest.fail)
    assert bioaudit(*LINE, *CHEAP, "--out", out)[0] == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--questions", "augmentations"), "did you mean 'augmentation'"),
        (("--datasets", "nowhere"), "no dataset of two halves"),
        (("--datasets", "simulated:2k-10,simulated:2k-10"), "two of one name"),
        (("--datasets", ""), "expected at least one"),
        (("--recipes", "weightd"), "weighted"),
        (("--profile", "lean"), "no such profile"),
        (("--seeds", "0"), "--seeds 0"),
        (("--epochs", "-1"), "epochs"),
        (("--images", "5,x"), "expected numbers"),
    ],
)
def test_a_wrong_call_is_refused_before_anything_is_trained(bioaudit, tmp_path, words, says):
    """One line names what is wrong, and nothing is left behind."""
    given = {"--datasets": "simulated:2k-10"} | dict([words])
    flat = [word for pair in given.items() for word in pair]
    code, _, error = bioaudit("benchmark", *flat, "--out", tmp_path / "out")
    assert code == 2
    assert says in error
    assert not (tmp_path / "out").exists()


def test_the_help_teaches(bioaudit):
    """Every question stands in it, with what it asks."""
    _, shown, _ = bioaudit("benchmark", "--help")
    assert all(name in shown for name in plan.QUESTIONS)
    assert "--seeds 3" in shown
