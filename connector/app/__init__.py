"""Where people and time enter: commands, schedule, health, and the words they read."""
