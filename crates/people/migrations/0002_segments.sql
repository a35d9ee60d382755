CREATE TABLE segment (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  sealed {bytes} NOT NULL,
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
