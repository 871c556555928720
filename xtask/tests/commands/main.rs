//! The commands, and what they are made of. All in one program, because one part waits while another has work.

mod command_line;
mod concurrent;
mod lanes;
mod new;
mod pages;
mod review;
mod support;
mod try_lesson;
