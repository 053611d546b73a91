"""Every SQL statement about requests, whole: nothing is ever put together from pieces."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS requests (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  tool TEXT NOT NULL,
  target TEXT NOT NULL,
  told TEXT NOT NULL,
  undo TEXT NOT NULL,
  status TEXT NOT NULL,
  approver TEXT NOT NULL,
  asked REAL NOT NULL,
  expires REAL NOT NULL,
  who TEXT NOT NULL DEFAULT '',
  seal TEXT NOT NULL DEFAULT '',
  decided REAL NOT NULL DEFAULT 0,
  spent REAL NOT NULL DEFAULT 0,
  beat REAL NOT NULL DEFAULT 0,
  steps TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL DEFAULT ''
) STRICT
"""
INSERT = """
INSERT INTO requests (id, digest, tool, target, told, undo, status, approver, asked, expires)
VALUES (:id, :digest, :tool, :target, :told, :undo, 'waiting', :approver, :now, :expires)
"""
BY_ID = "SELECT * FROM requests WHERE id = :id"
ALL = "SELECT * FROM requests ORDER BY asked DESC, id"
OPEN_FOR = """
SELECT * FROM requests WHERE digest = :digest AND tool = :tool AND target = :target
AND approver = :approver AND status IN ('waiting', 'approved') AND expires > :now
"""
DECIDE = """
UPDATE requests SET status = :status, who = :who, seal = :seal, decided = :now
WHERE id = :id AND status = 'waiting' AND expires > :now
"""
SPEND = """
UPDATE requests SET status = 'carrying out', spent = :now, beat = :now
WHERE id = :id AND digest = :digest AND status = 'approved' AND expires > :now
"""
NOTE = """
UPDATE requests SET status = coalesce(:status, status), steps = coalesce(:steps, steps),
outcome = coalesce(:outcome, outcome), beat = :now WHERE id = :id
"""
