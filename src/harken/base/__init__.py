"""What every room stands on: permits, audit events, jobs, search, safe HTML, languages, page furniture."""
