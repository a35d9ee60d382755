CREATE TABLE chat_channel (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    app {text} NOT NULL,
    name {text} NOT NULL,
    state {text} NOT NULL,
    settings {text} NOT NULL,
    access {bytes} NOT NULL,
    problem {text},
    checked_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX chat_channel_id ON chat_channel (id);
CREATE TABLE chat_person (
    workspace {id} NOT NULL,
    channel {id} NOT NULL,
    address {id} NOT NULL,
    subject {id} NOT NULL,
    wrote_at {int},
    created_at {int} NOT NULL,
    seen_at {int} NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (workspace, channel, address)
) {table};
CREATE INDEX chat_person_subject ON chat_person (workspace, subject);
CREATE INDEX chat_person_seen ON chat_person (workspace, seen_at);
CREATE TABLE chat_message (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    channel {id} NOT NULL,
    subject {id} NOT NULL,
    address {id} NOT NULL,
    purpose {text} NOT NULL,
    state {text} NOT NULL,
    reason {text},
    remote {id},
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
    sealed {bytes},
    file {bytes},
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX chat_message_line ON chat_message (workspace, channel, address, state, id);
CREATE INDEX chat_message_state ON chat_message (workspace, state, lease_until);
CREATE INDEX chat_message_remote ON chat_message (workspace, channel, remote);
CREATE INDEX chat_message_subject ON chat_message (workspace, subject, id);
CREATE TABLE chat_inbound (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    channel {id} NOT NULL,
    subject {id} NOT NULL,
    remote {id} NOT NULL,
    keyword {text} NOT NULL,
    at {int} NOT NULL,
    sealed {bytes},
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX chat_inbound_remote ON chat_inbound (workspace, channel, remote);
CREATE INDEX chat_inbound_subject ON chat_inbound (workspace, subject, id);
CREATE TABLE chat_fate (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    channel {id} NOT NULL,
    remote {id} NOT NULL,
    fate {text} NOT NULL,
    code {text} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX chat_fate_remote ON chat_fate (workspace, channel, remote);
