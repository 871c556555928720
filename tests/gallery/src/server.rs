//! The gallery's server: HTTP/1.1 by hand, a thread for each connection, connections kept open.

use std::io::{self, BufReader};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::Options;
use crate::connections::Connections;
use crate::content::Content;
use crate::request::Request;
use crate::response::Response;
use crate::response_writer;
use crate::throttle::Throttle;

/// How long the acceptor stays shut when the system has no connection to give.
const PAUSE: Duration = Duration::from_millis(10);

/// What the threads of a gallery share.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) content: Content,
    pub(crate) connections: Connections,
    bandwidth: Throttle,
    latency: Duration,
    connect: Duration,
    require_user_agent: bool,
}

impl Server {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            content: Content::new(options),
            connections: Connections::new(options.min_concurrent),
            bandwidth: Throttle::new(options.bandwidth),
            latency: options.latency,
            connect: options.connect,
            require_user_agent: options.require_user_agent,
        }
    }

    /// Ends every wait and every connection.
    pub(crate) fn close(&self) {
        self.connections.close();
        self.bandwidth.close();
    }

    /// Lets visitors in, a thread for each, until the server is closed; then waits for these threads.
    pub(crate) fn serve(&self, listener: &TcpListener) {
        thread::scope(|scope| {
            for stream in listener.incoming() {
                if self.connections.closed() {
                    break;
                }
                let Ok(stream) = stream else {
                    thread::sleep(PAUSE);
                    continue;
                };
                // Without a thread there is no answer: the connection is closed.
                let _ = thread::Builder::new().spawn_scoped(scope, || self.handle_connection(stream));
            }
        });
    }

    /// One connection, from its first request to its end. A client that hangs up is no error.
    fn handle_connection(&self, stream: TcpStream) {
        let Ok(number) = self.connections.register(&stream) else { return };
        let _ = self.answer_all(stream);
        self.connections.unregister(number);
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
        let in_flight = self.connections.begin(picture);
        let answer_at = Instant::now() + delay;
        if picture {
            self.connections.rendezvous();
        }
        self.connections.sleep_until(answer_at);
        let answer = if self.require_user_agent && !request.user_agent {
            Response::forbidden()
        } else {
            self.content.answer(&request.path)
        };
        response_writer::send(answer, stream, self.bandwidth.turns(), &self.connections, in_flight)
    }
}
