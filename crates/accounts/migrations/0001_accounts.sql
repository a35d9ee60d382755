CREATE TABLE workspace (
    workspace {id} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    slug {text} NOT NULL,
    language {text} NOT NULL,
    postal_address {text} NOT NULL,
    settings {text} NOT NULL,
    second_factor {text} NOT NULL,
    state {text} NOT NULL,
    version {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL
) {table};
CREATE UNIQUE INDEX workspace_by_slug ON workspace (slug);
CREATE TABLE account (
    id {id} NOT NULL PRIMARY KEY,
    email {id} NOT NULL,
    sealed {bytes} NOT NULL,
    password {text},
    state {text} NOT NULL,
    language {text} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL
) {table};
CREATE UNIQUE INDEX account_by_email ON account (email);
CREATE TABLE email_token (
    id {id} NOT NULL PRIMARY KEY,
    account {id} NOT NULL,
    kind {text} NOT NULL,
    workspace {id} NOT NULL,
    sealed {bytes},
    expires_at {int} NOT NULL,
    used_at {int}
) {table};
CREATE INDEX email_token_by_account ON email_token (account);
CREATE INDEX email_token_by_expiry ON email_token (expires_at);
CREATE TABLE session (
    hash {bytes} NOT NULL PRIMARY KEY,
    id {id} NOT NULL,
    account {id} NOT NULL,
    second_factor {bool} NOT NULL,
    agent {bytes},
    created_at {int} NOT NULL,
    seen_at {int} NOT NULL,
    expires_at {int} NOT NULL
) {table};
CREATE INDEX session_by_account ON session (account, id);
CREATE INDEX session_by_expiry ON session (expires_at);
CREATE TABLE totp (
    account {id} NOT NULL PRIMARY KEY,
    sealed {bytes} NOT NULL,
    active {bool} NOT NULL,
    last_step {int} NOT NULL,
    created_at {int} NOT NULL
) {table};
CREATE TABLE recovery_code (
    account {id} NOT NULL,
    hash {bytes} NOT NULL,
    used_at {int},
    PRIMARY KEY (account, hash)
) {table};
CREATE TABLE membership (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    account {id} NOT NULL,
    role {text} NOT NULL,
    state {text} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX membership_by_account ON membership (account, workspace);
CREATE TABLE api_key (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    hash {bytes} NOT NULL,
    scopes {text} NOT NULL,
    created_by {text} NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int},
    used_at {int},
    revoked_at {int},
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX api_key_by_id ON api_key (id);
CREATE TABLE audit (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    at {int} NOT NULL,
    actor {text} NOT NULL,
    action {text} NOT NULL,
    objects {text} NOT NULL,
    detail {bytes},
    PRIMARY KEY (workspace, id)
) {table};
