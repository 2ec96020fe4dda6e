-- Payments and stored value, at the hub only; class: single writer. Money is in minor units of the row's currency.
-- rank: the order in which they were opened here. token is the provider's, never a card's number.

CREATE TABLE payment (
  rank             INTEGER NOT NULL PRIMARY KEY,
  id               BLOB NOT NULL UNIQUE,
  order_id         BLOB NOT NULL,
  tender           TEXT NOT NULL,
  status           TEXT NOT NULL,
  currency         TEXT NOT NULL,
  amount_minor     INTEGER NOT NULL CHECK (amount_minor > 0),
  authorized_minor INTEGER NOT NULL CHECK (authorized_minor BETWEEN 0 AND amount_minor),
  captured_minor   INTEGER NOT NULL CHECK (captured_minor BETWEEN 0 AND authorized_minor),
  refunded_minor   INTEGER NOT NULL CHECK (refunded_minor BETWEEN 0 AND captured_minor),
  token            TEXT NOT NULL,
  offline          INTEGER NOT NULL,
  authorization    TEXT NOT NULL,  -- the provider's reference to what is held
  expires_utc_us   INTEGER,        -- of what is held
  opened_utc_us    INTEGER NOT NULL
) STRICT;

CREATE INDEX ix_payment__order ON payment (order_id, rank);
CREATE INDEX ix_payment__status ON payment (status, rank);
CREATE INDEX ix_payment__expires ON payment (expires_utc_us) WHERE expires_utc_us IS NOT NULL;

-- What the holder of the money was asked. outcome: NULL while nobody has answered, UNKNOWN while nobody knows: of a
-- payment at most the last one is either.
CREATE TABLE payment_question (
  payment_id      BLOB NOT NULL,
  no              INTEGER NOT NULL,
  action          TEXT NOT NULL,
  amount_minor    INTEGER NOT NULL,
  group_id        BLOB,
  last            INTEGER NOT NULL,
  reason          TEXT NOT NULL,
  authorization   TEXT NOT NULL,     -- the provider's reference to what it holds
  capture         TEXT NOT NULL,     -- of a refund: its reference to what it took
  rest_minor      INTEGER NOT NULL,  -- of a refund: what is given back of later captures
  asked_utc_us    INTEGER NOT NULL,
  outcome         TEXT,
  reference       TEXT NOT NULL,
  detail          TEXT NOT NULL,
  expires_utc_us  INTEGER,
  answered_utc_us INTEGER,
  unknown         INTEGER NOT NULL,  -- how often the outcome was unknown
  PRIMARY KEY (payment_id, no)
) STRICT, WITHOUT ROWID;

CREATE INDEX ix_payment_question__open ON payment_question (asked_utc_us)
  WHERE outcome IS NULL OR outcome = 'UNKNOWN';
CREATE INDEX ix_payment_question__done ON payment_question (answered_utc_us) WHERE outcome = 'DONE';
CREATE INDEX ix_payment_question__reference ON payment_question (reference) WHERE reference <> '';

CREATE TABLE stored_value (
  rank          INTEGER NOT NULL PRIMARY KEY,
  id            BLOB NOT NULL UNIQUE,
  kind          TEXT NOT NULL,
  currency      TEXT NOT NULL,
  holder        TEXT NOT NULL,
  hint          TEXT NOT NULL,
  balance_minor INTEGER NOT NULL CHECK (balance_minor >= 0)
) STRICT;

CREATE INDEX ix_stored_value__holder ON stored_value (holder) WHERE holder <> '';

-- spent_minor: NULL while the site may still spend it.
CREATE TABLE stored_value_escrow (
  stored_value_id BLOB NOT NULL,
  no              INTEGER NOT NULL,
  site            TEXT NOT NULL,
  amount_minor    INTEGER NOT NULL,
  spent_minor     INTEGER,
  PRIMARY KEY (stored_value_id, no)
) STRICT, WITHOUT ROWID;
