CREATE TABLE calendar_account (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    host {id} NOT NULL,
    kind {text} NOT NULL,
    sealed {bytes} NOT NULL,
    state {text} NOT NULL,
    created_by {text} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE calendar (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    account {id} NOT NULL,
    host {id} NOT NULL,
    place {id} NOT NULL,
    sealed {bytes} NOT NULL,
    conflicts {bool} NOT NULL,
    target {bool} NOT NULL,
    writable {bool} NOT NULL,
    place_cursor {bytes},
    covers_to {int},
    synced_at {int},
    tried_at {int},
    error {text},
    failures {int} NOT NULL,
    failing_since {int},
    doubtful {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX calendar_by_host ON calendar (workspace, host, id);
CREATE INDEX calendar_by_account ON calendar (workspace, account, id);
CREATE TABLE calendar_busy (
    workspace {id} NOT NULL,
    calendar {id} NOT NULL,
    resource {id} NOT NULL,
    part {int} NOT NULL,
    host {id} NOT NULL,
    start_at {int} NOT NULL,
    end_at {int} NOT NULL,
    status {text} NOT NULL,
    partstat {text},
    booking {id},
    PRIMARY KEY (workspace, calendar, resource, part)
) {table};
CREATE INDEX calendar_busy_by_host ON calendar_busy (workspace, host, end_at);
CREATE INDEX calendar_busy_by_calendar ON calendar_busy (workspace, calendar, end_at);
CREATE TABLE calendar_choice (
    workspace {id} NOT NULL,
    event_type {id} NOT NULL,
    host {id} NOT NULL,
    calendars {text} NOT NULL,
    PRIMARY KEY (workspace, event_type, host)
) {table};
CREATE TABLE calendar_setting (
    workspace {id} NOT NULL,
    settings {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace)
) {table};
CREATE TABLE calendar_copy (
    workspace {id} NOT NULL,
    booking {id} NOT NULL,
    calendar {id} NOT NULL,
    resource {id} NOT NULL,
    sealed {bytes} NOT NULL,
    sequence {int} NOT NULL,
    start_at {int} NOT NULL,
    end_at {int} NOT NULL,
    state {text} NOT NULL,
    error {text},
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, booking, calendar)
) {table};
CREATE INDEX calendar_copy_by_resource ON calendar_copy (workspace, calendar, resource);
CREATE INDEX calendar_copy_by_state ON calendar_copy (workspace, state, booking);
CREATE TABLE calendar_feed (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    host {id} NOT NULL,
    detail {text} NOT NULL,
    created_by {text} NOT NULL,
    created_at {int} NOT NULL,
    read_at {int},
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX calendar_feed_by_host ON calendar_feed (workspace, host, id);
CREATE TABLE calendar_provider (
    workspace {id} NOT NULL,
    kind {text} NOT NULL,
    sealed {bytes} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, kind)
) {table};
CREATE TABLE calendar_answer (
    workspace {id} NOT NULL,
    booking {id} NOT NULL,
    address {id} NOT NULL,
    partstat {text} NOT NULL,
    sequence {int} NOT NULL,
    proposed_start {int},
    proposed_end {int},
    at {int} NOT NULL,
    PRIMARY KEY (workspace, booking, address)
) {table};
