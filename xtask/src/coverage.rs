//! The coverage page: every known operation with its grade and its evidence, drawn from the ledger.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use zuno_catalogue::{Catalogue, Grade, LedgerLine};

/// Writes `docs/coverage.md`, or checks it.
///
/// # Errors
/// A catalogue that does not hold together; a page that differs.
pub fn run(root: &Path, check: bool) -> Result<()> {
    let catalogue = Catalogue::from_folder(&root.join("catalogue"))?;
    crate::page(&root.join("docs/coverage.md"), &page(&catalogue), check, "coverage")
}

fn page(catalogue: &Catalogue) -> String {
    let mut text = String::from(
        "# Coverage\n\nEvery known operation, how far it is built, and what proves it. Written by `cargo xtask coverage` \
         from\n`catalogue/operations.tsv`; a test keeps that file true.\n\n\
         - *faithful*: statuses, bodies, errors and side effects as known, and the named scenario proves it;\n\
         - *stored*: the shape is right, state is kept and checked, and the named part is missing;\n\
         - *absent*: known to the router, refused with 405 and words that say so.\n\n\
         An operation that the documents list under two names is one line here; `catalogue/operations_same_path.tsv`\n\
         has the other names.\n\n\
         | product | known | faithful | stored | absent |\n| --- | --: | --: | --: | --: |\n",
    );
    let row = |name: &str, lines: &[&LedgerLine]| {
        let of = |grade: Grade| lines.iter().filter(|line| line.grade == grade).count();
        let (faithful, stored, absent) = (of(Grade::Faithful), of(Grade::Stored), of(Grade::Absent));
        format!("| {name} | {} | {faithful} | {stored} | {absent} |\n", lines.len())
    };
    let all: Vec<&LedgerLine> = catalogue.ledger().iter().collect();
    for product in catalogue.products() {
        text.push_str(&row(&product.title, &of_product(&all, &product.name)));
    }
    text.push_str(&row("**all**", &all));
    for product in catalogue.products() {
        let lines = of_product(&all, &product.name);
        let _ = writeln!(text, "\n## {}\n", product.title);
        text.push_str("| operation | method and path | grade | evidence |\n| --- | --- | --- | --- |\n");
        for line in lines.iter().filter(|line| line.grade != Grade::Absent) {
            let grade = if line.grade == Grade::Faithful { "faithful" } else { "stored" };
            let evidence = line.evidence.replace('|', "\\|");
            let _ = writeln!(
                text,
                "| {} | `{} {}` | {grade} | {evidence} |",
                line.operation, line.method, line.path
            );
        }
        let absent: Vec<_> = lines.iter().filter(|line| line.grade == Grade::Absent).collect();
        if !absent.is_empty() {
            let _ = writeln!(text, "\nAbsent ({}):\n\n```", absent.len());
            for line in absent {
                let _ = writeln!(text, "{:<6} {}  {}", line.method.as_str(), line.path, line.operation);
            }
            text.push_str("```\n");
        }
    }
    text
}

fn of_product<'a>(lines: &[&'a LedgerLine], product: &str) -> Vec<&'a LedgerLine> {
    lines.iter().copied().filter(|line| line.product == product).collect()
}

#[cfg(test)]
mod tests {
    use zuno_catalogue::Catalogue;

    use super::page;

    #[test]
    fn every_operation_is_on_the_page_once() {
        let catalogue = Catalogue::compiled();
        let page = page(&catalogue);
        let rows = page.lines().filter(|line| line.contains("| `")).count();
        let words = ["GET ", "POST ", "PUT ", "PATCH ", "DELETE "];
        let absent = page.lines().filter(|line| words.iter().any(|word| line.starts_with(word))).count();
        assert_eq!(rows + absent, catalogue.ledger().len());
    }
}
