ALTER TABLE segment ADD COLUMN deleted_at {int};
CREATE INDEX segment_bin ON segment (workspace, deleted_at);
