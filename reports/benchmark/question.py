"""The questions of the courses, and the sentences that answer them with numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reports.benchmark import say
from reports.words import NONE, capital, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.benchmark.contrast import Compared


@dataclass(frozen=True, kw_only=True)
class AnsweredQuestion:
    """A question, and the quantities that answer it, the one that it is about first.

    `kind`: "pair" compares recipes, "axis" follows the first three quantities along an axis.
    """

    name: str
    asks: str
    quantities: tuple[str, ...]
    kind: Literal["pair", "axis"] = "pair"
    axis: str = ""
    why: str = ""


QUESTIONS = {
    one.name: one
    for one in (
        AnsweredQuestion(
            name="augmentation",
            asks="Does augmentation help robustness?",
            quantities=("iou", "noise", "blur", "gamma", "coarse", "attack"),
            why="Training images that are turned, relit and made noisy should make a network "
            "robust to the same changes in a microscope.",
        ),
        AnsweredQuestion(
            name="weighting",
            asks="Does weighting the classes help the rare one?",
            quantities=("minority", "minority_iou", "iou", "small", "false"),
            why="A loss that counts every pixel once hardly notices a rare class; weights raise "
            "its recall, and may draw it where it is not.",
        ),
        AnsweredQuestion(
            name="images",
            asks="How many training images are enough?",
            quantities=("iou", "noise", "small", "minority", "false"),
            kind="axis",
            axis="training images",
            why="The training images of each row are among those of the next, and all rows are "
            "tested on the same images.",
        ),
        AnsweredQuestion(
            name="scales",
            asks="What does a larger receptive field buy?",
            quantities=("iou", "large", "noise", "small", "blur", "false"),
            kind="axis",
            axis="scales of the U-Net",
            why="Every further scale halves the image once more, so that the network sees about "
            "twice as far.",
        ),
    )
}


def answer(
    question: AnsweredQuestion, contrasts: Sequence[Compared], places: Mapping[str, float]
) -> str:
    """Return the finding of a question, as the title of its figure.

    `places` says where each row stands along the axis of a question that has one.
    """
    if not contrasts:
        return "Nothing can be compared: too few images were tested, or too few networks trained"
    rows = list(dict.fromkeys(one.row for one in contrasts))
    if question.kind == "axis":
        return along(question, contrasts, places)
    return "; ".join(beside([one for one in contrasts if one.row == row]) for row in rows)


def beside(contrasts: Sequence[Compared]) -> str:
    """Return in words how one row compares with another."""
    one = contrasts[0]
    better, worse = ([c for c in contrasts if c.word == word] for word in ("better", "worse"))
    if not better and not worse:
        return f"{capital(one.row)} and {one.against}: {unseen(contrasts)}"
    said = [f"better in {say.names(better)}"] if better else []
    said += [f"worse in {say.names(worse)}"] if worse else []
    rest = len(contrasts) - len(better) - len(worse)
    tail = f"; no difference seen in the other {rest}" if rest else ""
    return f"{capital(one.row)} against {one.against}: {' and '.join(said)}{tail}"


def unseen(contrasts: Sequence[Compared]) -> str:
    """Return that no difference was seen, and how small a one could have been seen."""
    first = contrasts[0]
    least = f"{first.quantity.what} {say.change(first)}"
    could = f"this benchmark could have seen {seeable(first)}"
    tiny = f", and a difference of {first.quantity.small:g} is ruled out"
    several = f" in any of {len(contrasts)} quantities"
    return (
        f"no difference seen{several if len(contrasts) > 1 else ''} "
        f"({least}; {could}{tiny if first.negligible else ''})"
    )


def seeable(one: Compared) -> str:
    """Return in words the smallest difference that could have been seen, or "nothing".

    For the first quantity of a question, which is never a breaking point (a factor).
    """
    least = say.could(one)
    return least if least in ("nothing", NONE) else f"a difference of {least}"


def along(
    question: AnsweredQuestion, contrasts: Sequence[Compared], places: Mapping[str, float]
) -> str:
    """Return how the first quantity changes along an axis, against the row compared with."""
    mine = [one for one in contrasts if one.quantity.name == question.quantities[0]]
    if not mine:
        return "The main quantity of this question was not measured; see the table"
    sure, open_ = ([c for c in mine if c.sure is wanted] for wanted in (True, False))
    head = f"{capital(mine[0].quantity.what)} against {places[mine[0].against]:g} {question.axis}: "
    said = [f"{one.word} with {places[one.row]:g}, {say.change(one)}" for one in sure]
    if not open_:
        return head + "; ".join(said)
    far = max(open_, key=lambda one: one.seen_from or 0.0)
    quiet = f"no difference seen with {listed([f'{places[one.row]:g}' for one in open_], 6)}"
    quiet += f", where {say.could(far)} could have been seen"
    if same := [f"{places[one.row]:g}" for one in open_ if one.negligible]:
        quiet += f"; with {listed(same, 6)} one of {mine[0].quantity.small:g} is ruled out"
    return head + "; ".join([*said, quiet])
