CREATE TABLE correspondence (
    workspace {id} NOT NULL,
    source {id} NOT NULL,
    about {id} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, source)
) {table};
CREATE INDEX correspondence_at ON correspondence (workspace, at);
