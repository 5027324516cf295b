"""From the rows of a record to an estimate with its uncertainty."""
