CREATE TABLE workspace_head (
    workspace {id} NOT NULL PRIMARY KEY,
    feed_seq {int} NOT NULL,
    ledger_seq {int} NOT NULL,
    ledger_hash {bytes} NOT NULL
) {table};
CREATE TABLE feed (
    workspace {id} NOT NULL,
    seq {int} NOT NULL,
    at {int} NOT NULL,
    kind {text} NOT NULL,
    entity {id} NOT NULL,
    data {text} NOT NULL,
    PRIMARY KEY (workspace, seq)
) {table};
CREATE TABLE feed_position (
    workspace {id} NOT NULL,
    consumer {text} NOT NULL,
    seq {int} NOT NULL,
    PRIMARY KEY (workspace, consumer)
) {table};
CREATE TABLE ledger_record (
    workspace {id} NOT NULL,
    seq {int} NOT NULL,
    at {int} NOT NULL,
    events {int} NOT NULL,
    root {bytes} NOT NULL,
    prev_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    PRIMARY KEY (workspace, seq)
) {table};
CREATE TABLE ledger_event (
    workspace {id} NOT NULL,
    seq {int} NOT NULL,
    ordinal {int} NOT NULL,
    id {id} NOT NULL,
    subject {id} NOT NULL,
    body {bytes} NOT NULL,
    sealed {bytes},
    PRIMARY KEY (workspace, seq, ordinal)
) {table};
CREATE INDEX ledger_event_by_subject ON ledger_event (workspace, subject);
CREATE TABLE job (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    queue {text} NOT NULL,
    dedup {text},
    payload {text} NOT NULL,
    run_at {int} NOT NULL,
    attempts {int} NOT NULL,
    lease_until {int} NOT NULL,
    dead {bool} NOT NULL,
    last_error {text},
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX job_due ON job (queue, dead, run_at);
CREATE UNIQUE INDEX job_dedup ON job (workspace, queue, dedup);
CREATE TABLE lease (
    name {text} NOT NULL PRIMARY KEY,
    owner {text} NOT NULL,
    until {int} NOT NULL
) {table};
