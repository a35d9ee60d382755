CREATE TABLE person_read (
  workspace {id} NOT NULL,
  day {int} NOT NULL,
  purpose {text} NOT NULL,
  people {int} NOT NULL,
  PRIMARY KEY (workspace, day, purpose)
) {table};
