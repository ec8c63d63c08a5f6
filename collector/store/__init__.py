"""Facts and samples. One file per word; rules and pages never see SQL."""
