//! What a group of jobs adds up and writes once, right before its commit: how many records came and went, and how often
//! versions moved. So no row that all writers of a tenant change is changed once for each of them.

use std::collections::BTreeMap;

use zuno_model::TenantId;
use zuno_store::{Aspect, Result};

use crate::session::Session;
use crate::value::values;

type List = (i64, Vec<u8>, Vec<u8>);

/// What was added up.
#[derive(Debug, Default)]
pub struct Sums {
    counts: BTreeMap<List, i64>,
    versions: BTreeMap<(i64, &'static str), i64>,
}

impl Sums {
    /// So many records more, or fewer.
    pub fn count(&mut self, tenant: TenantId, kind: &str, scope: &[u8], by: i64) {
        *self.counts.entry((tenant.0, kind.as_bytes().to_vec(), scope.to_vec())).or_default() += by;
    }

    /// A version has moved on.
    pub fn touch(&mut self, tenant: TenantId, aspect: Aspect) {
        *self.versions.entry((tenant.0, aspect.as_str())).or_default() += 1;
    }

    /// The changes of a tenant's counts: kind, scope and by how many.
    pub fn counts(&self, tenant: TenantId) -> impl Iterator<Item = (&[u8], &[u8], i64)> {
        let first = (tenant.0, Vec::new(), Vec::new());
        let own = self.counts.range(first..).take_while(move |((of, ..), _)| *of == tenant.0);
        own.map(|((_, kind, scope), by)| (kind.as_slice(), scope.as_slice(), *by))
    }

    /// The tenant's rows are gone: from now on this adds up to nothing, together with what stood there before.
    pub fn clear(&mut self, tenant: TenantId, before: &Sums) {
        self.counts.retain(|(of, ..), _| *of != tenant.0);
        for (kind, scope, by) in before.counts(tenant) {
            self.counts.insert((tenant.0, kind.to_vec(), scope.to_vec()), -by);
        }
    }

    /// Takes in what a job has added up that is kept.
    pub fn add(&mut self, job: Sums) {
        for (list, by) in job.counts {
            *self.counts.entry(list).or_default() += by;
        }
        for (version, by) in job.versions {
            *self.versions.entry(version).or_default() += by;
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Something failed before.
    pub fn write(&self, session: &Session) -> Result<()> {
        let changed: Vec<_> = self.counts.iter().filter(|(_, by)| **by != 0).collect();
        if !changed.is_empty() {
            let tenants: Vec<i64> = changed.iter().map(|((tenant, ..), _)| *tenant).collect();
            let kinds: Vec<Vec<u8>> = changed.iter().map(|((_, kind, _), _)| kind.clone()).collect();
            let scopes: Vec<Vec<u8>> = changed.iter().map(|((.., scope), _)| scope.clone()).collect();
            let numbers: Vec<i64> = changed.iter().map(|(_, by)| **by).collect();
            session.send(
                "INSERT INTO counts (tenant, kind, scope, number)
                 SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[])
                 ON CONFLICT (tenant, kind, scope) DO UPDATE SET number = counts.number + excluded.number",
                values![tenants, kinds, scopes, numbers],
            )?;
        }
        if !self.versions.is_empty() {
            let tenants: Vec<i64> = self.versions.keys().map(|(tenant, _)| *tenant).collect();
            let aspects: Vec<Vec<u8>> =
                self.versions.keys().map(|(_, aspect)| aspect.as_bytes().to_vec()).collect();
            let numbers: Vec<i64> = self.versions.values().copied().collect();
            session.send(
                "INSERT INTO versions (tenant, aspect, number)
                 SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bigint[])
                 ON CONFLICT (tenant, aspect) DO UPDATE SET number = versions.number + excluded.number",
                values![tenants, aspects, numbers],
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use zuno_model::TenantId;

    use super::Sums;

    #[test]
    fn a_tenant_that_is_cleared_adds_up_to_nothing_whatever_was_added_before() {
        let (mut group, mut job) = (Sums::default(), Sums::default());
        group.count(TenantId(1), "k", b"0", 3);
        group.count(TenantId(2), "k", b"0", 3);
        job.count(TenantId(1), "k", b"7", 5);
        job.clear(TenantId(1), &group);
        job.count(TenantId(1), "k", b"0", 1);
        group.add(job);
        let of = |tenant| group.counts(TenantId(tenant)).map(|(.., by)| by).sum::<i64>();
        assert_eq!((of(1), of(2)), (1, 3));
    }
}
