CREATE TABLE targeting (
    workspace {id} NOT NULL,
    owner {id} NOT NULL,
    sealed {bytes} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, owner)
) {table};
CREATE TABLE sequence (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    state {text} NOT NULL,
    draft {text} NOT NULL,
    version {int} NOT NULL,
    cursor {id},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    started_at {int},
    ended_at {int},
    PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE TABLE sequence_person (
    workspace {id} NOT NULL,
    sequence {id} NOT NULL,
    contact {id} NOT NULL,
    state {text} NOT NULL,
    step {int} NOT NULL,
    due_at {int} NOT NULL,
    wave {id},
    first {id},
    reason {text},
    enrolled_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, sequence, contact)
) {table};
CREATE INDEX sequence_person_due ON sequence_person (workspace, sequence, state, step, due_at);
CREATE INDEX sequence_person_wave ON sequence_person (workspace, sequence, wave);
CREATE INDEX sequence_person_contact ON sequence_person (workspace, contact);
CREATE TABLE sequence_wave (
    workspace {id} NOT NULL,
    source {id} NOT NULL,
    sequence {id} NOT NULL,
    step {int} NOT NULL,
    state {text} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (workspace, source)
) {table};
CREATE INDEX sequence_wave_of ON sequence_wave (workspace, sequence, state);
CREATE TABLE sequence_total (
    workspace {id} NOT NULL,
    sequence {id} NOT NULL,
    what {text} NOT NULL,
    step {int} NOT NULL,
    count {int} NOT NULL,
    PRIMARY KEY (workspace, sequence, what, step)
) {table};
