"""The judgement: which readings are worth telling somebody, and when."""
