-- Paper that this device prints, known only to it. Local, never replicated, never rebuilt.

-- Labels that wait for their printer: nothing of them has left this process. The row goes before the printer gets
-- the first octet.
CREATE TABLE waiting_label (
  inc INTEGER NOT NULL,  -- of this device, with seq: the LabelPrintStarted
  seq INTEGER NOT NULL,
  PRIMARY KEY (inc, seq)
) STRICT, WITHOUT ROWID;

-- What was done at the counter and has had its original receipt begun. Up to the smallest row of an incarnation
-- everything counts as begun.
CREATE TABLE original_receipt (
  inc INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (inc, seq)
) STRICT, WITHOUT ROWID;

-- What was begun before there was this table is not known.
INSERT INTO original_receipt (inc, seq)
SELECT a.inc, a.head
FROM author a
JOIN meta n ON n.name = 'node' AND n.value = a.node
JOIN meta i ON i.name = 'inc' AND CAST(i.value AS INTEGER) = a.inc
JOIN meta r ON r.name = 'role' AND CAST(r.value AS TEXT) = 'site';
