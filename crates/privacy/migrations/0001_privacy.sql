CREATE TABLE purpose (
  workspace {id} NOT NULL,
  code {text} NOT NULL,
  id {id} NOT NULL,
  name {text} NOT NULL,
  concept {text} NOT NULL,
  retention {text} NOT NULL,
  created_at {int} NOT NULL,
  retired_at {int},
  PRIMARY KEY (workspace, code)
) {table};
CREATE TABLE notice_version (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  notice {text} NOT NULL,
  language {text} NOT NULL,
  version {int} NOT NULL,
  hash {bytes} NOT NULL,
  material {bool} NOT NULL,
  body {text} NOT NULL,
  published_at {int} NOT NULL,
  published_by {text} NOT NULL,
  PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE UNIQUE INDEX notice_version_number ON notice_version (workspace, notice, language, version);
CREATE TABLE provenance (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  method {text} NOT NULL,
  collected_on {int},
  actor {text} NOT NULL,
  parent {id},
  sealed {bytes} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE claim (
  workspace {id} NOT NULL,
  subject {id} NOT NULL,
  purpose {text} NOT NULL,
  channel {text} NOT NULL,
  topic {id} NOT NULL,
  basis {text} NOT NULL,
  state {text} NOT NULL,
  at {int} NOT NULL,
  expires_at {int},
  confirmed_at {int},
  event {id} NOT NULL,
  sealed {bytes},
  PRIMARY KEY (workspace, subject, purpose, channel, topic, basis)
) {table};
CREATE TABLE suppression (
  workspace {id} NOT NULL,
  hash {id} NOT NULL,
  scope {text} NOT NULL,
  reason {text} NOT NULL,
  at {int} NOT NULL,
  event {id},
  PRIMARY KEY (workspace, hash, scope, reason)
) {table};
CREATE TABLE gate_subject (
  workspace {id} NOT NULL,
  subject {id} NOT NULL,
  sealed {bytes} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, subject)
) {table};
CREATE TABLE gate_setting (
  workspace {id} NOT NULL,
  settings {text} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace)
) {table};
CREATE TABLE gate_sent (
  workspace {id} NOT NULL,
  subject {id} NOT NULL,
  day {int} NOT NULL,
  sent {int} NOT NULL,
  PRIMARY KEY (workspace, subject, day)
) {table};
CREATE TABLE gate_touch (
  workspace {id} NOT NULL,
  subject {id} NOT NULL,
  touches {int} NOT NULL,
  first_at {int} NOT NULL,
  engaged_at {int},
  PRIMARY KEY (workspace, subject)
) {table};
CREATE TABLE erasure (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  subject {id} NOT NULL,
  requested_at {int} NOT NULL,
  completed_at {int} NOT NULL,
  actor {text} NOT NULL,
  certificate {text} NOT NULL,
  PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE INDEX erasure_subject ON erasure (workspace, subject);
CREATE TABLE signing_key (
  workspace {id} NOT NULL,
  use {text} NOT NULL,
  public {bytes} NOT NULL,
  sealed {bytes} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (workspace, use)
) {table};
CREATE TABLE ledger_checkpoint (
  workspace {id} NOT NULL,
  seq {int} NOT NULL,
  hash {bytes} NOT NULL,
  at {int} NOT NULL,
  public {bytes} NOT NULL,
  signature {bytes} NOT NULL,
  PRIMARY KEY (workspace, seq)
) {table};
