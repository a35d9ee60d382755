CREATE TABLE cookie_site (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  name {text} NOT NULL,
  version {int} NOT NULL,
  round {int} NOT NULL,
  design {text} NOT NULL,
  archived_at {int},
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE TABLE cookie_site_version (
  workspace {id} NOT NULL,
  site {id} NOT NULL,
  version {int} NOT NULL,
  round {int} NOT NULL,
  design {text} NOT NULL,
  hash {bytes} NOT NULL,
  at {int} NOT NULL,
  by_actor {text} NOT NULL,
  PRIMARY KEY (workspace, site, version)
) {table};
CREATE TABLE cookie_proof (
  workspace {id} NOT NULL,
  id {id} NOT NULL,
  site {id} NOT NULL,
  version {int} NOT NULL,
  visitor {id} NOT NULL,
  action {text} NOT NULL,
  choices {int} NOT NULL,
  gpc {bool} NOT NULL,
  at {int} NOT NULL,
  sealed {bytes} NOT NULL,
  PRIMARY KEY (workspace, id)
) {table};
CREATE INDEX cookie_proof_site ON cookie_proof (workspace, site, at);
CREATE INDEX cookie_proof_visitor ON cookie_proof (workspace, visitor, at);
