CREATE TABLE piece (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    kind {text} NOT NULL,
    about {text} NOT NULL,
    name {text} NOT NULL,
    design {text} NOT NULL,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE INDEX piece_kind ON piece (workspace, kind, about, id);
