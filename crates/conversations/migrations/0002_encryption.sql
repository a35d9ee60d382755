ALTER TABLE conversation ADD COLUMN encryption {text};

CREATE TABLE chat_device (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    member {id} NOT NULL,
    name {bytes} NOT NULL,
    public_key {bytes} NOT NULL,
    state {text} NOT NULL,
    added_at {int} NOT NULL,
    approved_at {int},
    approved_by {id},
    revoked_at {int},
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX chat_device_key ON chat_device (workspace, public_key);

CREATE TABLE chat_device_log (
    workspace {id} NOT NULL,
    n {int} NOT NULL,
    device {id} NOT NULL,
    member {id} NOT NULL,
    action {text} NOT NULL,
    by_member {id},
    by_device {id},
    public_key {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, n)
) {table};

CREATE TABLE chat_reception (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    grp {id},
    public_key {bytes} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};

CREATE TABLE chat_reception_share (
    workspace {id} NOT NULL,
    reception {id} NOT NULL,
    device {id} NOT NULL,
    enc {bytes} NOT NULL,
    ciphertext {bytes} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, reception, device)
) {table};

CREATE TABLE conversation_share (
    workspace {id} NOT NULL,
    conversation {id} NOT NULL,
    key_id {id} NOT NULL,
    recipient {id} NOT NULL,
    subject {id} NOT NULL,
    n {int} NOT NULL,
    sealed {bytes} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, conversation, key_id, recipient)
) {table};
CREATE INDEX conversation_share_for ON conversation_share (workspace, conversation, recipient, n);
CREATE INDEX conversation_share_newest ON conversation_share (workspace, conversation, n);
CREATE INDEX conversation_share_subject ON conversation_share (workspace, subject);
