ALTER TABLE endpoint ADD COLUMN shape {text};
