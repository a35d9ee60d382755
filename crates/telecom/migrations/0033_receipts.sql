ALTER TABLE sms_receipt ADD COLUMN next_at {int} NOT NULL DEFAULT 0;
CREATE INDEX sms_receipt_next ON sms_receipt (workspace, next_at);
