CREATE TABLE chat_widget (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    enabled {bool} NOT NULL,
    settings {text} NOT NULL,
    secret {bytes} NOT NULL,
    version {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE UNIQUE INDEX chat_widget_owner ON chat_widget (id);

CREATE TABLE visitor (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    widget {id},
    contact {id},
    outside {bytes},
    sealed {bytes} NOT NULL,
    tracking {bool} NOT NULL,
    visits {int} NOT NULL,
    banned_until {int},
    created_at {int} NOT NULL,
    seen_at {int} NOT NULL,
    version {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX visitor_outside ON visitor (workspace, outside);
CREATE INDEX visitor_contact ON visitor (workspace, contact);
CREATE INDEX visitor_seen ON visitor (workspace, seen_at);

CREATE TABLE conversation (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    subject {id} NOT NULL,
    contact {id},
    visitor {id},
    channel {text} NOT NULL,
    widget {id},
    grp {id},
    assignee {id},
    bot {id},
    state {text} NOT NULL,
    routing {text} NOT NULL,
    thread {id} NOT NULL,
    thread_n {int} NOT NULL,
    last_seq {int} NOT NULL,
    snoozed_until {int},
    queued_at {int},
    waiting_since {int},
    agent_at {int},
    visitor_at {int},
    sealed {bytes} NOT NULL,
    version {int} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX conversation_recent ON conversation (workspace, updated_at, id);
CREATE INDEX conversation_state ON conversation (workspace, state, updated_at, id);
CREATE INDEX conversation_subject ON conversation (workspace, subject);
CREATE INDEX conversation_contact ON conversation (workspace, contact);
CREATE INDEX conversation_visitor ON conversation (workspace, visitor);

CREATE TABLE conversation_thread (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    conversation {id} NOT NULL,
    subject {id} NOT NULL,
    n {int} NOT NULL,
    grp {id},
    agent {id},
    first_seq {int} NOT NULL,
    started_at {int} NOT NULL,
    ended_at {int},
    ended_by {text},
    first_response_at {int},
    score {int},
    sealed {bytes},
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX conversation_thread_n ON conversation_thread (workspace, conversation, n);
CREATE INDEX conversation_thread_started ON conversation_thread (workspace, started_at);
CREATE INDEX conversation_thread_subject ON conversation_thread (workspace, subject);

CREATE TABLE conversation_event (
    workspace {id} NOT NULL,
    conversation {id} NOT NULL,
    seq {int} NOT NULL,
    subject {id} NOT NULL,
    thread {id} NOT NULL,
    n {int} NOT NULL,
    at {int} NOT NULL,
    kind {text} NOT NULL,
    visibility {text} NOT NULL,
    author_kind {text} NOT NULL,
    author {id},
    client {bytes},
    deleted {bool} NOT NULL,
    sealed {bytes},
    PRIMARY KEY (workspace, conversation, seq)
) {table};
CREATE UNIQUE INDEX conversation_event_client ON conversation_event (workspace, conversation, client);
CREATE INDEX conversation_event_at ON conversation_event (workspace, at);
CREATE INDEX conversation_event_subject ON conversation_event (workspace, subject);

CREATE TABLE conversation_seen (
    workspace {id} NOT NULL,
    conversation {id} NOT NULL,
    who {id} NOT NULL,
    is_agent {bool} NOT NULL,
    seq {int} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, conversation, who)
) {table};

CREATE TABLE conversation_member (
    workspace {id} NOT NULL,
    conversation {id} NOT NULL,
    member {id} NOT NULL,
    role {text} NOT NULL,
    since {int} NOT NULL,
    PRIMARY KEY (workspace, conversation, member)
) {table};

CREATE TABLE conversation_tag (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX conversation_tag_name ON conversation_tag (workspace, name);

CREATE TABLE thread_tag (
    workspace {id} NOT NULL,
    thread {id} NOT NULL,
    tag {id} NOT NULL,
    at {int} NOT NULL,
    PRIMARY KEY (workspace, thread, tag)
) {table};
CREATE INDEX thread_tag_tag ON thread_tag (workspace, tag);
CREATE INDEX thread_tag_at ON thread_tag (workspace, at);

CREATE TABLE conversation_file (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    conversation {id} NOT NULL,
    subject {id} NOT NULL,
    by_agent {bool} NOT NULL,
    used {bool} NOT NULL,
    state {text} NOT NULL,
    size {int} NOT NULL,
    created_at {int} NOT NULL,
    sealed {bytes} NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE INDEX conversation_file_of ON conversation_file (workspace, conversation);
CREATE INDEX conversation_file_at ON conversation_file (workspace, created_at);
CREATE INDEX conversation_file_subject ON conversation_file (workspace, subject);

CREATE TABLE chat_group (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    settings {text} NOT NULL,
    created_at {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};

CREATE TABLE chat_group_member (
    workspace {id} NOT NULL,
    grp {id} NOT NULL,
    member {id} NOT NULL,
    priority {text} NOT NULL,
    PRIMARY KEY (workspace, grp, member)
) {table};

CREATE TABLE chat_agent (
    workspace {id} NOT NULL,
    member {id} NOT NULL,
    status {text} NOT NULL,
    max_chats {int} NOT NULL,
    show_name {bool} NOT NULL,
    shown {bytes},
    since {int} NOT NULL,
    given_at {int} NOT NULL,
    PRIMARY KEY (workspace, member)
) {table};

CREATE TABLE chat_settings (
    workspace {id} NOT NULL,
    name {text} NOT NULL,
    document {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, name)
) {table};

CREATE TABLE canned_reply (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    shortcut {text} NOT NULL,
    document {text} NOT NULL,
    grp {id},
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};

CREATE TABLE chat_bot (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    enabled {bool} NOT NULL,
    document {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};

CREATE TABLE article (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    state {text} NOT NULL,
    document {text} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {rowid_table};

CREATE TABLE greeting (
    workspace {id} NOT NULL,
    id {id} NOT NULL,
    widget {id} NOT NULL,
    enabled {bool} NOT NULL,
    document {text} NOT NULL,
    shown {int} NOT NULL,
    accepted {int} NOT NULL,
    dismissed {int} NOT NULL,
    updated_at {int} NOT NULL,
    PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX greeting_widget ON greeting (workspace, widget);

CREATE TABLE chat_cell (
    workspace {id} NOT NULL,
    day {int} NOT NULL,
    hour {int} NOT NULL,
    grp {id} NOT NULL,
    agent {id} NOT NULL,
    what {text} NOT NULL,
    count {int} NOT NULL,
    sum {int} NOT NULL,
    PRIMARY KEY (workspace, day, hour, grp, agent, what)
) {table};
