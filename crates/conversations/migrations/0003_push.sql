CREATE TABLE push_subscription (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    member {id} NOT NULL,
    mark {bytes} NOT NULL,
    sealed {bytes} NOT NULL,
    created_at {int} NOT NULL,
    used_at {int},
    last_status {int},
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX push_subscription_mark ON push_subscription (workspace, mark);
CREATE INDEX push_subscription_member ON push_subscription (workspace, member);
