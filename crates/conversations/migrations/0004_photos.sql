CREATE TABLE chat_photo (
    workspace {id} NOT NULL,
    member {id} NOT NULL,
    mark {bytes} NOT NULL,
    sealed {bytes} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, member)
) {rowid_table};
CREATE UNIQUE INDEX chat_photo_mark ON chat_photo (mark);
