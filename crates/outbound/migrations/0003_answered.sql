CREATE TABLE answered (
    workspace {id} NOT NULL,
    contact {id} NOT NULL,
    question {text} NOT NULL,
    message {id} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, contact, question)
) {table};
