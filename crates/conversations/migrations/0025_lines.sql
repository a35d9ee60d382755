CREATE TABLE conversation_line (
    workspace {id} NOT NULL,
    line {id} NOT NULL,
    conversation {id} NOT NULL,
    subject {id} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, line)
) {table};
CREATE INDEX conversation_line_conversation ON conversation_line (workspace, conversation);
CREATE INDEX conversation_line_subject ON conversation_line (workspace, subject);
CREATE TABLE conversation_delivery (
    workspace {id} NOT NULL,
    conversation {id} NOT NULL,
    seq {int} NOT NULL,
    subject {id} NOT NULL,
    message {id} NOT NULL,
    state {text} NOT NULL,
    reason {text},
    parts {int} NOT NULL,
    price {int} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, conversation, seq)
) {table};
CREATE UNIQUE INDEX conversation_delivery_message ON conversation_delivery (workspace, message);
CREATE INDEX conversation_delivery_subject ON conversation_delivery (workspace, subject);
