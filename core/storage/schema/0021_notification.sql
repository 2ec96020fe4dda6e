-- Whom the hub tells about an order, and what it tells. At the hub only, never in the log and never replicated: what
-- is personal can be erased. Precious: not rebuilt from the log. Bodies are not kept; they are written when sent.

CREATE TABLE order_contact (
  order_id BLOB NOT NULL PRIMARY KEY,
  channel  TEXT NOT NULL CHECK (channel IN ('EMAIL', 'WEBHOOK')),
  email    TEXT NOT NULL,
  language TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- id follows from the order, the kind and the cause: a cause makes one. message: the id of the first of those that
-- were told together; NULL before the first try. error: why it is where it is, without personal data.
CREATE TABLE notification (
  rank         INTEGER NOT NULL PRIMARY KEY,
  id           BLOB NOT NULL UNIQUE,
  order_id     BLOB NOT NULL,
  kind         TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('PENDING', 'SENDING', 'SENT', 'FAILED', 'UNKNOWN')),
  message      BLOB,
  made_utc_us  INTEGER NOT NULL,
  next_utc_us  INTEGER NOT NULL,  -- PENDING: not before
  sent_utc_us  INTEGER,
  attempts     INTEGER NOT NULL,
  error        TEXT NOT NULL,
  line         INTEGER,           -- of CANCELLED, REJECTED_WITH_CHOICES
  milli        INTEGER NOT NULL,
  group_id     BLOB,              -- of READY, REJECTED_WITH_CHOICES
  amount_minor INTEGER,           -- of REFUNDED
  currency     TEXT
) STRICT;

CREATE INDEX ix_notification__pending ON notification (next_utc_us, rank) WHERE state = 'PENDING';
CREATE INDEX ix_notification__state ON notification (state, rank);
CREATE INDEX ix_notification__order ON notification (order_id, rank);
CREATE INDEX ix_notification__message ON notification (message) WHERE message IS NOT NULL;

-- The records of an author up to seq have been looked at for causes. The row of no node says that it was begun.
CREATE TABLE notification_cursor (
  node BLOB NOT NULL,
  inc  INTEGER NOT NULL,
  seq  INTEGER NOT NULL,
  PRIMARY KEY (node, inc)
) STRICT, WITHOUT ROWID;
