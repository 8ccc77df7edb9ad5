"""«Something wrong?»: what colleagues say is wrong about a person, and HR's answers."""
