"""The pages people look at. Server-rendered; no script is needed for any form."""
