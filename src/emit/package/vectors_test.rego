# METADATA
# title: Derived requests, decided and explained as vectors.jsonl has them
# description: data.vectors is a list of lines of vectors.jsonl.
package quorate.authz_test

import data.quorate.authz

test_there_are_requests if count(data.vectors) > 0

test_every_request_is_answered_as_written if {
	answered_otherwise := [vector.about |
		some vector in data.vectors
		not answered_as_written(vector)
	]
	answered_otherwise == []
}

answered_as_written(vector) if {
	answer := authz.evaluation with input as vector.request
	answer.decision == vector.decision
	{denial | some denial in answer.context.denials} == {denial | some denial in vector.denials}
	{duty | some duty in answer.context.obligations} == {duty | some duty in vector.obligations}
}
