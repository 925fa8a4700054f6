"""Servers' wishes take in games under way: a channel for them, and the topic wanted unless it is put away."""

GUILD_LIVE = """
UPDATE guilds SET settings = json_insert(json_set(settings, '$.live_channel', NULL), '$.topics[#]', 'live');
UPDATE guilds SET previous = json_insert(json_set(previous, '$.live_channel', NULL), '$.topics[#]', 'live')
    WHERE previous IS NOT NULL;
"""
