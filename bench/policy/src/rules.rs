//! One set of firewall rules as every engine can say them, and questions on it. Drawn by a fixed seed: always the same.

/// Groups, networks of 256 addresses, services and people there are to be drawn from.
pub const GROUPS: u64 = 200;
pub const NETWORKS: u64 = 64 * 256;
pub const SERVICES: u64 = 40;
pub const PEOPLE: u64 = 500;

/// What is done to what matches.
pub const ACTIONS: [&str; 3] = ["ALLOW", "BLOCK_DROP", "BLOCK_RESET"];

/// A rule: one of the groups, one of the networks and one of the services, of each.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Keeps its own wherever it stands.
    pub id: u64,
    pub groups: Vec<u64>,
    pub networks: Vec<u64>,
    pub services: Vec<u64>,
    /// A place among the actions.
    pub action: usize,
}

/// The rules in the order in which they are tried.
#[derive(Debug, Clone)]
pub struct Rules(pub Vec<Rule>);

/// Who wants to go where.
#[derive(Debug, Clone)]
pub struct Question {
    pub person: u64,
    pub address: u32,
    pub port: u16,
}

/// A number that looks like chance and is always the same.
pub fn drawn(seed: u64, below: u64) -> u64 {
    let mixed = (seed.wrapping_add(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) % below
}

/// The first address of a network of 256.
pub fn address(network: u64) -> u32 {
    u32::from_be_bytes([10, u8::try_from(network / 256).expect("64 of them"), (network % 256) as u8, 0])
}

/// The one port of a service.
pub fn port(service: u64) -> u16 {
    8_000 + u16::try_from(service).expect("40 of them")
}

/// The groups that somebody is in.
pub fn groups(person: u64) -> Vec<u64> {
    some(person * 977 + 5, 5, GROUPS)
}

fn some(seed: u64, count: u64, of: u64) -> Vec<u64> {
    let mut some: Vec<u64> = (0..count).map(|part| drawn(seed * 31 + part, of)).collect();
    some.sort_unstable();
    some.dedup();
    some
}

impl Rules {
    pub fn new(count: u64) -> Rules {
        let rule = |number: u64| Rule {
            id: number + 1,
            groups: some(number * 3, 3, GROUPS),
            networks: some(number * 3 + 1, 4, NETWORKS),
            services: some(number * 3 + 2, 2, SERVICES),
            action: usize::from(!number.is_multiple_of(3)),
        };
        Rules((0..count).map(rule).collect())
    }

    /// Questions of which half are drawn so that they meet a rule.
    pub fn questions(&self, count: usize) -> Vec<Question> {
        let question = |number: u64| {
            let draw = |what: u64, below: u64| drawn(number * 7 + what + 1_000_003, below);
            let (mut person, mut network, mut service) =
                (draw(0, PEOPLE), draw(1, NETWORKS), draw(2, SERVICES));
            if number.is_multiple_of(2) {
                let rule = &self.0[draw(3, self.0.len() as u64) as usize];
                person =
                    (0..PEOPLE).find(|person| groups(*person).contains(&rule.groups[0])).unwrap_or(person);
                (network, service) = (rule.networks[0], rule.services[0]);
            }
            Question { person, address: address(network) + draw(4, 256) as u32, port: port(service) }
        };
        (0..count as u64).map(question).collect()
    }
}
