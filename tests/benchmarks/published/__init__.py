"""Published problems and their best known answers, and how close the planner comes to them."""
