CREATE TABLE domain (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    return_path {text} NOT NULL,
    verified {bool} NOT NULL,
    checked_at {int},
    report {text} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX domain_by_name ON domain (workspace, name);
CREATE TABLE dkim_key (
    workspace {id} NOT NULL,
    domain {id} NOT NULL,
    selector {text} NOT NULL,
    algorithm {text} NOT NULL,
    private_key {bytes} NOT NULL,
    record {text} NOT NULL,
    state {text} NOT NULL,
    created_at {int} NOT NULL,
    retired_at {int},
    PRIMARY KEY (workspace, domain, selector)
) {table};
