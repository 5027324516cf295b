"""The comparison page of a benchmark: networks in rows, suites in columns, questions answered."""
