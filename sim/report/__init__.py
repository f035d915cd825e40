"""What a person sees: tables, figures, the report page."""
