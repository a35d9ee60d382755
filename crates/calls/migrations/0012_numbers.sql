CREATE TABLE lookup_provider (
    workspace {id} NOT NULL,
    url {text} NOT NULL,
    secret {bytes} NOT NULL,
    connected_by {text} NOT NULL,
    connected_at {int} NOT NULL,
    PRIMARY KEY (workspace)
) {table};
CREATE TABLE lookup (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    number {id} NOT NULL,
    state {text} NOT NULL,
    network {text},
    country {text},
    ported {bool},
    roaming {bool},
    price {int} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX lookup_number ON lookup (workspace, number, at);
CREATE TABLE phone_number (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    value {text} NOT NULL,
    country {text} NOT NULL,
    kind {text} NOT NULL,
    state {text} NOT NULL,
    settings {text} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX phone_number_value ON phone_number (workspace, value);
CREATE TABLE phone_number_default (
    workspace {id} NOT NULL,
    settings {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace)
) {table};
