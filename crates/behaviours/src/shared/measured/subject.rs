//! What a question may be about.

/// What an id of the path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A device.
    Device,
    /// An application.
    Application,
    /// A user.
    User,
    /// A probe of the application that the path names.
    Probe,
    /// An alert.
    Alert,
    /// An installed package.
    Package,
}

impl Subject {
    /// The subject that a parameter of the path is called after.
    pub fn named(parameter: &str) -> Option<Subject> {
        Some(match parameter {
            "device" => Subject::Device,
            "application" => Subject::Application,
            "user" => Subject::User,
            "probe" => Subject::Probe,
            _ => return None,
        })
    }
}
