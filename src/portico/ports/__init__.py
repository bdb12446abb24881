"""What Portico needs of the world, as protocols: adapters fulfill them, policies and the pipeline know nothing else."""
