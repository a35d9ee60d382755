CREATE TABLE campaign (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    state {text} NOT NULL,
    topic {id} NOT NULL,
    segment {id},
    draft {text} NOT NULL,
    version {int} NOT NULL,
    cursor {id},
    scheduled_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    started_at {int},
    finished_at {int},
    PRIMARY KEY (workspace, id)
) {rowid_table};
