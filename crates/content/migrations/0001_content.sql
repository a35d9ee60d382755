CREATE TABLE content_version (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    hash {bytes} NOT NULL,
    body {text} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};

CREATE TABLE template (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    source {text} NOT NULL,
    revision {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};
