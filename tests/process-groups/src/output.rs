//! The output of a process group: read in a thread while the group runs, and kept up to a limit.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::iter;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use os_pipe::PipeReader;

/// How many bytes of an output are kept. Of a longer one, the middle is omitted.
pub const OUTPUT_LIMIT: usize = 4 << 20;

/// The limit for the first part, and that for the last.
const HALF: usize = OUTPUT_LIMIT / 2;

/// What has been read so far, and a message at the end.
#[derive(Debug)]
pub(crate) struct Output {
    printed: Arc<Mutex<Printed>>,
    /// Receives a message when every process has closed the pipe.
    pub(crate) ended: Receiver<io::Result<()>>,
}

/// What was printed.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    first: Vec<u8>,
    last: VecDeque<u8>,
    omitted: usize,
    /// When each line of `first` began, since the start.
    times: Vec<Duration>,
}

impl Output {
    /// Reads in a thread until every process has closed the pipe.
    pub(crate) fn read(mut reader: PipeReader, start: Instant) -> Self {
        let printed = Arc::new(Mutex::new(Printed::default()));
        let (send, ended) = mpsc::channel();
        let read = Arc::clone(&printed);
        thread::spawn(move || {
            let mut chunk = vec![0; 1 << 16];
            let end = loop {
                match reader.read(&mut chunk) {
                    Ok(0) => break Ok(()),
                    Ok(count) => {
                        read.lock().expect("not poisoned").add(&chunk[..count], start.elapsed());
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => break Err(error),
                }
            };
            // If the group was dropped, there is no receiver.
            let _ = send.send(end);
        });
        Self { printed, ended }
    }

    /// Takes what was printed.
    pub(crate) fn take(&self) -> Printed {
        std::mem::take(&mut *self.printed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Printed {
    /// Adds what was read at a time. The time of a line is that of its first byte.
    fn add(&mut self, bytes: &[u8], at: Duration) {
        let (first, rest) = bytes.split_at(bytes.len().min(HALF - self.first.len()));
        if let Some((_, before)) = first.split_last() {
            let begins_one = matches!(self.first.last(), None | Some(b'\n'));
            let newlines = before.split(|&byte| byte == b'\n').count() - 1;
            self.times.extend(iter::repeat_n(at, usize::from(begins_one) + newlines));
        }
        self.first.extend_from_slice(first);
        self.last.extend(rest);
        let surplus = self.last.len().saturating_sub(HALF);
        self.last.drain(..surplus);
        self.omitted += surplus;
    }

    /// Returns the output, and when each line of it began, as far as nothing is omitted before it. A line is kept whole, or
    /// not at all; another line says how much is missing.
    pub(crate) fn into_parts(mut self) -> (Vec<u8>, Vec<Duration>) {
        if self.omitted > 0 {
            let whole = |newline: Option<usize>| newline.map_or(0, |newline| newline + 1);
            let kept = whole(self.first.iter().rposition(|&byte| byte == b'\n'));
            let cut = whole(self.last.iter().position(|&byte| byte == b'\n'));
            let cut = if cut == 0 { self.last.len() } else { cut };
            self.omitted += self.first.len() - kept + cut;
            self.first.truncate(kept);
            self.last.drain(..cut);
            self.first.extend(format!("[{} bytes of the output are omitted]\n", self.omitted).as_bytes());
            self.times.truncate(self.first[..kept].split(|&byte| byte == b'\n').count() - 1);
        }
        self.first.extend(self.last);
        (self.first, self.times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(parts: &[&[u8]]) -> Printed {
        let mut printed = Printed::default();
        for (part, second) in parts.iter().zip(0..) {
            printed.add(part, Duration::from_secs(second));
        }
        printed
    }

    #[test]
    fn a_line_has_the_time_of_its_first_byte() {
        let (output, times) = printed(&[b"a\nb", b"b\n", b"c\nd\n", b"e"]).into_parts();
        assert_eq!(output, b"a\nbb\nc\nd\ne");
        assert_eq!(times, [0, 0, 2, 2, 3].map(Duration::from_secs));
    }

    #[test]
    fn an_output_within_the_limit_is_kept_whole() {
        let whole = vec![b'x'; OUTPUT_LIMIT];
        assert_eq!(printed(&[&whole]).into_parts().0, whole);
    }

    #[test]
    fn the_middle_of_a_longer_output_is_omitted_line_by_line_and_counted() {
        let lines: Vec<Vec<u8>> = (0..40_000).map(|n| format!("line {n:0150}\n").into_bytes()).collect();
        let all = lines.concat();
        let (output, times) = printed(&all.chunks(60_000).collect::<Vec<_>>()).into_parts();
        let kept: Vec<&[u8]> = output.split_inclusive(|&byte| byte == b'\n').collect();
        let at = times.len();
        let last = kept.len() - at - 1;
        assert!(kept[..at].iter().eq(&lines[..at]), "the first lines");
        assert!(kept[at + 1..].iter().eq(&lines[lines.len() - last..]), "the last lines");
        let omitted = lines[at..lines.len() - last].concat().len();
        assert_eq!(kept[at], format!("[{omitted} bytes of the output are omitted]\n").as_bytes());
        assert!(output.len() > OUTPUT_LIMIT - 1000 && output.len() < OUTPUT_LIMIT + 1000);
    }

    #[test]
    fn an_endless_line_is_omitted() {
        let long = vec![b'x'; 3 * HALF];
        let (output, times) = printed(&[b"a\n", &long, b"\nb\n"]).into_parts();
        let omitted = long.len() + 1;
        let expected = format!("a\n[{omitted} bytes of the output are omitted]\nb\n");
        assert_eq!(String::from_utf8_lossy(&output), expected);
        assert_eq!(times.len(), 1);
    }
}
