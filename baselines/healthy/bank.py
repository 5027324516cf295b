"""The list of healthy networks, dealt by a fixed rotation before any was trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from baselines.healthy.grounds import HALVES, KINDS
from baselines.recipe import load_recipe

if TYPE_CHECKING:
    from baselines.recipe import Recipe

STANDARD = "unet"
HERE = "baselines.healthy.architectures"

ARCHITECTURES: dict[str, dict[str, Any]] = {
    STANDARD: {},
    "unet-wide": {"widths": (12, 24, 48)},
    "unet-deep": {"widths": (8, 12, 16, 24)},
    "unet-group": {"network": f"{HERE}:unet_group"},
    "unet-instance": {"network": f"{HERE}:unet_instance"},
    "residual-batch": {"network": f"{HERE}:residual_batch"},
    "residual-group": {"network": f"{HERE}:residual_group"},
    "dilated": {"network": f"{HERE}:dilated", "widths": (12,)},
    "unnormalised": {"network": f"{HERE}:unnormalised", "slower": 0.3},
}
"""The settings that each changes in a recipe; `slower` is a factor of the learning rate."""

RECIPES = (
    *("cross-entropy-dice", "strong-augmentation", "focal", "rotation", "cosine", "dropout"),
    *("dice", "elastic", "sgd", "blur", "weighted-sampling", "constant-rate", "geometric"),
    *("erasing", "dataset-normalisation", "standard"),
)
SMALL = {"widths": (8, 16, 32), "crop_px": 64, "validation": 0.2}
LENGTH = {"epochs": 25, "steps": 16}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One network: where it stands in the list, how it is made, and on which kind of image."""

    number: int
    half: str
    kind: str
    architecture: str
    recipe: str
    attempt: int = 0

    @property
    def name(self) -> str:
        """The name of its folder, which does not depend on the seed."""
        return f"{self.number:02d}-{self.half}-{self.kind}-{self.architecture}-{self.recipe}"

    @property
    def seed(self) -> int:
        """The seed of this attempt."""
        return self.number + 100 * self.attempt

    def made(self) -> Recipe:
        """Return the recipe that this network is trained by: small, short, of its architecture."""
        changes = dict(ARCHITECTURES[self.architecture])
        recipe = load_recipe(self.recipe)
        rate = recipe.learning_rate * changes.pop("slower", 1.0)
        name = f"{self.architecture}-{self.recipe}"
        return recipe.model_copy(
            update={**SMALL, **LENGTH, **changes, "learning_rate": rate, "name": name}
        )


def bank() -> list[Entry]:
    """Return all networks, alternating between the halves: a study cut short covers both."""
    others = [one for one in ARCHITECTURES if one != STANDARD]
    entries = list[Entry]()
    for place in range(3):
        for number, kind in enumerate(KINDS):
            for turn, half in enumerate(HALVES):
                slot = 2 * number + place - 1 + 5 * turn
                standard = not place
                entries.append(
                    Entry(
                        number=len(entries),
                        half=half,
                        kind=kind,
                        architecture=STANDARD
                        if standard
                        else others[(number + 4 * (place - 1) + 2 * turn) % len(others)],
                        recipe="standard" if standard else RECIPES[slot % len(RECIPES)],
                    )
                )
    return entries
