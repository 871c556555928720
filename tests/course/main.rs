//! Tests of the whole course.

mod lessons;
mod pages;
