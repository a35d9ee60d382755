CREATE TABLE idempotency (
    workspace {id} NOT NULL,
    key {bytes} NOT NULL,
    fingerprint {bytes} NOT NULL,
    response {bytes},
    locked_until {int} NOT NULL,
    expires_at {int} NOT NULL,
    PRIMARY KEY (workspace, key)
) {table};
CREATE INDEX idempotency_by_expiry ON idempotency (expires_at);
