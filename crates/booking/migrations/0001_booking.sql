CREATE TABLE booking_host (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    member {text} NOT NULL,
    timezone {text} NOT NULL,
    schedule {id},
    left_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX booking_host_member ON booking_host (workspace, member);
CREATE TABLE booking_schedule (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    definition {text} NOT NULL,
    version {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE booking_holidays (
    workspace {id} NOT NULL,
    code {text} NOT NULL,
    name {text} NOT NULL,
    dates {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, code)
) {table};
CREATE TABLE booking_absence (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    host {id} NOT NULL,
    from_at {int} NOT NULL,
    to_at {int} NOT NULL,
    hand_over {id},
    created_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX booking_absence_host ON booking_absence (workspace, host, to_at);
CREATE TABLE booking_resource (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    timezone {text} NOT NULL,
    archived_at {int},
    created_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE event_type (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    slug {text} NOT NULL,
    state {text} NOT NULL,
    definition {text} NOT NULL,
    version {int} NOT NULL,
    turn {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX event_type_slug ON event_type (workspace, slug);
CREATE TABLE booking_session (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    event_type {id} NOT NULL,
    start_at {int} NOT NULL,
    end_at {int} NOT NULL,
    buffer_before {int} NOT NULL,
    buffer_after {int} NOT NULL,
    seats {int} NOT NULL,
    held_until {int} NOT NULL,
    created_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX booking_session_at ON booking_session (workspace, event_type, start_at);
CREATE INDEX booking_session_empty ON booking_session (workspace, seats, held_until);
CREATE TABLE booking_session_host (
    workspace {id} NOT NULL,
    session {id} NOT NULL,
    host {id} NOT NULL,
    event_type {id} NOT NULL,
    start_at {int} NOT NULL,
    end_at {int} NOT NULL,
    day {int} NOT NULL,
    assigned_at {int} NOT NULL,
    PRIMARY KEY (workspace, session, host)
) {table};
CREATE INDEX booking_session_host_at ON booking_session_host (workspace, host, start_at);
CREATE INDEX booking_session_host_turns ON booking_session_host (workspace, event_type, assigned_at);
CREATE TABLE host_unit (
    workspace {id} NOT NULL,
    host {id} NOT NULL,
    unit {int} NOT NULL,
    session {id} NOT NULL,
    until {int} NOT NULL,
    PRIMARY KEY (workspace, host, unit)
) {table};
CREATE INDEX host_unit_session ON host_unit (workspace, session);
CREATE TABLE booking (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    session {id} NOT NULL,
    event_type {id} NOT NULL,
    contact {id} NOT NULL,
    state {text} NOT NULL,
    live {int} NOT NULL,
    sequence {int} NOT NULL,
    start_at {int} NOT NULL,
    end_at {int} NOT NULL,
    timezone {text} NOT NULL,
    civil {text} NOT NULL,
    attendee_timezone {text} NOT NULL,
    language {text} NOT NULL,
    source {text} NOT NULL,
    sealed {bytes} NOT NULL,
    no_show {int} NOT NULL,
    payment {text},
    payment_reference {text},
    pay_by {int},
    ended_by {text},
    due_at {int},
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE INDEX booking_contact ON booking (workspace, contact, start_at);
CREATE INDEX booking_at ON booking (workspace, start_at);
CREATE INDEX booking_of_type ON booking (workspace, event_type, start_at);
CREATE INDEX booking_session_of ON booking (workspace, session);
CREATE INDEX booking_due ON booking (workspace, due_at);
CREATE INDEX booking_pay_by ON booking (workspace, pay_by);
CREATE TABLE booking_hold (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    session {id} NOT NULL,
    event_type {id} NOT NULL,
    start_at {int} NOT NULL,
    client {bytes} NOT NULL,
    expires_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX booking_hold_client ON booking_hold (workspace, client, expires_at);
CREATE INDEX booking_hold_session ON booking_hold (workspace, session, expires_at);
CREATE INDEX booking_hold_expired ON booking_hold (workspace, expires_at);
