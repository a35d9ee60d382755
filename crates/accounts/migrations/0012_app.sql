CREATE TABLE preference (
    account {id} NOT NULL PRIMARY KEY,
    choices {text} NOT NULL,
    updated_at {int} NOT NULL
) {table};
CREATE TABLE saved_view (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    account {id} NOT NULL,
    screen {text} NOT NULL,
    sealed {bytes} NOT NULL,
    shared {bool} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX saved_view_by_account ON saved_view (account, workspace);
