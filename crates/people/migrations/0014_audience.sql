CREATE TABLE bulk (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  action {text} NOT NULL,
  state {text} NOT NULL,
  total {int} NOT NULL,
  done {int} NOT NULL,
  changed {int} NOT NULL,
  skipped {int} NOT NULL,
  failed {int} NOT NULL,
  people {id} NOT NULL,
  result {id} NOT NULL,
  result_parts {int} NOT NULL,
  error {text},
  started_by {text} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
