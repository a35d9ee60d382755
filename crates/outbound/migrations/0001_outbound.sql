CREATE TABLE run (
    workspace {id} NOT NULL,
    source {id} NOT NULL,
    channel {text} NOT NULL,
    purpose {text} NOT NULL,
    topic {id},
    content {id} NOT NULL,
    content_hash {bytes} NOT NULL,
    settings {text} NOT NULL,
    state {int} NOT NULL,
    complete {bool} NOT NULL,
    not_before {int} NOT NULL,
    finish_queue {text} NOT NULL,
    created_at {int} NOT NULL,
    finished_at {int},
    PRIMARY KEY (workspace, source)
) {table};
CREATE TABLE delivery (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    source {id} NOT NULL,
    contact {id} NOT NULL,
    channel {text} NOT NULL,
    purpose {text} NOT NULL,
    topic {id},
    content {id} NOT NULL,
    address {id} NOT NULL,
    domain {id} NOT NULL,
    state {int} NOT NULL,
    reason {text},
    rule {text} NOT NULL,
    pack {text} NOT NULL,
    basis {text} NOT NULL,
    claim {id},
    attempts {int} NOT NULL,
    due_at {int} NOT NULL,
    lease_until {int} NOT NULL,
    created_at {int} NOT NULL,
    sent_at {int},
    finished_at {int},
    status {text},
    sealed {bytes},
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX delivery_once ON delivery (workspace, contact, source);
CREATE INDEX delivery_due ON delivery (workspace, source, state, due_at);
CREATE TABLE hit (
    workspace {id} NOT NULL,
    source {id} NOT NULL,
    delivery {id} NOT NULL,
    at {int} NOT NULL,
    kind {int} NOT NULL,
    class {int} NOT NULL,
    link {int} NOT NULL,
    PRIMARY KEY (workspace, source, delivery, at, kind, link)
) {table};
CREATE TABLE soft_failure (
    workspace {id} NOT NULL,
    address {id} NOT NULL,
    at {int} NOT NULL,
    contact {id} NOT NULL,
    PRIMARY KEY (workspace, address, at)
) {table};
CREATE INDEX soft_failure_contact ON soft_failure (workspace, contact);
