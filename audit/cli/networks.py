"""The networks of a benchmark: made one by one, kept as references, and handed to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from audit.cli.screen import Bar
    from audit.datasets.sample import Sample
    from baselines.benchmark.halves import Halves
    from baselines.benchmark.plan import Planned, Put, Wish
    from baselines.recipe import Recipe
    from reports.benchmark.network import Asked, AuditedNetwork, Benchmark

QUICK_IMAGES = 4


def made(
    entry: Planned, place: Halves, samples: Sequence[Sample], wanted: Namespace, bar: Bar
) -> AuditedNetwork:
    """Return one network of the page: trained and audited now, or before."""
    from audit.application.composition import find_device
    from audit.application.interface import run
    from audit.application.roles import cache
    from audit.application.settings import settings
    from baselines.benchmark.learn import learn
    from reports.benchmark.network import AuditedNetwork
    from reports.words import slug

    device = find_device(wanted.device)
    folder = learn(entry, samples, cache=cache(), device=device, say=bar.trained("train"))
    asked: dict[str, Any] = {
        "model": str(folder),
        "test": place.test,
        "target": place.target,
        "out": str(wanted.out / slug(entry.dataset) / entry.name),
        "profile": wanted.profile,
        "limit": wanted.limit or (QUICK_IMAGES if wanted.quick else None),
        "device": wanted.device,
        "threads": wanted.threads,
        # Units of one image each, so that a stored record can be set beside any audit.
        "block": 1,
        "images": False,
    }
    if wanted.probes:
        asked["probes"] = wanted.probes
    result = run(settings(asked), say=bar.audited)
    return AuditedNetwork(
        dataset=entry.dataset,
        recipe=entry.recipe.name,
        images=entry.images,
        seed=entry.seed,
        record=result.path,
        whole=entry.images == len(samples),
    )


def keep_references(folder: Path, networks: Sequence[AuditedNetwork], wish: Wish) -> None:
    """Keep the standard networks of each dataset as a stored reference record: numbers only."""
    from baselines.benchmark.plan import STANDARD
    from baselines.stored import keep

    recipe = wish.recipe(STANDARD)
    for dataset in dict.fromkeys(one.dataset for one in networks):
        mine = [one for one in networks if (one.dataset, one.recipe) == (dataset, STANDARD)]
        records = [one.record for one in mine if one.whole]
        about = {"dataset": dataset, "learnt_from": mine[0].images, "seeds": len(records)}
        keep(
            records,
            kept_at(folder, dataset),
            recipe=recipe.model_dump(mode="json", exclude={"about"}),
            **about,
        )


def kept_at(folder: Path, dataset: str) -> Path:
    """Return where the networks of a dataset are kept as references."""
    from baselines.stored import ENDING

    return folder / f"{stem(dataset)}{ENDING}"


def stem(dataset: str) -> str:
    """Return the name of a dataset as a file may have it.

    >>> stem("simulated:2k-10@distance"), stem("PhC-C2DH-U373")
    ('simulated-2k-10-distance', 'PhC-C2DH-U373')
    """
    return dataset.replace(":", "-").replace("@", "-")


def compared(
    wanted: Namespace,
    networks: Sequence[AuditedNetwork],
    questions: Sequence[Put],
    recipes: Iterable[Recipe],
) -> Benchmark:
    """Return what the page is about."""
    from audit.application.profile import load_profile
    from audit.application.provenance import command
    from audit.record.record import Record
    from reports.benchmark.network import Benchmark
    from reports.words import count

    with Record(networks[0].record, readonly=True) as record:
        origin = record.provenance()
    facts = (
        ("command", command()),
        ("bioaudit", f"{origin['bioaudit']}, commit {origin['commit'] or 'unknown'}"),
        ("packages", ", ".join(f"{name} {v}" for name, v in sorted(origin["packages"].items()))),
        ("device", f"{origin['device']}, {count(origin['threads'], 'thread')}"),
        *recipe_facts(recipes),
        ("profile", f"{wanted.profile}. {load_profile(wanted.profile).about}"),
    )
    return Benchmark(
        networks=tuple(networks),
        asked=tuple(asked(one, networks) for one in questions),
        left_out=load_profile(wanted.profile).left_out,
        facts=facts,
    )


def recipe_facts(recipes: Iterable[Recipe]) -> list[tuple[str, str]]:
    """Return what every recipe is and how long it trains, in pairs of a name and words."""
    once = {one.name: one for one in recipes}
    return [
        (f"recipe {name}", f"{one.about} {one.epochs} epochs of {one.steps} steps.".strip())
        for name, one in once.items()
    ]


def asked(one: Put, networks: Sequence[AuditedNetwork]) -> Asked:
    """Return a question as the page knows it: by the rows that answer it."""
    from reports.benchmark.network import Asked

    rows = {(each.dataset, each.recipe, each.images): each.row for each in networks}

    def row(entry: Planned) -> str:
        return rows[entry.dataset, entry.recipe.name, entry.images]

    return Asked(
        question=one.question,
        dataset=one.dataset,
        rows=tuple(row(entry) for entry in one.entries),
        against=row(one.against),
        places=one.places,
    )
