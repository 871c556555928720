//! What may be wrong with a picture, and which of it passes.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

/// What may be wrong with a picture. One picture may have several of these; of those that exclude each other, the first
/// holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// There is nothing under its address: 404.
    NotFound,
    /// A page of HTML comes in its place, as when a site asks visitors to wait.
    HtmlInstead,
    /// The same, said to be a JPEG.
    WrongContentType,
    /// The connection is closed after half of the promised bytes.
    Truncated,
    /// After half of it, nothing more comes, and the connection stays open.
    Stalled,
    /// It never ends.
    Endless,
    /// It is to be found elsewhere: a redirect (302) to this address.
    Redirect(String),
    /// It redirects (302) to another address, which redirects back, and so on.
    RedirectLoop,
    /// Its detail page gives this as its address.
    Source(String),
    /// Its detail page shows no picture.
    DetailWithoutPicture,
    /// It has no detail page: 404.
    DetailMissing,
    /// The page of the category lists it twice.
    ListedTwice,
    /// The first requests are answered with an error; then all is well.
    Unavailable {
        /// How many requests.
        times: usize,
        /// The status code of the answer, 400 to 599: 503, 500, 429 or 408, say.
        status: u16,
        /// The value of its `Retry-After`, as it is to be sent: seconds, a date, or what no client understands.
        retry_after: Option<String>,
        /// For what the requests are.
        at: Resource,
    },
    /// The connection is closed without any answer at the first requests; then all is well.
    ConnectionClosed {
        /// How many requests.
        times: usize,
        /// For what they are.
        at: Resource,
    },
}

/// Where, on the way to a picture, something is wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Resource {
    /// At the picture itself.
    #[default]
    Picture,
    /// At its detail page.
    Detail,
    /// At the page of the category that lists it.
    Listing,
}

/// What is wrong with which picture, and how often it still will be.
#[derive(Debug)]
pub(crate) struct Faults(Vec<(usize, Fault, AtomicUsize)>);

impl Faults {
    pub(crate) fn new(faults: &[(usize, Fault)]) -> Self {
        let left = |fault: &Fault| match fault {
            Fault::Unavailable { times, .. } | Fault::ConnectionClosed { times, .. } => *times,
            _ => 0,
        };
        let faults = faults.iter().map(|(number, fault)| (*number, fault.clone(), left(fault).into()));
        Self(faults.collect())
    }

    /// What is always wrong with the picture of this number.
    pub(crate) fn lasting(&self, number: usize) -> impl Iterator<Item = &Fault> {
        let of_it = self.0.iter().filter(move |(faulty, ..)| *faulty == number);
        of_it.map(|(_, fault, _)| fault).filter(|fault| fault.passes_at().is_none())
    }

    /// What is wrong with this one request at `place`, for one of the pictures whose `number` is meant: it has passed
    /// when it was asked for often enough. The first has to pass before the next begins.
    pub(crate) fn passing(&self, place: Resource, meant: impl Fn(usize) -> bool) -> Option<&Fault> {
        let at_place =
            self.0.iter().filter(|(number, fault, _)| fault.passes_at() == Some(place) && meant(*number));
        at_place.filter(|(.., left)| take_one(left)).map(|(_, fault, _)| fault).next()
    }
}

impl Fault {
    /// Where it passes, if it does.
    fn passes_at(&self) -> Option<Resource> {
        match self {
            Self::Unavailable { at, .. } | Self::ConnectionClosed { at, .. } => Some(*at),
            _ => None,
        }
    }
}

/// Whether there was one left to take.
fn take_one(left: &AtomicUsize) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(times: usize, at: Resource) -> Fault {
        Fault::ConnectionClosed { times, at }
    }

    #[test]
    fn what_passes_is_wrong_so_often_and_then_no_more() {
        let faults = Faults::new(&[(3, refused(2, Resource::Detail))]);
        let wrong = || faults.passing(Resource::Detail, |number| number == 3).is_some();
        assert_eq!([wrong(), wrong(), wrong(), wrong()], [true, true, false, false]);
    }

    #[test]
    fn what_passes_is_wrong_at_its_own_place_and_picture_only() {
        let faults = Faults::new(&[(3, refused(1, Resource::Detail))]);
        assert_eq!(faults.passing(Resource::Picture, |number| number == 3), None);
        assert_eq!(faults.passing(Resource::Detail, |number| number == 2), None);
        assert!(faults.passing(Resource::Detail, |number| number == 3).is_some());
    }

    #[test]
    fn of_two_that_pass_the_first_has_to_pass_before_the_second_begins() {
        let unavailable =
            Fault::Unavailable { times: 1, status: 503, retry_after: None, at: Resource::Picture };
        let both = [refused(1, Resource::Picture), unavailable];
        let faults = Faults::new(&both.clone().map(|fault| (0, fault)));
        let next = || faults.passing(Resource::Picture, |_| true);
        assert_eq!([next(), next(), next()], [Some(&both[0]), Some(&both[1]), None]);
    }

    #[test]
    fn what_passes_is_not_among_what_lasts() {
        let faults =
            Faults::new(&[(0, refused(1, Resource::Picture)), (0, Fault::HtmlInstead), (1, Fault::NotFound)]);
        assert_eq!(faults.lasting(0).collect::<Vec<_>>(), [&Fault::HtmlInstead]);
    }
}
