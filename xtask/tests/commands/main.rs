//! Tests of the commands and of what they share. One program for all, because some tests wait while others compute.

mod command_line;
mod concurrent;
mod exercise;
mod exercises;
mod lanes;
mod new;
mod pages;
mod player_pages;
mod review;
mod support;
mod test;
mod translation;
mod try_lesson;
mod waterfall;
