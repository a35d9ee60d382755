CREATE TABLE trunk (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    state {text} NOT NULL,
    rules {text} NOT NULL,
    access {bytes} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE voice_settings (
    workspace {id} NOT NULL,
    settings {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace)
) {table};
CREATE TABLE call_flow (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    version {int} NOT NULL,
    flow {text} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE call_number (
    workspace {id} NOT NULL,
    number {text} NOT NULL,
    flow {id} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (workspace, number)
) {table};
CREATE INDEX call_number_flow ON call_number (workspace, flow);
CREATE TABLE voice_call (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    contact {id},
    direction {text} NOT NULL,
    purpose {text} NOT NULL,
    topic {id},
    address {id},
    country {text} NOT NULL,
    number {text} NOT NULL,
    flow {id},
    trunk {id},
    ring {int} NOT NULL,
    longest {int} NOT NULL,
    price {int} NOT NULL,
    trial {bool} NOT NULL,
    state {int} NOT NULL,
    reason {text},
    status {int},
    rule {text} NOT NULL,
    pack {text} NOT NULL,
    basis {text} NOT NULL,
    claim {id},
    due_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    claimed_at {int} NOT NULL,
    lease_until {int} NOT NULL,
    created_at {int} NOT NULL,
    answered_at {int},
    finished_at {int},
    seconds {int} NOT NULL,
    cost {int} NOT NULL,
    sealed {bytes},
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX voice_call_due ON voice_call (workspace, state, due_at);
CREATE INDEX voice_call_contact ON voice_call (workspace, contact, id);
CREATE TABLE call_event (
    workspace {id} NOT NULL,
    call {id} NOT NULL,
    id {id} NOT NULL,
    leg {int} NOT NULL,
    at {int} NOT NULL,
    kind {text} NOT NULL,
    detail {text},
    PRIMARY KEY (workspace, call, id)
) {table};
CREATE TABLE call_recording (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    call {id} NOT NULL,
    contact {id},
    seconds {int} NOT NULL,
    ended {text} NOT NULL,
    created_at {int} NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE INDEX call_recording_call ON call_recording (workspace, call, id);
CREATE INDEX call_recording_contact ON call_recording (workspace, contact, id);
