"""What an audit is asked to do."""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from audit.application.profile import FULL
from audit.datasets.mapping import read_mapping
from audit.declared import Option, shaped
from audit.errors import UsageError
from audit.models.card import Card

TRAIN = "train"
"""`reference="train"` trains the reference network on the training part that was given."""

STORED = "stored"
"""`reference="stored"`, or "stored:" and a name, takes what reference networks measured once."""


DECLARED = tuple(
    name
    for name in Card.model_fields
    if name not in ("format", "name", "settings", "pixel_um", "about")
)
"""Keys of the model's card among the settings, where `pixel_um` is that of the images."""


def listed(value: Any) -> Any:
    """Return names that were given in one text, separated by commas, as many.

    >>> listed("shift, resolution.scale")
    ('shift', 'resolution.scale')
    """
    return tuple(one.strip() for one in value.split(",")) if isinstance(value, str) else value


def numbered(value: Any) -> Any:
    """Return numbers that were given in one text, separated by commas, as many.

    >>> numbered("0, 2"), numbered(1)
    ((0, 2), (1,))
    """
    if isinstance(value, int):
        value = str(value)
    if not isinstance(value, str):
        return value
    if not all(one.strip().isdecimal() for one in value.split(",")):
        raise ValueError(f"{value}: expected numbers from 0, separated by commas")
    return tuple(int(one) for one in value.split(","))


def parted(value: Any) -> Any:
    """Return index and count of a shard.

    >>> parted("0/3")
    (0, 3)
    """
    if not isinstance(value, str):
        return value
    index, _, count = value.partition("/")
    if not (index.isdigit() and count.isdigit() and int(index) < int(count)):
        raise ValueError(f"{value}: expected I/N with I from 0 to N - 1")
    return int(index), int(count)


Place = Annotated[str, BeforeValidator(lambda v: os.fspath(v) if hasattr(v, "__fspath__") else v)]
"""A path or a name, as text."""


Names = Annotated[tuple[str, ...], BeforeValidator(listed)]
"""Several of them, as a sequence or separated by commas."""


class SettingsPart(BaseModel):
    """Settings that belong together; each is an option, and its docstring is the option's help."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SubjectSettings(SettingsPart, title="what is audited"):
    """Which model, images, log and references; paths or names as on the command line.

    Without a model only the questions that need none are asked; without `test`, those about a log.
    """

    model: Place | None = None
    """model.toml, its folder, script.pt, network.onnx, a bioimage.io package (folder, zip or
    bioimageio.yaml), file.py:function, 'command: PROGRAM {input} {output}', or a folder of recorded
    predictions"""
    format: Names = ()
    """the same model in other files, separated by commas"""
    last: Annotated[Place | None, Option(metavar="WEIGHTS")] = None
    """its weights at the end of training, where the best are given"""
    log: Place | None = None
    """its training log, of any framework: see bioaudit diagnose"""
    columns: Annotated[dict[str, str], Option(flag="map", metavar="train=COLUMN")] = Field(
        default_factory=dict
    )
    """which column of the log is what, where it cannot be told: train, val, rate or epoch"""
    test: Annotated[Place | None, Option(metavar="IMAGES")] = None
    """the images to audit on"""
    train: Annotated[Place | None, Option(metavar="IMAGES")] = None
    """the images that the model was trained on"""
    other: Annotated[Names, Option(metavar="IMAGES")] = ()
    """further datasets, separated by commas, to see whether scores hold there"""
    task: Literal["auto", "semantic", "instance"] = "auto"
    """which answer is scored: classes by their overlap, or objects one by one; auto: objects, where
    the model tells them apart and the masks number them"""
    reference: Place | None = None
    """'train', 'stored', 'stored:NAME', or folders of networks: A,B,C"""
    reference_seeds: int = Field(1, ge=1)
    """how many references to train; with fewer than 3, rules that compare with them only warn"""
    recipe: Place | None = None
    """the reference's recipe: a name or a TOML file"""


class ImageSettings(SettingsPart, title="how images are read"):
    """How files become samples."""

    truth: Literal["auto", "gold", "silver"] = "auto"
    """which truth of the Cell Tracking Challenge"""
    labels: Literal["auto", "instances", "classes", "binary"] = "auto"
    """what the numbers in masks mean: an object each, a class each, or 0 and foreground; auto:
    decided from all masks, and refused where they leave a doubt"""
    map_labels: Annotated[
        tuple[tuple[int, str], ...],
        BeforeValidator(read_mapping),
        Option(metavar="NUMBER=CLASS,..."),
    ] = ()
    """what single numbers in masks are: background, ignore, or a class by name or number, such as
    1=background,2=cell,255=ignore"""
    target: Literal["mask", "distance"] = "mask"
    """the truth of simulated cells; distance: 12 classes of distance from the border"""
    group: Annotated[str | None, Option(metavar="REGEX")] = None
    """finds an image's group (movie, plate, donor) in its path below the folder: the first bracket,
    else the whole match; 'each': every image stands alone. Without it, subfolders and a table's
    column `group` say it, and numbered frames are recognised"""
    pixel_um: Annotated[float | None, Option(metavar="MICROMETRES")] = Field(None, gt=0)
    """the edge of a pixel, whatever the data say"""
    axes: str | None = None
    """names of the axes of files that do not name them, or wrongly: CYX, or TYX for movies (T time,
    C channel, Y row, X column)"""
    channel: Annotated[tuple[int, ...], BeforeValidator(numbered), Option(metavar="N,...")] = ()
    """the channels that are read, counted from 0, such as 0,2; all by default"""
    every: int = Field(1, ge=1)
    """take every N-th test image"""
    limit: int | None = Field(None, ge=1)
    """take at most so many test images; no other mask is read"""
    allow_unpaired: bool = False
    """take images without a mask too"""


class MannerSettings(SettingsPart, title="how"):
    """Which questions are asked, with what, and where the answers are left."""

    profile: str = FULL
    """full; ci: a check of minutes for continuous integration, which lists what it leaves out; or
    cellpose-sam: the severities that users of generalist models know"""
    probes: Names = ()
    """suites or probes, separated by commas; all by default"""
    set: Annotated[dict[str, Any], Option(metavar="PROBE.SETTING=VALUE")] = Field(
        default_factory=dict
    )
    """one setting of a probe, as often as there are settings to change: see bioaudit probes"""
    out: Annotated[Place, Option(metavar="FOLDER")] = "bioaudit-out"
    """where record and report are left"""
    seed: int = 0
    """the seed of all random numbers"""
    device: str = "auto"
    """auto, cpu or cuda"""
    threads: int | None = Field(None, ge=1)
    """cores that torch may use"""
    block: int | None = Field(None, ge=1)
    """images that are measured at once; 1 on a CPU, 8 on a GPU or by a command unless said"""
    shard: Annotated[tuple[int, int], BeforeValidator(parted), Option(metavar="I/N")] = (0, 1)
    """do the I-th of N parts (from 0); run all of them into one folder for the whole audit"""
    time_limit_s: Annotated[float | None, Option(flag="time-limit", metavar="SECONDS")] = Field(
        None, gt=0
    )
    """score every image first, then ask what there is time for; the same command goes on"""
    images: bool = True
    """keep no pictures in the record"""


class Settings(SubjectSettings, ImageSettings, MannerSettings):
    """What an audit is asked to do; a TOML specification has the same keys.

    Every field but `card` is an option of `bioaudit run` and an argument of `audit.run`; `card`
    holds what is declared of the model, whose keys in DECLARED are options and arguments too.
    """

    card: dict[str, Any] = Field(default_factory=dict)


def settings(values: dict[str, Any]) -> Settings:
    """Return checked settings; UsageError names the one at fault.

    What the model's card would say may stand among them: `weights`, `output` and their like.
    """
    card = {name: values[name] for name in DECLARED if name in values}
    rest = {name: value for name, value in values.items() if name not in DECLARED}
    if card:
        rest["card"] = dict(rest.get("card", {})) | card
    found = shaped(Settings, rest, "settings", UsageError)
    # Whether heads fit is asked where the output is known: it may be the card's or the package's.
    later = () if "output" in found.card else ("heads", "decoder")
    alone = {name: value for name, value in found.card.items() if name not in later}
    shaped(Card, alone, "settings", UsageError)
    return found
