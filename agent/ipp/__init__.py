"""IPP (RFC 8010, RFC 8011): a tolerant reader of answers, and the one request that is asked."""
