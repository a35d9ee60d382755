ALTER TABLE campaign ADD COLUMN name {text};
ALTER TABLE campaign ADD COLUMN subject_line {text};
ALTER TABLE campaign ADD COLUMN updated_by {text};
ALTER TABLE campaign ADD COLUMN tested_at {int};
ALTER TABLE campaign ADD COLUMN tested_version {int};
ALTER TABLE campaign ADD COLUMN deleted_at {int};
CREATE INDEX campaign_bin ON campaign (workspace, deleted_at);
