ALTER TABLE calendar ADD COLUMN busy_version {int} NOT NULL DEFAULT 0;
ALTER TABLE calendar ADD COLUMN taken_version {int};
ALTER TABLE calendar ADD COLUMN taken {bytes};
