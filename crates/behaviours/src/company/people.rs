//! People by name.

use super::draw::draw;

/// The departments of a company that has none yet.
pub const DEPARTMENTS: [&str; 6] = ["Engineering", "Finance", "Sales", "IT", "Human Resources", "Marketing"];

const FIRST: [&str; 40] = [
    "Ada", "Ben", "Chloe", "Daniel", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jonas", "Kavya", "Leo",
    "Mara", "Nils", "Olga", "Pedro", "Quinn", "Rosa", "Samir", "Tara", "Umar", "Vera", "Wei", "Ximena",
    "Yusuf", "Zoe", "Anton", "Bella", "Carlos", "Dana", "Emil", "Fatima", "Goran", "Hanna", "Ivan", "Julia",
    "Karim", "Lina", "Mateo", "Nora",
];

const LAST: [&str; 50] = [
    "Adler", "Berg", "Castillo", "Duarte", "Eze", "Fischer", "Garcia", "Haddad", "Ito", "Jensen", "Kaur",
    "Larsen", "Moreau", "Novak", "Okafor", "Petrov", "Quist", "Rossi", "Sato", "Tanaka", "Ueda", "Vargas",
    "Weber", "Xu", "Yilmaz", "Zeman", "Almeida", "Brandt", "Costa", "Dietrich", "Egan", "Ferrari", "Gupta",
    "Horvat", "Ivanov", "Jansen", "Kowalski", "Lopez", "Meyer", "Nakamura", "Olsen", "Patel", "Ramos",
    "Silva", "Toth", "Urban", "Virtanen", "Wagner", "Young", "Zhang",
];

/// One of them.
pub struct Person {
    /// First name, last name.
    pub name: String,
    /// What they sign in with.
    pub email: String,
    /// What they sign in with on a machine of their own.
    pub account: String,
}

impl Person {
    /// The one of a number, behind those who were there before.
    pub fn of(seed: u64, before: u64, nth: u32, vanity: &str) -> Person {
        let drawn = draw(seed, "person", before, u64::from(nth));
        let first = FIRST[(drawn % FIRST.len() as u64) as usize];
        let last = LAST[(drawn / 64 % LAST.len() as u64) as usize];
        let number = before + u64::from(nth) + 1;
        let (low_first, low_last) = (first.to_lowercase(), last.to_lowercase());
        Person {
            name: format!("{first} {last}"),
            email: format!("{low_first}.{low_last}{number}@{vanity}.example"),
            account: format!("{}{low_last}{number}", &low_first[..1]),
        }
    }
}
