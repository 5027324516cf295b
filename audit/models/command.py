"""A command as a segmenter: any program that writes a prediction for each image of a folder.

    --model 'command: my_program --in {input} --out {output}'

or `--command` beside a card. All images of a batch are written to a new folder, `{input}`, as
image0000_0000.tif, image0001_0000.tif and so on, named as for nnU-Net, and the program is run once;
for each it leaves image0000_0000.tif or image0000.tif, .png or .npy in `{output}`: labels, object
numbers or probabilities. The words are split as a shell would split them, but no shell runs them,
so that nnU-Net comes in as `command: nnUNetv2_predict -i {input} -o {output} -d 7 -c 2d`.

Images are written in the type in which they were recorded, as far as their numbers tell it: in 8 or
16 bits, where perturbed ones are rounded to whole numbers and cut at the lowest and the highest, as
by a camera, or as float32; `--range 0 65535` says that there are 16. What is brighter by more than
noise, as under another gain, is written in the next wider type. A card or a specification may be a
stranger's: what stands in it is never run.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from audit.declared import shaped
from audit.errors import DataError, ModelError, UsageError
from audit.models.answers import answering, listed, read_answer
from audit.models.batch_function import Function
from audit.models.card import Card, identity_of
from audit.models.function import FunctionSegmenter
from audit.models.identity import Identity
from audit.models.weights import digest
from audit.named import COMMAND, is_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from audit.models.segmenter import Shown

PLACES = ("{input}", "{output}")
COLOURS = 3
FLOAT = "float32"
TYPES = ("uint8", "uint16")
"""What cameras write, the narrowest first; what they cannot is written as FLOAT."""

OVERSHOOT = 1.1
"""By how much noise may exceed what a type holds, as a share of that."""

MOST_NAMED = 3
DOUBT = "of a command only the files that it names are part of the model's identity"


def recognises(spec: str, declared: Mapping[str, Any]) -> bool:
    """Return whether a command is named: as the model, or beside it."""
    return is_command(spec) or bool(declared.get("command"))


def refuse_unnamed(card: Card, spec: str) -> None:
    """Raise ModelError where a card wants a command to be run that the user did not name."""
    if card.command:
        raise ModelError(
            f"{spec}: a card may not run a command by itself; if you trust this one, say "
            f"--command {shlex.quote(card.command)}"
        )


def open_command(spec: str, declared: Mapping[str, Any], _: str) -> CommandSegmenter:
    """Return the segmenter of a command; the program must be there."""
    text = declared.get("command") or spec.removeprefix(COMMAND)
    given = {name: value for name, value in declared.items() if value is not None}
    card = shaped(Card, given | {"command": text}, "command", UsageError)
    program = Program(words=split(text), timeout_s=card.timeout_s)
    files = [Path(word) for word in (program.found(), *program.words) if Path(word).is_file()]
    known = digest(*dict.fromkeys(files), extra=f"{text} {identity_of(card)}")
    return CommandSegmenter(program, card, Identity(known, DOUBT))


def split(text: str) -> tuple[str, ...]:
    """Return the words of a command; UsageError where it has no place for images or predictions.

    >>> split("segment --in {input} '{output}/'")
    ('segment', '--in', '{input}', '{output}/')
    """
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"command {text!r}: cannot be split into words: {error}") from None
    if missing := [place for place in PLACES if place not in " ".join(words[1:])]:
        raise UsageError(
            f"command {text!r}: expected {' and '.join(missing)} in it, as in "
            "'my_program --in {input} --out {output}'"
        )
    return words


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program by the words of its call, and how long one call may take."""

    words: tuple[str, ...]
    timeout_s: float

    def found(self) -> str:
        """Return the path of the program; ModelError where there is none."""
        path = shutil.which(self.words[0])
        if path is None:
            raise ModelError(f"command: no program {self.words[0]!r}; give its path, or install it")
        return path

    def run(self, images: Path, answers: Path, errors: Path) -> None:
        """Run the program once; ModelError where it fails, or is not done in time."""
        filled = {"{input}": str(images), "{output}": str(answers)}
        words = [self.found(), *(replaced(word, filled) for word in self.words[1:])]
        with errors.open("wb") as said:
            process = subprocess.Popen(  # noqa: S603 (the user's own words, and no shell)
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
            try:
                code = process.wait(self.timeout_s)
            except subprocess.TimeoutExpired:
                raise ModelError(
                    f"{self.words[0]} was not done in {self.timeout_s:g} s; say --timeout SECONDS"
                ) from None
            finally:
                end(process)
        if code:
            raise ModelError(f"{self.words[0]} ended with exit code {code}: {last_line(errors)}")


def replaced(word: str, filled: Mapping[str, str]) -> str:
    """Return a word with the folders in their places."""
    for place, folder in filled.items():
        word = word.replace(place, folder)
    return word


def end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def last_line(errors: Path) -> str:
    """Return the last line that a program wrote to standard error."""
    lines = errors.read_bytes()[-4096:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip()[:300] if lines else "it wrote nothing to standard error"


class CommandSegmenter(FunctionSegmenter):
    """A program behind the contract of `Segmenter`: one call a batch."""

    isolation: ClassVar[str] = "a process of its own, with the rights of this program"

    def __init__(self, program: Program, card: Card, who: Identity) -> None:
        found = {"taken": "command"}
        super().__init__(Function(batch=self.ask), card, who, found=found)
        self.program = program
        self.dtype: str | None = None

    def meet(self, samples: Sequence[Shown]) -> None:
        """Tell in which type images are written, by all of them, and what the program gives."""
        self.dtype = written_as(readable(samples), self.card.range)
        self.traits = self.traits.with_found({"written": self.dtype})
        super().meet(samples)

    def ask(self, batch: NDArray[np.float32]) -> list[NDArray[Any]]:
        """Return what the program leaves for each image of a batch (B, Y, X[, C])."""
        dtype = self.dtype or written_as(batch, self.card.range)
        output = None if self.untold else self.card.output
        size = (batch.shape[1], batch.shape[2])
        names = [f"image{number:04d}_0000" for number in range(len(batch))]
        with TemporaryDirectory(prefix="bioaudit-") as folder:
            images, answers = (Path(folder) / name for name in ("input", "output"))
            images.mkdir()
            answers.mkdir()
            for name, image in zip(names, batch, strict=True):
                write(images / f"{name}.tif", image, dtype)
            self.program.run(images, answers, Path(folder) / "errors")
            return [read_answer(path, size, output) for path in self.collected(answers, names)]

    def collected(self, folder: Path, names: Sequence[str]) -> list[Path]:
        """Return the prediction for each image; ModelError that names those without one."""
        files = listed(folder)
        found = [answering(name, files) for name in names]
        missing = [name for name, path in zip(names, found, strict=True) if path is None]
        if missing:
            held = ", ".join(path.name for path in sorted(folder.rglob("*"))[:MOST_NAMED])
            raise ModelError(
                f"{self.program.words[0]} wrote no TIFF, PNG or NPY for {len(missing)} of "
                f"{len(names)} images ({', '.join(missing[:MOST_NAMED])}); its output folder holds "
                f"{held or 'nothing'}"
            )
        return [path for path in found if path is not None]


def readable(samples: Sequence[Shown]) -> Iterator[NDArray[np.float32]]:
    """Yield the images that a model may be shown, but for those that cannot be read."""
    for sample in samples:
        if sample.part == "train":
            continue
        try:
            yield sample.image()
        except DataError:
            # The audit counts it among the unread.
            continue


def written_as(images: Iterable[NDArray[np.float32]], declared: tuple[float, float] | None) -> str:
    """Return the narrowest type of a camera that holds images, and the range that was declared.

    >>> written_as([np.array([0.0, 300.0])], None), written_as([np.array([0.5])], None)
    ('uint16', 'float32')
    """
    highest = declared[1] if declared else 0.0
    for image in images:
        if image.min() < 0 or not np.array_equal(image, np.rint(image)):
            return FLOAT
        highest = max(highest, float(image.max()))
    return next((name for name in TYPES if highest <= np.iinfo(name).max), FLOAT)


def holding(image: NDArray[np.float32], dtype: str) -> str:
    """Return the type, or the next wider one that holds an image but for its noise.

    >>> holding(np.array([260.0]), "uint8"), holding(np.array([510.0]), "uint8")
    ('uint8', 'uint16')
    """
    wider = TYPES[TYPES.index(dtype) :] if dtype in TYPES else ()
    highest = float(image.max())
    return next((one for one in wider if highest <= OVERSHOOT * np.iinfo(one).max), FLOAT)


def write(path: Path, image: NDArray[np.float32], dtype: str) -> None:
    """Write an image (Y, X) or (Y, X, C) as TIFF; whole numbers are rounded and cut."""
    import tifffile

    dtype = holding(image, dtype)
    if dtype != FLOAT:
        image = np.rint(image).clip(0, np.iinfo(dtype).max)
    deep = image.ndim == COLOURS
    photometric = "rgb" if deep and image.shape[-1] == COLOURS else "minisblack"
    planes = "contig" if deep else None
    tifffile.imwrite(path, image.astype(dtype), photometric=photometric, planarconfig=planes)
