CREATE TABLE verification_service (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    settings {text} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX verification_service_name ON verification_service (workspace, name);
CREATE TABLE verification_watch (
    workspace {id} NOT NULL,
    settings {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace)
) {table};
CREATE TABLE verification (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    service {id} NOT NULL,
    contact {id},
    address {id} NOT NULL,
    block {id} NOT NULL,
    country {text} NOT NULL,
    origin {id},
    caller {text} NOT NULL,
    channel {text} NOT NULL,
    trial {bool} NOT NULL,
    state {int} NOT NULL,
    reason {text},
    code {bytes} NOT NULL,
    attempts {int} NOT NULL,
    max_attempts {int} NOT NULL,
    sends {int} NOT NULL,
    terms {text} NOT NULL,
    log {text} NOT NULL,
    created_at {int} NOT NULL,
    sent_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    finished_at {int},
    sealed {bytes},
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX verification_live ON verification (workspace, service, address) WHERE state = 0;
CREATE INDEX verification_expiry ON verification (workspace, state, expires_at);
CREATE INDEX verification_address ON verification (workspace, address, created_at);
CREATE INDEX verification_block ON verification (workspace, block, created_at);
CREATE INDEX verification_country ON verification (workspace, country, created_at);
CREATE INDEX verification_origin ON verification (workspace, origin, created_at);
CREATE INDEX verification_caller ON verification (workspace, caller, created_at);
CREATE INDEX verification_contact ON verification (workspace, contact, id);
