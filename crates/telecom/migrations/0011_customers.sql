CREATE TABLE smpp_account (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    system_id {text} NOT NULL,
    secret {text} NOT NULL,
    state {text} NOT NULL,
    settings {text} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX smpp_account_system_id ON smpp_account (system_id);
CREATE TABLE smpp_submission (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    account {id} NOT NULL,
    message {id},
    assembly {id},
    receipt {bool} NOT NULL,
    told {text} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX smpp_submission_message ON smpp_submission (workspace, message);
CREATE INDEX smpp_submission_assembly ON smpp_submission (workspace, assembly);
CREATE TABLE smpp_outbox (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    account {id} NOT NULL,
    submission {id},
    received {id},
    state {text} NOT NULL,
    due_at {int} NOT NULL,
    lease_until {int} NOT NULL,
    attempts {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX smpp_outbox_due ON smpp_outbox (workspace, account, due_at);
CREATE TABLE smpp_cursor (
    workspace {id} NOT NULL,
    seq {int} NOT NULL,
    PRIMARY KEY (workspace)
) {table};
