"""The questions: a folder a suite, with its `SUITE`, its metrics and its rules; a file a probe."""
