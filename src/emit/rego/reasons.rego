# Why a request is refused. Every denial has a reason of one closed list and says, where it is so, which domain denies and which slot
# lacks an approval that counts. None of it decides: it is only looked at once `allow` has failed.
package quorate.authz

reasons := {denial.reason | some denial in denials}

# The slots that take another approval than they have, or have one at all.
open := {denial.slot | some denial in denials}

denying := {denial.domain | some denial in denials}

# A request that is not of the shape of the contract is refused as that and nothing else.
denials contains {"reason": "malformed"} if not well_formed

explained if {
	not allow
	well_formed
}

# METADATA
# title: What stands in the way whichever domain governs
denials contains {"reason": "stale_policy"} if {
	explained
	not revision_current
}

denials contains {"reason": "credential"} if {
	explained
	not credential_live
}

denials contains {"reason": "out_of_scope"} if {
	explained
	not within_bounds
}

within_bounds if {
	task_own
	in_scope
	chain_legal
	delegation_legal
}

# Of another agent's task nothing is said but that it is another's.
denials contains {"reason": "expired"} if {
	explained
	task_own
	not task_current
}

denials contains {"reason": "expired"} if {
	explained
	task_own
	group
	not waiver_holds
}

denials contains {"reason": "ineligible"} if {
	explained
	task_own
	not asked
}

denials contains {"reason": "purpose"} if {
	explained
	task_own
	not purpose_of_task
}

denials contains {"reason": "limit"} if {
	explained
	task_own
	not limits_of_task_kept
}

# METADATA
# title: What one domain refuses
denials contains {"reason": "purpose", "domain": domain.id} if {
	explained
	some domain in governing
	not purpose_allowed(domain)
}

denials contains {"reason": "limit", "domain": domain.id} if {
	explained
	some domain in governing
	not inputs_fit(domain)
}

denials contains {"reason": "limit", "domain": domain.id} if {
	explained
	some domain in governing
	not limits_of_domain_kept(domain)
}

denials contains {"reason": "not_ready", "domain": domain.id} if {
	explained
	some domain in governing
	not records_of(domain)
}

denials contains {"reason": "emergency", "domain": domain.id} if {
	explained
	some domain in governing
	not sound(domain)
}

# What a domain asks for is known only where its inputs fit, and an emergency that it makes use of is sound.
asking := [domain |
	some domain in governing
	inputs_fit(domain)
	sound(domain)
]

denials contains {"reason": "missing", "domain": domain.id} if {
	explained
	some domain in asking
	not quorum(domain)
}

# A part of a quorum that asks for more parts than it has: nobody can meet it.
denials contains {"reason": "missing", "domain": domain.id} if {
	explained
	some domain in asking
	some mention in quorum(domain).asked
	mention.function == null
	needed(domain, mention)
}

# METADATA
# title: The approvals that one domain lacks
denials contains approval_denied(gap, "missing") if {
	explained
	some gap in lacking
	not there(gap)
}

denials contains approval_denied(gap, "bound_elsewhere") if {
	explained
	some gap in lacking
	there(gap)
	not bound_there(gap)
}

denials contains approval_denied(gap, "ineligible") if {
	explained
	some gap in lacking
	there(gap)
	not eligible_there(gap)
}

denials contains approval_denied(gap, "stale") if {
	explained
	some gap in lacking
	there(gap)
	not fresh_there(gap)
}

# Every slot that counts towards a part of a quorum that is not met, nor any part around it.
lacking := [gap |
	some domain in asking
	some mention in quorum(domain).asked
	needed(domain, mention)
	some slot in mention.slots
	gap := {"of": domain, "domain": domain.id, "function": mention.function, "slot": slot}
]

needed(domain, mention) if {
	every ways in mention.unless {
		unmet(domain, ways)
	}
}

unmet(domain, ways) if {
	full := [way |
		some way in ways
		count({slot | some slot, function in way; good(domain, function, input.context.approvals[slot])}) == count(way)
	]
	count(full) == 0
}

there(gap) if is_object(input.context.approvals[gap.slot])

bound_there(gap) if bound(input.context.approvals[gap.slot])

eligible_there(gap) if eligible(gap.of, gap.function, input.context.approvals[gap.slot])

fresh_there(gap) if fresh(gap.of, input.context.approvals[gap.slot])

approval_denied(gap, reason) := {
	"reason": reason,
	"domain": gap.domain,
	"function": gap.function,
	"slot": gap.slot,
}

# METADATA
# title: One person in two places that take two, where nothing else is wrong with the approvals
denials contains approval_denied(one, "same_person") if {
	doubled
	group.tells_slots == true
	some one in standing
	some other in standing
	not apart(one, other)
}

# With very many ways to satisfy the domains it is not said in which places.
denials contains {"reason": "same_person"} if {
	doubled
	not group.tells_slots
}

doubled if {
	explained
	count(asking) == count(governing)
	count(governing) > 0
	every options in alternatives {
		count(options) > 0
	}
	not approved
}

# Every good approval that the quorums in force name.
standing := [place(domain, slot, function) |
	some domain in governing
	some slot, function in quorum(domain).named
	good(domain, function, input.context.approvals[slot])
]

limits_of_task_kept if all_kept(task.limits)

limits_of_domain_kept(domain) if all_kept(domain.limits)
