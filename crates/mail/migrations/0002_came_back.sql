CREATE TABLE inbound_message (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    digest {bytes} NOT NULL,
    contact {id},
    delivery {id},
    way {text} NOT NULL,
    kind {text} NOT NULL,
    intent {text},
    attention {bool} NOT NULL,
    created_at {int} NOT NULL,
    handled_at {int},
    sealed {bytes},
    PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE UNIQUE INDEX inbound_message_once ON inbound_message (workspace, digest);
CREATE INDEX inbound_message_of_contact ON inbound_message (workspace, contact);
CREATE TABLE caught_message (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    delivery {id} NOT NULL,
    contact {id} NOT NULL,
    at {int} NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE INDEX caught_message_of_contact ON caught_message (workspace, contact);
