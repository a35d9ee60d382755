CREATE TABLE retention_setting (
  workspace {id} NOT NULL,
  settings {text} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace)
) {table};
CREATE TABLE retention_proposal (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  class {text} NOT NULL,
  region {text},
  period {text} NOT NULL,
  state {text} NOT NULL,
  proposed_by {text} NOT NULL,
  proposed_at {int} NOT NULL,
  decided_by {text},
  decided_at {int},
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE retention_hold (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  kind {text} NOT NULL,
  class {text},
  subject {id},
  sealed {bytes} NOT NULL,
  ends_on {int},
  created_by {text} NOT NULL,
  created_at {int} NOT NULL,
  lifted_by {text},
  lifted_at {int},
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE retention_due (
  workspace {id} NOT NULL,
  subject {id} NOT NULL,
  class {text} NOT NULL,
  due_at {int} NOT NULL,
  PRIMARY KEY (workspace, subject, class)
) {table};
CREATE INDEX retention_due_at ON retention_due (workspace, due_at);
CREATE TABLE retention_report (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  mode {text} NOT NULL,
  at {int} NOT NULL,
  report {text} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX gate_sent_day ON gate_sent (workspace, day);
CREATE TABLE closed_workspace (
  id {id} NOT NULL PRIMARY KEY,
  completed_at {int} NOT NULL,
  certificate {text} NOT NULL
) {table};
