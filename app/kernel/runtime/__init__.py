"""What keeps the processes of one installation alive: embedded servers, database roles, the supervisor."""
