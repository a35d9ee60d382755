CREATE INDEX answered_by_time ON answered (workspace, at);
