CREATE TABLE sms_settings (
    workspace {id} NOT NULL,
    settings {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace)
) {table};
CREATE TABLE route (
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
CREATE TABLE originator (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    value {text} NOT NULL,
    rules {text} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX originator_value ON originator (workspace, value);
CREATE TABLE sms_message (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    contact {id} NOT NULL,
    purpose {text} NOT NULL,
    topic {id},
    address {id} NOT NULL,
    country {text} NOT NULL,
    network {text} NOT NULL,
    originator {text} NOT NULL,
    encoding {text} NOT NULL,
    parts {int} NOT NULL,
    price {int} NOT NULL,
    trial {bool} NOT NULL,
    state {int} NOT NULL,
    reason {text},
    rule {text} NOT NULL,
    pack {text} NOT NULL,
    basis {text} NOT NULL,
    claim {id},
    route {id},
    attempts {int} NOT NULL,
    due_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    lease_until {int} NOT NULL,
    created_at {int} NOT NULL,
    sent_at {int},
    finished_at {int},
    sealed {bytes},
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX sms_message_due ON sms_message (workspace, state, due_at);
CREATE INDEX sms_message_contact ON sms_message (workspace, contact, id);
CREATE TABLE sms_part (
    workspace {id} NOT NULL,
    message {id} NOT NULL,
    number {int} NOT NULL,
    route {id} NOT NULL,
    remote {text} NOT NULL,
    state {text} NOT NULL,
    code {text} NOT NULL,
    at {int} NOT NULL,
    done_at {int},
    PRIMARY KEY (workspace, message, number)
) {table};
CREATE INDEX sms_part_remote ON sms_part (workspace, route, remote);
CREATE TABLE sms_attempt (
    workspace {id} NOT NULL,
    message {id} NOT NULL,
    id {id} NOT NULL,
    at {int} NOT NULL,
    route {id},
    outcome {text} NOT NULL,
    PRIMARY KEY (workspace, message, id)
) {table};
CREATE TABLE sms_receipt (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    route {id} NOT NULL,
    remote {text} NOT NULL,
    fate {text} NOT NULL,
    code {text} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE sms_count (
    workspace {id} NOT NULL,
    day {int} NOT NULL,
    what {text} NOT NULL,
    parts {int} NOT NULL,
    PRIMARY KEY (workspace, day, what)
) {table};
CREATE TABLE sms_inbound (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    contact {id} NOT NULL,
    route {id} NOT NULL,
    number {text} NOT NULL,
    keyword {text} NOT NULL,
    intent {text} NOT NULL,
    missing {int} NOT NULL,
    created_at {int} NOT NULL,
    sealed {bytes},
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX sms_inbound_contact ON sms_inbound (workspace, contact, id);
CREATE TABLE sms_inbound_part (
    workspace {id} NOT NULL,
    address {id} NOT NULL,
    number {text} NOT NULL,
    reference {int} NOT NULL,
    total {int} NOT NULL,
    part {int} NOT NULL,
    at {int} NOT NULL,
    done {bool} NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (workspace, address, number, reference, total, part)
) {table};
