ALTER TABLE campaign ADD COLUMN halted_by {text};
ALTER TABLE campaign ADD COLUMN channel {text};
