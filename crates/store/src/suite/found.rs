//! Records are found by parts of their texts.

use std::collections::BTreeMap;

use zuno_model::{Id, TenantId};

use crate::{Row, Store, StoreError, read, write};

const T: TenantId = TenantId(1);
const OTHER: TenantId = TenantId(2);

fn row(id: &str) -> Row {
    Row { id: id.into(), scope: "0".into(), sort: id.into(), body: b"{}".to_vec() }
}

/// Numbers that follow from one another and look like none.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn text(&mut self) -> String {
        let words =
            ["north", "nor", "th", "orthodox", " ", "ä", "straße", "日本語", "0", "17", "", "'", "\"", "*"];
        (0..self.roll(5)).map(|_| words[self.roll(words.len())]).collect()
    }
}

/// What a scan of everything says.
fn scanned<'a>(texts: &'a BTreeMap<Id, Vec<String>>, part: &str) -> Vec<&'a Id> {
    texts.iter().filter(|(_, texts)| texts.iter().any(|text| text.contains(part))).map(|(id, _)| id).collect()
}

/// Every part finds what a scan finds, of the tenant's own records of the kind, each once and in order.
pub(super) fn parts_of_texts_find_what_has_them(store: &dyn Store) {
    let mut dice = Dice(7);
    let mut known: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    for _ in 0..120 {
        let id = Id(format!("{:02}", dice.roll(40)));
        let texts: Vec<String> = (0..dice.roll(4)).map(|_| dice.text()).collect();
        let (removes, refused) = (dice.roll(4) == 0, dice.roll(5) == 0);
        let (of, told) = (id.clone(), texts.clone());
        let kept = write(store, move |tx| {
            if removes {
                tx.remove(T, "k", &of)?;
            } else {
                tx.put(T, "k", &row(of.as_str()))?;
                tx.found_by(T, "k", &of, &told)?;
                tx.put(OTHER, "k", &row(of.as_str()))?;
                tx.found_by(OTHER, "k", &of, &["north 17 orthodox".into()])?;
            }
            if refused { Err(StoreError::new("not so")) } else { Ok(()) }
        });
        assert_eq!(kept.is_err(), refused);
        match (refused, removes) {
            (true, _) => {}
            (false, true) => drop(known.remove(&id)),
            (false, false) => drop(known.insert(id, texts)),
        }
        for part in [
            "north",
            "nor",
            "th17",
            "orth",
            "ßen",
            "aße",
            "本語",
            "日本語",
            "17 ",
            "'\"*",
            "no such",
            &dice.text(),
        ] {
            let Some(rows) = read(store, |tx| tx.having(T, "k", Some("0"), part)).expect("it is told") else {
                continue;
            };
            assert!(rows.is_sorted_by(|a: &Row, b: &Row| a.id < b.id), "each once and in order");
            assert!(rows.iter().all(|row| known.contains_key(&row.id)), "{part}: what is gone is not found");
            for id in scanned(&known, part) {
                assert!(rows.iter().any(|row| row.id == *id), "{part}: {id} has it in {:?}", known[id]);
            }
        }
    }
    let found = |tenant, scope, part| {
        read(store, |tx| tx.having(tenant, "k", scope, part)).expect("it is told").map(|rows| rows.len())
    };
    assert!(found(T, Some("7"), "north").is_none_or(|count| count == 0), "another scope has none");
    write(store, |tx| tx.clear_tenant(T)).expect("it is cleared");
    assert!(found(T, None, "north").is_none_or(|count| count == 0), "a tenant that has nothing has no texts");
    write(store, |tx| tx.put(T, "k", &row("new"))).expect("it is kept");
    assert!(found(T, None, "north").is_none_or(|count| count <= 1));
}
