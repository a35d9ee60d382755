CREATE TABLE endpoint (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    url {bytes} NOT NULL,
    kinds {text} NOT NULL,
    state {text} NOT NULL,
    reason {text},
    secret {bytes} NOT NULL,
    old_secret {bytes},
    old_until {int},
    failures {int} NOT NULL,
    failing_since {int},
    hold_until {int} NOT NULL,
    created_by {text} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE webhook_message (
    workspace {id} NOT NULL,
    endpoint {id} NOT NULL,
    seq {int} NOT NULL,
    event {id} NOT NULL,
    at {int} NOT NULL,
    kind {text} NOT NULL,
    entity {id} NOT NULL,
    data {text} NOT NULL,
    state {text} NOT NULL,
    attempts {int} NOT NULL,
    round {int} NOT NULL,
    first_at {int},
    due_at {int} NOT NULL,
    done_at {int},
    PRIMARY KEY (workspace, endpoint, seq)
) {table};
CREATE INDEX webhook_message_by_entity ON webhook_message (workspace, endpoint, entity, state, seq);
CREATE INDEX webhook_message_by_state ON webhook_message (workspace, endpoint, state, due_at);
CREATE INDEX webhook_message_by_time ON webhook_message (workspace, endpoint, at, seq);
CREATE INDEX webhook_message_by_event ON webhook_message (workspace, endpoint, event);
CREATE TABLE webhook_attempt (
    workspace {id} NOT NULL,
    endpoint {id} NOT NULL,
    id {id} NOT NULL,
    event {id} NOT NULL,
    at {int} NOT NULL,
    millis {int} NOT NULL,
    status {int},
    error {text},
    PRIMARY KEY (workspace, endpoint, id)
) {table};
CREATE INDEX webhook_attempt_by_time ON webhook_attempt (workspace, endpoint, at);
