CREATE TABLE gate_halt (
  workspace {id} NOT NULL,
  series {id} NOT NULL,
  subject {id} NOT NULL,
  reason {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (workspace, series, subject)
) {table};
CREATE INDEX gate_halt_subject ON gate_halt (workspace, subject);
CREATE TABLE art14 (
  workspace {id} NOT NULL,
  subject {id} NOT NULL,
  method {text} NOT NULL,
  since {int} NOT NULL,
  due_at {int} NOT NULL,
  told_at {int},
  PRIMARY KEY (workspace, subject)
) {table};
CREATE INDEX art14_owed ON art14 (workspace, due_at) WHERE told_at IS NULL;
ALTER TABLE gate_touch ADD COLUMN told_at {int};
ALTER TABLE gate_touch ADD COLUMN last_at {int};
