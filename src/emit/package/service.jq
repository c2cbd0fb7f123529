# A request in the shape of the contract as the `IsAuthorized` operation of a hosted service takes it, but for the id of the policy store:
#   jq -L cedar/hosted --slurpfile entities cedar/entities.json 'include "service"; service($entities[0])' request.json
# It takes along the entities that the request names and no other. A request of another shape is an error, and an error is a refusal.

include "project" { search: ".." };

def service($entities):
  project as $cedar
  | ([$cedar.context | .. | .__entity? // empty] + [{ type: "Gov::Agent", id: .subject.id }]) as $named
  | {
      principal: { entityType: "Gov::Agent", entityId: .subject.id },
      action: { actionType: "Gov::Action", actionId: .action.name },
      resource: { entityType: "Gov::Asset", entityId: .resource.id },
      context: { cedarJson: ($cedar.context | tojson) },
      entities: { cedarJson: ([$entities[] | select(.uid.type == "Gov::Workspace" or (.uid as $uid | any($named[]; . == $uid)))] | tojson) }
    };
