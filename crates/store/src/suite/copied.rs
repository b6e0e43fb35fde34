//! Everything that a store has is written down in another.

use zuno_model::TenantId;

use super::made::{OTHER, T, row, tenant};
use crate::{Kept, Pointer, Store, read, write};

/// What is read is what was written, also over what an earlier copy has left.
pub(super) fn all_of_it_is_copied_and_told_alike(
    store: &dyn Store,
    make: &mut dyn FnMut() -> Box<dyn Store>,
) {
    let long = "ä".repeat(3_000);
    let value = long.clone();
    write(store, move |tx| {
        for id in [T, OTHER] {
            tx.put_tenant(&tenant(id))?;
            for number in 0..700 {
                let id_of = number.to_string();
                tx.put(id, "k", &row(&id_of, "0", &id_of))?;
            }
            tx.put(id, "k", &row("9", "7", &value))?;
            assert_eq!(tx.claim(id, "k", &"9".into(), &[("name".into(), value.clone())])?, None);
            let pointer = Pointer { field: "group".into(), kind: "group".into(), id: "g".into() };
            tx.point(id, "k", &"9".into(), &[pointer])?;
            tx.next(id, "n", 5)?;
            tx.set_note(id, "note", Some(b"x"))?;
            tx.stage(id, "p", "k", &"9".into(), Some(b"active"))?;
            tx.stage(id, "p", "k", &"8".into(), None)?;
            for at in [30, 10, 20] {
                tx.log(id, at, b"entry", Kept { since: 0, most: 2 })?;
            }
        }
        tx.set_note(TenantId::SERVER, "note", Some(b"own"))
    })
    .expect("it is kept");
    let before = crate::copy::whole(store).expect("it is told");
    // An earlier copy may have been cut short.
    let other = make();
    write(other.as_ref(), |tx| tx.put(T, "left", &row("1", "0", "1"))).expect("it is kept");
    assert_eq!(crate::copy::copy(store, other.as_ref()).expect("it is copied"), before);
    let told = &before[1].1;
    assert_eq!((told.records, told.links, told.beside, told.entries), (700, 2, 4, 2));
    let found = read(other.as_ref(), |tx| {
        let scopes = (tx.count(T, "k", Some("0"))?, tx.count(T, "k", Some("7"))?);
        Ok((
            tx.holder(T, "k", "name", &long)?,
            tx.referrers(T, "group", &"g".into())?.len(),
            scopes,
            tx.last_logged(T)?,
        ))
    });
    assert_eq!(found.expect("it is told"), (Some("9".into()), 1, (699, 1), 3));
    write(other.as_ref(), |tx| tx.set_note(T, "note", Some(b"y"))).expect("it is kept");
    assert_ne!(crate::copy::whole(other.as_ref()).expect("it is told"), before);
    crate::copy::copy(store, other.as_ref()).expect_err("it has tenants");
}
