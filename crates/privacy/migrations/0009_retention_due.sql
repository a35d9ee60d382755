CREATE INDEX disclosure_last ON disclosure (workspace, last_at);
CREATE INDEX data_request_closed ON data_request (workspace, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX authority_subject_added ON authority_subject (workspace, added_at);
