# A request in the shape of the contract (the AuthZEN Authorization API 1.0) as Cedar is asked it:
#   jq -L cedar 'include "project"; project' request.json
# It is the same for all policies. A request of another shape is an error, and an error is a refusal.

def malformed: error("malformed");

def fields(required; optional):
  if type != "object" or (required - keys) != [] or (keys - required - optional) != [] then malformed else . end;

def text: if type == "string" then . else malformed end;
def truth: if type == "boolean" then . else malformed end;
# RFC 7493, section 2.2.
def whole: if type == "number" and . == floor and . < 9007199254740992 and . > -9007199254740992 then floor else malformed end;

def named(kind): "Gov::" + kind + "::" + (text | tojson);
def entity(kind): { __entity: { type: ("Gov::" + kind), id: text } };

def each(entry): if type == "object" then with_entries(entry) else malformed end;

def money: fields(["amount", "currency"]; []) | { amount: (.amount | whole), currency: (.currency | text) };
def input:
  if (.value | type) == "boolean" then .key += ":boolean"
  elif (.value | type) == "string" then .key += ":text"
  elif (.value | type) == "number" then { key: (.key + ":integer"), value: (.value | whole) }
  else { key: (.key + ":money"), value: (.value | money) } end;
def approval: fields(["by", "at", "for"]; []) | { by: (.by | entity("Person")), at: (.at | whole), for: (.for | text) };
def readiness: fields(["ready", "checked_at"]; []) | { ready: (.ready | truth), checked_at: (.checked_at | whole) };
def credential: fields(["issued_at", "expires_at"]; []) | { issued_at: (.issued_at | whole), expires_at: (.expires_at | whole) };
def emergency: fields(["declared_by", "at", "id"]; []) | { declared_by: (.declared_by | entity("Person")), at: (.at | whole), id: (.id | text | if . == "" then malformed else . end) };

# The totals of the request's own task stand under `task/` as well.
def totals(task):
  if type != "object" or any(keys[]; startswith("task/")) then malformed else map_values(whole) end
  | . + with_entries(select(.key | startswith(task + "/")) | .key |= "task" + .[(task | length):]);

# Who called whom on the way here, and for the last what for.
def escaped: gsub("(?<special>[\\\\>*])"; "\\\(.special)");
def chain: if type != "array" or length > 8 then malformed else map(text) end;
def hops(agent; task):
  map(escaped)
  | if . == [] then [] else
      . as $callers
      | [range(0; length - 1) | $callers[.] + ">" + $callers[. + 1] + ">*"] + [$callers[-1] + ">" + (agent | escaped) + ">" + (task | escaped)]
      | unique
    end;

# Each of them under its place, so that a policy can look at it.
def callers: to_entries | map({ key: (.key + 1 | tostring), value: (.value | entity("Caller")) }) | from_entries;

def project:
  fields(["subject", "action", "resource", "context"]; [])
  | (.subject | fields(["type", "id", "properties"]; [])) as $subject
  | ($subject.properties | fields(["principal"]; [])) as $properties
  | (.action | fields(["name"]; [])) as $action
  | (.resource | fields(["type", "id"]; [])) as $resource
  | (.context | fields(
      ["task", "purpose", "inputs", "now", "revision", "binding", "approvals", "credential", "totals", "evidence", "rollback",
        "requested_by"];
      ["via", "on_behalf_of", "emergency"])) as $context
  | ($context.task | text) as $task
  | (if $context | has("via") then $context.via else [] end | chain) as $via
  | if $subject.type != "agent" or $resource.type != "data" or ($context.now | whole) < 0 then malformed else . end
  | {
      principal: ($subject.id | named("Agent")),
      action: ($action.name | named("Action")),
      resource: ($resource.id | named("Asset")),
      context: ({
        principal: ($properties.principal | text),
        task: ($task | entity("Task")),
        purpose: ($context.purpose | text),
        revision: ($context.revision | text),
        binding: ($context.binding | text),
        now: ($context.now | whole),
        inputs: ($context.inputs | each(input)),
        approvals: ($context.approvals | each(.value |= approval)),
        credential: ($context.credential | credential),
        totals: ($context.totals | totals($task)),
        evidence: ($context.evidence | each(.value |= readiness)),
        rollback: ($context.rollback | each(.value |= readiness)),
        hops: ($via | hops($subject.id; $task)),
        callers: ($via | callers),
        requested_by: ($context.requested_by | entity("Person")),
        delegation: ([$subject.id, $action.name, $resource.id] | map(text | escaped) | join(">") | entity("Delegation"))
      }
      + (if $context | has("on_behalf_of") then { on_behalf_of: ($context.on_behalf_of | entity("Person")) } else {} end)
      + (if $context | has("emergency") then { emergency: ($context.emergency | emergency) } else {} end))
    };
