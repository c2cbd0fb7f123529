# METADATA
# title: Whether an agent may do what it asks to do
# description: |
#   The same module for every workspace: every name is in data.quorate, and data.quorate.operations leads from an action and a resource
#   to what governs them, so that a decision does not grow with the number of domains. A request is allowed only if every condition of
#   `allow` holds; the denials, in reasons.rego, explain a refusal and never decide.
# schemas:
#   - input:
#       type: object
#       required: [subject, action, resource, context]
#       properties:
#         subject:
#           type: object
#           properties:
#             type: { type: string }
#             id: { type: string }
#             properties:
#               type: object
#               properties:
#                 principal: { type: string }
#         action:
#           type: object
#           properties:
#             name: { type: string }
#         resource:
#           type: object
#           properties:
#             type: { type: string }
#             id: { type: string }
#         context:
#           type: object
#           properties:
#             task: { type: string }
#             purpose: { type: string }
#             now: { type: number }
#             revision: { type: string }
#             binding: { type: string }
#             requested_by: { type: string }
#             on_behalf_of: { type: string }
#             inputs: { type: object, additionalProperties: {} }
#             via: { type: array, items: { type: string } }
#             credential:
#               type: object
#               properties:
#                 issued_at: { type: number }
#                 expires_at: { type: number }
#             approvals:
#               type: object
#               additionalProperties:
#                 type: object
#                 properties:
#                   by: { type: string }
#                   at: { type: number }
#                   for: { type: string }
#             totals: { type: object, additionalProperties: { type: number } }
#             evidence:
#               type: object
#               additionalProperties:
#                 type: object
#                 properties:
#                   ready: { type: boolean }
#                   checked_at: { type: number }
#             rollback:
#               type: object
#               additionalProperties:
#                 type: object
#                 properties:
#                   ready: { type: boolean }
#                   checked_at: { type: number }
#             emergency:
#               type: object
#               properties:
#                 declared_by: { type: string }
#                 at: { type: number }
#                 id: { type: string }
package quorate.authz

# METADATA
# title: The answer to one AuthZEN evaluation request, which is the input
# entrypoint: true
evaluation := {
	"decision": allow,
	"context": {
		"reasons": reasons,
		"open": open,
		"domains": denying,
		"denials": denials,
		"obligations": obligations,
		"revision": revision,
	},
}

default allow := false

# METADATA
# title: Everything that has to hold
allow if {
	well_formed
	revision_current
	credential_live
	task_own
	task_current
	waiver_holds
	asked
	purpose_agrees
	in_scope
	inputs_given
	limits_kept
	records_ready
	emergency_sound
	approved
	chain_legal
	delegation_legal
}

# What has to be done because the request is allowed; nothing where it is not.
default obligations := []

obligations := sort({duty |
	some domain in governing
	some duty in owed(domain)
}) if {
	allow
}

owed(domain) := domain.owed.emergency if urgent(domain)

owed(domain) := domain.owed.usual if not urgent(domain)

default revision := ""

revision := data.quorate.revision

agent := data.quorate.agents[input.subject.id]

task := data.quorate.tasks[input.context.task]

group := data.quorate.groups[data.quorate.operations[input.action.name][input.resource.id]]

governing := [data.quorate.domains[id] | some id in group.domains]

now := input.context.now

# A set is an object with `true` for each of its members, and to be in it is to be looked up. It is not compared with `true`: where a
# look-up in data stands beside `==`, Open Policy Agent reads the whole set first.

# METADATA
# title: The request has every field it must have, of the right type, and no other
well_formed if {
	has_keys(input, {"subject", "action", "resource", "context"}, set())
	has_keys(input.subject, {"type", "id", "properties"}, set())
	input.subject.type == "agent"
	is_string(input.subject.id)
	has_keys(input.subject.properties, {"principal"}, set())
	is_string(input.subject.properties.principal)
	has_keys(input.action, {"name"}, set())
	is_string(input.action.name)
	has_keys(input.resource, {"type", "id"}, set())
	input.resource.type == "data"
	is_string(input.resource.id)
	context_well_formed(input.context)
}

context_well_formed(context) if {
	has_keys(context, required_context, optional_context)
	is_string(context.task)
	is_string(context.purpose)
	whole(context.now)
	context.now >= 0
	is_string(context.revision)
	is_string(context.binding)
	has_keys(context.credential, {"issued_at", "expires_at"}, set())
	whole(context.credential.issued_at)
	whole(context.credential.expires_at)
	inputs_well_formed(context.inputs)
	approvals_well_formed(context.approvals)
	totals_well_formed(context.totals)
	evidence_well_formed(context.evidence)
	rollback_well_formed(context.rollback)
	text_or_absent(context, "on_behalf_of")
	is_string(context.requested_by)
	via_well_formed(context)
	emergency_well_formed(context)
}

required_context := {
	"task", "purpose", "inputs", "now", "revision", "binding",
	"approvals", "credential", "totals", "evidence", "rollback",
	"requested_by",
}

optional_context := {"via", "on_behalf_of", "emergency"}

has_keys(value, required, optional) if {
	is_object(value)
	keys := object.keys(value)
	count(required - keys) == 0
	count((keys - required) - optional) == 0
}

absent(context, key) if not holds_key(context, key)

holds_key(context, key) if key in object.keys(context)

# Less than 2^53 either way (RFC 7493), so that every engine and every JSON reader holds it exactly, and one that rounds
# takes nothing beyond for something within.
whole(value) if {
	is_number(value)
	value >= -9007199254740991
	value <= 9007199254740991
	value == floor(value)
}

# The body of every `every` is one call without an index in it: regorus' virtual machine takes the key of an `every` that is used
# as an index for a new variable, and the body then holds if anything matches.
inputs_well_formed(inputs) if {
	is_object(inputs)
	every name, given in inputs {
		input_known(name, given)
	}
}

input_known(name, given) if {
	data.quorate.inputs[name]
	input_well_formed(given)
}

input_well_formed(given) if whole(given)

input_well_formed(given) if is_boolean(given)

input_well_formed(given) if is_string(given)

input_well_formed(given) if {
	has_keys(given, {"amount", "currency"}, set())
	whole(given.amount)
	is_string(given.currency)
}

approvals_well_formed(approvals) if {
	is_object(approvals)
	every slot, approval in approvals {
		approval_well_formed(slot, approval)
	}
}

approval_well_formed(slot, approval) if {
	data.quorate.slots[slot]
	has_keys(approval, {"by", "at", "for"}, set())
	is_string(approval.by)
	whole(approval.at)
	is_string(approval.for)
}

totals_well_formed(totals) if {
	is_object(totals)
	every key, total in totals {
		total_well_formed(key, total)
	}
}

total_well_formed(key, total) if {
	data.quorate.totals[key]
	whole(total)
}

evidence_well_formed(entries) if {
	is_object(entries)
	every id, entry in entries {
		ledger_well_formed(id, entry)
	}
}

ledger_well_formed(id, entry) if {
	data.quorate.ledgers[id]
	check_well_formed(entry)
}

rollback_well_formed(entries) if {
	is_object(entries)
	every id, entry in entries {
		restorer_well_formed(id, entry)
	}
}

restorer_well_formed(id, entry) if {
	data.quorate.rollbacks[id]
	check_well_formed(entry)
}

check_well_formed(entry) if {
	has_keys(entry, {"ready", "checked_at"}, set())
	is_boolean(entry.ready)
	whole(entry.checked_at)
}

text_or_absent(context, key) if absent(context, key)

text_or_absent(context, key) if is_string(context[key])

via_well_formed(context) if absent(context, "via")

via_well_formed(context) if {
	is_array(context.via)
	count(context.via) <= data.quorate.most_callers
	every caller in context.via {
		is_string(caller)
	}
}

emergency_well_formed(context) if absent(context, "emergency")

emergency_well_formed(context) if {
	has_keys(context.emergency, {"declared_by", "at", "id"}, set())
	is_string(context.emergency.declared_by)
	whole(context.emergency.at)
	is_string(context.emergency.id)
	context.emergency.id != ""
}

# METADATA
# title: The request was made for this very policy
revision_current if input.context.revision == data.quorate.revision

# METADATA
# title: The agent, as one of its principals, holds a live credential that is not issued for longer than it may be
credential_live if {
	lifetime := agent.principals[input.subject.properties.principal].life
	credential := input.context.credential
	credential.issued_at >= 0
	credential.issued_at <= now
	now < credential.expires_at
	credential.expires_at - credential.issued_at <= lifetime
}

# METADATA
# title: The task is the agent's own
task_own if task.agent == input.subject.id

# METADATA
# title: The task has begun and has not ended
task_current if holds_instant(task.window, now)

holds_instant(window, instant) if {
	window.starts <= instant
	instant < window.ends
}

# METADATA
# title: Where the operation is allowed only because a finding is waived, the waiver holds
waiver_holds if not task.waived[input.action.name][input.resource.id]

waiver_holds if now < task.waived[input.action.name][input.resource.id]

# METADATA
# title: Who asked may start the task, and is there; or it is a schedule or an outsider, and the task says so
asked if {
	active(input.context.requested_by)
	task.started_by.anybody == true
}

asked if {
	active(input.context.requested_by)
	task.started_by.only[input.context.requested_by] == true
}

asked if {
	not data.quorate.people[input.context.requested_by]
	task.started_by.words[input.context.requested_by] == true
}

# The person is active now.
active(person) if holds_instant(data.quorate.people[person], now)

# Whether two declarations are of two humans. It is asked for and never denied, so that whoever cannot be told apart is not two. Whoever
# is not among the people, such as `schedule`, is nobody's second entry.
two_humans(person, other) if data.quorate.people[person].human != human(other)

human(person) := data.quorate.people[person].human

human(person) := "" if not data.quorate.people[person]

acted_for := object.get(input.context, "on_behalf_of", null)

# METADATA
# title: The purpose is the task's and one that every governing domain allows
purpose_agrees if {
	purpose_of_task
	every domain in governing {
		purpose_allowed(domain)
	}
}

purpose_of_task if {
	is_string(task.purpose)
	input.context.purpose == task.purpose
}

purpose_allowed(domain) if domain.any_purpose == true

purpose_allowed(domain) if domain.purposes[input.context.purpose] == true

# METADATA
# title: The task names the operation, and at least one domain governs it
in_scope if {
	task.scope[input.action.name][input.resource.id] == true
	count(group.domains) > 0
	count(governing) == count(group.domains)
}

# METADATA
# title: Every input that a governing domain decides by is given, of its type and within its bounds
inputs_given if {
	every domain in governing {
		inputs_fit(domain)
	}
}

inputs_fit(domain) if {
	every name, kind in domain.inputs {
		given_fits(name, kind)
	}
}

given_fits(name, kind) if fits(input.context.inputs[name], kind)

fits(given, kind) if {
	kind.type == "money"
	is_object(given)
	given.currency == kind.currency
	given.amount >= kind.from
	given.amount <= kind.to
}

fits(given, kind) if {
	kind.type == "integer"
	is_number(given)
	given >= kind.from
	given <= kind.to
}

fits(given, kind) if {
	kind.type == "one_of"
	is_string(given)
	given in kind.words
}

fits(given, kind) if {
	kind.type == "boolean"
	is_boolean(given)
}

fits(given, kind) if {
	kind.type == "text"
	is_string(given)
}

# METADATA
# title: The limits of the task and of every governing domain are kept
limits_kept if {
	all_kept(task.limits)
	every domain in governing {
		all_kept(domain.limits)
	}
}

all_kept(limits) if {
	every limit in limits {
		kept(limit)
	}
}

kept(limit) if {
	limit.total == null
	value := measured(limit)
	value >= 0
	value <= limit.most
}

kept(limit) if {
	is_string(limit.total)
	total := input.context.totals[limit.total]
	total >= 0
	total <= limit.most
	value := measured(limit)
	value >= 0
	value <= limit.most - total
}

measured(limit) := given if {
	limit.unit == "integer"
	given := input.context.inputs[limit.input]
	is_number(given)
}

measured(limit) := given.amount if {
	given := input.context.inputs[limit.input]
	is_object(given)
	given.currency == limit.unit
}

# METADATA
# title: Every ledger and every rollback of the governing domains is ready, and was looked at just now
records_ready if {
	every domain in governing {
		records_of(domain)
	}
}

records_of(domain) if {
	all_ready(domain.ledgers, input.context.evidence)
	all_ready(domain.rollbacks, input.context.rollback)
}

all_ready(ids, entries) if {
	every id in ids {
		ready(entries, id)
	}
}

ready(entries, id) if {
	entry := entries[id]
	entry.ready == true
	entry.checked_at <= now
	now - entry.checked_at <= data.quorate.checked_within
}

# METADATA
# title: An emergency that a governing domain uses is not over, and was declared by an active person whom it does not serve
emergency_sound if {
	every domain in governing {
		sound(domain)
	}
}

sound(domain) if not urgent(domain)

sound(domain) if {
	urgent(domain)
	emergency := input.context.emergency
	active(emergency.declared_by)
	two_humans(emergency.declared_by, input.context.requested_by)
	two_humans(emergency.declared_by, acted_for)
	emergency.at >= 0
	emergency.at <= now
	now - emergency.at <= domain.emergency.lasts
}

urgent(domain) if {
	is_object(input.context.emergency)
	is_object(domain.emergency)
}

# METADATA
# title: The approvals given meet the quorum of every governing domain at once
# description: |
#   Each number below the product of the alternatives stands for one choice of an alternative in every domain,
#   read as a number whose digits are the choices.
approved if {
	combinations := product([count(options) | some options in alternatives])
	combinations > 0
	some number in numbers.range(0, combinations - 1)
	separate(chosen(number))
}

# For each governing domain, in order: every minimal way to meet the quorum in force for which all the approvals are there and good.
alternatives := [met(domain) | some domain in governing]

met(domain) := [places |
	some way in quorum(domain).ways
	places := {place(domain, slot, function) |
		some slot, function in way
		good(domain, function, input.context.approvals[slot])
	}
	count(places) == count(way)
]

place(domain, slot, function) := {
	"domain": domain.id,
	"function": function,
	"slot": slot,
	"human": human(input.context.approvals[slot].by),
	"same_person": domain.same_person,
}

chosen(number) := {taken |
	some index, options in alternatives
	stride := product([count(later) | some position, later in alternatives; position > index])
	some taken in options[floor(number / stride) % count(options)]
}

separate(places) if {
	every one in places {
		apart_from_all(one, places)
	}
}

apart_from_all(one, places) if {
	every other in places {
		apart(one, other)
	}
}

apart(one, other) if one.human != other.human

apart(one, other) if one == other

apart(one, other) if {
	one.function == other.function
	one.domain != other.domain
}

apart(one, other) if {
	one.function != other.function
	one.same_person == true
	other.same_person == true
}

# The quorum in force: the emergency's, otherwise that of the first tier whose condition holds.
quorum(domain) := domain.emergency if urgent(domain)

quorum(domain) := tiers[0] if {
	not urgent(domain)
	tiers := [tier | some tier in domain.tiers; holds(tier)]
}

# A condition is a list of lists: one of them, and everything in it.
holds(tier) if {
	some clause in tier.when
	every test in clause {
		passes(test)
	}
}

passes(test) if {
	given := compared(test.input)
	type_name(given) == type_name(test.to)
	compare(test.is, given, test.to)
}

passes(test) if {
	test.is == "among"
	listed(test)
}

passes(test) if {
	test.is == "not_among"
	compared(test.input) != null
	not listed(test)
}

listed(test) if compared(test.input) in test.to

compared(name) := input.context.inputs[name] if not is_money(name)

is_money(name) if is_object(input.context.inputs[name])

compared(name) := input.context.inputs[name].amount

compare("at_most", given, bound) if given <= bound

compare("below", given, bound) if given < bound

compare("at_least", given, bound) if given >= bound

compare("above", given, bound) if given > bound

compare("equal", given, bound) if given == bound

compare("unequal", given, bound) if given != bound

# An approval that counts as a function in a domain.
good(domain, function, approval) if {
	eligible(domain, function, approval)
	fresh(domain, approval)
	bound(approval)
}

eligible(domain, function, approval) if {
	some window in domain.seats[function][approval.by]
	holds_instant(window, approval.at)
	holds_instant(window, now)
	two_humans(approval.by, acted_for)
	two_humans(approval.by, input.context.requested_by)
	not_principal(approval.by)
	not_declarer(domain, approval.by)
}

# Whether the agent runs as somebody or something else.
not_principal(person) if human(person) != human_of_principal

human_of_principal := agent.principals[input.subject.properties.principal].human

default human_of_principal := ""

# Whether somebody else declared the emergency, where the domain makes use of one.
not_declarer(domain, _) if not urgent(domain)

not_declarer(domain, person) if {
	urgent(domain)
	two_humans(person, input.context.emergency.declared_by)
}

fresh(domain, approval) if {
	approval.at >= 0
	approval.at <= now
	now - approval.at <= domain.valid
	since_emergency(domain, approval)
}

# What was approved before the emergency was declared was not approved as such.
since_emergency(domain, _) if not urgent(domain)

since_emergency(domain, approval) if {
	urgent(domain)
	approval.at >= input.context.emergency.at
}

bound(approval) if approval.for == input.context.binding

# METADATA
# title: Each agent of the call chain has a task that is current and may call the next, and the last may call this agent for this task
chain_legal if {
	via := object.get(input.context, "via", [])
	every index, caller in via {
		legal_call(via, index, caller)
	}
}

legal_call(via, index, caller) if {
	index + 1 < count(via)
	on_task(caller)
	count(data.quorate.calls[caller][via[index + 1]]) > 0
}

legal_call(via, index, caller) if {
	index + 1 == count(via)
	on_task(caller)
	data.quorate.calls[caller][input.subject.id][input.context.task]
}

on_task(caller) if {
	some window in data.quorate.agents[caller].current
	holds_instant(window, now)
}

# METADATA
# title: The agent acts for an active person for whom it may do this very operation; an agent that acts for nobody names nobody
delegation_legal if {
	count(agent.acts_for) == 0
	absent(input.context, "on_behalf_of")
}

delegation_legal if {
	person := input.context.on_behalf_of
	active(person)
	agent.bounds[agent.acts_for[person]][input.action.name][input.resource.id] == true
}
