CREATE TABLE booking_import (
    workspace {id} NOT NULL,
    origin {id} NOT NULL,
    entity {id} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, origin)
) {table};
CREATE INDEX booking_import_at ON booking_import (workspace, at);
