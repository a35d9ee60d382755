ALTER TABLE payment_account ADD COLUMN base {text};
