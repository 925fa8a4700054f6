"""Slash commands: thin cogs that call the engine and send what embeds.py draws."""
