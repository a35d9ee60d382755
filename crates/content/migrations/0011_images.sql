CREATE TABLE image (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    kind {text} NOT NULL,
    width {int} NOT NULL,
    height {int} NOT NULL,
    bytes {int} NOT NULL,
    created_at {int} NOT NULL,
    body {bytes} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};
