//! What can be wrong with a picture.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

/// Something wrong with a picture or on the way to it. A picture may have several faults; of two that exclude each
/// other, the first one applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The picture's URL gives 404.
    NotFound,
    /// The picture's URL gives an HTML page, as when a site asks visitors to wait.
    HtmlInstead,
    /// The same HTML page, with the `Content-Type` of a JPEG.
    WrongContentType,
    /// The connection closes after half of the promised bytes.
    Truncated,
    /// No more bytes arrive after the first half, and the connection stays open.
    Stalled,
    /// The response never ends.
    Endless,
    /// The picture's URL redirects (302) to this one.
    Redirect(String),
    /// The picture's URL redirects (302) to another one, which redirects back.
    RedirectLoop,
    /// The detail page names this as the picture's URL.
    Source(String),
    /// The detail page shows no picture.
    DetailWithoutPicture,
    /// The detail page gives 404.
    DetailMissing,
    /// The page of the category lists the picture twice.
    ListedTwice,
    /// The first requests get an error status.
    Unavailable {
        /// Number of requests that fail.
        times: usize,
        /// The status code, 400 to 599; for example 408, 429, 500 or 503.
        status: u16,
        /// The value of `Retry-After`: seconds, a date, or an invalid value. `None` sends no such field.
        retry_after: Option<String>,
        /// What the failing requests ask for.
        at: Resource,
    },
    /// The first requests get no response; the connection closes.
    ConnectionClosed {
        /// Number of requests that fail.
        times: usize,
        /// What the failing requests ask for.
        at: Resource,
    },
}

/// A resource that a client requests on its way to a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Resource {
    /// The picture itself.
    Picture,
    /// Its detail page.
    Detail,
    /// The page of the category that lists it.
    Listing,
}

impl Fault {
    /// Returns the resource and the number of requests that a transient fault applies to, or `None` for a permanent one.
    fn transient(&self) -> Option<(Resource, usize)> {
        match self {
            Self::Unavailable { at, times, .. } | Self::ConnectionClosed { at, times } => Some((*at, *times)),
            _ => None,
        }
    }
}

/// The faults of a gallery, and how often the transient ones will still occur.
#[derive(Debug)]
pub(crate) struct Faults(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    /// The number of the picture.
    number: usize,
    fault: Fault,
    /// How many more times a transient fault will occur.
    remaining: AtomicUsize,
}

impl Faults {
    /// Takes pairs of a picture's number and a fault.
    pub(crate) fn new(faults: &[(usize, Fault)]) -> Self {
        let entry = |(number, fault): &(usize, Fault)| {
            let times = fault.transient().map_or(0, |(_, times)| times);
            Entry { number: *number, fault: fault.clone(), remaining: times.into() }
        };
        Self(faults.iter().map(entry).collect())
    }

    pub(crate) fn permanent(&self, number: usize) -> impl Iterator<Item = &Fault> {
        let faults = self.0.iter().filter(move |entry| entry.number == number).map(|entry| &entry.fault);
        faults.filter(|fault| fault.transient().is_none())
    }

    /// Returns the transient fault of a request for the `resource` of these pictures, and uses up one of its times. The
    /// first fault occurs all its times before the next one begins.
    pub(crate) fn next_transient(&self, resource: Resource, numbers: &Range<usize>) -> Option<&Fault> {
        let occurs = |entry: &&Entry| {
            let at = entry.fault.transient().map(|(at, _)| at);
            at == Some(resource) && numbers.contains(&entry.number) && use_up_one(&entry.remaining)
        };
        self.0.iter().find(occurs).map(|entry| &entry.fault)
    }
}

/// Decrements `remaining` and returns true, unless it is zero.
fn use_up_one(remaining: &AtomicUsize) -> bool {
    remaining.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| count.checked_sub(1)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(times: usize, at: Resource) -> Fault {
        Fault::ConnectionClosed { times, at }
    }

    #[test]
    fn a_transient_fault_occurs_the_given_number_of_times() {
        let faults = Faults::new(&[(3, closed(2, Resource::Detail))]);
        let occurs = || faults.next_transient(Resource::Detail, &(3..4)).is_some();
        assert_eq!([occurs(), occurs(), occurs(), occurs()], [true, true, false, false]);
    }

    #[test]
    fn a_transient_fault_occurs_at_its_own_resource_and_picture_only() {
        let faults = Faults::new(&[(3, closed(1, Resource::Detail))]);
        assert_eq!(faults.next_transient(Resource::Picture, &(3..4)), None);
        assert_eq!(faults.next_transient(Resource::Detail, &(2..3)), None);
        assert!(faults.next_transient(Resource::Detail, &(3..4)).is_some());
    }

    #[test]
    fn the_second_transient_fault_begins_after_the_first_is_used_up() {
        let at = Resource::Picture;
        let unavailable = Fault::Unavailable { times: 1, status: 503, retry_after: None, at };
        let both = [closed(1, at), unavailable];
        let faults = Faults::new(&both.clone().map(|fault| (0, fault)));
        let next = || faults.next_transient(at, &(0..1));
        assert_eq!([next(), next(), next()], [Some(&both[0]), Some(&both[1]), None]);
    }

    #[test]
    fn transient_faults_are_not_among_the_permanent_ones() {
        let faults =
            Faults::new(&[(0, closed(1, Resource::Picture)), (0, Fault::HtmlInstead), (1, Fault::NotFound)]);
        assert_eq!(faults.permanent(0).collect::<Vec<_>>(), [&Fault::HtmlInstead]);
    }
}
