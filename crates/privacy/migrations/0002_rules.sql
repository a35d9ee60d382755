CREATE TABLE assessment (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  version {int} NOT NULL,
  state {text} NOT NULL,
  purpose {text} NOT NULL,
  body {text} NOT NULL,
  reviewer {text},
  start {int},
  expires_at {int},
  ended_at {int},
  created_by {text} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE assessment_version (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  version {int} NOT NULL,
  purpose {text} NOT NULL,
  body {text} NOT NULL,
  reviewer {text},
  start {int},
  expires_at {int},
  actor {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (workspace, id, version)
) {table};
CREATE TABLE sending_approval (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  version {int} NOT NULL,
  state {text} NOT NULL,
  country {text} NOT NULL,
  channel {text} NOT NULL,
  body {text} NOT NULL,
  reference {text},
  submitted_at {int},
  decided_at {int},
  expires_at {int},
  created_by {text} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE business_activity (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  code {text} NOT NULL,
  description {text} NOT NULL,
  register {text} NOT NULL,
  created_by {text} NOT NULL,
  created_at {int} NOT NULL,
  retired_at {int},
  PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX business_activity_code ON business_activity (workspace, code);
CREATE TABLE screening (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  country {text} NOT NULL,
  channel {text} NOT NULL,
  list {text} NOT NULL,
  source {text} NOT NULL,
  state {text} NOT NULL,
  dated_at {int} NOT NULL,
  forms {int} NOT NULL,
  entries {int} NOT NULL,
  created_by {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE screening_entry (
  workspace {id} NOT NULL,
  screening {id} NOT NULL,
  hash {id} NOT NULL,
  PRIMARY KEY (workspace, screening, hash)
) {table};
CREATE INDEX claim_expiry ON claim (workspace, expires_at) WHERE expires_at IS NOT NULL;
