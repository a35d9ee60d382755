ALTER TABLE template ADD COLUMN updated_by {text};
ALTER TABLE template ADD COLUMN deleted_at {int};
CREATE INDEX template_bin ON template (workspace, deleted_at);
