"""What the model is held against: theory, published facts, companies' own data, and claims."""
