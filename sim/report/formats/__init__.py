"""Answers of commands in other clothes: one table, shown as text, Markdown or JUnit."""
