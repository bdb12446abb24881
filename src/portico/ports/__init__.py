"""What Portico needs of the world, as protocols: adapters fulfil them, policies and the pipeline know nothing else."""
