CREATE TABLE kept_cell (
    workspace {id} NOT NULL,
    source {id} NOT NULL,
    day {int} NOT NULL,
    country {text} NOT NULL,
    kind {text} NOT NULL,
    count {int} NOT NULL,
    PRIMARY KEY (workspace, source, day, country, kind)
) {table};
CREATE INDEX soft_failure_by_time ON soft_failure (workspace, at);
