ALTER TABLE inbound_message ADD COLUMN severity {text};
ALTER TABLE inbound_message ADD COLUMN triage {text};
ALTER TABLE inbound_message ADD COLUMN decision {text};
ALTER TABLE inbound_message ADD COLUMN settled_at {int};
