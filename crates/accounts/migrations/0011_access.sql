ALTER TABLE account ADD COLUMN password_at {int};
CREATE TABLE api_call (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    at {int} NOT NULL,
    actor {text} NOT NULL,
    operation {text} NOT NULL,
    status {int} NOT NULL,
    network {bytes},
    bytes_in {int} NOT NULL,
    bytes_out {int} NOT NULL,
    micros {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX api_call_by_actor ON api_call (workspace, actor, id);
CREATE INDEX api_call_with_network ON api_call (workspace, id) WHERE network IS NOT NULL;
