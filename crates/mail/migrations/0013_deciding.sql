-- Two members who decide about one message at the same moment: the first takes it.
ALTER TABLE inbound_message ADD COLUMN claimed_at {int};
