"""The order in which posts that wait are taken up, so that a claim looks at no more of them than it must."""

OUTBOX_TURNS = """
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (message_id IS NOT NULL, sent_at, id) WHERE state = 'waiting';
"""
