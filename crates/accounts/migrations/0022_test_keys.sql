ALTER TABLE api_key ADD COLUMN test {bool};
