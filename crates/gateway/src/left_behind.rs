//! Records that an earlier version kept under kinds that are no longer there: nothing shows them, and whoever runs the server
//! is told at its start. Connectors' own address groups are such, which are internet access's since the two share theirs.

use std::collections::{BTreeMap, HashSet};

use zuno_store::{StoreError, read};

use crate::Cloud;

impl Cloud {
    /// How many records the tenants have of each kind that the catalogue does not have.
    ///
    /// # Errors
    /// The store failed.
    pub fn left_behind(&self) -> Result<BTreeMap<String, u64>, StoreError> {
        let catalogue = self.catalogue();
        // What shows another kind's records has none of its own.
        let own = catalogue.outlines().iter().filter(|outline| outline.records.is_none());
        let known: HashSet<&str> = own.map(|outline| outline.kind.as_str()).collect();
        read(self.store.as_ref(), |tx| {
            let mut found = BTreeMap::new();
            for tenant in tx.tenants()? {
                for kind in tx.kinds(tenant.id)?.into_iter().filter(|kind| !known.contains(kind.as_str())) {
                    let records = tx.count(tenant.id, &kind, None)?;
                    if records > 0 {
                        *found.entry(kind).or_default() += records;
                    }
                }
            }
            Ok(found)
        })
    }

    /// Tells of them in the server's log.
    pub(crate) fn tell_what_is_left_behind(&self) -> Result<(), StoreError> {
        for (kind, records) in self.left_behind()? {
            tracing::warn!(
                %kind, records,
                "an earlier version kept records of a kind that is no longer there: they stay in the data, and nothing shows \
                 them; make anew what is still wanted"
            );
        }
        Ok(())
    }
}
