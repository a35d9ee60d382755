ALTER TABLE sms_message ADD COLUMN source {id};
ALTER TABLE sms_message ADD COLUMN cost {int};
ALTER TABLE sms_message ADD COLUMN clicked_at {int};
ALTER TABLE sms_message ADD COLUMN left_at {int};
CREATE UNIQUE INDEX sms_message_once ON sms_message (workspace, contact, source);
CREATE INDEX sms_message_source ON sms_message (workspace, source, state, id);
CREATE TABLE short_link (
    code {text} NOT NULL,
    workspace {id} NOT NULL,
    source {id} NOT NULL,
    message {id},
    contact {id},
    number {int} NOT NULL,
    kind {text} NOT NULL,
    counted {bool} NOT NULL,
    language {text} NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    target {text},
    sealed {bytes},
    PRIMARY KEY (code)
) {table};
CREATE INDEX short_link_contact ON short_link (workspace, contact);
CREATE INDEX short_link_time ON short_link (workspace, created_at);
CREATE TABLE short_click (
    workspace {id} NOT NULL,
    source {id} NOT NULL,
    id {id} NOT NULL,
    message {id},
    number {int} NOT NULL,
    class {int} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, source, id)
) {table};
CREATE INDEX short_click_id ON short_click (workspace, id);
CREATE INDEX short_click_message ON short_click (workspace, message);
