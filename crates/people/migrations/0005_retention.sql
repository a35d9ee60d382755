CREATE INDEX event_by_time ON event (workspace, at);
