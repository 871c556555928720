//! The gallery's server: HTTP/1.1 by hand, a thread for each connection, connections kept open.

use std::io::{self, BufReader};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::Options;
use crate::answer::Answer;
use crate::bandwidth::Bandwidth;
use crate::content::Content;
use crate::request::Request;
use crate::sending;
use crate::visits::Visits;

/// How long the door stays shut when the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(10);

/// What the threads of a gallery share.
#[derive(Debug)]
pub(crate) struct House {
    pub(crate) content: Content,
    pub(crate) visits: Visits,
    bandwidth: Bandwidth,
    latency: Duration,
    connect: Duration,
    require_user_agent: bool,
}

impl House {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            content: Content::new(options),
            visits: Visits::new(options.meeting),
            bandwidth: Bandwidth::new(options.bandwidth),
            latency: options.latency,
            connect: options.connect,
            require_user_agent: options.require_user_agent,
        }
    }

    /// Ends every wait and every connection.
    pub(crate) fn close(&self) {
        self.visits.close();
        self.bandwidth.close();
    }

    /// Lets visitors in, a thread for each, until the house is closed; then waits for these threads.
    pub(crate) fn serve(&self, listener: &TcpListener) {
        thread::scope(|scope| {
            for stream in listener.incoming() {
                if self.visits.closed() {
                    break;
                }
                let Ok(stream) = stream else {
                    thread::sleep(PAUSE);
                    continue;
                };
                // Without a thread there is no answer: the connection is closed.
                let _ = thread::Builder::new().spawn_scoped(scope, || self.attend(stream));
            }
        });
    }

    /// One connection, from its first request to its end. A client that hangs up is no error.
    fn attend(&self, stream: TcpStream) {
        let Ok(number) = self.visits.enter(&stream) else { return };
        let _ = self.answer_all(stream);
        self.visits.leave(number);
    }

    fn answer_all(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut delay = self.connect + self.latency;
        while let Some(request) = Request::read(&mut reader)? {
            let answered_whole = self.answer(&mut stream, &request, delay)?;
            delay = self.latency;
            if !answered_whole || !request.keep_alive {
                break;
            }
        }
        stream.shutdown(Shutdown::Both)
    }

    /// Waits for so long, and answers. The result is whether the body was sent whole, so that the connection can go on.
    fn answer(&self, stream: &mut TcpStream, request: &Request, delay: Duration) -> io::Result<bool> {
        let picture = self.content.is_picture(&request.path);
        let under_way = self.visits.begin(picture);
        let answer_at = Instant::now() + delay;
        if picture {
            self.visits.meet();
        }
        self.visits.sleep_until(answer_at);
        let answer = if self.require_user_agent && !request.user_agent {
            Answer::forbidden()
        } else {
            self.content.answer(&request.path)
        };
        sending::send(answer, stream, self.bandwidth.turns(), &self.visits, under_way)
    }
}
