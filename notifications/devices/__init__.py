"""The browsers on which a person gets notifications: how they subscribe, are listed, and are turned off."""
