-- Who may, who did, and who must agree; at the hub only; local: never replicated, but part of its backups.

-- Keys of programs. The secret is shown once; secret_hash is its SHA-256, finder the hash's first eight octets.
-- scopes: permissions, with a blank between them.
CREATE TABLE api_key (
  id               BLOB NOT NULL PRIMARY KEY,
  name             TEXT NOT NULL,
  finder           BLOB NOT NULL,
  secret_hash      BLOB NOT NULL,
  scopes           TEXT NOT NULL,
  made_by          BLOB NOT NULL,
  made_by_name     TEXT NOT NULL,
  made_utc_us      INTEGER NOT NULL,
  expires_utc_us   INTEGER,
  revoked_utc_us   INTEGER,
  last_used_utc_us INTEGER  -- to about ten minutes
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_api_key__finder ON api_key (finder);
CREATE UNIQUE INDEX ux_api_key__name ON api_key (name) WHERE revoked_utc_us IS NULL;

-- What was done, each entry chained to the one before: docs/access.md says over what octets hash is made.
CREATE TABLE audit_entry (
  seq     INTEGER NOT NULL PRIMARY KEY CHECK (seq > 0),
  at_us   INTEGER NOT NULL,
  actor   BLOB NOT NULL,  -- a person, an API key, or nil: the hub itself
  name    TEXT NOT NULL,  -- the actor's, then
  verb    TEXT NOT NULL,
  route   TEXT NOT NULL,
  subject TEXT NOT NULL,
  outcome TEXT NOT NULL,
  hash    BLOB NOT NULL
) STRICT;

CREATE INDEX ix_audit_entry__actor ON audit_entry (actor, seq);
CREATE INDEX ix_audit_entry__verb ON audit_entry (verb, seq);
CREATE INDEX ix_audit_entry__subject ON audit_entry (subject, seq);

-- What somebody asked for that needs a second person. kind says which of subject, customer, hint and reason it has.
CREATE TABLE approval (
  rank            INTEGER NOT NULL PRIMARY KEY,
  id              BLOB NOT NULL UNIQUE,
  kind            TEXT NOT NULL,
  subject         BLOB NOT NULL,
  customer        TEXT NOT NULL,
  hint            TEXT NOT NULL,
  reason          TEXT NOT NULL,
  currency        TEXT NOT NULL,
  amount_minor    INTEGER NOT NULL CHECK (amount_minor > 0),
  state           TEXT NOT NULL,
  asked_by        BLOB NOT NULL,
  asked_by_name   TEXT NOT NULL,
  answerable      BLOB NOT NULL,  -- the person behind asked_by
  asked_utc_us    INTEGER NOT NULL,
  expires_utc_us  INTEGER NOT NULL,
  decided_by      BLOB,
  decided_by_name TEXT,
  decided_utc_us  INTEGER,
  note            TEXT NOT NULL
) STRICT;

CREATE INDEX ix_approval__state ON approval (state, rank);
