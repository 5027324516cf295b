"""Laws of `bioaudit model`: a description's card, or one line that says why there is none."""

from __future__ import annotations

import json

import pytest

from audit.cli.main import main
from tests.audit.models.package.made import described, outgoing, package


@pytest.fixture
def folder(tmp_path):
    """Return a package without weights."""
    return package(tmp_path / "package", tests=None)


def test_a_card_is_shown_without_weights(folder, capsys):
    """What is declared stands on lines by name, and what an audit makes of it comes last."""
    for path in (folder, folder / "rdf.yaml"):
        assert main(["model", str(path)]) == 0
        out = capsys.readouterr().out
        for words in ("8 + 4 n", "zero_mean_unit_variance(axes=channel,y,x)", "foreground"):
            assert words in out
        assert out.strip().splitlines()[-1].split() == [
            "audited",
            "as",
            "sigmoid-logits,",
            "2",
            "classes",
        ]


def test_what_lacks_is_said_under_the_card(tmp_path, capsys):
    """A card that nobody can audit as it stands is shown all the same; exit 2, and the reason."""
    keys = described()
    keys["outputs"][0]["axes"] = outgoing(("channel0", "channel1"))
    code = main(["model", str(package(tmp_path / "package", keys, tests=None))])
    out, err = capsys.readouterr()

    assert code == 2
    assert "heads  unknown" in out
    assert err.count("\n") == 1
    assert "say --heads with a name for each" in err


def test_many_descriptions_are_a_table(tmp_path, capsys):
    """A line of JSON each: what they come to, without weights, and broken ones among them."""
    depth = {"type": "space", "id": "z", "size": 8}
    deep = described(name="Deep")
    deep["inputs"][0]["axes"].insert(2, depth)
    lines = [json.dumps(one) for one in (described(), deep)] + ['{"name": "Broken", "inputs": []}']
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    code = main(["model", str(tmp_path / "many.jsonl")])
    out = " ".join(capsys.readouterr().out.split())

    assert code == 2
    for words in (
        "audited as sigmoid-logits, 2 classes",
        "Deep 3-D: it takes",
        "no format_version",
    ):
        assert words in out


@pytest.mark.parametrize("name", ["absent.yaml", "data", "note.txt", "broken.json"])
def test_what_is_no_description_is_refused(tmp_path, capsys, name):
    """A file that is none is named in one line."""
    (tmp_path / "data").mkdir()
    (tmp_path / "note.txt").write_text("a note")
    (tmp_path / "broken.json").write_text('{"a": ')
    code = main(["model", str(tmp_path / name)])
    out, err = capsys.readouterr()

    assert code == 2
    assert "JSON" in out or err.count("\n") == 1


def test_what_the_user_says_stands_in_for_what_is_left_open(tmp_path, capsys):
    """The remedy that a refusal names is tried with the same verb, on one and on many."""
    keys = described()
    keys["outputs"][0]["axes"] = outgoing(("channel0", "channel1"))
    one = package(tmp_path / "package", keys, tests=None)
    (tmp_path / "many.jsonl").write_text(json.dumps(keys))
    for path in (one, tmp_path / "many.jsonl"):
        assert main(["model", str(path), "--heads", "foreground,boundary"]) == 0
        assert "audited as sigmoid-logits, 2 classes" in " ".join(capsys.readouterr().out.split())

    assert main(["model", str(one), "--heads", "foreground"]) == 2
