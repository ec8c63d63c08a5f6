"""Ways to find addresses worth asking. Each source yields Candidates, nothing more."""
