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
