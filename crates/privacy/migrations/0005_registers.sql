CREATE TABLE processor (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  natural_key {text} NOT NULL,
  enabled {bool} NOT NULL,
  effective_at {int},
  ends_at {int},
  document {text} NOT NULL,
  pending {text},
  pending_at {int},
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX processor_natural ON processor (workspace, natural_key);
CREATE TABLE processor_change (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  processor {id} NOT NULL,
  kind {text} NOT NULL,
  detail {text} NOT NULL,
  announced_at {int} NOT NULL,
  effective_at {int} NOT NULL,
  actor {text} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE controller_profile (
  workspace {id} NOT NULL,
  profile {bytes} NOT NULL,
  version {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace)
) {table};
CREATE TABLE register_document (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  kind {text} NOT NULL,
  title {text} NOT NULL,
  processor {id},
  valid_from {text},
  expires_on {text},
  remind_days {int} NOT NULL,
  place {text} NOT NULL,
  note {text} NOT NULL,
  reminded {int} NOT NULL,
  retired_at {int},
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE incident (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  kind {text} NOT NULL,
  discovered_at {int} NOT NULL,
  recorded_at {int} NOT NULL,
  assessed_at {int},
  closed_at {int},
  detail {bytes} NOT NULL,
  version {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE incident_entry (
  workspace {id} NOT NULL,
  incident {id} NOT NULL,
  id {id} NOT NULL,
  at {int} NOT NULL,
  kind {text} NOT NULL,
  actor {text} NOT NULL,
  content {bytes} NOT NULL,
  PRIMARY KEY (workspace, incident, id)
) {table};
CREATE TABLE incident_notice (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  incident {id} NOT NULL,
  audience {text} NOT NULL,
  stage {int} NOT NULL,
  state {text} NOT NULL,
  content {bytes} NOT NULL,
  created_at {int} NOT NULL,
  settled_at {int},
  late {bool} NOT NULL,
  announcement {id},
  PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX incident_notice_of ON incident_notice (workspace, incident);
CREATE TABLE incident_alarm (
  workspace {id} NOT NULL,
  incident {id} NOT NULL,
  clock {text} NOT NULL,
  level {int} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (workspace, incident, clock, level)
) {table};
CREATE TABLE incident_subject (
  workspace {id} NOT NULL,
  incident {id} NOT NULL,
  subject {id} NOT NULL,
  added_at {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (workspace, incident, subject)
) {table};
CREATE INDEX incident_subject_of ON incident_subject (workspace, subject);
CREATE TABLE authority_request (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  state {text} NOT NULL,
  received_at {int} NOT NULL,
  government_body {bool} NOT NULL,
  jurisdiction {bool} NOT NULL,
  compulsory {bool} NOT NULL,
  period_from {int},
  period_to {int},
  barred_until {int},
  exported_at {int},
  subjects_told_at {int},
  closed_at {int},
  detail {bytes} NOT NULL,
  version {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE authority_subject (
  workspace {id} NOT NULL,
  request {id} NOT NULL,
  subject {id} NOT NULL,
  added_at {int} NOT NULL,
  disclosed_at {int},
  PRIMARY KEY (workspace, request, subject)
) {table};
CREATE INDEX authority_subject_of ON authority_subject (workspace, subject);
CREATE TABLE announcement (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  kind {text} NOT NULL,
  audience {text} NOT NULL,
  about {id} NOT NULL,
  content {bytes} NOT NULL,
  created_at {int} NOT NULL,
  finished_at {int},
  queued {int} NOT NULL,
  refused {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE announcement_recipient (
  workspace {id} NOT NULL,
  announcement {id} NOT NULL,
  subject {id} NOT NULL,
  told_at {int},
  outcome {text},
  PRIMARY KEY (workspace, announcement, subject)
) {table};
CREATE INDEX announcement_recipient_of ON announcement_recipient (workspace, subject);
CREATE TABLE purpose_review (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  subject {id} NOT NULL,
  before {text} NOT NULL,
  after {text} NOT NULL,
  opened_at {int} NOT NULL,
  closed_at {int},
  closed_by {text},
  PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX purpose_review_of ON purpose_review (workspace, subject);
ALTER TABLE purpose ADD COLUMN basis {text} NOT NULL DEFAULT '';
ALTER TABLE notice_version ADD COLUMN reconsent {bool} NOT NULL DEFAULT FALSE;
