-- Sites that said they can take no more (a short as STORE_BUSY or NO_CAPACITY); at the hub only (docs/routing.md). Not made
-- again from the log.
CREATE TABLE full_site (
  site         TEXT NOT NULL PRIMARY KEY,
  since_utc_us INTEGER NOT NULL,   -- when it said so last
  reason       TEXT NOT NULL,      -- the short's
  reset_utc_us INTEGER             -- when somebody said that it can again; NULL: nobody has
) STRICT, WITHOUT ROWID;
