"""The command line as a function, a folder of images, and a policy that is always kept."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

from tests.audit.cli.asked import PASSING


@pytest.fixture
def bioaudit(capsys):
    """Return a function that runs the command line: exit code, output, error output."""
    from audit.cli.main import main

    def call(*words: object) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in words])
        except SystemExit as stop:
            code = int(stop.code or 0)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


@pytest.fixture
def policy(tmp_path):
    """Return a policy that any measured model passes."""
    path = tmp_path / "policy.toml"
    path.write_text(PASSING)
    return path


@pytest.fixture
def images(tmp_path):
    """Return a folder of twelve images with masks, in no order: they are no movie."""
    random = np.random.default_rng(0)
    for kind in ("images", "masks"):
        (tmp_path / "data" / kind).mkdir(parents=True)
    for index in range(12):
        mask = np.zeros((48, 40), np.uint16)
        mask[10:30, 8 : 20 + 5 * index % 12] = 1
        mask[34:44, 25:38] = 2
        image = (100 + 50 * (mask > 0) + random.normal(0, 5, mask.shape)).astype(np.uint16)
        tifffile.imwrite(tmp_path / "data" / "images" / f"a{index}.tif", image)
        tifffile.imwrite(tmp_path / "data" / "masks" / f"a{index}.tif", mask)
    return tmp_path / "data"
