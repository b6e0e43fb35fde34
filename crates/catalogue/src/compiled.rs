//! What `build.rs` has made of the catalogue's folder: products and outlines are read at the start, everything else when it
//! is asked for. So a start costs the same however many resources are described, and memory holds those that are used.

use zuno_notation::{Address, LedgerLine, Outline, Product, Resource};

static PRODUCTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/products.bin"));
static OUTLINES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/outlines.bin"));
static RESOURCES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/resources.bin"));
static LEDGER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ledger.bin"));

include!(concat!(env!("OUT_DIR"), "/compiled.rs"));

const WRITTEN: &str = "build.rs wrote what this reads";

/// The products.
pub fn products() -> Vec<Product> {
    postcard::from_bytes(PRODUCTS).expect(WRITTEN)
}

/// The outline of every resource, and the address of every known operation, each in its order.
pub fn outlines() -> (Vec<Outline<'static>>, Vec<Address<'static>>) {
    postcard::from_bytes(OUTLINES).expect(WRITTEN)
}

/// A resource, by its place among the outlines.
pub fn resource(number: usize) -> Resource {
    let (start, length) = PLACES[number];
    postcard::from_bytes(&RESOURCES[start..start + length]).expect(WRITTEN)
}

/// The ledger.
pub fn ledger() -> Vec<LedgerLine> {
    postcard::from_bytes(LEDGER).expect(WRITTEN)
}

/// What every fresh tenant has, by kind.
pub fn fresh() -> &'static [(&'static str, &'static str)] {
    &FRESH
}

/// What the sample fleet has, by kind.
pub fn fleet() -> &'static [(&'static str, &'static str)] {
    &FLEET
}
