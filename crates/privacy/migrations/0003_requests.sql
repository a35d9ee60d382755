CREATE TABLE disclosure (
  workspace {id} NOT NULL,
  subject {id} NOT NULL,
  recipient {id} NOT NULL,
  id {id} NOT NULL,
  kind {text} NOT NULL,
  actor {text} NOT NULL,
  first_at {int} NOT NULL,
  last_at {int} NOT NULL,
  times {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (workspace, subject, recipient)
) {rowid_table};
CREATE UNIQUE INDEX disclosure_id ON disclosure (workspace, id);
CREATE TABLE data_request (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  kind {text} NOT NULL,
  via {text} NOT NULL,
  state {text} NOT NULL,
  subject {id},
  child {bool} NOT NULL,
  actor {text} NOT NULL,
  received_at {int} NOT NULL,
  target_at {int} NOT NULL,
  due_at {int} NOT NULL,
  verified_at {int},
  verified_by {text},
  extended_at {int},
  closed_at {int},
  ground {text},
  result {bytes},
  reminded {int} NOT NULL,
  shredded {bool} NOT NULL,
  version {int} NOT NULL,
  sealed {bytes},
  evidence_sealed {bytes},
  PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE INDEX data_request_subject ON data_request (workspace, subject);
CREATE INDEX data_request_state ON data_request (workspace, state, id);
CREATE TABLE data_request_event (
  workspace {id} NOT NULL,
  request {id} NOT NULL,
  id {id} NOT NULL,
  at {int} NOT NULL,
  kind {text} NOT NULL,
  actor {text} NOT NULL,
  sealed {bytes},
  PRIMARY KEY (workspace, request, id)
) {table};
CREATE TABLE data_request_challenge (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  request {id} NOT NULL,
  made_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  used_at {int},
  PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX data_request_challenge_request ON data_request_challenge (workspace, request);
CREATE TABLE data_request_pack (
  workspace {id} NOT NULL,
  request {id} NOT NULL,
  id {id} NOT NULL,
  subject {id} NOT NULL,
  made_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (workspace, request)
) {rowid_table};
CREATE INDEX data_request_pack_expiry ON data_request_pack (workspace, expires_at);
CREATE TABLE data_request_intake (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  at {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE TABLE recipient_notice (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  subject {id} NOT NULL,
  disclosure {id} NOT NULL,
  act {text} NOT NULL,
  state {text} NOT NULL,
  attempts {int} NOT NULL,
  made_at {int} NOT NULL,
  sent_at {int},
  acknowledged_at {int},
  sealed {bytes},
  PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE INDEX recipient_notice_subject ON recipient_notice (workspace, subject);
CREATE INDEX recipient_notice_state ON recipient_notice (workspace, state, id);
