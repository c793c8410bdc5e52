"""The house's jobs as the photo API knows them: nineteen queues, which are names of kinds of jobs (design §7.50)."""
