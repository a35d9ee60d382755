CREATE TABLE master_check (
    id {int} NOT NULL PRIMARY KEY,
    sealed {bytes} NOT NULL
) {table};
CREATE TABLE workspace_key (
    workspace {id} NOT NULL PRIMARY KEY,
    wrapped {bytes} NOT NULL,
    created_at {int} NOT NULL
) {table};
CREATE TABLE subject_key (
    workspace {id} NOT NULL,
    subject {id} NOT NULL,
    data {bytes},
    evidence {bytes},
    PRIMARY KEY (workspace, subject)
) {table};
CREATE TABLE file_key (
    workspace {id} NOT NULL,
    file {id} NOT NULL,
    wrapped {bytes} NOT NULL,
    expires_at {int} NOT NULL,
    PRIMARY KEY (workspace, file)
) {table};
CREATE TABLE safety_log (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    kind {text} NOT NULL,
    subject {id},
    hash {id},
    scope {text} NOT NULL,
    reason {text} NOT NULL,
    at {int} NOT NULL,
    done {bool} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX safety_open ON safety_log (done, at);
