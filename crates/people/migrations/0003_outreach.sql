CREATE TABLE field_read (
  workspace {id} NOT NULL,
  field {text} NOT NULL,
  reader {text} NOT NULL,
  day {int} NOT NULL,
  PRIMARY KEY (workspace, field, reader)
) {table};
CREATE TABLE enriched (
  workspace {id} NOT NULL,
  contact {id} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (workspace, contact)
) {table};
CREATE INDEX enriched_at ON enriched (workspace, at, contact);
CREATE TABLE hygiene_policy (
  workspace {id} NOT NULL,
  policy {text} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace)
) {table};
CREATE TABLE hygiene_run (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  at {int} NOT NULL,
  actor {text} NOT NULL,
  dry_run {bool} NOT NULL,
  report {text} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
