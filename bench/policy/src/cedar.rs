//! The rules as Cedar's policies. Cedar has no first match: each rule is a `permit`, and of the policies that are met, which the
//! answer tells, the first one counts. Addresses are numbers, which Cedar compares quicker than it does its own addresses.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use crate::rules::{GROUPS, PEOPLE, Question, Rules, address, groups, port};

pub struct Cedar {
    policies: PolicySet,
    entities: Entities,
    authorizer: Authorizer,
}

fn uid(of: &str, id: u64) -> EntityUid {
    let of: EntityTypeName = of.parse().expect("a type");
    EntityUid::from_type_name_and_id(of, EntityId::new(id.to_string()))
}

/// The policies, in the order of the rules.
pub fn text(rules: &Rules) -> String {
    let rule = |rule: &crate::rules::Rule| {
        let named: Vec<String> = rule.groups.iter().map(|group| format!("Group::\"{group}\"")).collect();
        let ports: Vec<String> =
            rule.services.iter().map(|service| format!("context.port == {}", port(*service))).collect();
        let nets = rule.networks.iter().map(|network| {
            let from = address(*network);
            format!("(context.to >= {from} && context.to <= {})", from + 255)
        });
        format!(
            "permit(principal, action, resource) when {{ ({}) && principal in [{}] && ({}) }};\n",
            ports.join(" || "),
            named.join(", "),
            nets.collect::<Vec<_>>().join(" || ")
        )
    };
    rules.0.iter().map(rule).collect()
}

impl Cedar {
    pub fn new(text: &str) -> Cedar {
        let person = |person: u64| {
            let groups: HashSet<EntityUid> =
                groups(person).into_iter().map(|group| uid("Group", group)).collect();
            Entity::new(uid("User", person), HashMap::new(), groups).expect("an entity")
        };
        let group =
            |group: u64| Entity::new(uid("Group", group), HashMap::new(), HashSet::new()).expect("an entity");
        Cedar {
            policies: text.parse().expect("policies"),
            entities: Entities::from_entities((0..PEOPLE).map(person).chain((0..GROUPS).map(group)), None)
                .expect("entities"),
            authorizer: Authorizer::new(),
        }
    }

    /// The rule that decides, by its order.
    pub fn decide(&self, request: &Request) -> Option<i64> {
        let response = self.authorizer.is_authorized(request, &self.policies, &self.entities);
        assert_eq!(response.diagnostics().errors().count(), 0, "no policy fails");
        // Policies are called `policy0`, `policy1` and so on, in the order of the text.
        let numbers = response
            .diagnostics()
            .reason()
            .map(|id| AsRef::<str>::as_ref(id)["policy".len()..].parse::<i64>().expect("a number"));
        numbers.min().map(|number| number + 1)
    }
}

pub fn requests(questions: &[Question]) -> Vec<Request> {
    let request = |question: &Question| {
        let pairs = [("to", i64::from(question.address)), ("port", i64::from(question.port))];
        let context = Context::from_pairs(
            pairs.map(|(name, value)| (name.to_owned(), RestrictedExpression::new_long(value))),
        );
        let action = "Action::\"connect\"".parse().expect("an action");
        Request::new(uid("User", question.person), action, uid("Net", 0), context.expect("a context"), None)
            .expect("a request")
    };
    questions.iter().map(request).collect()
}
