"""SCIM 2.0 at `/scim/v2/`: identity systems such as Entra ID and Okta tell of people and groups as they change.

`resources` says what we take, `api` is the door, `handling` and `storage` serve the protocol, `people` and `groups`
write; the people by the very statements a file from HR is written with. Administrators keep the clients and their
keys (`actions`, `views`).
"""
