ALTER TABLE contact_topic ADD COLUMN form {id};
CREATE TABLE form_day (
  workspace {id} NOT NULL,
  form {id} NOT NULL,
  day {int} NOT NULL,
  views {int} NOT NULL,
  submissions {int} NOT NULL,
  confirmed {int} NOT NULL,
  PRIMARY KEY (workspace, form, day)
) {table};
