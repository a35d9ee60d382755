CREATE TABLE payment_account (
    workspace {id} NOT NULL,
    provider {text} NOT NULL,
    secret {bytes} NOT NULL,
    signing {bytes} NOT NULL,
    connected_by {text} NOT NULL,
    connected_at {int} NOT NULL,
    PRIMARY KEY (workspace, provider)
) {table};
CREATE TABLE payment (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    provider {text} NOT NULL,
    reference {id} NOT NULL,
    amount {int} NOT NULL,
    currency {text} NOT NULL,
    state {text} NOT NULL,
    session {bytes},
    charge {bytes},
    settled_at {int},
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX payment_by_reference ON payment (workspace, reference);
