"""The clock: pools of people, and the model that wires the stages."""
