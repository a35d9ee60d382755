CREATE TABLE contact (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  sealed {bytes} NOT NULL,
  version {int} NOT NULL,
  archived_at {int},
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE contact_merge (
  workspace {id} NOT NULL,
  contact {id} NOT NULL,
  kept {id} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (workspace, contact)
) {table};
CREATE INDEX contact_merge_kept ON contact_merge (workspace, kept);
CREATE TABLE identity (
  workspace {id} NOT NULL,
  kind {text} NOT NULL,
  blind {id} NOT NULL,
  contact {id} NOT NULL,
  legacy {id},
  state {text} NOT NULL,
  state_at {int} NOT NULL,
  PRIMARY KEY (workspace, kind, blind)
) {table};
CREATE INDEX identity_contact ON identity (workspace, contact);
CREATE INDEX identity_legacy ON identity (workspace, legacy) WHERE legacy IS NOT NULL;
CREATE TABLE field (
  workspace {id} NOT NULL,
  key {text} NOT NULL,
  kind {text} NOT NULL,
  label {text} NOT NULL,
  purpose {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (workspace, key)
) {table};
CREATE TABLE tag (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  name {text} NOT NULL,
  folded {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX tag_name ON tag (workspace, folded);
CREATE TABLE contact_tag (
  workspace {id} NOT NULL,
  contact {id} NOT NULL,
  tag {id} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (workspace, contact, tag)
) {table};
CREATE INDEX contact_tag_tag ON contact_tag (workspace, tag, contact);
CREATE TABLE topic (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  name {text} NOT NULL,
  folded {text} NOT NULL,
  description_en {text} NOT NULL,
  description_ar {text} NOT NULL,
  purpose {text} NOT NULL,
  double_opt_in {bool} NOT NULL,
  public {bool} NOT NULL,
  archived_at {int},
  created_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE UNIQUE INDEX topic_name ON topic (workspace, folded);
CREATE TABLE contact_topic (
  workspace {id} NOT NULL,
  contact {id} NOT NULL,
  topic {id} NOT NULL,
  state {text} NOT NULL,
  evidence {id},
  at {int} NOT NULL,
  PRIMARY KEY (workspace, contact, topic)
) {table};
CREATE INDEX contact_topic_topic ON contact_topic (workspace, topic, contact);
CREATE TABLE event (
  workspace {id} NOT NULL,
  contact {id} NOT NULL,
  at {int} NOT NULL,
  id {id} NOT NULL,
  kind {text} NOT NULL,
  class {text} NOT NULL,
  campaign {id},
  message {id},
  PRIMARY KEY (workspace, contact, at, id)
) {table};
CREATE TABLE import (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  state {text} NOT NULL,
  topic {id} NOT NULL,
  position {int} NOT NULL,
  line {int} NOT NULL,
  sealed {bytes} NOT NULL,
  report {text} NOT NULL,
  rejects {id} NOT NULL,
  reject_parts {int} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {rowid_table};
CREATE TABLE import_part (
  workspace {id} NOT NULL,
  file {id} NOT NULL,
  part {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (workspace, file, part)
) {rowid_table};
CREATE TABLE form (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  name {text} NOT NULL,
  topic {id} NOT NULL,
  definition {text} NOT NULL,
  version {int} NOT NULL,
  archived_at {int},
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {rowid_table};
