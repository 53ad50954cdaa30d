"""The words of the guide, apart from code: the decision, the routes, questions, mistakes, habits and the checklist."""
