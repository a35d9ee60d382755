CREATE TABLE balance (
    workspace {id} NOT NULL,
    currency {text} NOT NULL,
    available {int} NOT NULL,
    reserved {int} NOT NULL,
    spent {int} NOT NULL,
    credit {int} NOT NULL,
    low_at {int} NOT NULL,
    low_told {bool} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace)
) {table};
CREATE TABLE reservation (
    workspace {id} NOT NULL,
    reference {id} NOT NULL,
    amount {int} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, reference)
) {table};
CREATE TABLE balance_entry (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    at {int} NOT NULL,
    kind {text} NOT NULL,
    amount {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE price (
    workspace {id} NOT NULL,
    service {text} NOT NULL,
    country {text} NOT NULL,
    network {text} NOT NULL,
    sender {text} NOT NULL,
    since {int} NOT NULL,
    amount {int} NOT NULL,
    PRIMARY KEY (workspace, service, country, network, sender, since)
) {table};
