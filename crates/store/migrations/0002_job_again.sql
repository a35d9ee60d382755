ALTER TABLE job ADD COLUMN again {int};
