//! The rules as data of one policy in Rego, in the quickest way of those that were tried: regorus's interpreter takes two thirds
//! longer than its virtual machine, and so does a chain of `else` that stops at the first match.

use std::sync::Arc;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::program::Program;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};
use serde_json::json;

use crate::rules::{Question, Rules, address, groups, port};

/// Ports first, as they keep most rules away; the least order of what matches is the first match.
const POLICY: &str = r"
package firewall
import rego.v1

matching contains rule.order if {
    some rule in data.rules
    input.port in rule.ports
    some group in rule.groups
    input.groups[group]
    some net in rule.nets
    net[0] <= input.to
    input.to <= net[1]
}

first := min(matching)
";

/// The rules as data.
pub fn data(rules: &Rules) -> String {
    let rule = |(order, rule): (usize, &crate::rules::Rule)| {
        let groups: Vec<String> = rule.groups.iter().map(|group| format!("g{group}")).collect();
        let ports: Vec<u16> = rule.services.iter().map(|service| port(*service)).collect();
        let nets: Vec<[u32; 2]> =
            rule.networks.iter().map(|network| [address(*network), address(*network) + 255]).collect();
        json!({"order": order, "groups": groups, "ports": ports, "nets": nets})
    };
    json!({ "rules": (1..).zip(&rules.0).map(rule).collect::<Vec<_>>() }).to_string()
}

pub struct Rego {
    machine: RegoVM,
}

impl Rego {
    pub fn new(data: &str) -> Rego {
        let data = Value::from_json_str(data).expect("JSON");
        let mut engine = Engine::new();
        engine.add_policy("firewall.rego".into(), POLICY.into()).expect("a policy");
        engine.add_data(data.clone()).expect("data");
        let compiled = engine.compile_with_entrypoint(&"data.firewall.first".into()).expect("it compiles");
        let program: Arc<Program> =
            Compiler::compile_from_policy(&compiled, &["data.firewall.first"]).expect("a program");
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine.set_max_instructions(usize::MAX);
        machine.set_data(data).expect("data");
        Rego { machine }
    }

    /// The rule that decides, by its order.
    pub fn decide(&mut self, input: &Value) -> Option<i64> {
        self.machine.set_input(input.clone());
        self.machine.execute().expect("an answer").as_i64().ok()
    }
}

pub fn inputs(questions: &[Question]) -> Vec<Value> {
    let input = |question: &Question| {
        let groups: serde_json::Map<String, serde_json::Value> =
            groups(question.person).into_iter().map(|group| (format!("g{group}"), json!(true))).collect();
        Value::from_json_str(
            &json!({"groups": groups, "to": question.address, "port": question.port}).to_string(),
        )
        .expect("JSON")
    };
    questions.iter().map(input).collect()
}
