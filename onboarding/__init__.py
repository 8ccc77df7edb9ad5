"""People in from HR, enrolment rules and the first day."""
