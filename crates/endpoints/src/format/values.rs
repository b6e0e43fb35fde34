//! What a template works on, and the filters for it.

use std::fmt::Write as _;
use std::sync::Arc;

use ipnet::IpNet;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

/// Prefixes, as a template sees them.
#[derive(Debug)]
pub struct List(pub Arc<[IpNet]>, pub std::ops::Range<usize>);

impl List {
    fn prefixes(&self) -> &[IpNet] {
        &self.0[self.1.clone()]
    }
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(Value::from_object(Prefix(*self.prefixes().get(key.as_usize()?)?)))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.prefixes().len())
    }
}

#[derive(Debug)]
struct Prefix(IpNet);

impl Object for Prefix {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let net = self.0;
        let host = net.prefix_len() == net.max_prefix_len();
        Some(match key.as_str()? {
            "cidr" => net.to_string().into(),
            "short" if host => net.network().to_string().into(),
            "short" => net.to_string().into(),
            "address" => net.network().to_string().into(),
            "last" => net.broadcast().to_string().into(),
            "length" => net.prefix_len().into(),
            "mask" => net.netmask().to_string().into(),
            "wildcard" => net.hostmask().to_string().into(),
            "host" => host.into(),
            "family" => if matches!(net, IpNet::V4(_)) { 4 } else { 6 }.into(),
            _ => return None,
        })
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// One prefix a line. This is the way of a list of a million, so nothing is made on it for each prefix.
pub fn lines(list: &Value) -> Result<String, minijinja::Error> {
    let wrong = || {
        minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, "`lines` is for `all`, `v4` and `v6`")
    };
    let list = list.downcast_object_ref::<List>().ok_or_else(wrong)?;
    let numbers: Vec<String> = (0..=u8::MAX).map(|number| number.to_string()).collect();
    let mut text = String::with_capacity(list.prefixes().len() * 19);
    for net in list.prefixes() {
        match net {
            IpNet::V4(net) => {
                for (part, end) in net.network().octets().into_iter().zip([".", ".", ".", "/"]) {
                    text.push_str(&numbers[usize::from(part)]);
                    text.push_str(end);
                }
                text.push_str(&numbers[usize::from(net.prefix_len())]);
                text.push('\n');
            }
            IpNet::V6(net) => writeln!(text, "{net}").expect("text can grow"),
        }
    }
    Ok(text)
}

/// A value of a CSV file, in quotes only when it must be.
pub fn csv(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

/// A UUID made from a name: targets tell objects apart by it, and it must stay when the list changes.
pub fn stable_id(name: &str) -> String {
    // The version is the one for values of one's own making.
    let hash = zuno_model::fingerprint(name.as_bytes());
    let bits = hash & !(0xf << 76) & !(0x3 << 62) | 0x8 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
