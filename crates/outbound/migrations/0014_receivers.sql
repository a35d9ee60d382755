CREATE TABLE receiver_day (
    workspace {id} NOT NULL,
    day {int} NOT NULL,
    receiver {text} NOT NULL,
    kind {text} NOT NULL,
    count {int} NOT NULL,
    PRIMARY KEY (workspace, day, receiver, kind)
) {table};
