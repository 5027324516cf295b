"""A finished record, and what one does with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.application.judged import Judged, shown
from audit.application.reading import read
from audit.errors import BioauditError
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.reading import load_policy
from audit.policy.verdict import Judgement
from audit.record.record import Record

if TYPE_CHECKING:
    import pandas as pd


RECORD = "record.sqlite"


@dataclass(frozen=True, repr=False)
class Result:
    """A record on disk, and what one does with it."""

    path: Path

    def table(self) -> pd.DataFrame:
        """Return every measurement as a table, a column for each condition (`at.…`)."""
        import json

        import pandas as pd

        with Record(self.path, readonly=True) as record:
            rows = pd.read_sql("select * from measurements", record.database)
        conditions = pd.json_normalize([json.loads(text) for text in rows.pop("at")])
        return rows.join(conditions.add_prefix("at."))

    def provenance(self) -> dict[str, Any]:
        """Return what a reader must know to repeat the audit."""
        with read(self.path) as record:
            return record.provenance()

    def judge(self, policy: Policy | Path | str | None = None) -> Judged:
        """Return the judgement of a policy: by name, by file, or the default one."""
        rules = policy if isinstance(policy, Policy) else load_policy(policy)
        with read(self.path) as record:
            return shown(judge(rules, record), record.metrics())

    def report(
        self, path: Path | str, policy: Judgement | Policy | Path | str | None = None
    ) -> Path:
        """Write the report as one HTML file and return its path; a judgement is not made again."""
        from reports.html import write_html

        judged = policy if isinstance(policy, Judgement) else self.judge(policy)
        with read(self.path) as record:
            return write_html(Path(path), record, judged)

    def export_json(self, path: Path, judged: Judgement) -> None:
        """Write provenance and outcomes as JSON, for machines."""
        from reports.machine import write_json

        with read(self.path) as record:
            write_json(path, record, judged)

    def export_junit(self, path: Path, judged: Judgement) -> None:
        """Write outcomes as JUnit XML, one test case a rule."""
        from reports.junit import write_junit

        with read(self.path) as record:
            write_junit(path, record, judged)

    def __repr__(self) -> str:
        try:
            return f"{self.judge()!r}\nrecord: {self.path}"
        except BioauditError as error:
            return f"record: {self.path} ({error})"

    def _repr_html_(self) -> str:
        return self.judge()._repr_html_()


def find_record(path: Path) -> Path:
    """Return the record itself where its folder is named."""
    return path / RECORD if path.is_dir() else path
