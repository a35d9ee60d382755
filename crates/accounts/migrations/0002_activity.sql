CREATE TABLE workspace_activity (
    workspace {id} NOT NULL PRIMARY KEY,
    active_at {int} NOT NULL,
    notices {int} NOT NULL,
    noticed_at {int}
) {table};
