"""The tables of a record."""

from __future__ import annotations

LATER = {
    "suites": "(name text primary key, title text, about text)",
    "metrics": """(
    name text primary key, words text not null, unit text not null, low real, high real,
    better text not null, paired integer not null)""",
    "conditions": """(
    name text primary key, words text not null, unit text not null, neutral real,
    identity integer not null, many integer not null)""",
    "shapes": "(name text primary key, height integer not null, width integer not null)",
}
"""Tables that older records lack: beside one that is only read they stand in memory.

Suites declare the first three; `low` and `high` are null where a metric has no such end. Shapes are
of samples, in px.
"""

ADDED = "\n".join(f"create table if not exists {name} {of};" for name, of in LATER.items())

FORMAT = 1
"""The version of these tables."""

SCHEMA = f"""
pragma journal_mode = wal;
pragma synchronous = normal;
pragma user_version = {FORMAT};
create table if not exists provenance (key text primary key, value text not null);
create table if not exists models (role text primary key, digest text not null, name text not null);
create table if not exists probes (
    name text primary key, version integer, asks text, source text, parameters text);
{ADDED}
create table if not exists samples (
    id integer primary key, name text unique not null, part text, dataset text, grp text,
    frame integer, pixel_um real, complete integer, digest text);
create table if not exists terms (
    id integer primary key, metric text not null, at text not null, unique (metric, at));
create table if not exists units (
    id integer primary key, key text unique not null, model text not null, probe text not null,
    block integer, status text not null, reason text, seconds real, passes real, gradients real,
    samples text not null);
create index if not exists units_by_probe on units (probe, model);
create table if not exists rows (
    unit integer not null, term integer not null, sample integer not null, value real,
    weight real not null, undefined text, primary key (unit, term, sample)) without rowid;
create table if not exists strips (
    model text, probe text, role text, sample integer, score real, unit integer,
    primary key (model, probe, role)) without rowid;
create table if not exists pictures (
    unit integer, sample integer, term integer, jpeg blob, width integer, height integer,
    primary key (unit, sample, term)) without rowid;
create table if not exists remarks (
    unit integer, term integer, sample integer, text text not null,
    primary key (unit, term, sample)) without rowid;
create view if not exists measurements as
    select u.model, u.probe, t.metric, s.name as sample, s.part, s.dataset, s.grp as "group",
        s.frame, t.at, r.value, r.weight, r.undefined
    from rows r join units u on u.id = r.unit join terms t on t.id = r.term
    left join samples s on s.id = r.sample;
create view if not exists costs as
    select substr(probe, 1, instr(probe, '.') - 1) as suite, total(passes) as forward,
        total(gradients) as backward, total(passes + 2 * gradients) as forward_equivalents,
        total(seconds) as seconds
    from units group by suite;
"""  # noqa: S608 (a number of our own)
