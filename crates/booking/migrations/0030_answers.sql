ALTER TABLE booking ADD COLUMN answers_due_at {int};
CREATE INDEX booking_answers_due ON booking (workspace, answers_due_at);
ALTER TABLE calendar_copy ADD COLUMN event_type {id};
CREATE TABLE booking_mail (
    workspace {id} NOT NULL,
    booking {id} NOT NULL,
    source {id} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, booking, source)
) {table};
CREATE INDEX booking_mail_at ON booking_mail (workspace, at);
