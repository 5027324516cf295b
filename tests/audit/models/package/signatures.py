"""What the public zoo of bioimage.io declares: each signature once, with how many models have it.

A signature is what decides how a network is called: axes, sizes, channels, steps and halo. `256` is
a fixed size, `64+16` a least size and a step, `=` the input's size, `=*2` twice as much.
"""

from __future__ import annotations

from typing import NamedTuple

TABLE = """
19; 0.5; 1; bcyx 1 1 256 256; 1; bcyx 1 2 256 256; 0; zscore; sigmoid; -
10; 0.5; 1; bcyx 1 1 256 256; 1; bcyx 1 1 256 256; 0; zscore; sigmoid; -
6; 0.5; 1; bcyx 1+1 3 1+1 1+1; 2; bicyx 1+1 1+1 1 = =; 0; -; -; labels
6; 0.5; 1; bczyx 1 1 80 80 80; 1; bczyx 1 3 80 80 80; 0; zscore; sigmoid; -
5; 0.5; 1; bcyx 1 1 1024 1024; 1; bcyx 1 1 1024 1024; 0; zscore; -; other
5; 0.5; 1; bcyx 1+1 1 512 512; 1; bcyx 1+1 2 512 512; 0; -; -; other
3; 0.5; 1; bcyx 1 1 1600 1600; 1; bcyx 1 5 1600 1600; 0; -; -; classes
3; 0.5; 1; bcyx 1+1 1 256 256; 1; bcyx 1+1 1 256 256; 0; fixed; fixed; other
3; 0.5; 1; bczyx 1 1 20 256 256; 1; bczyx 1 3 20 256 256; 0; zscore; sigmoid; -
2; 0.4; 1; bcyx 1+1 1 128 128; 1; bcyx 1+1 1 256 256; 0; -; -; other
2; 0.4; 1; bcyx 1+1 1 32+16 32+16; 1; bcyx 1+1 =*2 = =; 8; zscore; -; sigmoid
2; 0.4; 1; bcyx 1+1 1 512 512; 1; bcyx 1+1 1 512 512; 0; -; -; -
2; 0.4; 1; bcyx 1+1 3 512 512; 1; bcyx 1+1 3 512 512; 0; zscore; -; -
2; 0.4; 1; byxc 1+1 208+16 208+16 1; 1; byxc 1+1 = = 33; 96; range; -; tf
2; 0.5; 1; bcyx 1+1 1 32+32 32+32; 1; bcyx 1+1 2 = =; 0; -; -; -
2; 0.5; 1; bcyx 1+1 1 64+16 64+16; 1; bcyx 1+1 2 = =; 16; zscore; -; sigmoid
2; 0.5; 1; bczyx 1 1 20 256 256; 1; bczyx 1 2 20 256 256; 0; zscore; sigmoid; -
1; 0.4; 1; bcxy 1+1 1 128 128; 1; bcxy 1+1 1 512 512; 0; -; -; other
1; 0.4; 1; bcyx 1+1 1 1024 1024; 1; bcyx 1+1 = = =; 0; range linear; -; other
1; 0.4; 1; bcyx 1+1 1 256 256; 1; bcyx 1+1 1 256 256; 0; -; -; other
1; 0.4; 1; bcyx 1+1 1 256+16 256+16; 1; bcyx 1+1 =*2 = =; 32; range; -; sigmoid
1; 0.4; 1; bcyx 1+1 1 32+16 32+16; 1; bcyx 1+1 = = =; 8; -; -; sigmoid
1; 0.4; 1; bcyx 1+1 1 512 512; 1; bcyx 1+1 = = =; 0; range linear; -; other
1; 0.4; 1; bcyx 1+1 1 64+16 64+16; 1; bcyx 1+1 =*2 = =; 16; zscore; -; sigmoid
1; 0.4; 1; bcyx 1+1 1 64+16 64+16; 1; bcyx 1+1 =*8 = =; 16; zscore; -; sigmoid
1; 0.4; 1; bcyx 1+1 1 649 649; 1; bcyx 1+1 61 649 649; 0; -; -; other
1; 0.4; 1; bcyx 1+1 4 128 128; 2; bc 1+1 19; 0; linear; -; other
1; 0.4; 1; bcyx 1+1 50 128 128; 1; bcyx 1+1 1 128 128; 0; -; -; other
1; 0.4; 1; bcyx 1+1 64 64 64; 1; bcyx 1+1 64 64 64; 0; -; -; other
1; 0.4; 1; bczyx 1+1 1 100 100 100; 1; bczyx 1+1 1 100 100 100; 0; -; -; -
1; 0.4; 1; bczyx 1+1 1 100 128 128; 1; bczyx 1+1 1 100 128 128; 0; -; -; -
1; 0.4; 1; bczyx 1+1 1 100 128 128; 1; bczyx 1+1 = = = =; 16; -; -; -
1; 0.4; 1; bczyx 1+1 1 16+8 128+16 128+16; 1; bczyx 1+1 =*2 = = =; 32; range; -; sigmoid
1; 0.4; 1; bczyx 1+1 1 3 64 64; 3; bczyx 1+1 1 3 64 64; 0; -; -; other tf
1; 0.4; 1; bczyx 1+1 1 32 128 128; 1; bczyx 1+1 = = = =; 16; -; -; -
1; 0.4; 1; bczyx 1+1 1 32 128 128; 1; bczyx 1+1 =*2 = = =; 16; -; -; -
1; 0.4; 1; bczyx 1+1 1 32+16 128+16 128+16; 1; bczyx 1+1 = = = =; 8; range; -; sigmoid
1; 0.4; 1; bczyx 1+1 1 32+16 32+16 32+16; 1; bczyx 1+1 = = = =; 8; zscore; -; sigmoid
1; 0.4; 1; bczyx 1+1 1 32+16 32+16 32+16; 1; bczyx 1+1 =*2 = = =; 8; zscore; -; sigmoid
1; 0.4; 1; bczyx 1+1 1 64+16 64+16 64+16; 1; bczyx 1+1 1 64 64 64; 16; linear; -; sigmoid
1; 0.4; 1; bczyx 1+1 1 8+4 32+16 32+16; 1; bczyx 1+1 =*2 = = =; 8; zscore; -; sigmoid
1; 0.4; 1; bczyx 1+1 1 96 96 96; 1; bczyx 1+1 2 96 96 96; 0; zscore; -; -
1; 0.4; 1; bxyc 1+1 512 512 1; 1; bxyc 1+1 512 512 1; 0; range; -; tf
1; 0.4; 1; bxyc 1+1 512 512 1; 1; bxyc 1+1 512 512 1; 0; range; binarize; tf
1; 0.4; 1; bxyc 1+1 512 512 1; 1; bxyc 1+1 = = =*3; 0; range; -; tf
1; 0.4; 1; bxyzc 1+1 256 256 8 1; 1; bxyzc 1+1 = = = =; 0; range; -; tf
1; 0.4; 1; byxc 1+1 208+16 208+16 3; 1; byxc 1+1 = = 33; 96; range; -; tf
1; 0.4; 1; byxc 1+1 256 256 1; 1; byxc 1+1 = = =; 16; range; binarize; tf
1; 0.4; 1; byxc 1+1 400 400 1; 1; byxc 1+1 = = =; 127; range; binarize; tf
1; 0.4; 1; byxc 1+1 96+8 96+8 1; 1; byxc 1+1 = = =; 47; range; binarize; tf
1; 0.4; 1; byxzc 1+1 256 256 8 1; 1; byxzc 1+1 = = = =; 47; range; -; tf
1; 0.4; 1; bzyxc 1+1 66+2 116+4 116+4 1; 1; bzyxc 1+1 = = = 97; 56; range; -; tf
1; 0.4; 1; yx 224+1 224+1; 1; yx = =; 0; -; -; labels
1; 0.4; 3; bcyx 1+1 3 224 224; 1; c 14; 0; -; -; other
1; 0.5; 1; bcyx 1 1 1235 1425; 1; bczyx 1 1 49 244 284; 0; range; -; other
1; 0.5; 1; bcyx 1 1 64+16 64+16; 1; bcyx 1 2 = =; 0; zscore; -; -
1; 0.5; 1; bcyx 1 2 1024 1024; 1; bcyx 1 5 = =; 128; linear; -; -
1; 0.5; 1; bcyx 1 2 512 512; 1; bcyx 1 2 = =; 64; linear; sigmoid; -
1; 0.5; 1; bcyx 1 4 1024 1024; 2; bc 1+1 28; 0; linear; -; other
1; 0.5; 1; bcyx 1+1 1 1024 1024; 1; bcyx 1+1 1 1024 1024; 0; fixed; fixed; other
1; 0.5; 1; bcyx 1+1 1 1024 1024; 1; byx 1+1 1024 1024; 0; -; -; -
1; 0.5; 1; bcyx 1+1 1 128 128; 1; bcyx 1+1 1 128 128; 0; fixed; fixed; other
1; 0.5; 1; bcyx 1+1 1 1440 1920; 1; byx 1+1 1440 1920; 0; -; -; -
1; 0.5; 1; bcyx 1+1 1 1680 1475; 1; byx 1+1 1680 1475; 0; -; -; -
1; 0.5; 1; bcyx 1+1 1 565 807; 1; byx 1+1 565 807; 0; -; -; -
1; 0.5; 1; bcyx 1+1 3 64+8 64+8; 1; bcyx 1+1 7 = =; 0; -; -; classes
1; 0.5; 1; bcyx 1+1 5 64 64; 1; bcyx 1+1 2 64 64; 0; -; -; other
1; 0.5; 1; bczyx 1 1 20 128 128; 1; bczyx 1 1 20 128 128; 0; linear; sigmoid; -
1; 0.5; 1; bczyx 1 1 40 128 128; 1; bczyx 1 1 40 128 128; 0; zscore; sigmoid; -
1; 0.5; 1; bczyx 1 1 40 128 128; 1; bczyx 1 3 = = =; 16; clip zscore; -; -
1; 0.5; 1; bczyx 1+1 1 100 128 128; 1; bczyx 1+1 1 = = =; 16; -; -; -
1; 0.5; 1; bczyx 1+1 1 16+8 144+72 144+72; 1; bczyx 1+1 1 = = =; 36; zscore; -; sigmoid
1; 0.5; 1; bzyx 1+1 43 123 167; 1; bzyx 1+1 43 123 167; 0; -; -; labels
1; 0.5; 1; cyx 3 1520 2028; 1; iyx 16 1520 2028; 0; -; -; -
1; 0.5; 1; cyx 3 512 512; 1; yx 512 512; 0; -; -; -
1; 0.5; 1; cyx 3 800 1067; 1; iiyx 7 1 28 28; 0; -; -; -
1; 0.5; 1; yx 668 768; 1; yxc 668 768 320; 0; -; -; other
1; 0.5; 1; zcyx 1+1 2 16+16 16+16; 5; zcyx = 3 = =; 0; -; -; -
"""
"""Models; format; inputs; axes and sizes of the first; outputs; axes and sizes of the first image
among them; halo; steps before; steps after; what else is said, the last activation last."""

STEPS = {
    "zscore": ("zero_mean_unit_variance", {"mode": "per_sample"}),
    "fixed": ("fixed_zero_mean_unit_variance", {"mean": 100.0, "std": 50.0}),
    "range": ("scale_range", {"mode": "per_sample", "min_percentile": 1, "max_percentile": 99.8}),
    "linear": ("scale_linear", {"gain": 0.01, "offset": 0.0}),
    "clip": ("clip", {"min": 0.0, "max": 200.0}),
    "sigmoid": ("sigmoid", {}),
    "binarize": ("binarize", {"threshold": 0.5}),
}
OVER = ("zscore", "range")
"""Steps that are told their axes."""

NAMES = {"b": "batch", "c": "channel", "t": "time", "i": "index"}


class Signature(NamedTuple):
    """One row of the table."""

    models: int
    format: str
    inputs: int
    taken: tuple[str, tuple[str, ...]]
    outputs: int
    given: tuple[str, tuple[str, ...]]
    halo: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def channels(self) -> int:
        """How many channels come out; 1 where there is no such axis."""
        order, sizes = self.given
        if "c" not in order:
            return 1
        size = sizes[order.index("c")]
        return int(float(size[2:] or 1)) if size[0] == "=" else int(size.partition("+")[0])

    @property
    def id(self) -> str:
        """What a test calls it."""
        (order, sizes), (other, more) = self.taken, self.given
        return f"{self.format}-{order}-{'x'.join(sizes)}-{other}-{'x'.join(more)}"

    def description(self, weights: str) -> dict[str, object]:
        """Return the keys of a description with this signature."""
        kind = "keras_hdf5" if "tf" in self.said else "torchscript"
        entry: dict[str, object] = {"source": weights}
        if self.said and self.said[-1] in ("sigmoid", "softmax"):
            entry["kwargs"] = {"final_activation": self.said[-1].title()}
        state = {"pytorch_state_dict": entry} if "kwargs" in entry else {}
        return {
            "format_version": f"{self.format}.4",
            "name": "Signature",
            "type": "model",
            "tags": ["denoising"] if "other" in self.said else ["nuclei"],
            "weights": {kind: {"source": weights}, **state},
            "inputs": [self.tensor(f"input{n}", *self.taken, 0) for n in range(self.inputs)],
            "outputs": [
                self.tensor(f"output{n}", *self.given, self.halo) for n in range(self.outputs)
            ],
        }

    def tensor(self, name: str, order: str, sizes: tuple[str, ...], halo: int) -> dict[str, object]:
        """Return a tensor in the words of the format."""
        out = name.startswith("output")
        steps = [self.step(one, order) for one in (self.after if out else self.before)]
        kept = {"postprocessing" if out else "preprocessing": steps}
        labels = {"data_type": "uint16", "data": {"type": "uint16"}}
        kept |= labels if out and "labels" in self.said else {}
        if self.format == "0.5":
            pairs = zip(order, sizes, strict=True)
            return {"id": name, "axes": [self.axis(*one, halo, out) for one in pairs], **kept}
        cut = [halo if letter in "yxz" else 0 for letter in order]
        return {"name": name, "axes": order, "shape": shape(sizes), "halo": cut, **kept}

    def step(self, name: str, order: str) -> dict[str, object]:
        """Return a step in the words of the format."""
        called, settings = STEPS[name]
        letters = [one for one in order if one in "cyxz"] if name in OVER else []
        if self.format == "0.4":
            over = {"axes": "".join(letters)} if letters else {}
            return {"name": called, "kwargs": {**settings, **over}}
        kept = {key: value for key, value in settings.items() if key != "mode"}
        over = {"axes": [NAMES.get(one, one) for one in letters]} if letters else {}
        return {"id": called, "kwargs": {**kept, **over}}

    def axis(self, letter: str, size: str, halo: int, out: bool) -> dict[str, object]:
        """Return an axis in the words of format 0.5."""
        kind = NAMES.get(letter, "space" if letter in "yxz" else "index")
        axis: dict[str, object] = {"type": kind}
        if kind != "batch":
            axis["id"] = NAMES.get(letter, letter)
        if kind == "batch":
            return axis if "+" in size else {**axis, "size": int(size)}
        if kind == "channel":
            classes = out and "classes" in self.said
            return {**axis, "channel_names": (classed if classes else numbered)(count(size))}
        if halo and kind == "space":
            axis["halo"] = halo
        if size[0] == "=":
            return {**axis, "size": {"tensor_id": "input0", "axis_id": letter, "offset": 0}}
        least, plus, step = size.partition("+")
        return {**axis, "size": {"min": int(least), "step": int(step)} if plus else int(least)}


def count(size: str) -> int:
    """Return a number of channels."""
    return int(size.partition("+")[0])


def classed(count: int) -> list[str]:
    """Return names of classes."""
    return ["background", *(f"tissue {letter}" for letter in "abcdefghij"[: count - 1])]


def numbered(count: int) -> list[str]:
    """Return names of channels that say nothing."""
    return [f"channel{number}" for number in range(count)]


def shape(sizes: tuple[str, ...]) -> object:
    """Return sizes in the words of format 0.4."""
    if any(size[0] == "=" for size in sizes):
        scale = [float(size[2:] or 1) if size[0] == "=" else 0.0 for size in sizes]
        offset = [0.0 if size[0] == "=" else count(size) / 2 for size in sizes]
        # The batch is always the input's.
        scale[0], offset[0] = 1.0, 0.0
        return {"reference_tensor": "input0", "scale": scale, "offset": offset}
    spread = [size.partition("+") for size in sizes]
    if any(int(step) > 1 for _, _, step in spread if step):
        steps = [int(step or 0) for _, _, step in spread]
        return {"min": [int(least) for least, _, _ in spread], "step": steps}
    return [int(least) for least, _, _ in spread]


def read(row: str) -> Signature:
    """Return a row of the table as a signature."""
    models, form, inputs, taken, outputs, given, halo, before, after, said = row.split(";")
    (order, *sizes), (other, *more) = taken.split(), given.split()
    return Signature(
        int(models),
        form.strip(),
        int(inputs),
        (order, tuple(sizes)),
        int(outputs),
        (other, tuple(more)),
        int(halo),
        *(tuple(word for word in field.split() if word != "-") for field in (before, after, said)),
    )


SIGNATURES = tuple(read(row) for row in TABLE.strip().splitlines())
