"""What `make` calls: the environment, the suite, the checks and the locks. No part of the program."""
